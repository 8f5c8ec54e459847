import { fromPeer } from '../../framework/transport-time.ts'
import { PayFailure, V2Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { Order, OrderDraft, TradeType } from '../ledger/order.ts'
import { DEFAULT_EXPIRY_MS } from '../ledger/order-book.ts'
import { checkOpenid } from '../payer.ts'
import { payOrder } from '../payments.ts'
import { MINUTE_MS, parseCompactTime } from '../times.ts'
import { payEndpoint, type V2Answer, type V2Call, type V2Endpoint } from './endpoint.ts'
import {
  amount,
  type FieldRules,
  IP,
  may,
  NOTIFY_URL,
  need,
  ORDER_NUMBERS,
  OUT_TRADE_NO,
  one,
  oneMay,
  TIME,
  type V2Fields,
  when
} from './fields.ts'
import { queryFields } from './order-fields.ts'

const COMMON: FieldRules = {
  appid: need(32),
  sub_appid: may(32),
  sub_mch_id: may(32, /^\d+$/),
  device_info: may(32),
  body: need(127),
  detail: may(6000),
  attach: may(127),
  out_trade_no: need(32, OUT_TRADE_NO),
  fee_type: oneMay('CNY'),
  total_fee: amount(),
  spbill_create_ip: need(64, IP),
  time_start: may(14, TIME),
  time_expire: may(14, TIME),
  goods_tag: may(32),
  limit_pay: oneMay('no_credit'),
  receipt: oneMay('Y', 'N'),
  profit_sharing: oneMay('Y', 'N')
}

/** Also of an order that signs a contract. */
export const UNIFIED: FieldRules = {
  ...COMMON,
  notify_url: need(256, NOTIFY_URL),
  trade_type: one('JSAPI', 'NATIVE', 'APP', 'MWEB'),
  product_id: when(32, (fields) => fields.trade_type === 'NATIVE'),
  openid: when(128, (fields) => fields.trade_type === 'JSAPI' && !fields.sub_openid),
  sub_openid: may(128),
  scene_info: when(256, (fields) => fields.trade_type === 'MWEB')
}

const WITHOUT_MEANING = new Set(['nonce_str', 'sign', 'sign_type'])

const meaning = (fields: V2Fields): V2Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== '' && !WITHOUT_MEANING.has(name)))

/** Reads the order out of checked fields. */
export function draftOf(call: V2Call, tradeType: TradeType): OrderDraft {
  const { fields, world, merchant, book } = call
  const now = world.context.clock.now()
  const { clock } = world.context
  const given = fields.time_expire ? parseCompactTime(fields.time_expire) : undefined
  const expiresAt = given === undefined ? now + DEFAULT_EXPIRY_MS : fromPeer(clock, call.exchange, given)
  if (fields.time_expire && given === undefined) throw new V2Failure('PARAM_ERROR', 'time_expire参数格式有误')
  if (fields.scene_info) checkJson('scene_info', fields.scene_info)
  // Discounts on items (version 1.0) need the list; else it is any text.
  if (fields.detail && fields.version) checkJson('detail', fields.detail)
  const optional = {
    subMchId: fields.sub_mch_id,
    subAppId: fields.sub_appid,
    attach: fields.attach,
    deviceInfo: fields.device_info,
    openid: fields.openid,
    subOpenid: fields.sub_openid,
    notifyUrl: fields.notify_url
  }
  return {
    book,
    mchId: merchant.mchId,
    outTradeNo: fields.out_trade_no ?? '',
    api: 2,
    appId: fields.appid ?? '',
    tradeType,
    description: fields.body ?? '',
    total: Number(fields.total_fee),
    currency: 'CNY',
    signType: call.signType,
    expiresAt,
    profitSharing: fields.profit_sharing === 'Y',
    fingerprint: fingerprint(meaning(fields)),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value)) as Partial<OrderDraft>)
  }
}

function checkJson(name: string, text: string): void {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return
  } catch {}
  throw new V2Failure('PARAM_ERROR', `${name}参数格式有误：应为JSON`)
}

export function unifiedOrder(call: V2Call): V2Answer {
  const { world, fields } = call
  const tradeType = fields.trade_type as TradeType
  const draft = draftOf(call, tradeType)
  if (draft.openid) checkOpenid(world, draft.appId, draft.openid)
  if (draft.subOpenid && draft.subAppId) checkOpenid(world, draft.subAppId, draft.subOpenid)
  const isNew = !world.orders.find(draft.book, draft.outTradeNo)
  if (isNew && draft.expiresAt < world.context.clock.now() + MINUTE_MS) {
    throw new V2Failure('INVALID_REQUEST', 'time_expire时间过短，刷卡至少1分钟，其他5分钟')
  }
  const order = world.orders.create(draft)
  return {
    trade_type: tradeType,
    prepay_id: order.prepayId,
    ...(tradeType === 'NATIVE' ? { code_url: `weixin://wxpay/bizpayurl?pr=${order.codeToken}` } : {}),
    ...(tradeType === 'MWEB' ? { mweb_url: call.exchange.publicUrl(h5Url(order)) } : {})
  }
}

/** Page on which an H5 payment starts. */
export const h5Url = (order: Pick<Order, 'prepayId' | 'codeToken'>): string =>
  `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${order.prepayId}&package=${order.codeToken}`

/** The order that `transaction_id` or else `out_trade_no` names. */
export function orderOf(call: V2Call): Order {
  const { world, fields, book } = call
  const order = fields.transaction_id
    ? world.orders.findPaid(book, fields.transaction_id)
    : world.orders.find(book, fields.out_trade_no ?? '')
  if (!order || order.subMchId !== (fields.sub_mch_id || undefined)) throw new PayFailure('ORDER_NOT_FOUND')
  return order
}

function orderQuery(call: V2Call): V2Answer {
  const order = orderOf(call)
  // The sandbox plays scripts: nobody is there to pay, so an order is paid when it is first asked for.
  if (call.isSandbox && order.state === 'NOTPAY') {
    payOrder(call.world, order, { openid: order.openid ?? 'oSandbox', bankType: 'OTHERS' })
  }
  return queryFields(order)
}

function closeOrder(call: V2Call): V2Answer {
  const order = orderOf(call)
  if (order.state === 'CLOSED') throw new PayFailure('ORDER_CLOSED')
  call.world.orders.close(order)
  return { result_msg: 'OK' }
}

const NUMBERS: FieldRules = { appid: need(32), sub_mch_id: may(32), ...ORDER_NUMBERS }

/** Rules of micropay, which shares most fields. */
export const MICROPAY_RULES: FieldRules = { ...COMMON, auth_code: need(128) }

export const ORDER_ENDPOINTS: readonly V2Endpoint[] = [
  payEndpoint('/pay/unifiedorder', UNIFIED, unifiedOrder),
  payEndpoint('/pay/orderquery', NUMBERS, orderQuery),
  payEndpoint('/pay/closeorder', { ...NUMBERS, out_trade_no: need(32, OUT_TRADE_NO) }, closeOrder)
]
