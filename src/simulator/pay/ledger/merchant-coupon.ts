import type { Json } from '../v3/shape.ts'

/** 商家券批次 */
export interface MerchantCouponStock {
  readonly mchId: string
  readonly stockId: string
  readonly outRequestNo: string
  readonly body: Json
  readonly fingerprint: string
  /** Uploaded and not yet sent. (预存 code) */
  readonly codes: string[]
  /** Every code that was ever uploaded. */
  readonly uploaded: string[]
  /** Changes that were made, by their numbers: what was asked, and the response. */
  readonly done: Record<string, { readonly fingerprint: string; readonly result: Json }>
}

/** 商家券 */
export interface MerchantCoupon {
  readonly mchId: string
  readonly stockId: string
  readonly code: string
  readonly appId: string
  readonly openid: string
  readonly sendNo: string
  readonly receivedAt: number
  state: 'SENDED' | 'USED' | 'DEACTIVATED'
  useNo?: string
  usedAt?: number
  returnNo?: string
  orderNo?: string
}

/** What a stock begins with. */
export const emptyStock = (): Pick<MerchantCouponStock, 'codes' | 'uploaded' | 'done'> => ({
  codes: [],
  uploaded: [],
  done: {}
})

export const merchantStockKeys = (one: MerchantCouponStock) => [
  `id ${one.stockId}`,
  `no ${one.mchId} ${one.outRequestNo}`
]
export const merchantCouponKeys = (one: MerchantCoupon) => [
  // Codes of the merchant are unique in their stock only.
  `code ${one.mchId} ${one.stockId} ${one.code}`,
  `no ${one.mchId} ${one.sendNo}`
]
