import { describeError } from '../../shared/describe-error.ts'
import { PATIENCE_MS } from '../../shared/sync-payment.ts'
import type { Context } from './app.ts'
import { outcomeOf } from './payments.ts'

const overdue = () => new Date(Date.now() - PATIENCE_MS)

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
