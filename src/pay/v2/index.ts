export * from '../common/index.ts'
export type {
  BankTransfer,
  BankTransferParams,
  BankTransfers,
  QueriedBankTransfer
} from './bank-transfers.ts'
export type {
  Bills,
  FundFlowBillParams,
  TradeBillParams
} from './bills.ts'
export type {
  AppParams,
  AppParamsOptions,
  ChooseWxPayParams,
  ClientParamsOptions,
  JsapiParams,
  MiniProgramParams,
  RedPackClientParams
} from './client-params.ts'
export type { ContractNotification } from './contract-notification.ts'
export type { EntrustMiniProgramParams, EntrustParams } from './entrust-links.ts'
export {
  type ExplainSignOptions,
  explainSign,
  type SignCause,
  type SignExplanation
} from './explain-sign.ts'
export type { AccountParams, Identity } from './identity.ts'
export type {
  MicropayOutcome,
  MicropayWaitOptions
} from './micropay-and-wait.ts'
export type {
  ContractNotifyHandlerOptions,
  NotifyHandlerOptions,
  RefundNotifyHandlerOptions
} from './notification-handlers.ts'
export type {
  PaymentNotification,
  RefundNotification
} from './notification-types.ts'
export { type NotifyHandlerForOptions, notifyHandlerFor } from './notify-handler-for.ts'
export type { WeChatPayV2Options } from './options.ts'
export type {
  AppOrderParams,
  ClosedOrder,
  GoodsDetail,
  H5SceneInfo,
  JsapiOrderParams,
  MicropayParams,
  MwebOrderParams,
  NativeOrderParams,
  OrderCoupon,
  OrderDetail,
  OrderNumber,
  PaidOrder,
  PayerOpenid,
  QueriedOrder,
  ReversedOrder,
  StoreSceneInfo,
  TradeState,
  UnifiedOrder,
  UnifiedOrderParams
} from './order-types.ts'
export type { Orders } from './orders.ts'
export type { Papay } from './papay.ts'
export type * from './papay-types.ts'
export type { PayscoreSubject, SignedPayscoreParams } from './payscore-params.ts'
export type { ProfitSharing } from './profit-sharing.ts'
export type {
  GroupRedPackParams,
  MiniProgramRedPackParams,
  QueriedRedPack,
  RedPack,
  RedPackParams
} from './red-pack-types.ts'
export type { RedPacks } from './red-packs.ts'
export type {
  QueriedRefund,
  QueriedRefunds,
  Refund,
  RefundCoupon,
  RefundGoodsDetail,
  RefundParams,
  RefundQueryParams,
  RefundStatus,
  Refunds
} from './refunds.ts'
export type { PayV2Request, SignedPayV2Request } from './request.ts'
export type {
  ChangedSharingReceiver,
  QueriedSharing,
  SharingFinishParams,
  SharingNumber,
  SharingOrder,
  SharingParams,
  SharingQueryParams,
  SharingReceiver,
  SharingReceiverParams,
  SharingReceiverRemoval,
  SharingReceiverType,
  SharingResult,
  SharingReturn,
  SharingReturnParams,
  SharingReturnQueryParams,
  SingleSharingParams
} from './sharing-types.ts'
export type { SignType } from './signer.ts'
export type {
  QueriedTransfer,
  Transfer,
  TransferParams,
  Transfers
} from './transfers.ts'
export { WeChatPayV2 } from './wechat-pay-v2.ts'
