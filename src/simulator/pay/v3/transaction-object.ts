import { cashOf, type Order, STATE_TEXT } from '../ledger/order.ts'
import { rfc3339 } from '../times.ts'
import { compact, type Json } from './shape.ts'

/** Who an order belongs to, in the words of merchants and of service providers (服务商). */
function parties(order: Order): Json {
  return order.subMchId === undefined
    ? { appid: order.appId, mchid: order.mchId }
    : compact({ sp_appid: order.appId, sp_mchid: order.mchId, sub_appid: order.subAppId, sub_mchid: order.subMchId })
}

function payerOf(order: Order): Json | undefined {
  const { payment } = order
  if (!payment) return undefined
  return order.subMchId === undefined
    ? { openid: payment.openid }
    : compact({ sp_openid: payment.openid, sub_openid: payment.subOpenid })
}

export function promotions(order: Order): Json[] | undefined {
  const coupon = order.payment?.coupon
  if (!coupon) return undefined
  return [
    {
      coupon_id: coupon.couponId,
      name: coupon.name,
      scope: 'GLOBAL',
      type: 'NOCASH',
      amount: coupon.amount,
      stock_id: coupon.stockId,
      wechatpay_contribute: 0,
      merchant_contribute: coupon.amount,
      other_contribute: 0,
      currency: order.currency
    }
  ]
}

/** The payment of a merchant outside mainland China (境外商户), as it is notified: WeChat's number is `id`. */
export function overseasTransaction(order: Order): Json {
  const { transaction_id: id, amount, ...rest } = transactionObject(order)
  const rate = { type: 'SETTLEMENT_RATE', rate: 100_000_000 }
  return { id, ...rest, amount: { ...(amount as Json), exchange_rate: rate } }
}

/** 交易对象: in queries, the response to code payments and notifications. */
export function transactionObject(order: Order): Json {
  const { payment } = order
  return compact({
    ...parties(order),
    out_trade_no: order.outTradeNo,
    transaction_id: payment?.transactionId,
    trade_type: payment ? order.tradeType : undefined,
    trade_state: order.state,
    trade_state_desc: STATE_TEXT[order.state],
    bank_type: payment?.bankType,
    attach: order.attach,
    success_time: payment && rfc3339(payment.paidAt),
    payer: payerOf(order),
    amount: payment
      ? {
          total: order.total,
          payer_total: cashOf(order),
          currency: order.currency,
          payer_currency: order.currency
        }
      : { total: order.total, currency: order.currency },
    scene_info: order.deviceInfo === undefined ? undefined : { device_id: order.deviceInfo },
    promotion_detail: promotions(order)
  })
}
