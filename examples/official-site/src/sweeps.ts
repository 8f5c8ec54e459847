import { describeError } from '../../shared/describe-error.ts'
import { PATIENCE_MS, syncPayments } from '../../shared/sync-payment.ts'
import type { Context } from './app.ts'
import { outcomeOf } from './payments.ts'

/** WeChat Pay takes payments of an order for two hours, as these have no time of their own. */
const PAYABLE_MS = 2 * 3600_000

const overdue = () => new Date(Date.now() - PATIENCE_MS)

/** Orders whose notification did not come. */
export async function sweepOrders({ pay, orders, log }: Context): Promise<void> {
  const open = (await orders.listOpen(overdue())).map((order) => ({
    out_trade_no: order.out_trade_no,
    time_expire: new Date(order.created_at.getTime() + PAYABLE_MS),
    settle: orders.settle.bind(orders),
    close: () => orders.close(order)
  }))
  await syncPayments(pay, open, log)
}

/**
 * Payouts of which is not known whether they were made: nothing notifies of them, so WeChat Pay is asked. What it does not know
 * stays open, for whoever repeats the request under its number.
 */
export async function sweepPayouts({ pay, mchPays, redPacks, log }: Context): Promise<void> {
  for (const row of await mchPays.listUnknown(overdue())) {
    const { partner_trade_no } = row
    await logFailure(partner_trade_no, async () => {
      const outcome = await outcomeOf(() => pay.transfers.query({ partner_trade_no }))
      if (outcome === 'failed') await mchPays.refuse(row, outcome)
      else if (outcome !== 'unknown') await mchPays.succeed(row, outcome.detail_id)
    })
  }
  for (const row of await redPacks.listUnknown(overdue())) {
    const { mch_billno } = row
    await logFailure(mch_billno, async () => {
      const outcome = await outcomeOf(() => pay.redPacks.query({ mch_billno }))
      if (outcome === 'failed') await redPacks.refuse(row, outcome)
      else if (outcome !== 'unknown') await redPacks.succeed(row, outcome.detail_id)
    })
  }

  async function logFailure(number: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => log(`${number}: ${describeError(error)}`))
  }
}
