import { isWeixinKitError, WeChatPayError } from 'weixin-kit'
import type { Context } from './app.ts'
import { AppError } from './error-codes.ts'
import type { Order } from './models/orders.ts'
import type { MchPay, RedPack } from './models/payouts.ts'
import type { Refund } from './models/refunds.ts'
import { askForRefund } from './reconcile.ts'

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
  const { out_trade_no, total_fee } = order
  try {
    const accepted = await pay.refunds.create({ out_trade_no, out_refund_no, total_fee, refund_fee: refundFee })
    return await refunds.accept(out_refund_no, accepted.refund_id)
  } catch (cause) {
    const left = await afterRefusedRefund(context, refund, cause)
    if (left.status === 'processing' || left.status === 'success') return left
    throw new AppError(1820, { cause })
  }
}

/** As with payouts: an earlier request of the same number may have been accepted, so that a refusal alone ends nothing. */
async function afterRefusedRefund(context: Context, refund: Refund, cause: unknown): Promise<Refund> {
  const { refunds } = context
  const { out_refund_no } = refund
  const stands = await refunds.refuse(out_refund_no, 'unknown')
  if (statusAfter(cause) === 'unknown') return stands
  try {
    return await askForRefund(context, stands)
  } catch (error) {
    const isAbsent = error instanceof WeChatPayError && error.upstreamCode === 'REFUNDNOTEXIST'
    return isAbsent ? await refunds.refuse(out_refund_no, 'failed') : stands
  }
}

/** Pays a user's balance (企业付款), once per row. */
export async function payMchPay({ pay, mchPays }: Context, row: MchPay): Promise<MchPay> {
  if (row.status !== 'created' && row.status !== 'unknown') return row
  const { partner_trade_no, openid, amount, desc } = row
  const isFirst = await mchPays.begin(row)
  try {
    const params = { partner_trade_no, openid, amount, desc, check_name: 'NO_CHECK' } as const
    const { payment_no } = await pay.transfers.create(params)
    return await mchPays.succeed(row, payment_no)
  } catch (cause) {
    const told = await outcomeAfter(cause, isFirst, () => pay.transfers.query({ partner_trade_no }))
    if (typeof told !== 'string') return await mchPays.succeed(row, told.detail_id)
    const left = await mchPays.refuse(row, told)
    if (left.status === 'success') return left
    throw new AppError(1820, { cause })
  }
}

/** Sends a red packet, once per row. */
export async function sendRedPack({ pay, redPacks }: Context, row: RedPack, clientIp: string): Promise<RedPack> {
  if (row.status !== 'created' && row.status !== 'unknown') return row
  const { mch_billno, re_openid, total_amount, send_name, wishing, act_name, remark } = row
  const isFirst = await redPacks.begin(row)
  try {
    const params = { mch_billno, re_openid, total_amount, send_name, wishing, act_name, remark, client_ip: clientIp }
    const { send_listid } = await pay.redPacks.send(params)
    return await redPacks.succeed(row, send_listid ?? '')
  } catch (cause) {
    const told = await outcomeAfter(cause, isFirst, () => pay.redPacks.query({ mch_billno }))
    if (typeof told !== 'string') return await redPacks.succeed(row, told.detail_id)
    const left = await redPacks.refuse(row, told)
    if (left.status === 'sent') return left
    throw new AppError(1820, { cause })
  }
}

/**
 * A refusal is about one request. An earlier one with the same number, whose response was lost or whose process died, may have
 * paid all the same, and nothing notifies of payouts: WeChat Pay is asked before a number is given up. NOT_FOUND proves
 * nothing while an earlier request may still be on its way: then the number stays open.
 */
async function outcomeAfter<T extends { status: string }>(
  error: unknown,
  isFirst: boolean,
  query: () => Promise<T>
): Promise<T | 'failed' | 'unknown'> {
  if (statusAfter(error) === 'unknown') return 'unknown'
  try {
    return await outcomeOf(query)
  } catch (cause) {
    const isAbsent = cause instanceof WeChatPayError && cause.upstreamCode === 'NOT_FOUND'
    return isAbsent && isFirst ? 'failed' : 'unknown'
  }
}

/** What WeChat Pay says of a payout: that it was made, that it was not, or that it is under way. Throws what the query throws. */
export async function outcomeOf<T extends { status: string }>(
  query: () => Promise<T>
): Promise<T | 'failed' | 'unknown'> {
  const found = await query()
  if (found.status === 'FAILED') return 'failed'
  return found.status === 'PROCESSING' || found.status === 'SENDING' ? 'unknown' : found
}

/** Refused for certain, or never sent: `failed`. Anything else, a fault of ours too, is `unknown` and goes on under the same number. */
function statusAfter(error: unknown): 'failed' | 'unknown' {
  return isWeixinKitError(error) && error.outcome === 'refused' ? 'failed' : 'unknown'
}
