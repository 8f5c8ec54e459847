import type { Json } from '../v3/shape.ts'

export type StockState = 'unactivated' | 'running' | 'stoped' | 'paused'

/** 代金券批次 */
export interface CouponStock {
  readonly mchId: string
  readonly stockId: string
  readonly outRequestNo: string
  readonly name: string
  readonly body: Json
  readonly amount: number
  readonly minimum: number
  readonly max: number
  readonly maxPerUser: number
  readonly createdAt: number
  state: StockState
  startedAt?: number | undefined
  sent: number
}

/** 代金券 */
export interface Coupon {
  readonly mchId: string
  readonly couponId: string
  readonly stockId: string
  readonly outRequestNo: string
  readonly appId: string
  readonly openid: string
  readonly createdAt: number
  usedAt?: number | undefined
  transactionId?: string | undefined
}

export const couponStockKeys = (one: CouponStock) => [
  `id ${one.mchId} ${one.stockId}`,
  `out ${one.mchId} ${one.outRequestNo}`
]
export const couponKeys = (one: Coupon) => [`id ${one.couponId}`, `out ${one.mchId} ${one.outRequestNo}`]
