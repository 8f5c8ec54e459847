/** 企业付款到零钱 */
export interface V2Transfer {
  readonly mchId: string
  readonly partnerTradeNo: string
  readonly appId: string
  readonly openid: string
  readonly name?: string | undefined
  readonly amount: number
  readonly desc: string
  readonly paymentNo: string
  readonly time: number
  readonly fingerprint: string
}

/** 企业付款到银行卡 */
export interface BankTransfer {
  readonly mchId: string
  readonly partnerTradeNo: string
  readonly paymentNo: string
  readonly bankNoMd5: string
  readonly nameMd5: string
  readonly bankCode: string
  readonly amount: number
  readonly fee: number
  readonly time: number
  readonly dueAt: number
}

export const v2TransferKeys = (one: V2Transfer | BankTransfer) => [`no ${one.mchId} ${one.partnerTradeNo}`]
