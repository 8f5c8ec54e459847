import { PayFailure, V3Failure } from '../failures.ts'
import { cashOf, type Order } from '../ledger/order.ts'
import type { Refund } from '../ledger/refund.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import {
  child,
  compact,
  int,
  type Json,
  list,
  MCHID,
  NOTIFY_URL,
  num,
  object,
  oneOf,
  opt,
  secret,
  str,
  text
} from './shape.ts'

const GOODS = object({
  merchant_goods_id: text(1, 32),
  wechatpay_goods_id: opt(text(1, 32)),
  goods_name: opt(text(1, 256)),
  unit_price: int(0),
  refund_amount: int(0),
  refund_quantity: int()
})

const CREATE = object({
  sub_mchid: opt(MCHID),
  transaction_id: opt(text(1, 32)),
  out_trade_no: opt(text(1, 32)),
  out_refund_no: text(1, 64, /^[0-9A-Za-z_\-|*@]+$/),
  reason: opt(text(1, 80)),
  notify_url: opt(NOTIFY_URL),
  funds_account: opt(oneOf('AVAILABLE', 'UNSETTLED')),
  amount: object({
    refund: int(),
    total: int(),
    currency: oneOf('CNY'),
    from: opt(list(object({ account: oneOf('AVAILABLE', 'UNAVAILABLE'), amount: int() }), 10))
  }),
  goods_detail: opt(list(GOODS, 100))
})

const ABNORMAL = object({
  sub_mchid: opt(MCHID),
  out_refund_no: text(1, 64),
  type: oneOf('USER_BANK_CARD', 'MERCHANT_BANK_CARD'),
  bank_type: opt(text(1, 20)),
  bank_account: opt(secret()),
  real_name: opt(secret())
})

/** 退款对象: the response of every refund call. */
export function refundObject(refund: Refund, order: Order): Json {
  return compact({
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: refund.receivedAccount,
    success_time: refund.successAt === undefined ? undefined : rfc3339(refund.successAt),
    create_time: rfc3339(refund.createdAt),
    status: refund.status,
    funds_account: refund.account === 'AVAILABLE' ? 'AVAILABLE' : 'UNSETTLED',
    amount: {
      total: refund.total,
      refund: refund.refund,
      from: refund.from ?? [],
      payer_total: cashOf(order),
      payer_refund: refund.cash,
      settlement_refund: refund.cash,
      settlement_total: cashOf(order),
      discount_refund: refund.refund - refund.cash,
      currency: order.currency
    },
    promotion_detail: promotions(refund, order)
  })
}

function promotions(refund: Refund, order: Order): Json[] {
  const coupon = order.payment?.coupon
  const amount = refund.refund - refund.cash
  if (!coupon || amount === 0) return []
  return [
    { promotion_id: coupon.couponId, scope: 'GLOBAL', type: 'NOCASH', amount: coupon.amount, refund_amount: amount }
  ]
}

/** What a refund notification carries. */
export function refundResource(refund: Refund, order: Order): Json {
  const mch =
    refund.subMchId === undefined ? { mchid: refund.mchId } : { sp_mchid: refund.mchId, sub_mchid: refund.subMchId }
  return compact({
    ...mch,
    out_trade_no: refund.outTradeNo,
    transaction_id: refund.transactionId,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_status: refund.status,
    success_time: refund.successAt === undefined ? undefined : rfc3339(refund.successAt),
    user_received_account: refund.receivedAccount,
    amount: {
      total: refund.total,
      refund: refund.refund,
      payer_total: cashOf(order),
      payer_refund: refund.cash
    }
  })
}

function orderToRefund({ world, merchant, body }: V3Call): Order {
  const transactionId = str(body, 'transaction_id')
  const outTradeNo = str(body, 'out_trade_no')
  if (!transactionId && !outTradeNo) {
    throw new V3Failure(400, 'PARAM_ERROR', 'transaction_id与out_trade_no二选一')
  }
  const order = transactionId
    ? world.orders.findPaid(merchant.mchId, transactionId)
    : world.orders.find(merchant.mchId, outTradeNo)
  if (!order) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
  if (order.subMchId !== (str(body, 'sub_mchid') || undefined)) throw new PayFailure('ORDER_NOT_FOUND')
  return order
}

function create(call: V3Call): Json {
  const { world, body } = call
  const order = orderToRefund(call)
  const amount = child(body, 'amount')
  const from = amount.from as Refund['from']
  const refund = num(amount, 'refund')
  if (from && from.length > 0 && from.reduce((sum, one) => sum + one.amount, 0) !== refund) {
    throw new V3Failure(400, 'PARAM_ERROR', '出资金额之和与退款金额不一致', {
      field: '/body/amount/from',
      location: 'body'
    })
  }
  const draft = compact({
    api: 3 as const,
    outRefundNo: str(body, 'out_refund_no'),
    refund,
    total: num(amount, 'total'),
    reason: str(body, 'reason'),
    notifyUrl: str(body, 'notify_url'),
    account: str(body, 'funds_account') || 'UNSETTLED',
    from
  })
  return refundObject(world.refunds.create(order, draft), order)
}

function answer(world: PayWorld, refund: Refund | undefined, sub: string): Json {
  const order = refund && world.orders.find(refund.book, refund.outTradeNo)
  if (!refund || !order || refund.subMchId !== (sub || undefined)) throw new PayFailure('REFUND_NOT_FOUND')
  return refundObject(refund, order)
}

function applyAbnormal({ world, merchant, params, body }: V3Call): Json {
  const refund = world.refunds.findById(merchant.mchId, params.refund_id ?? '')
  if (!refund || refund.outRefundNo !== str(body, 'out_refund_no')) throw new PayFailure('REFUND_NOT_FOUND')
  if (refund.status !== 'ABNORMAL')
    throw new V3Failure(400, 'INVALID_REQUEST', '退款单状态不是退款异常，不能发起异常退款')
  const toUser = str(body, 'type') === 'USER_BANK_CARD'
  if (toUser && !(str(body, 'bank_account') && str(body, 'real_name') && str(body, 'bank_type'))) {
    throw new V3Failure(400, 'PARAM_ERROR', '退款至用户银行卡时bank_type、bank_account、real_name必填')
  }
  refund.receivedAccount = toUser ? '用户银行卡' : '商户银行卡'
  refund.status = 'PROCESSING'
  refund.outcome = 'SUCCESS'
  world.refunds.schedule(Object.assign(refund, { dueAt: world.context.clock.now() + world.settings.refundDelayMs }))
  return answer(world, refund, str(body, 'sub_mchid'))
}

const BASE = '/v3/refund/domestic/refunds'

export const REFUND_ROUTES: readonly V3Route[] = [
  post(BASE, { body: CREATE }, create),
  get(`${BASE}/:out_refund_no`, { query: object({ sub_mchid: opt(MCHID) }) }, ({ world, merchant, params, query }) =>
    answer(world, world.refunds.find(merchant.mchId, params.out_refund_no ?? ''), str(query, 'sub_mchid'))
  ),
  post(`${BASE}/:refund_id/apply-abnormal-refund`, { body: ABNORMAL }, applyAbnormal)
]
