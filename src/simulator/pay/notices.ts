import type { Delivery } from '../framework/delivery.ts'
import type { CombinedOrder } from './ledger/combined-order.ts'
import type { Contract } from './ledger/contract.ts'
import type { Order } from './ledger/order.ts'
import type { Refund } from './ledger/refund.ts'
import type { TransferBill } from './ledger/transfer-bill.ts'
import { sendContract, sendEvent, sendFailedDeduction, sendPaid, sendRefunded } from './notifier.ts'
import { contractObject } from './papay/contract-object.ts'
import { scheduleEnd } from './papay/schedule.ts'
import { combinedObject } from './v3/combined-object.ts'
import { refundResource } from './v3/refunds.ts'
import { overseasTransaction, transactionObject } from './v3/transaction-object.ts'
import { transferResource } from './v3/transfer-bills.ts'
import type { PayWorld } from './world.ts'

/** Sends what the books report to the merchants, in the format of the API that made the record. */
export function subscribeNotices(world: PayWorld): void {
  world.refunds.settled.add(({ refund, order }) => notifyRefund(world, refund, order))
  world.transferBills.finished.add((bill) => notifyTransfer(world, bill))
  world.contracts.changed.add((contract) => notifyContract(world, contract))
}

export function notifyPaid(world: PayWorld, order: Order): Delivery | undefined {
  const { notifyUrl: url, mchId } = order
  if (url === undefined || order.tradeType === 'MICROPAY') return undefined
  if (order.api === 2) return sendPaid(world, order, url)
  const isOverseas = world.settings.overseasMerchants.includes(order.subMchId ?? mchId)
  return notifyTransaction(world, mchId, url, isOverseas ? overseasTransaction(order) : transactionObject(order))
}

export function notifyPaidTogether(world: PayWorld, combined: CombinedOrder): Delivery {
  return notifyTransaction(world, combined.mchId, combined.notifyUrl, combinedObject(world, combined))
}

function notifyTransaction(world: PayWorld, mchId: string, url: string, resource: object): Delivery {
  const event = { eventType: 'TRANSACTION.SUCCESS', originalType: 'transaction', summary: '支付成功', resource }
  return sendEvent(world, { kind: 'pay', mchId, url }, event)
}

export function notifyFailedDeduction(world: PayWorld, order: Order): void {
  const { notifyUrl: url, mchId } = order
  if (url === undefined) return
  if (order.api === 2) {
    sendFailedDeduction(world, order, url)
    return
  }
  const payer = order.openid === undefined ? {} : { payer: { openid: order.openid } }
  const resource = { ...transactionObject(order), trade_type: 'PAP', ...payer }
  const event = { eventType: 'TRANSACTION.FAIL', originalType: 'transaction', summary: '扣款失败', resource }
  sendEvent(world, { kind: 'pay', mchId, url }, event)
}

const REFUND_SUMMARY = { SUCCESS: '退款成功', CLOSED: '退款关闭', ABNORMAL: '退款异常', PROCESSING: '' } as const

function notifyRefund(world: PayWorld, refund: Refund, order: Order): void {
  const url = refund.notifyUrl ?? (refund.api === 2 ? world.settings.refundNotifyUrl : undefined)
  if (url === undefined) return
  if (refund.api === 2) {
    sendRefunded(world, refund, order, url)
    return
  }
  sendEvent(
    world,
    { kind: 'refund', mchId: refund.mchId, url },
    {
      eventType: `REFUND.${refund.status}`,
      originalType: 'refund',
      summary: REFUND_SUMMARY[refund.status],
      resource: refundResource(refund, order)
    }
  )
}

function notifyTransfer(world: PayWorld, bill: TransferBill): void {
  const { notifyUrl: url, mchId } = bill
  if (url === undefined) return
  const event = { eventType: 'MCHTRANSFER.BILL.FINISHED', originalType: 'mch_payment', summary: '商家转账单据终态通知' }
  sendEvent(world, { kind: 'transfer', mchId, url }, { ...event, resource: transferResource(bill) })
}

function notifyContract(world: PayWorld, contract: Contract): void {
  const { mchId, ended } = contract
  if (!ended) scheduleEnd(world, contract)
  if (contract.api !== 3) {
    sendContract(world, contract, (ended && world.settings.contractEndUrl) || contract.notifyUrl)
    return
  }
  const [event, summary] = ended ? ['TERMINATE', '解约成功'] : ['SIGN', '签约成功']
  const resource = contractObject(contract, true)
  const notice = { eventType: `ENTRUST.${event}`, originalType: 'entrust', summary, resource }
  sendEvent(world, { kind: 'contract', mchId, url: contract.notifyUrl }, notice)
}
