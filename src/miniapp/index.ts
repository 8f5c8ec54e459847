export type { ApiSecurityOptions, SymmetricKey } from '../wechat-api/api-security/options.ts'
export { type TokenServerClientOptions, tokenServer } from '../wechat-api/token-server/token-server.ts'
export {
  type TokenAccount,
  type TokenServerOptions,
  tokenServerHandler
} from '../wechat-api/token-server/token-server-handler.ts'
export type { Auth, CheckedSession, EncryptKey, LoginSession, PaidOrder } from './auth.ts'
export type { CustomerMessage } from './customer-message.ts'
export { type DecryptParams, decryptOpenData } from './decrypt.ts'
export { MiniProgram, type MiniProgramOptions } from './mini-program.ts'
export type { CodeStyle, LimitedCodeParams, MiniProgramCodes, UnlimitedCodeParams } from './mini-program-codes.ts'
export type { OpenData, Watermark } from './open-data.ts'
export { maskContact } from './order-shipping/mask-contact.ts'
export type { Carrier, OrderShipping } from './order-shipping/order-shipping.ts'
export type {
  LogisticsType,
  Shipping,
  ShippingListParams,
  ShippingOrder,
  ShippingOrderKey,
  ShippingOrderNumber,
  ShippingOrderPage,
  ShippingParcel,
  UploadCombinedShippingParams,
  UploadShippingParams
} from './order-shipping/order-shipping-types.ts'
export type { Phone, PhoneInfo } from './phone.ts'
export type { MediaCheckParams, RiskRank, RiskRankParams, Security, TextCheck, TextCheckParams } from './security.ts'
export type { Session, SessionStart, Sessions } from './session.ts'
export type { SubscribeMessage, SubscribeMessages } from './subscribe-messages.ts'
export type { LinkExpiry, LinkInfo, SchemeParams, ShortLinkParams, UrlLinkParams, UrlLinks } from './url-links.ts'
export { verifyRawData } from './verify-raw-data.ts'
export type {
  SessionCallOptions,
  VirtualPayment,
  VirtualPaymentMethods,
  VirtualPaymentOptions
} from './virtual-payment/virtual-payment.ts'
export type {
  CancelCurrencyPayParams,
  CoinBalance,
  CurrencyPayment,
  CurrencyPayParams,
  GoodsTask,
  PresentCurrencyParams,
  RefundVirtualOrderParams,
  UploadGoodsParams,
  UserCall,
  VirtualOrder,
  VirtualOrderNumber,
  VirtualPaymentClientParams,
  VirtualPaymentEnv,
  VirtualPaymentOrder,
  VirtualRefund,
  WithEnv
} from './virtual-payment/virtual-payment-types.ts'
