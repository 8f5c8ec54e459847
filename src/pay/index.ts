export type * from './bills.ts'
export type {
  AppParams,
  AppParamsOptions,
  ClientParamsOptions,
  JsapiParams,
  MiniProgramParams
} from './client-params.ts'
export * from './common/index.ts'
export type * from './complaints.ts'
export type * from './coupons.ts'
export type { FileReference } from './download.ts'
export { describePayError, knownPayErrorCodes, type PayErrorInfo } from './error-codes.ts'
export type { ExplainSignParams, SignExplanation } from './explain-sign.ts'
export type * from './media.ts'
export type * from './notification.ts'
export type { NotificationCallback, NotifyHandlerOptions } from './notify-handler.ts'
export type { WeChatPayOptions } from './options.ts'
export type { HeadersInput, RawNotification } from './parse-notification.ts'
export type * from './profit-sharing.ts'
export type { Pem } from './read-pem.ts'
export type * from './refunds.ts'
export type { PayRequest } from './request.ts'
export type { SeenPlatformKey } from './seen-keys.ts'
export type * from './transactions/combined-transactions.ts'
export type * from './transactions/order.ts'
export type * from './transactions/transaction.ts'
export type * from './transactions/transactions.ts'
export type * from './transfer-batches.ts'
export { TRANSFER_SCENES } from './transfer-scenes.ts'
export type * from './transfers.ts'
export { WeChatPay } from './wechat-pay.ts'
