// Types carry the version in their name, because API v3 has its own orders, refunds and transfers beside these.
export type {
  BankTransfer as V2BankTransfer,
  BankTransferParams as V2BankTransferParams,
  BankTransfers as V2BankTransfers,
  QueriedBankTransfer as V2QueriedBankTransfer
} from './bank-transfers.ts'
export type {
  Bills as V2Bills,
  FundFlowBillParams as V2FundFlowBillParams,
  TradeBillParams as V2TradeBillParams
} from './bills.ts'
export type {
  AppParams as V2AppParams,
  ChooseWxPayParams as V2ChooseWxPayParams,
  ClientParamsOptions as V2ClientParamsOptions,
  JsapiParams as V2JsapiParams,
  MiniProgramParams as V2MiniProgramParams,
  RedPackClientParams as V2RedPackClientParams
} from './client-params.ts'
export type { Identity as V2Identity } from './endpoint.ts'
export {
  type ExplainSignOptions as V2ExplainSignOptions,
  explainSign as explainSignV2,
  type SignCause as V2SignCause,
  type SignExplanation as V2SignExplanation
} from './explain-sign.ts'
export type {
  MicropayOutcome as V2MicropayOutcome,
  MicropayWaitOptions as V2MicropayWaitOptions
} from './micropay-and-wait.ts'
export type {
  NotifyHandlerOptions as V2NotifyHandlerOptions,
  RefundNotifyHandlerOptions as V2RefundNotifyHandlerOptions
} from './notification-handlers.ts'
export type {
  PaymentNotification as V2PaymentNotification,
  RefundNotification as V2RefundNotification
} from './notification-types.ts'
export type { WeChatPayV2Options } from './options.ts'
export type {
  AppOrderParams as V2AppOrderParams,
  ClosedOrder as V2ClosedOrder,
  GoodsDetail as V2GoodsDetail,
  H5SceneInfo as V2H5SceneInfo,
  JsapiOrderParams as V2JsapiOrderParams,
  MicropayParams as V2MicropayParams,
  MwebOrderParams as V2MwebOrderParams,
  NativeOrderParams as V2NativeOrderParams,
  OrderCoupon as V2OrderCoupon,
  OrderDetail as V2OrderDetail,
  OrderNumber as V2OrderNumber,
  PaidOrder as V2PaidOrder,
  QueriedOrder as V2QueriedOrder,
  ReversedOrder as V2ReversedOrder,
  StoreSceneInfo as V2StoreSceneInfo,
  TradeState as V2TradeState,
  UnifiedOrder as V2UnifiedOrder,
  UnifiedOrderParams as V2UnifiedOrderParams
} from './order-types.ts'
export type { Orders as V2Orders } from './orders.ts'
export type {
  GroupRedPackParams as V2GroupRedPackParams,
  MiniProgramRedPackParams as V2MiniProgramRedPackParams,
  QueriedRedPack as V2QueriedRedPack,
  RedPack as V2RedPack,
  RedPackParams as V2RedPackParams
} from './red-pack-types.ts'
export type { RedPacks as V2RedPacks } from './red-packs.ts'
export type {
  QueriedRefund as V2QueriedRefund,
  QueriedRefunds as V2QueriedRefunds,
  Refund as V2Refund,
  RefundCoupon as V2RefundCoupon,
  RefundGoodsDetail as V2RefundGoodsDetail,
  RefundStatus as V2RefundStatus
} from './refund-types.ts'
export type {
  RefundParams as V2RefundParams,
  RefundQueryParams as V2RefundQueryParams,
  Refunds as V2Refunds
} from './refunds.ts'
export type { PayV2Request } from './request.ts'
export type { SignType as V2SignType } from './signer.ts'
export type {
  QueriedTransfer as V2QueriedTransfer,
  Transfer as V2Transfer,
  TransferParams as V2TransferParams,
  Transfers as V2Transfers
} from './transfers.ts'
export { WeChatPayV2 } from './wechat-pay-v2.ts'
