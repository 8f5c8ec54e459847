/** 营销补差: money from one merchant to another for a used merchant coupon. */
export interface CouponSubsidy {
  readonly mchId: string
  readonly receiptId: string
  readonly outNo: string
  readonly fingerprint: string
  readonly stockId: string
  readonly couponCode: string
  readonly transactionId: string
  readonly payer: string
  readonly payee: string
  /** Whose money it became, and is when it goes back. */
  readonly payeeBook: string
  /** Fen. */
  readonly amount: number
  readonly description: string
  readonly createdAt: number
  readonly dueAt: number
}

/** 营销补差回退 */
export interface CouponSubsidyReturn {
  readonly mchId: string
  readonly returnId: string
  readonly receiptId: string
  readonly refundId: string
  readonly outNo: string
  readonly fingerprint: string
  /** Fen. */
  readonly amount: number
  readonly description: string
  readonly createdAt: number
  readonly dueAt: number
}

export const couponSubsidyKeys = (one: CouponSubsidy) => [
  `id ${one.mchId} ${one.receiptId}`,
  `no ${one.mchId} ${one.outNo}`
]
export const couponSubsidyReturnKeys = (one: CouponSubsidyReturn) => [
  `id ${one.mchId} ${one.returnId}`,
  `no ${one.mchId} ${one.outNo}`
]
