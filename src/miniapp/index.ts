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
export type * from './mini-program-codes.ts'
export type { OpenData, Watermark } from './open-data.ts'
export { maskContact } from './order-shipping/mask-contact.ts'
export type * from './order-shipping/order-shipping.ts'
export type * from './order-shipping/order-shipping-types.ts'
export type * from './phone.ts'
export type * from './security.ts'
export type * from './session.ts'
export type * from './subscribe-messages.ts'
export type * from './url-links.ts'
export { verifyRawData } from './verify-raw-data.ts'
export type {
  SessionCallOptions,
  VirtualPayment,
  VirtualPaymentMethods,
  VirtualPaymentOptions
} from './virtual-payment/virtual-payment.ts'
export type * from './virtual-payment/virtual-payment-types.ts'
