export interface Share {
  readonly type: string
  readonly account: string
  readonly amount: number
  readonly description: string
  readonly detailId: string
}

/** 分账单 */
export interface SharingOrder {
  readonly mchId: string
  readonly subMchId?: string | undefined
  readonly transactionId: string
  readonly outOrderNo: string
  readonly orderId: string
  readonly shares: readonly Share[]
  readonly fingerprint: string
  readonly createdAt: number
  readonly dueAt: number
  returned: number
}

/** 分账回退单 */
export interface SharingReturn {
  readonly mchId: string
  readonly outOrderNo: string
  readonly orderId: string
  readonly outReturnNo: string
  readonly returnId: string
  readonly returnMchId: string
  readonly amount: number
  readonly description: string
  readonly createdAt: number
  readonly dueAt: number
}

export const sharingKeys = (one: SharingOrder) => [
  `no ${one.mchId} ${one.outOrderNo}`,
  `id ${one.mchId} ${one.orderId}`
]
