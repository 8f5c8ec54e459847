import { isWeixinKitError } from 'weixin-kit'
import type { Context } from './app.ts'
import type { Refund } from './models/refunds.ts'

/** Refunds that are under way: WeChat Pay is asked, so that a lost notification loses nothing. */
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
