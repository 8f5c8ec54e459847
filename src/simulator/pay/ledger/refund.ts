/** State of a refund. */
export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'

/** What a merchant asked to refund. */
export interface RefundDraft {
  readonly api: 2 | 3
  readonly outRefundNo: string
  /** Fen. */
  readonly refund: number
  readonly total: number
  readonly reason?: string | undefined
  readonly notifyUrl?: string | undefined
  readonly account?: string | undefined
  /** Made by staff in the merchant platform, not by a call. */
  readonly byStaff?: boolean | undefined
  /** Where the money comes from (v3 `amount.from`). */
  readonly from?: readonly { account: string; amount: number }[] | undefined
}

/** A refund and what became of it. */
export interface Refund extends RefundDraft {
  readonly book: string
  readonly mchId: string
  readonly outTradeNo: string
  readonly transactionId: string
  readonly refundId: string
  readonly subMchId?: string | undefined
  /** Fen: the part of `refund` that is refunded as money; the rest is refunded as a coupon. */
  readonly cash: number
  readonly createdAt: number
  readonly dueAt: number
  status: RefundStatus
  /** What it becomes at `dueAt`. */
  outcome: Exclude<RefundStatus, 'PROCESSING'>
  successAt?: number | undefined
  receivedAccount: string
}
