import { V3Failure } from '../failures.ts'
import type { Coupon } from '../ledger/coupon.ts'
import type { Order, UsedCoupon } from '../ledger/order.ts'
import { parseRfc3339, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { notFound, pageOf, stockOf } from './coupon-stocks.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { APPID, compact, flag, int, type Json, MCHID, NOTIFY_URL, object, opt, str, text, unread } from './shape.ts'

const SEND = object({
  stock_id: text(1, 20),
  out_request_no: text(1, 128),
  appid: APPID,
  stock_creator_mchid: MCHID,
  coupon_value: opt(int()),
  coupon_minimum: opt(int())
})

function send(call: V3Call): Json {
  const { world, merchant, body, params } = call
  const known = world.coupons.get(`out ${merchant.mchId} ${str(body, 'out_request_no')}`)
  if (known) return { coupon_id: known.couponId }
  const stock = stockOf(call)
  if (stock.state !== 'running') throw new V3Failure(403, 'RULE_LIMIT', '批次未激活或已停止')
  const openid = params.openid ?? ''
  const appId = str(body, 'appid')
  if (!world.context.users.byOpenid(appId, openid)) throw new V3Failure(400, 'PARAM_ERROR', 'openid与appid不匹配')
  const own = world.coupons.filter((one) => one.stockId === stock.stockId && one.openid === openid)
  if (own.length >= stock.maxPerUser) throw new V3Failure(403, 'RULE_LIMIT', '用户已达到领取上限')
  if (stock.sent >= stock.max) throw new V3Failure(403, 'NOT_ENOUGH', '批次余额不足')
  stock.sent++
  const coupon = world.coupons.add({
    mchId: merchant.mchId,
    couponId: world.context.random.digits(13),
    stockId: stock.stockId,
    outRequestNo: str(body, 'out_request_no'),
    appId,
    openid,
    createdAt: world.context.clock.now()
  })
  return { coupon_id: coupon.couponId }
}

function couponObject(world: PayWorld, coupon: Coupon): Json {
  const stock = world.stocks.get(`id ${coupon.mchId} ${coupon.stockId}`)
  const end = stock && parseRfc3339(str(stock.body, 'available_end_time'))
  const isOver = end !== undefined && end <= world.context.clock.now()
  return compact({
    stock_creator_mchid: coupon.mchId,
    stock_id: coupon.stockId,
    coupon_id: coupon.couponId,
    coupon_name: stock?.name,
    status: coupon.usedAt === undefined ? (isOver ? 'EXPIRED' : 'SENDED') : 'USED',
    description: stock?.name,
    create_time: rfc3339(coupon.createdAt),
    coupon_type: 'NORMAL',
    no_cash: stock?.body.no_cash,
    available_begin_time: stock && str(stock.body, 'available_begin_time'),
    available_end_time: stock && str(stock.body, 'available_end_time'),
    singleitem: false,
    normal_coupon_information: stock && { coupon_amount: stock.amount, transaction_minimum: stock.minimum },
    consume_information:
      coupon.usedAt === undefined
        ? undefined
        : {
            consume_time: rfc3339(coupon.usedAt),
            consume_mchid: coupon.mchId,
            transaction_id: coupon.transactionId
          }
  })
}

/** The coupon that a payer would use for an order. */
export function couponFor(world: PayWorld, order: Order, openid: string): UsedCoupon | undefined {
  const fits = (coupon: Coupon) => {
    if (coupon.openid !== openid || coupon.usedAt !== undefined || coupon.mchId !== order.mchId) return false
    const stock = world.stocks.get(`id ${coupon.mchId} ${coupon.stockId}`)
    return stock !== undefined && order.total >= stock.minimum && order.total > stock.amount
  }
  const [coupon] = world.coupons.filter((one) => fits(one) && couponObject(world, one).status === 'SENDED')
  const stock = coupon && world.stocks.get(`id ${coupon.mchId} ${coupon.stockId}`)
  return coupon && stock
    ? { couponId: coupon.couponId, stockId: stock.stockId, name: stock.name, amount: stock.amount }
    : undefined
}

export function useCoupon(world: PayWorld, order: Order): void {
  const used = order.payment?.coupon
  const coupon = used && world.coupons.get(`id ${used.couponId}`)
  if (!coupon || !order.payment) return
  coupon.usedAt = order.payment.paidAt
  coupon.transactionId = order.payment.transactionId
}

function listCoupons({ world, merchant, params, query }: V3Call): Json {
  const all = world.coupons
    .filter((one) => one.mchId === merchant.mchId && one.openid === params.openid && one.appId === query.appid)
    .map((one) => couponObject(world, one))
    .filter(
      (one) => (!query.stock_id || one.stock_id === query.stock_id) && (!query.status || one.status === query.status)
    )
  return pageOf(all, query)
}

/** A flow file: who used the coupons of a stock, or had them refunded. */
function flowFile(call: V3Call, isRefund: boolean): Json {
  const stock = stockOf(call)
  const used = call.world.coupons.filter((one) => one.stockId === stock.stockId && one.usedAt !== undefined)
  const rows = used.filter((one) => {
    const order = call.world.orders.findPaid(stock.mchId, one.transactionId ?? '')
    return !isRefund || (order?.refunded ?? 0) > 0
  })
  const lines = rows.map((one) => [stock.stockId, one.couponId, one.transactionId, rfc3339(one.usedAt ?? 0)].join(','))
  const content = Buffer.from(['批次id,优惠id,支付单号,消耗时间', ...lines, ''].join('\n'))
  const { download_url: url, ...hash } = call.world.downloads.offer(call, content, {
    gzip: false,
    hash: 'sha1',
    type: 'text/csv'
  })
  return { url, ...hash }
}

const BASE = '/v3/marketing/favor'
const COUPON_QUERY = object({
  appid: APPID,
  stock_id: opt(text(1, 20)),
  status: opt(text(1, 16)),
  offset: opt(int(0)),
  limit: opt(int(1, 50)),
  ...unread('creator_mchid', 'sender_mchid', 'available_mchid', 'business_type')
})

const CALLBACK = object({ mchid: MCHID, notify_url: NOTIFY_URL, switch: opt(flag()) })

export const COUPON_ROUTES: readonly V3Route[] = [
  post(`${BASE}/users/:openid/coupons`, { body: SEND, self: 'stock_creator_mchid' }, send),
  get(`${BASE}/users/:openid/coupons`, { query: COUPON_QUERY }, listCoupons),
  get(`${BASE}/users/:openid/coupons/:coupon_id`, { query: object({ appid: APPID }) }, (call) => {
    const coupon = call.world.coupons.get(`id ${call.params.coupon_id}`)
    if (!coupon || coupon.openid !== call.params.openid || coupon.mchId !== call.merchant.mchId) throw notFound()
    return couponObject(call.world, coupon)
  }),
  get(`${BASE}/stocks/:stock_id/use-flow`, {}, (call) => flowFile(call, false)),
  get(`${BASE}/stocks/:stock_id/refund-flow`, {}, (call) => flowFile(call, true)),
  post(`${BASE}/callbacks`, { body: CALLBACK, self: 'mchid' }, ({ world, merchant, body }) => {
    world.urls[`coupon ${merchant.mchId}`] = str(body, 'notify_url')
    return { update_time: rfc3339(world.context.clock.now()), notify_url: str(body, 'notify_url') }
  }),
  get(`${BASE}/callbacks`, { query: object({ mchid: MCHID }), self: 'mchid' }, ({ world, merchant }) => {
    const url = world.urls[`coupon ${merchant.mchId}`]
    if (url === undefined) throw notFound()
    return { mchid: merchant.mchId, notify_url: url }
  })
]
