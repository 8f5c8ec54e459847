export type { Bills, FundFlowBillParams, TradeBillParams } from './bills.ts'
export type {
  AppParams,
  ClientParamsOptions,
  JsapiParams,
  MiniProgramParams
} from './client-params.ts'
export type {
  CombinedOrderParams,
  CombinedSubOrder,
  CombinedTransaction,
  CombinedTransactions,
  SubOrderParams
} from './combined-transactions.ts'
export * from './common/index.ts'
export type { Complaint, ComplaintHistory, ComplaintResponseParams, Complaints } from './complaints.ts'
export type { Coupon, CouponStock, CouponStockParams, Coupons } from './coupons.ts'
export { describePayError, knownPayErrorCodes, type PayErrorInfo } from './error-codes.ts'
export type { ExplainSignParams, SignExplanation } from './explain-sign.ts'
export type { KeySeen } from './keys-seen.ts'
export type { Media, UploadParams } from './media.ts'
export type { AnyTransaction, Notification, RefundNotification, TransferNotification } from './notification.ts'
export type { NotificationCallback, NotifyHandlerOptions } from './notify-handler.ts'
export type { WeChatPayOptions } from './options.ts'
export type { HeadersInput, RawNotification } from './parse-notification.ts'
export type { PartnerJsapiOrderParams, PartnerTransactions, SubMerchant } from './partner-transactions.ts'
export type {
  ProfitSharing,
  ProfitSharingOrder,
  ProfitSharingParams,
  ProfitSharingReturn,
  ReceiverParams,
  ReceiverType
} from './profit-sharing.ts'
export type { Pem } from './read-pem.ts'
export type { AbnormalRefundParams, Refund, RefundParams, RefundStatus, Refunds } from './refunds.ts'
export type { PayRequest } from './request.ts'
export type {
  CodepayOrderParams,
  JsapiOrderParams,
  OrderAmount,
  OrderNumber,
  OrderParams,
  OrderScene,
  PaidPartnerTransaction,
  PaidTransaction,
  PartnerTransaction,
  PrepayId,
  Promotion,
  TradeState,
  Transaction,
  V3H5OrderParams
} from './transaction-types.ts'
export type { Transactions } from './transactions.ts'
export type {
  TransferBatch,
  TransferBatchDetail,
  TransferBatches,
  TransferBatchNumber,
  TransferBatchParams,
  TransferBatchReceipt
} from './transfer-batches.ts'
export { TRANSFER_SCENES } from './transfer-scenes.ts'
export type {
  Transfer,
  TransferConfirmParams,
  TransferCreated,
  TransferNumber,
  TransferParams,
  TransferReceipt,
  TransferState,
  Transfers
} from './transfers.ts'
export { WeChatPay } from './wechat-pay.ts'
