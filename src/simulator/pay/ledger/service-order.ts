import type { Json } from '../v3/shape.ts'

export type ServiceState = 'CREATED' | 'DOING' | 'DONE' | 'REVOKED' | 'EXPIRED'

export interface ServiceCollection {
  state: 'USER_PAYING' | 'USER_PAID'
  total: number
  readonly details: {
    readonly amount: number
    readonly paidType: 'NEWTON' | 'MCH'
    readonly paidTime: string
    readonly transactionId: string
  }[]
}

/** 支付分订单 */
export interface ServiceOrder {
  readonly mchId: string
  readonly appId: string
  readonly subMchId?: string | undefined
  readonly subAppId?: string | undefined
  readonly serviceId: string
  readonly outOrderNo: string
  readonly orderId: string
  readonly queryId: string
  readonly needsConfirmation: boolean
  readonly riskFund: Json
  readonly introduction: string
  readonly notifyUrl: string
  readonly attach: string | undefined
  readonly fingerprint: string
  readonly createdAt: number
  readonly package: string
  openid?: string | undefined
  subOpenid?: string | undefined
  /** 先享后付 */
  readonly shoppingInfo?: Json | undefined
  payments: Json[]
  discounts: Json[]
  timeRange: Json
  location?: Json | undefined
  state: ServiceState
  description?: 'USER_CONFIRM' | 'MCH_COMPLETE' | undefined
  isPackageUsed?: boolean | undefined
  completedAt?: number | undefined
  completion?: string | undefined
  profitSharing?: boolean | undefined
  collection?: ServiceCollection | undefined
  /** Until then the user stands at the cashier. */
  payingUntil?: number | undefined
}

/** 商户预授权 */
export interface ServicePermission {
  readonly mchId: string
  readonly appId: string
  readonly subMchId?: string | undefined
  readonly subAppId?: string | undefined
  readonly serviceId: string
  readonly code: string
  readonly token: string
  readonly notifyUrl: string | undefined
  readonly createdAt: number
  openid?: string | undefined
  subOpenid?: string | undefined
  grantedAt?: number | undefined
  endedAt?: number | undefined
}

export const serviceOrderKeys = (one: ServiceOrder) => [
  `no ${one.mchId} ${one.outOrderNo}`,
  `query ${one.mchId} ${one.queryId}`,
  `any ${one.outOrderNo}`,
  `any ${one.package}`
]

export const permissionKeys = (one: ServicePermission) => [
  `code ${one.mchId} ${one.code}`,
  `any ${one.code}`,
  `any ${one.token}`
]
