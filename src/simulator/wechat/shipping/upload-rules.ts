import { integer, object, text } from '../api.ts'
import { Refusal } from '../errcodes.ts'
import type { Parcel } from './shipping-order.ts'

type Fields = Readonly<Record<string, unknown>>

/** A shipping as it was uploaded, after every rule of a single field. */
export interface Upload {
  readonly logisticsType: number
  readonly deliveryMode: number
  readonly isAllDelivered: boolean
  readonly parcels: readonly Parcel[]
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
/** Something is masked, and the last four digits (with an extension, those of the extension) are not. */
const MASKED = /^[+\d*-]*\*[+\d*-]*\d{2,4}$/
const MOST_PARCELS = 15

/** Milliseconds of `upload_time`. */
export function readUploadTime(value: unknown): number {
  if (typeof value !== 'string' || !RFC_3339.test(value) || Number.isNaN(Date.parse(value)))
    throw new Refusal(268485216)
  return Date.parse(value)
}

/** One shipping of `upload_shipping_info`, or one of `sub_orders`. */
export function readUpload(body: Fields, uploadedAt: number): Upload {
  // Numbers as text or lists as objects do not fit the types of the interface at all.
  const { logistics_type, delivery_mode, is_all_delivered, shipping_list } = body
  if (typeof logistics_type !== 'number' || typeof delivery_mode !== 'number' || !Array.isArray(shipping_list))
    throw new Refusal(47001)
  const logisticsType = integer(logistics_type, 10060005, 1, 4)
  const deliveryMode = integer(delivery_mode, 268485224, 1, 2)
  if (deliveryMode === 2 && logisticsType !== 1) throw new Refusal(10060006)
  if (deliveryMode === 2 && typeof is_all_delivered !== 'boolean') throw new Refusal(10060007)
  if (deliveryMode === 1 && shipping_list.length !== 1) throw new Refusal(268485228)
  if (shipping_list.length === 0) throw new Refusal(10060020)
  if (shipping_list.length > MOST_PARCELS) throw new Refusal(10060024)
  return {
    logisticsType,
    deliveryMode,
    isAllDelivered: deliveryMode === 1 || is_all_delivered === true,
    parcels: shipping_list.map((item) => readParcel(object(item, 47001), logisticsType === 1, uploadedAt))
  }
}

function readParcel(item: Fields, isExpress: boolean, uploadedAt: number): Parcel {
  const item_desc = text(item.item_desc, 10060008)
  if ([...item_desc].length > 120) throw new Refusal(10060009)
  const tracking_no = isExpress ? text(item.tracking_no, 268485226) : String(item.tracking_no ?? '')
  const express_company = isExpress ? text(item.express_company, 268485227) : String(item.express_company ?? '')
  if (Buffer.byteLength(express_company) > 128) throw new Refusal(10060025)
  if (Buffer.byteLength(tracking_no) > 128) throw new Refusal(10060026)
  const contact = item.contact === undefined ? undefined : object(item.contact, 47001)
  if (isExpress && express_company === 'SF' && contact === undefined)
    throw new Refusal(10060014, '顺丰物流公司必须填写收件人或寄件人联系方式')
  for (const value of Object.values(contact ?? {})) {
    if (typeof value !== 'string' || !MASKED.test(value)) throw new Refusal(10060014, '联系方式需要掩码')
  }
  const parcel = { tracking_no, express_company, item_desc, upload_time: Math.floor(uploadedAt / 1000) }
  return contact ? { ...parcel, contact } : parcel
}
