import type { Wrong } from './endpoint.ts'
import type { RefundParams } from './refunds.ts'
import type { TransferBatchParams } from './transfer-batches.ts'
import type { TRANSFER_SCENES } from './transfer-scenes.ts'
import type { TransferParams } from './transfers.ts'

// What is wrong between fields, each of which may be right. Those that may be left out may be missing, and lists hold whatever JSON can.

/** From this amount on the name of the receiver is required. (发起转账: user_name) */
const NAME_REQUIRED_FROM_FEN = 200_000

export function checkRefund(params: Partial<RefundParams> | undefined): Wrong | undefined {
  const { transaction_id: id, out_trade_no: number, amount } = params ?? {}
  if (!id === !number) return { field: 'out_trade_no', problem: 'or transaction_id is required, and not both' }
  if (amount && amount.refund > amount.total) {
    return { field: 'amount.refund', problem: 'is more than amount.total, the amount of the order' }
  }
  const from = amount?.from
  if (Array.isArray(from) && from.reduce((sum, part) => sum + part?.amount, 0) !== amount?.refund) {
    return { field: 'amount.from', problem: 'must add up to amount.refund' }
  }
  return undefined
}

export function checkReturn(params: { order_id?: unknown; out_order_no?: unknown } | undefined): Wrong | undefined {
  return !params?.order_id === !params?.out_order_no
    ? { field: 'out_order_no', problem: 'or order_id is required, and not both' }
    : undefined
}

export function checkBatch(params: Partial<TransferBatchParams> | undefined): Wrong | undefined {
  const details: TransferBatchParams['transfer_detail_list'] | undefined = params?.transfer_detail_list
  if (!Array.isArray(details)) return undefined
  if (details.length !== params?.total_num) {
    return { field: 'total_num', problem: `is not the number of details, ${details.length}` }
  }
  return details.reduce((sum, detail) => sum + detail?.transfer_amount, 0) === params?.total_amount
    ? undefined
    : { field: 'total_amount', problem: 'is not the sum of the details' }
}

/** Name and information about the scene, without which the platform would refuse with PARAM_ERROR. */
export function checkTransfer(
  params: Partial<TransferParams> | undefined,
  scenes: typeof TRANSFER_SCENES
): Wrong | undefined {
  if (Number(params?.transfer_amount) >= NAME_REQUIRED_FROM_FEN && !params?.user_name) {
    return { field: 'user_name', problem: 'is required from 200000 fen (2000 yuan) on' }
  }
  const id: unknown = params?.transfer_scene_id
  const scene = typeof id === 'string' && Object.hasOwn(scenes, id) ? scenes[id] : undefined
  const infos: unknown = params?.transfer_scene_report_infos
  if (!scene || !Array.isArray(infos)) return undefined
  const types = infos.map((info: { info_type?: unknown }) => String(info?.info_type))
  const isComplete = types.length === scene.reports.length && scene.reports.every((type) => types.includes(type))
  if (!isComplete) {
    const problem = `of scene ${id} must have exactly the types ${scene.reports.join(', ')}, each once`
    return { field: 'transfer_scene_report_infos', problem }
  }
  const perception: unknown = params?.user_recv_perception
  if (typeof perception === 'string' && scene.perceptions && !scene.perceptions.includes(perception)) {
    const problem = `of scene ${id} must be one of ${scene.perceptions.join(', ')}`
    return { field: 'user_recv_perception', problem }
  }
  return undefined
}
