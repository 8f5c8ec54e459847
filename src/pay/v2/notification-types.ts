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
  total_fee: number
  settlement_total_fee?: number | undefined
  refund_fee: number
  settlement_refund_fee?: number | undefined
  /** `CHANGE`: the money could not be paid back; settle it in the merchant platform. */
  refund_status: Exclude<RefundStatus, 'PROCESSING'>
  success_time?: string | undefined
  /** Where the money went. The upstream's own spelling. */
  refund_recv_accout?: string | undefined
  refund_account?: string | undefined
  refund_request_source?: 'API' | 'VENDOR_PLATFORM' | undefined
  cash_refund_fee?: number | undefined
}
