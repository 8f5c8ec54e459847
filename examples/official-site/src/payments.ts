import { isWeixinKitError } from 'weixin-kit'
import type { Context } from './app.ts'
import { AppError } from './error-codes.ts'
import type { Order } from './models/orders.ts'
import type { MchPay, RedPack } from './models/payouts.ts'
import type { Refund } from './models/refunds.ts'

/** A placed order whose notification has not come: WeChat Pay is asked, so that a lost notification loses nothing. */
export async function syncOrder({ pay, orders }: Context, order: Order): Promise<Order> {
  if (order.status !== 'placed' && order.status !== 'failed') return order
  try {
    const found = await pay.orders.query({ out_trade_no: order.out_trade_no })
    if (found.trade_state !== 'SUCCESS' && found.trade_state !== 'REFUND') return order
    const { out_trade_no, transaction_id, total_fee } = found
    if (transaction_id === undefined || total_fee === undefined) return order
    await orders.settle({ out_trade_no: out_trade_no ?? order.out_trade_no, transaction_id, total_fee })
    return (await orders.find(order.uuid)) ?? order
  } catch (error) {
    // The stored state is true as far as it goes; the notification or the next look brings the rest.
    if (isWeixinKitError(error)) return order
    throw error
  }
}

/** One refund per `requestId`: sent again after a crash or a timeout, it goes on under the same number. */
export async function createRefund(
  context: Context,
  order: Order,
  requestId: string,
  refundFee: number
): Promise<Refund> {
  const { pay, refunds } = context
  const refund = await refunds.reserve(order, `R${requestId}`, refundFee)
  if (!refund) throw new AppError(1402)
  if (refund.status !== 'created' && refund.status !== 'unknown') return refund
  const { out_refund_no } = refund
  try {
    const { out_trade_no, total_fee } = order
    const accepted = await pay.refunds.create({ out_trade_no, out_refund_no, total_fee, refund_fee: refundFee })
    await refunds.setProcessing(refund, accepted.refund_id)
  } catch (cause) {
    if (!isWeixinKitError(cause)) throw cause
    // Certainly refused, or never sent: the amount is free again. Anything else stays reserved until it is known.
    if (isCertainRefusal(cause)) await refunds.fail(out_refund_no)
    else await refunds.setUnknown(refund)
    throw new AppError(1820, { cause })
  }
  return (await refunds.find(out_refund_no)) ?? refund
}

/** Pays a user's balance (企业付款), once per row. */
export async function payMchPay({ pay, mchPays }: Context, row: MchPay): Promise<MchPay> {
  if (row.status !== 'created' && row.status !== 'unknown') return row
  try {
    const { partner_trade_no, openid, amount, desc } = row
    const { payment_no } = await pay.transfers.create({
      partner_trade_no,
      openid,
      amount,
      desc,
      check_name: 'NO_CHECK'
    })
    return await mchPays.settle(row, { status: 'success', payment_no })
  } catch (cause) {
    if (!isWeixinKitError(cause)) throw cause
    await mchPays.settle(row, { status: isCertainRefusal(cause) ? 'failed' : 'unknown' })
    throw new AppError(1820, { cause })
  }
}

/** Sends a red packet, once per row. */
export async function sendRedPack({ pay, redPacks }: Context, row: RedPack, clientIp: string): Promise<RedPack> {
  if (row.status !== 'created' && row.status !== 'unknown') return row
  try {
    const { mch_billno, re_openid, total_amount, send_name, wishing, act_name, remark } = row
    const params = { mch_billno, re_openid, total_amount, send_name, wishing, act_name, remark, client_ip: clientIp }
    const { send_listid } = await pay.redPacks.send(params)
    return await redPacks.settle(row, { status: 'sent', send_listid: send_listid ?? '' })
  } catch (cause) {
    if (!isWeixinKitError(cause)) throw cause
    await redPacks.settle(row, { status: isCertainRefusal(cause) ? 'failed' : 'unknown' })
    throw new AppError(1820, { cause })
  }
}

function isCertainRefusal(error: { code: string }): boolean {
  return error.code === 'ERR_WECHAT_PAY' || error.code === 'ERR_INVALID_PARAM' || error.code === 'ERR_CONFIG'
}
