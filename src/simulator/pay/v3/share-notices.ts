import type { SharingOrder, SharingReturn } from '../ledger/sharing-order.ts'
import { sendEvent } from '../notifier.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { compact } from './shape.ts'

/**
 * 分账动账通知: to receivers that are merchants and set an address, never to the one that shares. Of shares of v2 and v3 alike, by
 * the rules of API v3 and with the APIv3 key of the receiver.
 */
export function scheduleShareNotices(world: PayWorld, sharing: SharingOrder): void {
  for (const { type, account, amount, description } of sharing.shares) {
    // What is released to the merchant that was paid is no share. A provider that takes its commission is a receiver.
    if (type !== 'MERCHANT_ID' || account === (sharing.subMchId ?? sharing.mchId)) continue
    const receiver = { type, account, amount, description }
    schedule(world, account, sharing.dueAt, 'SUCCESS', {
      ...partiesOf(sharing),
      transaction_id: sharing.transactionId,
      order_id: sharing.orderId,
      out_order_no: sharing.outOrderNo,
      receiver,
      success_time: rfc3339(sharing.dueAt)
    })
  }
}

/** To the merchant that gives back; it names the one that gets the money, so that nothing in it is ours. */
export function scheduleReturnNotice(world: PayWorld, done: SharingReturn, sharing: SharingOrder): void {
  const account = sharing.subMchId ?? sharing.mchId
  schedule(world, done.returnMchId, done.dueAt, 'RETURN', {
    ...partiesOf(sharing),
    transaction_id: sharing.transactionId,
    order_id: done.returnId,
    out_order_no: done.outReturnNo,
    receiver: { type: 'MERCHANT_ID', account, amount: done.amount, description: done.description },
    success_time: rfc3339(done.dueAt)
  })
}

const partiesOf = ({ mchId, subMchId }: SharingOrder) =>
  compact({
    mchid: subMchId === undefined ? mchId : undefined,
    sp_mchid: subMchId === undefined ? undefined : mchId,
    sub_mchid: subMchId
  })

function schedule(world: PayWorld, mchId: string, dueAt: number, what: 'SUCCESS' | 'RETURN', resource: object): void {
  const url = world.settings.sharingNotifyUrls[mchId]
  const { accounts, clock } = world.context
  if (url === undefined || !accounts.merchant(mchId) || dueAt < clock.now()) return
  clock.schedule(dueAt - clock.now(), () => {
    const { sharingEvent } = world.settings
    // The spelling that looks like a payment is the one that most documents have.
    const eventType = sharingEvent === 'TRANSACTION' ? 'TRANSACTION.SUCCESS' : `PROFITSHARING.${what}`
    const summary = what === 'RETURN' ? '分账回退' : '分账'
    const event = { eventType, originalType: 'profitsharing', summary, resource }
    sendEvent(world, { kind: 'profitsharing', mchId, url }, event)
  })
}
