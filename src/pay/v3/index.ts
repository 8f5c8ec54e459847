export type { V3Bills, V3FundFlowBillParams, V3TradeBillParams } from './bills.ts'
export type {
  ClientParamsOptions as V3ClientParamsOptions,
  V3AppParams,
  V3JsapiParams,
  V3MiniProgramParams
} from './client-params.ts'
export type {
  V3CombinedOrderParams,
  V3CombinedSubOrder,
  V3CombinedTransaction,
  V3CombinedTransactions,
  V3SubOrderParams
} from './combined-transactions.ts'
export type { V3Complaint, V3ComplaintHistory, V3ComplaintResponseParams, V3Complaints } from './complaints.ts'
export type { V3Coupon, V3CouponStock, V3CouponStockParams, V3Coupons } from './coupons.ts'
export { describeV3Error, knownV3ErrorCodes, type V3ErrorInfo } from './error-codes.ts'
export type { V3ExplainSignParams, V3SignExplanation } from './explain-sign.ts'
export type { KeySeen as V3KeySeen } from './keys-seen.ts'
export type { V3Media, V3UploadParams } from './media.ts'
export type { V3AnyTransaction, V3Notification, V3RefundNotification, V3TransferNotification } from './notification.ts'
export type { NotificationCallback as V3NotificationCallback, V3NotifyHandlerOptions } from './notify-handler.ts'
export type { WeChatPayV3Options } from './options.ts'
export type { HeadersInput, RawNotification } from './parse-notification.ts'
export type { V3PartnerJsapiOrderParams, V3PartnerTransactions, V3SubMerchant } from './partner-transactions.ts'
export type {
  V3ProfitSharing,
  V3ProfitSharingOrder,
  V3ProfitSharingParams,
  V3ProfitSharingReturn,
  V3ReceiverParams,
  V3ReceiverType
} from './profit-sharing.ts'
export type { Pem } from './read-pem.ts'
export type { V3AbnormalRefundParams, V3Refund, V3RefundParams, V3RefundStatus, V3Refunds } from './refunds.ts'
export type { PayV3Request } from './request.ts'
export type {
  V3CodepayOrderParams,
  V3H5OrderParams,
  V3JsapiOrderParams,
  V3OrderAmount,
  V3OrderNumber,
  V3OrderParams,
  V3OrderScene,
  V3PaidPartnerTransaction,
  V3PaidTransaction,
  V3PartnerTransaction,
  V3PrepayId,
  V3Promotion,
  V3TradeState,
  V3Transaction
} from './transaction-types.ts'
export type { V3Transactions } from './transactions.ts'
export type {
  V3TransferBatch,
  V3TransferBatchDetail,
  V3TransferBatches,
  V3TransferBatchNumber,
  V3TransferBatchParams,
  V3TransferBatchReceipt
} from './transfer-batches.ts'
export { TRANSFER_SCENES } from './transfer-scenes.ts'
export type {
  V3Transfer,
  V3TransferConfirmParams,
  V3TransferCreated,
  V3TransferNumber,
  V3TransferParams,
  V3TransferReceipt,
  V3TransferState,
  V3Transfers
} from './transfers.ts'
export { WeChatPayV3 } from './wechat-pay-v3.ts'
