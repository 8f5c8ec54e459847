import type { PaidOrder } from './order-types.ts'
import type { RefundStatus } from './refunds.ts'

/** A verified payment notification of this account. Compare `total_fee` with your own order. */
export type PaymentNotification = PaidOrder

/** A decrypted refund notification of this account. Amounts in fen, times `yyyy-MM-dd HH:mm:ss` in Beijing time. */
export interface RefundNotification {
  appid: string
  mch_id: string
  sub_appid?: string | undefined
  sub_mch_id?: string | undefined
  transaction_id: string
  out_trade_no: string
  refund_id?: string | undefined
  out_refund_no: string
  /** Amount of the order, in fen. */
  total_fee: number
  /** Amount of the order minus free coupons, in fen. */
  settlement_total_fee?: number | undefined
  /** Refunded amount, in fen. */
  refund_fee: number
  /** Refunded amount minus free coupons, in fen. */
  settlement_refund_fee?: number | undefined
  /** `CHANGE`: the money could not be refunded; settle it in the merchant platform. */
  refund_status: Exclude<RefundStatus, 'PROCESSING'>
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  success_time?: string | undefined
  /** The account that received the money (upstream's spelling). */
  refund_recv_accout?: string | undefined
  refund_account?: string | undefined
  refund_request_source?: 'API' | 'VENDOR_PLATFORM' | undefined
  /** Amount refunded in cash, in fen. */
  cash_refund_fee?: number | undefined
}
