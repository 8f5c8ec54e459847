/** 结算账户修改申请 */
export interface SettlementApplication {
  readonly mchId: string
  readonly subMchId: string
  readonly applicationNo: string
  readonly accountType: string
  readonly bank: string
  readonly bankName?: string
  readonly bankBranchId?: string
  /** Masked: the number itself is not kept. */
  readonly number: string
  readonly name: string
  readonly at: number
  readonly dueAt: number
  readonly failure?: string
}

export const settlementApplicationKeys = ({ mchId, subMchId, applicationNo }: SettlementApplication) => [
  `${mchId} ${subMchId} ${applicationNo}`
]
