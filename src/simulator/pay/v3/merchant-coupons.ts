import type { MerchantCoupon } from '../ledger/merchant-coupon.ts'
import { DAY_MS, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { SEND, send } from './merchant-coupon-sending.ts'
import { COUPON_CODE, NO } from './merchant-coupon-shapes.ts'
import { BASE, endOf, notFound, refuse, stockOf } from './merchant-coupon-stocks.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import {
  APPID,
  child,
  compact,
  int,
  type Json,
  MCHID,
  NOTIFY_URL,
  num,
  OPENID,
  object,
  opt,
  str,
  text
} from './shape.ts'

const RETURN_MS = 30 * DAY_MS

function couponObject(world: PayWorld, coupon: MerchantCoupon): Json {
  const stock = stockOf(world, coupon.mchId, coupon.stockId)
  const { body } = stock
  const { stock_name, goods_name, stock_type, belong_merchant, comment } = body
  const time = child(child(body, 'coupon_use_rule'), 'coupon_available_time')
  const isOver = coupon.state === 'SENDED' && endOf(stock) <= world.context.clock.now()
  return compact({
    ...{ belong_merchant, stock_name, comment, goods_name, stock_type },
    coupon_state: isOver ? 'EXPIRED' : coupon.state,
    coupon_use_rule: body.coupon_use_rule,
    display_pattern_info: body.display_pattern_info ?? {},
    coupon_code: coupon.code,
    stock_id: coupon.stockId,
    available_start_time: str(time, 'available_begin_time'),
    expire_time: str(time, 'available_end_time'),
    receive_time: rfc3339(coupon.receivedAt),
    send_request_no: coupon.sendNo,
    use_request_no: coupon.useNo,
    use_time: coupon.usedAt === undefined ? undefined : rfc3339(coupon.usedAt)
  })
}

function list({ world, merchant, params, query }: V3Call): Json {
  const all = world.merchantCoupons
    .filter((one) => one.mchId === merchant.mchId && one.openid === params.openid && one.appId === query.appid)
    .map((one) => couponObject(world, one))
    .filter((one) => !query.stock_id || one.stock_id === query.stock_id)
    .filter((one) => !query.coupon_state || one.coupon_state === query.coupon_state)
  const offset = num(query, 'offset')
  const limit = num(query, 'limit') || 20
  return { total_count: all.length, offset, limit, data: all.slice(offset, offset + limit) }
}

function couponOf({ world, merchant, params, body }: V3Call): MerchantCoupon {
  const code = params.coupon_code ?? str(body, 'coupon_code')
  const stockId = str(body, 'stock_id')
  const openid = params.openid ?? str(body, 'openid')
  const coupon = world.merchantCoupons
    .filter((one) => one.mchId === merchant.mchId && one.code === code)
    .findLast((one) => (!stockId || stockId === one.stockId) && (!openid || openid === one.openid))
  if (!coupon) throw notFound()
  return coupon
}

function use(call: V3Call): Json {
  const coupon = couponOf(call)
  const useNo = str(call.body, 'use_request_no')
  const isAgain = coupon.state === 'USED' && coupon.useNo === useNo
  if (!isAgain) {
    const { coupon_state: state } = couponObject(call.world, coupon)
    if (state !== 'SENDED') throw refuse(`券状态${String(state)}，不可核销`)
    Object.assign(coupon, { state: 'USED', useNo, usedAt: call.world.context.clock.now() })
  }
  return { stock_id: coupon.stockId, openid: coupon.openid, wechatpay_use_time: rfc3339(coupon.usedAt ?? 0) }
}

function giveBack(call: V3Call): Json {
  const coupon = couponOf(call)
  const returnNo = str(call.body, 'return_request_no')
  const now = call.world.context.clock.now()
  if (coupon.returnNo !== returnNo) {
    if (coupon.state !== 'USED' || now - (coupon.usedAt ?? 0) > RETURN_MS) throw refuse('券未核销或已超过可退期限')
    Object.assign(coupon, { state: 'SENDED', returnNo })
    delete coupon.useNo
    delete coupon.usedAt
  }
  return { wechatpay_return_time: rfc3339(now) }
}

function deactivate(call: V3Call): Json {
  const coupon = couponOf(call)
  if (coupon.state === 'USED') throw refuse('券已核销，不可失效')
  coupon.state = 'DEACTIVATED'
  return { wechatpay_deactivate_time: rfc3339(call.world.context.clock.now()) }
}

function link(call: V3Call, isOn: boolean): Json {
  const coupon = couponOf(call)
  if (coupon.state !== 'USED') throw refuse('券未核销，不可关联订单')
  if (isOn) coupon.orderNo = str(call.body, 'out_trade_no')
  else delete coupon.orderNo
  const name = isOn ? 'wechatpay_associate_time' : 'wechatpay_disassociate_time'
  return { [name]: rfc3339(call.world.context.clock.now()) }
}

const OF_USER = `${BASE}/users/:openid/coupons`
const CODE = { coupon_code: COUPON_CODE, stock_id: text(1, 20) }
const LINK = object({ ...CODE, out_trade_no: text(1, 32), out_request_no: NO })
const LIST = object({
  appid: APPID,
  stock_id: opt(text(1, 20)),
  coupon_state: opt(text(1, 16)),
  creator_merchant: opt(MCHID),
  belong_merchant: opt(MCHID),
  sender_merchant: opt(MCHID),
  offset: opt(int(0)),
  limit: opt(int(1, 50))
})
const USE = object({
  coupon_code: COUPON_CODE,
  stock_id: opt(text(1, 20)),
  appid: APPID,
  openid: opt(OPENID),
  use_time: text(1, 64),
  use_request_no: NO,
  out_trade_no: opt(text(1, 32)),
  mch_id: opt(MCHID),
  transaction_id: opt(text(1, 32))
})
const CALLBACK = object({ mchid: opt(MCHID), notify_url: NOTIFY_URL })

export const MERCHANT_COUPON_ROUTES: readonly V3Route[] = [
  post(`${BASE}/coupons/send`, { body: SEND }, send),
  get(OF_USER, { query: LIST }, list),
  get(`${OF_USER}/:coupon_code/appids/:appid`, {}, (call) => couponObject(call.world, couponOf(call))),
  post(`${BASE}/coupons/use`, { body: USE }, use),
  post(`${BASE}/coupons/return`, { body: object({ ...CODE, return_request_no: NO }) }, giveBack),
  post(
    `${BASE}/coupons/deactivate`,
    { body: object({ ...CODE, deactivate_request_no: NO, deactivate_reason: opt(text(1, 64)) }) },
    deactivate
  ),
  post(`${BASE}/coupons/associate`, { body: LINK }, (call) => link(call, true)),
  post(`${BASE}/coupons/disassociate`, { body: LINK }, (call) => link(call, false)),
  post(`${BASE}/callbacks`, { body: CALLBACK }, ({ world, merchant, body }) => {
    const notify_url = str(body, 'notify_url')
    world.urls[`busifavor ${merchant.mchId}`] = notify_url
    return { update_time: rfc3339(world.context.clock.now()), notify_url, mchid: merchant.mchId }
  })
]
