import { WeChatPayError } from 'weixin-kit'
import type { WeChatPayV2 } from 'weixin-kit/pay/v2'

/** What a notification or a query says of a payment. */
export interface Payment {
  out_trade_no: string
  transaction_id: string
  total_fee: number
}

/** An order of WeChat Pay whose end is not known. */
export interface OpenPayment {
  out_trade_no: string
  time_expire: Date
  settle(payment: Payment): Promise<unknown>
  /** Nobody can pay it any more. */
  close(): Promise<unknown>
}

/** So long a notification may take before WeChat Pay is asked. */
export const PATIENCE_MS = 5 * 60_000

/** WeChat Pay says what no row of ours can follow: the order stays open, and somebody has to look. */
export class UnclearPaymentError extends Error {}

/**
 * Asks WeChat Pay how an order stands: a payment is settled, as by its notification; what can no longer be paid is closed, for
 * which WeChat Pay is told first.
 */
export async function syncPayment(pay: WeChatPayV2, order: OpenPayment): Promise<void> {
  const { out_trade_no } = order
  const isOver = Date.now() > order.time_expire.getTime() + PATIENCE_MS
  const { trade_state, transaction_id, total_fee } = await ask(pay, out_trade_no)
  switch (trade_state) {
    case 'SUCCESS':
      if (transaction_id && total_fee !== undefined) await order.settle({ out_trade_no, transaction_id, total_fee })
      return
    // Paid, and given back in the merchant platform before it was booked.
    case 'REFUND':
      if (!(await isGivenBack(pay, order))) {
        throw new UnclearPaymentError(
          'was paid, and only a part was given back before it was booked: credit the rest by hand'
        )
      }
      await order.close()
      return
    case 'CLOSED':
    case 'REVOKED':
      await order.close()
      return
    case 'ABSENT':
      if (isOver) await order.close()
      return
    default:
      if (!isOver) return
      await pay.orders.close({ out_trade_no })
      await order.close()
  }
}

/** Whether all of a payment went back or is on its way back: one refund of a part is enough for `REFUND`. */
async function isGivenBack(pay: WeChatPayV2, { out_trade_no }: OpenPayment): Promise<boolean> {
  const { total_fee, refunds } = await pay.refunds.query({ out_trade_no })
  const last = refunds.filter(({ refund_status }) => refund_status === 'SUCCESS' || refund_status === 'PROCESSING')
  return last.reduce((sum, { refund_fee }) => sum + refund_fee, 0) >= total_fee
}

interface State {
  trade_state: string
  transaction_id?: string
  total_fee?: number
}

/** An order that WeChat Pay never got is not a failure: the process died before, or the request was lost. */
async function ask(pay: WeChatPayV2, out_trade_no: string): Promise<State> {
  try {
    return await pay.orders.query({ out_trade_no })
  } catch (error) {
    if (error instanceof WeChatPayError && error.upstreamCode === 'ORDERNOTEXIST') return { trade_state: 'ABSENT' }
    throw error
  }
}
