/** 合单: several orders, also of several merchants, that are paid together or not at all. */
export interface CombinedOrder {
  readonly mchId: string
  readonly appId: string
  readonly outTradeNo: string
  readonly parts: readonly { readonly mchId: string; readonly outTradeNo: string }[]
  readonly openid?: string | undefined
  readonly notifyUrl: string
  readonly deviceId?: string | undefined
  readonly fingerprint: string
  readonly prepayId: string
  readonly codeToken: string
}

export const combinedKeys = (one: CombinedOrder) => [
  `no ${one.mchId} ${one.outTradeNo}`,
  `any ${one.prepayId}`,
  `any ${one.codeToken}`
]
