import { cashOf, type Order, STATE_TEXT } from '../ledger/order.ts'
import { compactTime } from '../times.ts'
import type { V2Answer } from './endpoint.ts'

/** What a paid order is described with: in the query, the response to micropay and the notification. */
export function paidFields(order: Order): V2Answer {
  const { payment } = order
  if (!payment) return {}
  const { coupon } = payment
  return {
    openid: payment.openid,
    ...(payment.subOpenid === undefined ? {} : { sub_openid: payment.subOpenid }),
    is_subscribe: 'N',
    trade_type: order.tradeType,
    bank_type: payment.bankType,
    total_fee: order.total,
    ...(coupon ? { settlement_total_fee: cashOf(order) } : {}),
    fee_type: order.currency,
    cash_fee: cashOf(order),
    cash_fee_type: order.currency,
    ...(coupon
      ? {
          coupon_fee: coupon.amount,
          coupon_count: 1,
          coupon_type_0: 'NO_CASH',
          coupon_id_0: coupon.couponId,
          coupon_fee_0: coupon.amount
        }
      : {}),
    transaction_id: payment.transactionId,
    out_trade_no: order.outTradeNo,
    ...(order.attach === undefined ? {} : { attach: order.attach }),
    ...(order.deviceInfo === undefined ? {} : { device_info: order.deviceInfo }),
    time_end: compactTime(payment.paidAt)
  }
}

export function queryFields(order: Order): V2Answer {
  const rest = order.payment
    ? paidFields(order)
    : {
        out_trade_no: order.outTradeNo,
        total_fee: order.total,
        trade_type: order.tradeType,
        ...(order.attach === undefined ? {} : { attach: order.attach }),
        ...(order.deviceInfo === undefined ? {} : { device_info: order.deviceInfo })
      }
  return { trade_state: order.state, trade_state_desc: STATE_TEXT[order.state], ...rest }
}

/** `refund_status` of API v2. */
export const V2_REFUND_STATUS = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  CLOSED: 'REFUNDCLOSE',
  ABNORMAL: 'CHANGE'
} as const
