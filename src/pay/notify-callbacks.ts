import type { PapayContract } from './contract.ts'
import type {
  Notification,
  OverseasPayment,
  ParkingPayment,
  RefundNotification,
  ShareNotification,
  TransferNotification,
  UnpaidTransaction
} from './notification.ts'
import type { NotificationKind } from './notification-kind.ts'
import type { PayscorePermissionNotification } from './payscore-permissions.ts'
import type { ServiceOrder } from './service-order.ts'
import type { CombinedTransaction } from './transactions/combined-transactions.ts'
import type { PaidPartnerTransaction, PaidTransaction } from './transactions/transaction.ts'
import type { TransferAuthorization } from './transfer-authorizations.ts'

/**
 * Handles a notification, which is acknowledged only after it resolves. If it throws, WeChat Pay redelivers. Its result
 * is used only for events that expect a response, e.g. `ENTRUST.TERMINATE_RETENTION`.
 */
export type NotificationCallback<T> = (resource: T, notification: Notification<T>) => unknown

/** Callbacks by kind of event. */
export interface NotifyCallbacks {
  /** Called with a verified payment of this merchant: `trade_state` is `SUCCESS`. Compare `amount.total` with your order. */
  onPaid?: NotificationCallback<PaidTransaction> | undefined
  /** The same for an order of a sub-merchant. */
  onPartnerPaid?: NotificationCallback<PaidPartnerTransaction> | undefined
  /** The same for combined orders, when all of them are paid. Compare each amount. */
  onCombinedPaid?: NotificationCallback<CombinedTransaction> | undefined
  /** The same for an overseas merchant (境外微信支付): the number of WeChat Pay is `id`. */
  onOverseasPaid?: NotificationCallback<OverseasPayment> | undefined
  /** Called with a deduction for parking in any state: paid only if `trade_state` is `SUCCESS`. */
  onParking?: NotificationCallback<ParkingPayment> | undefined
  /** Called with a payment notification whose `trade_state` is not `SUCCESS`, e.g. a deduction that failed. Not paid. */
  onUnpaid?: NotificationCallback<UnpaidTransaction> | undefined
  /** Called when a refund reaches a final status: check `refund_status`. */
  onRefund?: NotificationCallback<RefundNotification> | undefined
  /** Called when a transfer reaches a final state: check `state`. */
  onTransfer?: NotificationCallback<TransferNotification> | undefined
  /** Called when a user permits transfers without confirmation, or the permission ends: check `state`. */
  onTransferAuthorization?: NotificationCallback<TransferAuthorization> | undefined
  /** Called when this merchant receives or returns a share (分账动账): check `notification.kind`. */
  onShare?: NotificationCallback<ShareNotification> | undefined
  /** Called when a contract for deductions is signed or ends (委托代扣): check `contract_state`. */
  onContract?: NotificationCallback<PapayContract> | undefined
  /**
   * Called when a user confirms a service order (微信支付分), and for its payment: paid only if `state` is `DONE` and
   * `collection.paid_amount` is the total with which you completed it.
   */
  onServiceOrder?: NotificationCallback<ServiceOrder> | undefined
  /** Called when a user grants a service or ends the permission: check `user_service_status`. */
  onPayscorePermission?: NotificationCallback<PayscorePermissionNotification> | undefined
  /** Callbacks for other events by type, e.g. `'COMPLAINT.CREATE'`; `'*'` takes the rest. */
  on?: Readonly<Record<string, NotificationCallback<Record<string, unknown>>>> | undefined
}

/** Kinds of each callback, and its own event type if they are also sent with another one. */
export const EVENT_CALLBACKS: Readonly<
  Record<
    Exclude<keyof NotifyCallbacks, 'on'>,
    { readonly kinds: readonly NotificationKind[]; event?(kind: NotificationKind): string }
  >
> = {
  onPaid: { kinds: ['payment'] },
  onPartnerPaid: { kinds: ['partnerPayment'] },
  onCombinedPaid: { kinds: ['combinedPayment'] },
  onOverseasPaid: { kinds: ['overseasPayment'] },
  onParking: { kinds: ['parking'] },
  onUnpaid: { kinds: ['unpaid'] },
  onRefund: { kinds: ['refund'] },
  onTransfer: { kinds: ['transfer'] },
  onTransferAuthorization: { kinds: ['transferAuthorization'] },
  onContract: { kinds: ['contract'] },
  onServiceOrder: { kinds: ['serviceOrder'] },
  onPayscorePermission: { kinds: ['payscorePermission'] },
  onShare: {
    kinds: ['share', 'shareReturn'],
    event: (kind) => (kind === 'share' ? 'PROFITSHARING.SUCCESS' : 'PROFITSHARING.RETURN')
  }
}

/** Events whose response body is used. */
export const QUESTIONS: ReadonlySet<string> = new Set([
  'ENTRUST.TERMINATE_RETENTION',
  'ENTRUST.TERMINATE_INQUIRY',
  'PARKING_FEE.QUERY_TRANS_INFO',
  'CROSS_BORDER_PAY.GET_MCH_INFO',
  'CROSS_BORDER_PAY.PUSH_ORDER_INFO'
])
