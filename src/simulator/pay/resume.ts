import { scheduleDeduction } from './papay/deduction.ts'
import { scheduleEnd } from './papay/schedule.ts'
import { scheduleCollection } from './payscore/collection.ts'
import { scheduleReturnNotice, scheduleShareNotices } from './v3/share-notices.ts'
import { scheduleBatch } from './v3/transfer-batch.ts'
import type { PayWorld } from './world.ts'

/** Goes on with what was under way when the simulator was stopped. */
export function resume(world: PayWorld): void {
  for (const refund of world.refunds.table.filter((one) => one.status === 'PROCESSING')) world.refunds.schedule(refund)
  for (const pack of world.redPacks.table.filter((one) => one.status === 'SENT')) world.redPacks.schedule(pack)
  for (const bill of world.transferBills.table.rows()) world.transferBills.schedule(bill)
  for (const order of world.orders.table.filter((one) => one.state === 'ACCEPT')) scheduleDeduction(world, order)
  for (const contract of world.contracts.table.rows()) scheduleEnd(world, contract)
  for (const sharing of world.sharings.rows()) scheduleShareNotices(world, sharing)
  for (const done of world.sharingReturns.rows()) {
    const sharing = world.sharings.get(`id ${done.mchId} ${done.orderId}`)
    if (sharing) scheduleReturnNotice(world, done, sharing)
  }
  for (const order of world.serviceOrders.rows()) scheduleCollection(world, order)
  for (const batch of world.batches.rows()) scheduleBatch(world, batch)
}
