import type { NotificationKind } from './notification-kind.ts'
import type { Refund } from './refunds.ts'
import type { TradeState } from './transactions/transaction.ts'
import type { Transfer } from './transfers.ts'

/** A verified and decrypted notification. Fields are spelt as WeChat Pay sends them. */
export interface Notification<T = unknown> {
  /** The same for every delivery of one notification. */
  id: string
  /** RFC 3339. */
  create_time: string
  event_type: string
  resource_type?: string
  summary?: string
  /** Type of the resource before encryption, e.g. `transaction`. */
  original_type?: string
  /** Kind of the notification, determined by its content. */
  kind: NotificationKind
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
  /** Fen. `payer_total` and `payer_refund` are absent if the refund was made in the merchant platform. */
  amount: Pick<Refund['amount'], 'total' | 'refund'> & Partial<Pick<Refund['amount'], 'payer_total' | 'payer_refund'>>
}

/** A payment of an overseas merchant: WeChat Pay's number is `id`. Amounts in the smallest unit of their currency. */
export interface OverseasPayment {
  id: string
  mchid?: string
  appid?: string
  sp_mchid?: string
  sp_appid?: string
  sub_mchid?: string
  out_trade_no: string
  trade_type?: string
  trade_state: TradeState
  bank_type?: string
  attach?: string
  /** RFC 3339. */
  success_time?: string
  amount: {
    total: number
    currency: string
    payer_total?: number
    payer_currency?: string
    exchange_rate?: { type: string; rate: number }
  }
  payer?: { openid?: string; sp_openid?: string; sub_openid?: string }
}

/** A deduction for parking (车主服务) in any state: paid only if `trade_state` is `SUCCESS`. */
export interface ParkingPayment {
  mchid?: string
  sp_mchid?: string
  sub_mchid?: string
  appid?: string
  out_trade_no: string
  /** Not always present. */
  transaction_id?: string
  description?: string
  trade_state: TradeState
  trade_state_description?: string
  /** RFC 3339. */
  success_time?: string
  /** Whether the user has repaid WeChat's advance. */
  user_repaid?: 'Y' | 'N'
  trade_scene?: string
  parking_info?: Readonly<Record<string, unknown>>
  /** Fen. */
  amount: { total: number; payer_total?: number; discount_total?: number; currency?: string }
}

/** A payment that is not completed (yet): `trade_state` is not `SUCCESS`. */
export interface UnpaidTransaction {
  out_trade_no?: string
  combine_out_trade_no?: string
  transaction_id?: string
  trade_state?: TradeState
  trade_state_desc?: string
  /** Fen. */
  amount?: { total?: number }
  [field: string]: unknown
}

/** A share that was received or returned (分账动账通知): `notification.kind` is `share` or `shareReturn`. */
export interface ShareNotification {
  /** The merchant that shares. */
  mchid?: string
  /** The service provider that shares, for `sub_mchid`. */
  sp_mchid?: string
  sub_mchid?: string
  transaction_id: string
  order_id: string
  out_order_no: string
  receiver: {
    type: 'MERCHANT_ID' | (string & {})
    account: string
    /** Fen. */
    amount: number
    description: string
  }
  /** RFC 3339. */
  success_time?: string
}

/** A transfer that reached a final state. */
export type TransferNotification = Transfer
