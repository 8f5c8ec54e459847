import type { Contract } from '../ledger/contract.ts'
import { beijingDate, beijingHour, DAY_MS, HOUR_MS, parseDate } from '../times.ts'
import { compact, type Json } from '../v3/shape.ts'
import type { PayWorld } from '../world.ts'

/** Whether the one deduction of a scheduled contract (预约扣费) may be made now. */
export const isDueDay = (contract: Contract, now: number): boolean => beijingDate(now) === contract.plannedDate

/** The day before, from 8:00 to 19:30. */
export function mayBeScheduled(contract: Contract, now: number): boolean {
  const day = parseDate(contract.plannedDate ?? '') ?? 0
  const minutes = Math.floor((now - (day - DAY_MS)) / 60_000)
  return minutes >= 8 * 60 && minutes < 19 * 60 + 30 && beijingHour(now) >= 8
}

/** What was not deducted ends the contract at 8:00 of the next day. */
export function scheduleEnd(world: PayWorld, contract: Contract): void {
  const day = parseDate(contract.plannedDate ?? '')
  if (day === undefined || contract.ended) return
  const { clock } = world.context
  clock.schedule(day + DAY_MS + 8 * HOUR_MS - clock.now(), () => {
    if (!contract.ended) world.contracts.end(contract, 'expiry', '预约扣费已过期')
  })
}

export function scheduleObject(contract: Contract): Json {
  const { scheduledAmount, paid, ended, plannedDate } = contract
  const yuan = (total: number | undefined) => (total === undefined ? undefined : { total, currency: 'CNY' })
  return compact({
    schedule_state: paid ? 'PAID' : ended ? 'EXPIRED' : scheduledAmount === undefined ? 'NO_SCHEDULED' : 'SCHEDULED',
    deduct_start_date: plannedDate,
    deduct_end_date: plannedDate,
    scheduled_amount: yuan(scheduledAmount),
    deduct_amount: yuan(paid?.amount),
    deduct_date: paid && beijingDate(paid.at)
  })
}
