import type { Refund } from './refunds.ts'
import type { CombinedTransaction } from './transactions/combined-transactions.ts'
import type { PartnerTransaction, Transaction } from './transactions/transaction.ts'
import type { Transfer } from './transfers.ts'

/** A verified and decrypted notification. Fields are spelt as WeChat Pay sends them. */
export interface Notification<T = unknown> {
  /** The same for every delivery of one notification. */
  id: string
  create_time: string
  event_type: string
  resource_type?: string
  summary?: string
  /** What the resource was before it was encrypted, e.g. `transaction`. */
  original_type?: string
  /** The decrypted content. */
  resource: T
}

/** The result of a refund: `refund_status`, not `status`. */
export interface RefundNotification {
  mchid?: string
  sp_mchid?: string
  sub_mchid?: string
  out_trade_no: string
  transaction_id: string
  out_refund_no: string
  refund_id: string
  refund_status: 'SUCCESS' | 'CLOSED' | 'ABNORMAL' | (string & {})
  /** RFC 3339. */
  success_time?: string
  user_received_account?: string
  /** Fen. */
  amount: Pick<Refund['amount'], 'total' | 'refund' | 'payer_total' | 'payer_refund'>
}

/** Content of `TRANSACTION.SUCCESS`: one order, one of a sub-merchant, or several paid together. */
export type AnyTransaction = Transaction | PartnerTransaction | CombinedTransaction

/** Content of `MCHTRANSFER.BILL.FINISHED`. */
export type TransferNotification = Transfer
