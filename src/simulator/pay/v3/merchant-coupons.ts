import { V3Failure } from '../failures.ts'
import type { MerchantCoupon, MerchantCouponStock } from '../ledger/merchant-coupon.ts'
import { sendEvent } from '../notifier.ts'
import { beijingDate, DAY_MS, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { BASE, COUPON_CODE, endOf, NO, notFound, refuse, stockOf } from './merchant-coupon-stocks.ts'
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

function send({ world, merchant, body }: V3Call): Json {
  const sendNo = str(body, 'out_request_no')
  const stock = stockOf(world, merchant.mchId, str(body, 'stock_id'))
  const openid = str(body, 'openid')
  const appId = str(body, 'appid')
  const known = world.merchantCoupons.get(`no ${merchant.mchId} ${sendNo}`)
  if (known) return { stock_id: known.stockId, coupon_code: known.code, out_request_no: sendNo }
  if (!world.context.users.byOpenid(appId, openid)) throw new V3Failure(400, 'PARAM_ERROR', 'openid与appid不匹配')
  checkRest(world, stock, openid)
  const coupon = world.merchantCoupons.add({
    mchId: merchant.mchId,
    stockId: stock.stockId,
    code: nextCode(world, stock, str(body, 'coupon_code')),
    appId,
    openid,
    sendNo,
    receivedAt: world.context.clock.now(),
    state: 'SENDED'
  })
  notifySent(world, coupon)
  return { stock_id: stock.stockId, coupon_code: coupon.code, out_request_no: sendNo }
}

/** What the stock still has for this user today. */
function checkRest(world: PayWorld, stock: MerchantCouponStock, openid: string): void {
  const now = world.context.clock.now()
  if (endOf(stock) <= now) throw refuse('批次已过有效期')
  const rule = child(stock.body, 'stock_send_rule')
  const all = world.merchantCoupons.filter((one) => one.stockId === stock.stockId)
  if (all.filter((one) => one.openid === openid).length >= num(rule, 'max_coupons_per_user')) {
    throw new V3Failure(403, 'RULE_LIMIT', '用户已达到领取上限')
  }
  if (all.length >= num(rule, 'max_coupons')) throw new V3Failure(403, 'NOT_ENOUGH', '批次已领完')
  const today = all.filter((one) => beijingDate(one.receivedAt) === beijingDate(now))
  const perDay = num(rule, 'max_coupons_by_day')
  if (perDay > 0 && today.length >= perDay) throw new V3Failure(403, 'RULE_LIMIT', '批次已达到单天发放上限')
}

/** The code of the next coupon: the platform's, the merchant's of this call, or one of those that it uploaded. */
function nextCode({ context }: PayWorld, stock: MerchantCouponStock, given: string): string {
  switch (str(stock.body, 'coupon_code_mode')) {
    case 'MERCHANT_API':
      if (!given) throw new V3Failure(400, 'PARAM_ERROR', '该批次须传入coupon_code')
      return given
    case 'MERCHANT_UPLOAD': {
      const code = stock.codes.shift()
      if (code === undefined) throw new V3Failure(403, 'NOT_ENOUGH', '预存code已用完')
      return code
    }
    default:
      return context.random.digits(18)
  }
}

function notifySent(world: PayWorld, coupon: MerchantCoupon): void {
  const url = world.urls[`busifavor ${coupon.mchId}`]
  if (url === undefined) return
  const resource = {
    event_type: 'EVENT_TYPE_BUSICOUPON_SEND',
    coupon_code: coupon.code,
    stock_id: coupon.stockId,
    send_time: rfc3339(coupon.receivedAt),
    openid: coupon.openid,
    send_channel: 'BUSICOUPON_SEND_CHANNEL_API',
    send_merchant: coupon.mchId
  }
  const event = { eventType: 'COUPON.SEND', originalType: 'coupon', summary: '商家券领券通知', resource }
  sendEvent(world, { kind: 'coupon', mchId: coupon.mchId, url }, event)
}

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
  const coupon = world.merchantCoupons.get(`code ${merchant.mchId} ${params.coupon_code ?? str(body, 'coupon_code')}`)
  const stockId = str(body, 'stock_id')
  const openid = params.openid ?? str(body, 'openid')
  if (!coupon || (stockId && stockId !== coupon.stockId) || (openid && openid !== coupon.openid)) throw notFound()
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
const SEND = object({
  openid: OPENID,
  appid: APPID,
  stock_id: text(1, 20),
  out_request_no: NO,
  coupon_code: opt(COUPON_CODE)
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
