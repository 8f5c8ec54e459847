export type * from './credentials.ts'
export type {
  AccountSubscribeTemplate,
  AccountTemplate,
  GatewaySettings,
  GeetestAccount,
  MerchantAccount,
  QiniuAccount,
  SimulatorAccounts,
  WeChatAccount,
  YunpianAccount
} from './framework/accounts.ts'
export { type ScheduledTask, SimulatorClock, type SimulatorClockOptions } from './framework/clock.ts'
export type {
  Delivery,
  DeliveryAttempt,
  DeliveryKind,
  DeliveryTarget,
  DeliveryTargets,
  FetchHandler
} from './framework/delivery.ts'
export type { ClientCertificate, Exchange, Transport } from './framework/exchange.ts'
export type { Fault, FaultHandle, FaultKind, FaultMatch, FaultSpec } from './framework/faults.ts'
export type { SimulatorLimits } from './framework/limits.ts'
export type { LogEntry, SimulatorLog } from './framework/log.ts'
export { refuseRemoteUrl } from './framework/production-url.ts'
export type { UserOptions, UserProfile, UserRecord } from './framework/users.ts'
export type { GeetestSolution, SolveOptions } from './geetest/front-end.ts'
export type { GeetestControl, GeetestUserVerbs } from './geetest/index.ts'
export type { PayControl } from './pay/control.ts'
export type {
  Order as SimulatedOrder,
  OrderDraft as SimulatedOrderDraft,
  Payment as SimulatedPayment,
  TradeState,
  TradeType,
  UsedCoupon
} from './pay/ledger/order.ts'
export type { RedPack as SimulatedRedPack, RedPackStatus } from './pay/ledger/red-pack.ts'
export type {
  Refund as SimulatedRefund,
  RefundDraft as SimulatedRefundDraft,
  RefundStatus
} from './pay/ledger/refund.ts'
export type { TransferBill as SimulatedTransferBill, TransferState } from './pay/ledger/transfer-bill.ts'
export type { PaySettings } from './pay/settings.ts'
export type { PaidOrder, PayOptions } from './pay/verbs.ts'
export type { QiniuBucketSettings, QiniuControl, QiniuObject } from './qiniu/control.ts'
export type { QiniuBucket } from './qiniu/records.ts'
export type { SimulatorSnapshot } from './saved-state.ts'
export * from './signers/index.ts'
export type { SimulatedUser } from './simulated-user.ts'
export { createSimulator, Simulator } from './simulator.ts'
export type { SimulatorOptions } from './simulator-options.ts'
export type { SimulatorFetchInit } from './skins/fetch.ts'
export type { ListenOptions, SimulatorServer } from './skins/server.ts'
export type { WeChatControl } from './wechat/control.ts'
export type { GatewayResult } from './wechat/gateway.ts'
export type { JssdkConfig, JssdkVerdict } from './wechat/jssdk/check-config.ts'
export { ConsentError } from './wechat/oauth-decision.ts'
export type { ReceivedMessage } from './wechat/records.ts'
export type { ScannedCode } from './wechat/scan-code.ts'
export type { EncryptedOpenData, InAccount, WeChatUserVerbs } from './wechat/user-verb-types.ts'
export type { ReceivedSms, YunpianControl, YunpianUserVerbs } from './yunpian/control.ts'
export type { YunpianLimits } from './yunpian/state.ts'
