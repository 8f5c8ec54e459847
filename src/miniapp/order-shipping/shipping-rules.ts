import { integer, list, oneOf, record } from '../../core/options.ts'
import {
  bytes,
  characters,
  checkFields,
  items,
  type ParamOwner,
  paramError,
  present
} from '../../wechat-api/check-params.ts'
import { isMaskedContact } from './mask-contact.ts'
import type { Shipping, ShippingOrderKey } from './order-shipping-types.ts'

const EXPRESS = 1
const SPLIT = 2
const MOST_PARCELS = 15

const OUT_TRADE_NO = /^[\w*-]{1,64}$/

/** Checks the identification of an order. */
export function checkOrderKey(owner: ParamOwner, key: ShippingOrderKey): void {
  checkFields(owner, key, { order_number_type: oneOf(1, 2) })
  if (key.order_number_type === 2) {
    checkFields(owner, key, { transaction_id: present })
    return
  }
  checkFields(owner, key, {
    mchid: present,
    out_trade_no: (value) =>
      typeof value === 'string' && OUT_TRADE_NO.test(value) ? undefined : 'must be digits, letters, "_", "-" or "*"'
  })
}

/** Checks a shipping by WeChat's rules, so that a mistake does not use up the one change (发货信息录入接口). */
export function checkShipping(owner: ParamOwner, shipping: Shipping): void {
  checkFields(owner, shipping, { logistics_type: integer(1, 4), delivery_mode: integer(1, 2), shipping_list: list })
  const { logistics_type, delivery_mode, is_all_delivered, shipping_list } = shipping
  if (delivery_mode === SPLIT) {
    if (logistics_type !== EXPRESS) throw paramError(owner, 'delivery_mode', '2 is for express (logistics_type 1) only')
    if (typeof is_all_delivered !== 'boolean')
      throw paramError(owner, 'is_all_delivered', 'is required with delivery_mode 2')
    checkFields(owner, shipping, { shipping_list: items(MOST_PARCELS) })
  } else checkFields(owner, shipping, { shipping_list: items(1) })
  for (const parcel of shipping_list) {
    checkFields(owner, parcel, { item_desc: characters(120), 'contact?': record })
    if (logistics_type === EXPRESS) checkFields(owner, parcel, { tracking_no: bytes(128), express_company: bytes(128) })
    const { consignor_contact, receiver_contact } = parcel.contact ?? {}
    if (parcel.express_company === 'SF' && consignor_contact === undefined && receiver_contact === undefined) {
      throw paramError(owner, 'contact', 'is required by SF (顺丰): the number of the sender or the recipient')
    }
    for (const contact of [consignor_contact, receiver_contact]) {
      if (contact !== undefined && !isMaskedContact(contact)) {
        throw paramError(owner, 'contact', 'must be masked except for the last four digits: use maskContact(number)')
      }
    }
  }
}

/** `upload_time` with a time zone, from a `Date` or RFC 3339 text. */
export function uploadTime(owner: ParamOwner, time: Date | string | undefined, nowMs: number): string {
  if (typeof time === 'string') {
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(time)) return time
    throw paramError(
      owner,
      'upload_time',
      'must be RFC 3339 with a zone, such as 2026-03-01T12:00:00.000+08:00, or a Date'
    )
  }
  const date = time ?? new Date(nowMs)
  if (!(date instanceof Date) || Number.isNaN(date.getTime()))
    throw paramError(owner, 'upload_time', 'must be a valid Date')
  // In Beijing time, as in all samples of the document.
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().replace('Z', '+08:00')
}
