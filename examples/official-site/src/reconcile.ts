import { isWeixinKitError } from 'weixin-kit'
import type { Context } from './app.ts'
import type { Order } from './models/orders.ts'
import type { Refund } from './models/refunds.ts'

/** An order whose notification has not come: WeChat Pay is asked, so that a lost notification loses nothing. */
export async function syncOrder({ pay, orders }: Context, order: Order): Promise<Order> {
  // `created` is also what a process leaves that died in the middle.
  if (order.status === 'paid' || order.status === 'closed') return order
  const found = await unlessRefused(pay.orders.query({ out_trade_no: order.out_trade_no }))
  const { trade_state, transaction_id, total_fee } = found ?? {}
  if (trade_state === 'CLOSED' || trade_state === 'REVOKED') await orders.close(order)
  else if ((trade_state === 'SUCCESS' || trade_state === 'REFUND') && transaction_id && total_fee !== undefined)
    await orders.settle({ out_trade_no: order.out_trade_no, transaction_id, total_fee })
  else return order
  return (await orders.find(order.uuid)) ?? order
}

/** The same for refunds that are under way. */
export async function syncRefunds(context: Context, list: readonly Refund[]): Promise<Refund[]> {
  const synced: Refund[] = []
  for (const refund of list) synced.push(await syncRefund(context, refund))
  return synced
}

async function syncRefund(context: Context, refund: Refund): Promise<Refund> {
  if (refund.status === 'success' || refund.status === 'failed') return refund
  return (await unlessRefused(askForRefund(context, refund))) ?? refund
}

/** Writes what WeChat Pay says of a refund. Throws what the query throws: REFUNDNOTEXIST for one that it does not know. */
export async function askForRefund({ pay, refunds }: Context, refund: Refund): Promise<Refund> {
  const { out_refund_no } = refund
  const found = await pay.refunds.query({ out_refund_no })
  const told = found.refunds.find((one) => one.out_refund_no === out_refund_no)
  switch (told?.refund_status) {
    case 'SUCCESS':
      return refunds.succeed(out_refund_no, told.refund_id, told.refund_fee)
    case 'REFUNDCLOSE':
      return refunds.close(out_refund_no)
    // CHANGE was accepted too, and waits for somebody in the merchant platform.
    case 'PROCESSING':
    case 'CHANGE':
      return refunds.accept(out_refund_no, told.refund_id)
    default:
      return refund
  }
}

/** What is stored is true as far as it goes: the notification or the next look brings the rest. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isWeixinKitError(error)) return undefined
    throw error
  }
}
