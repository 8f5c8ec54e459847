import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { MerchantCoupon, MerchantCouponStock } from '../ledger/merchant-coupon.ts'
import { sendEvent } from '../notifier.ts'
import { DAY_MS, parseRfc3339, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
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
  oneOf,
  opt,
  str,
  text
} from './shape.ts'

const notFound = () => new V3Failure(404, 'RESOURCE_NOT_EXISTS', '批次或券不存在')
const refuse = (words: string) => new V3Failure(400, 'INVALID_REQUEST', words)
const RETURN_MS = 30 * DAY_MS

function createStock({ world, merchant, body }: V3Call): Json {
  const print = fingerprint(body)
  const known = world.merchantStocks.get(`no ${merchant.mchId} ${str(body, 'out_request_no')}`)
  if (known && known.fingerprint !== print) throw refuse('商户请求单号已存在，但请求参数不一致')
  const stock =
    known ??
    world.merchantStocks.add({
      mchId: merchant.mchId,
      stockId: `1${world.context.random.digits(15)}`,
      outRequestNo: str(body, 'out_request_no'),
      body,
      fingerprint: print
    })
  return { stock_id: stock.stockId, create_time: rfc3339(world.context.clock.now()) }
}

function stockOf(world: PayWorld, mchId: string, stockId: string): MerchantCouponStock {
  const stock = world.merchantStocks.get(`id ${stockId}`)
  if (stock?.mchId !== mchId) throw notFound()
  return stock
}

function getStock({ world, merchant, params }: V3Call): Json {
  const { stockId, body } = stockOf(world, merchant.mchId, params.stock_id ?? '')
  return { ...body, stock_id: stockId, stock_state: 'RUNNING' }
}

function send({ world, merchant, body }: V3Call): Json {
  const sendNo = str(body, 'out_request_no')
  const stock = stockOf(world, merchant.mchId, str(body, 'stock_id'))
  const openid = str(body, 'openid')
  const appId = str(body, 'appid')
  const known = world.merchantCoupons.get(`no ${merchant.mchId} ${sendNo}`)
  if (known) return { stock_id: known.stockId, coupon_code: known.code, out_request_no: sendNo }
  if (!world.context.users.byOpenid(appId, openid)) throw new V3Failure(400, 'PARAM_ERROR', 'openid与appid不匹配')
  const rule = child(stock.body, 'stock_send_rule')
  const all = world.merchantCoupons.filter((one) => one.stockId === stock.stockId)
  if (all.filter((one) => one.openid === openid).length >= num(rule, 'max_coupons_per_user')) {
    throw new V3Failure(403, 'RULE_LIMIT', '用户已达到领取上限')
  }
  if (all.length >= num(rule, 'max_coupons')) throw new V3Failure(403, 'NOT_ENOUGH', '批次已领完')
  const isOwn = str(stock.body, 'coupon_code_mode') === 'MERCHANT_API'
  const given = str(body, 'coupon_code')
  if (isOwn && !given) throw new V3Failure(400, 'PARAM_ERROR', '该批次须传入coupon_code')
  const coupon = world.merchantCoupons.add({
    mchId: merchant.mchId,
    stockId: stock.stockId,
    code: isOwn ? given : world.context.random.digits(18),
    appId,
    openid,
    sendNo,
    receivedAt: world.context.clock.now(),
    state: 'SENDED'
  })
  notifySent(world, coupon)
  return { stock_id: stock.stockId, coupon_code: coupon.code, out_request_no: sendNo }
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
  const { body } = stockOf(world, coupon.mchId, coupon.stockId)
  const { stock_name, goods_name, stock_type, belong_merchant, comment } = body
  const time = child(child(body, 'coupon_use_rule'), 'coupon_available_time')
  const end = parseRfc3339(str(time, 'available_end_time')) ?? Number.POSITIVE_INFINITY
  const isOver = coupon.state === 'SENDED' && end <= world.context.clock.now()
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

const BASE = '/v3/marketing/busifavor'
const OF_USER = `${BASE}/users/:openid/coupons`
const NO = text(1, 128, /^[0-9A-Za-z_\-|*@]+$/)
const CODE = { coupon_code: text(1, 32), stock_id: text(1, 20) }
const LINK = object({ ...CODE, out_trade_no: text(1, 32), out_request_no: NO })
const TIME = object({ available_begin_time: text(1, 64), available_end_time: text(1, 64) })
const STOCK = object({
  stock_name: text(1, 21),
  belong_merchant: MCHID,
  comment: opt(text(1, 20)),
  goods_name: text(1, 15),
  stock_type: oneOf('NORMAL', 'DISCOUNT', 'EXCHANGE'),
  coupon_use_rule: object({
    coupon_available_time: TIME,
    fixed_normal_coupon: opt(object({ discount_amount: int(), transaction_minimum: int() })),
    use_method: oneOf('OFF_LINE', 'MINI_PROGRAMS', 'SELF_CONSUME', 'PAYMENT_CODE')
  }),
  stock_send_rule: object({ max_coupons: int(), max_coupons_per_user: int() }),
  out_request_no: NO,
  coupon_code_mode: oneOf('WECHATPAY_MODE', 'MERCHANT_API', 'MERCHANT_UPLOAD')
})
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
  coupon_code: opt(text(1, 32))
})
const USE = object({
  coupon_code: text(1, 32),
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
  post(`${BASE}/stocks`, { body: STOCK }, createStock),
  get(`${BASE}/stocks/:stock_id`, {}, getStock),
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
