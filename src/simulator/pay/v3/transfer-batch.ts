import { V3Failure } from '../failures.ts'
import type { BatchDetail, TransferBatch } from '../ledger/transfer-batch.ts'
import { sendEvent } from '../notifier.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import type { V3Call } from './route.ts'
import type { Json } from './shape.ts'

/** Also called for what was under way when the simulator was stopped. */
export function scheduleBatch(world: PayWorld, batch: TransferBatch): void {
  const { clock } = world.context
  if (batch.dueAt < clock.now()) return
  clock.schedule(batch.dueAt - clock.now(), () => {
    const { failAmount } = totals(batch)
    if (failAmount > 0) {
      world.funds.move({
        book: batch.mchId,
        businessNo: batch.batchId,
        outNo: batch.outBatchNo,
        name: '商家转账到零钱',
        type: '转账失败退回',
        amount: failAmount
      })
    }
    if (batch.notifyUrl === undefined) return
    const event = {
      eventType: 'MCHTRANSFER.BATCH.FINISHED',
      originalType: 'mch_payment',
      summary: '商家转账批次完成',
      resource: { ...summary(world, batch), total_num: batch.details.length, total_amount: batch.totalAmount }
    }
    sendEvent(world, { kind: 'transfer', mchId: batch.mchId, url: batch.notifyUrl }, event)
  })
}

/** Whether the batch was carried out. */
export const isDone = (world: PayWorld, batch: TransferBatch): boolean => world.context.clock.now() >= batch.dueAt

function totals(batch: TransferBatch) {
  const failed = batch.details.filter(({ failReason }) => failReason !== undefined)
  const failAmount = failed.reduce((sum, { amount }) => sum + amount, 0)
  return { failNum: failed.length, failAmount }
}

export function summary(world: PayWorld, batch: TransferBatch): Json {
  const { failNum, failAmount } = totals(batch)
  const done = isDone(world, batch)
  return {
    out_batch_no: batch.outBatchNo,
    batch_id: batch.batchId,
    batch_status: done ? 'FINISHED' : 'PROCESSING',
    success_amount: done ? batch.totalAmount - failAmount : 0,
    success_num: done ? batch.details.length - failNum : 0,
    fail_amount: done ? failAmount : 0,
    fail_num: done ? failNum : 0,
    update_time: rfc3339(done ? batch.dueAt : batch.createdAt)
  }
}

/** The batch that a path names. */
export function batchOf({ world, merchant, params }: V3Call, outBatchNo = params.out_batch_no): TransferBatch {
  const key = params.batch_id ? `id ${merchant.mchId} ${params.batch_id}` : `no ${merchant.mchId} ${outBatchNo}`
  const batch = world.batches.get(key)
  if (!batch) throw new V3Failure(404, 'NOT_FOUND', '批次单不存在')
  return batch
}

export const statusOf = (world: PayWorld, batch: TransferBatch, detail: BatchDetail): string =>
  isDone(world, batch) ? (detail.failReason === undefined ? 'SUCCESS' : 'FAIL') : 'PROCESSING'
