import { PayFailure, V2Failure } from '../failures.ts'
import { cashOf, type Order } from '../ledger/order.ts'
import type { Refund } from '../ledger/refund.ts'
import { plainTime } from '../times.ts'
import { payEndpoint, type V2Answer, type V2Call, type V2Endpoint } from './endpoint.ts'
import {
  amount,
  type FieldRules,
  may,
  NOTIFY_URL,
  need,
  ORDER_NUMBERS,
  OUT_REFUND_NO,
  oneMay,
  type V2Fields
} from './fields.ts'
import { V2_REFUND_STATUS } from './order-fields.ts'
import { orderOf } from './orders.ts'

const REFUND: FieldRules = {
  appid: need(32),
  sub_mch_id: may(32),
  ...ORDER_NUMBERS,
  out_refund_no: need(64, OUT_REFUND_NO),
  total_fee: amount(),
  refund_fee: amount(),
  refund_fee_type: oneMay('CNY'),
  refund_desc: may(80),
  refund_account: oneMay('REFUND_SOURCE_UNSETTLED_FUNDS', 'REFUND_SOURCE_RECHARGE_FUNDS'),
  notify_url: may(256, NOTIFY_URL),
  detail: may(6000)
}

const hasRefundNumber = (fields: V2Fields): boolean => Boolean(fields.refund_id || fields.out_refund_no)

const QUERY: FieldRules = {
  appid: need(32),
  sub_mch_id: may(32),
  transaction_id: may(32),
  out_trade_no: { max: 32, required: (fields) => !fields.transaction_id && !hasRefundNumber(fields) },
  out_refund_no: may(64),
  refund_id: may(32),
  offset: may(9, /^\d+$/)
}

/** v2 names of the states. */
function createRefund(call: V2Call): V2Answer {
  const { fields, world } = call
  const order = orderOf(call)
  const refund = world.refunds.create(order, {
    api: 2,
    outRefundNo: fields.out_refund_no ?? '',
    refund: Number(fields.refund_fee),
    total: Number(fields.total_fee),
    account: fields.refund_account || 'REFUND_SOURCE_UNSETTLED_FUNDS',
    ...(fields.refund_desc ? { reason: fields.refund_desc } : {}),
    ...(fields.notify_url ? { notifyUrl: fields.notify_url } : {})
  })
  const coupon = refund.refund - refund.cash
  return {
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_channel: '',
    refund_fee: refund.refund,
    settlement_refund_fee: refund.cash,
    total_fee: refund.total,
    settlement_total_fee: cashOf(order),
    fee_type: order.currency,
    cash_fee: cashOf(order),
    cash_refund_fee: refund.cash,
    ...(coupon > 0 && order.payment?.coupon
      ? {
          coupon_refund_fee: coupon,
          coupon_refund_count: 1,
          coupon_type_0: 'NO_CASH',
          coupon_refund_fee_0: coupon,
          coupon_refund_id_0: order.payment.coupon.couponId
        }
      : { coupon_refund_fee: 0, coupon_refund_count: 0 })
  }
}

const PAGE = 10

function queryRefund(call: V2Call): V2Answer {
  const { fields, world, book } = call
  const single = fields.refund_id
    ? world.refunds.findById(book, fields.refund_id)
    : fields.out_refund_no
      ? world.refunds.find(book, fields.out_refund_no)
      : undefined
  if (!single && hasRefundNumber(fields)) throw new PayFailure('REFUND_NOT_FOUND')
  const order = single ? world.orders.find(book, single.outTradeNo) : orderOf(call)
  if (!order) throw new PayFailure('REFUND_NOT_FOUND')
  const all = single ? [single] : world.refunds.ofOrder(order)
  if (all.length === 0) throw new PayFailure('REFUND_NOT_FOUND')
  if (!single && all.length > 20) throw new V2Failure('PARAM_ERROR', '部分退款超过20笔，请使用退款单号查询')
  const page = all.slice(Number(fields.offset ?? 0)).slice(0, PAGE)
  return {
    transaction_id: order.payment?.transactionId,
    out_trade_no: order.outTradeNo,
    total_fee: order.total,
    settlement_total_fee: cashOf(order),
    fee_type: order.currency,
    cash_fee: cashOf(order),
    total_refund_count: order.refundCount,
    refund_count: page.length,
    refund_fee: page.reduce((sum, { refund }) => sum + refund, 0),
    ...Object.assign({}, ...page.map((refund, i) => rowFields(refund, order, i)))
  }
}

function rowFields(refund: Refund, order: Order, i: number): V2Answer {
  const coupon = refund.refund - refund.cash
  return {
    [`out_refund_no_${i}`]: refund.outRefundNo,
    [`refund_id_${i}`]: refund.refundId,
    [`refund_channel_${i}`]: 'ORIGINAL',
    [`refund_fee_${i}`]: refund.refund,
    [`settlement_refund_fee_${i}`]: refund.cash,
    [`refund_status_${i}`]: V2_REFUND_STATUS[refund.status],
    [`refund_account_${i}`]: refund.account ?? 'REFUND_SOURCE_UNSETTLED_FUNDS',
    [`refund_recv_accout_${i}`]: refund.receivedAccount,
    ...(refund.successAt === undefined ? {} : { [`refund_success_time_${i}`]: plainTime(refund.successAt) }),
    ...(coupon > 0 && order.payment?.coupon
      ? {
          [`coupon_refund_fee_${i}`]: coupon,
          [`coupon_refund_count_${i}`]: 1,
          [`coupon_type_${i}_0`]: 'NO_CASH',
          [`coupon_refund_id_${i}_0`]: order.payment.coupon.couponId,
          [`coupon_refund_fee_${i}_0`]: coupon
        }
      : {})
  }
}

const certificate = { needsCertificate: true } as const

export const REFUND_ENDPOINTS: readonly V2Endpoint[] = [
  payEndpoint('/secapi/pay/refund', REFUND, createRefund, certificate),
  payEndpoint('/secapi/pay/refundv2', REFUND, createRefund, certificate),
  payEndpoint('/pay/refundquery', QUERY, queryRefund),
  payEndpoint('/pay/refundqueryv2', QUERY, queryRefund)
]
