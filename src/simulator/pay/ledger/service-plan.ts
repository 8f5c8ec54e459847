import type { Json } from '../v3/shape.ts'

interface OfMerchant {
  readonly mchId: string
  readonly appId: string
  readonly subMchId?: string | undefined
  readonly subAppId?: string | undefined
  readonly serviceId: string
  /** Number that the merchant gave it. */
  readonly number: string
}

/** 支付分计划 */
export interface ServicePlan extends OfMerchant {
  readonly planId: string
  readonly body: Json
  readonly details: readonly Json[]
  readonly fingerprint: string
  stoppedAt?: number | undefined
}

/** 用户的签约计划 */
export interface SignedPlan extends OfMerchant {
  readonly signPlanId: string
  readonly planId: string
  readonly package: string
  readonly notifyUrl: string
  readonly fingerprint: string
  /** Numbers of the merchant, by that of the detail. */
  readonly numbers: Readonly<Record<string, string>>
  readonly overAt: number
  openid?: string | undefined
  subOpenid?: string | undefined
  signedAt?: number | undefined
  /** Service orders, by the number of the detail. */
  orders: Record<string, string>
  ended?: { readonly at: number; readonly by: 'USER' | 'MERCHANT'; readonly reason: string } | undefined
}

/** 绑定服务申请 */
export interface ServiceApplication extends OfMerchant {
  readonly resultUrl?: string | undefined
}

export const planKeys = (one: ServicePlan) => [`no ${one.mchId} ${one.number}`, `id ${one.mchId} ${one.planId}`]
export const signedPlanKeys = (one: SignedPlan) => [
  `no ${one.mchId} ${one.number}`,
  `id ${one.mchId} ${one.signPlanId}`,
  `any ${one.package}`
]
export const applicationKeys = (one: ServiceApplication) => [`${one.mchId} ${one.number}`]
