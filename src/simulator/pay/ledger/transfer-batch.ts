export interface BatchDetail {
  readonly outDetailNo: string
  readonly detailId: string
  readonly amount: number
  readonly remark: string
  readonly openid: string
  readonly userName?: string | undefined
  /** What it ends with; `undefined` is success. */
  readonly failReason?: string | undefined
}

/** 批量转账 (older flow; only for merchants from before 2025). */
export interface TransferBatch {
  readonly mchId: string
  readonly appId: string
  readonly outBatchNo: string
  readonly batchId: string
  readonly name: string
  readonly remark: string
  readonly sceneId?: string | undefined
  readonly notifyUrl?: string | undefined
  readonly details: readonly BatchDetail[]
  readonly totalAmount: number
  readonly fingerprint: string
  readonly createdAt: number
  readonly dueAt: number
}

export const batchKeys = (one: TransferBatch) => [`no ${one.mchId} ${one.outBatchNo}`, `id ${one.mchId} ${one.batchId}`]
