import type { EventBase } from './base.ts'

/** A user opened the customer-service chat of the mini program. */
export interface UserEnterTempSessionEvent extends EventBase {
  SessionFrom: string
}

/** Result of an asynchronous media check. Version 1 is flat (`isrisky`, `status_code`), version 2 has `result` and `detail`. */
export interface MediaCheckEvent extends EventBase {
  appid: string
  trace_id: string
  version?: number
  result?: { suggest: string; label: number }
  detail?: { strategy: string; errcode: number; suggest?: string; label?: number; prob?: number }[]
  isrisky?: number
  /** 0, or 4294966288 (-1008) if the file could not be fetched. */
  status_code?: number
  extra_info_json?: string
}

/** A version of the mini program passed the review. */
export interface AuditSuccessEvent extends EventBase {
  /** Seconds since 1970. */
  SuccTime: number
}

/** A version of the mini program was rejected. */
export interface AuditFailEvent extends EventBase {
  /** Seconds since 1970. */
  FailTime: number
  Reason: string
  ScreenShot?: string
}

/** The review of a version takes longer. */
export interface AuditDelayEvent extends EventBase {
  /** Seconds since 1970. */
  DelayTime: number
  Reason: string
}

/** An event whose further fields vary. */
export interface OpenEvent extends EventBase {
  [field: string]: unknown
}

/** The mini program should use the order-shipping API (发货信息管理). */
export interface RemindAccessApiEvent extends EventBase {
  msg: string
}

/** A paid order was not shipped for 48 hours. */
export interface RemindShippingEvent extends EventBase {
  transaction_id: string
  merchant_id: string
  sub_merchant_id?: string
  merchant_trade_no: string
  /** Seconds since 1970. */
  pay_time: number
  msg?: string
}

/** An order was shipped in full, or settled. */
export interface OrderSettlementEvent extends RemindShippingEvent {
  /** Seconds since 1970, like the other times; absent while empty. */
  shipped_time?: number
  /** Seconds since 1970. */
  estimated_settlement_time?: number
  confirm_receive_method?: number
  /** Seconds since 1970. */
  confirm_receive_time?: number
  /** Seconds since 1970. */
  settlement_time?: number
}

/** The WeChat Pay transaction behind a virtual payment. */
export interface VirtualPayment {
  MchOrderNo: string
  TransactionId: string
  /** Seconds since 1970. */
  PaidTime: number
}

/** Prices in fen. */
export interface VirtualItem {
  Quantity: number
  OrigPrice: number
  ActualPrice: number
  Attach?: string
}

/** Deliver the goods once per `OutTradeNo`; the platform redelivers until the handler resolves. */
export interface GoodsDeliverEvent extends EventBase {
  OpenId: string
  OutTradeNo: string
  Env: number
  WeChatPayInfo?: VirtualPayment
  GoodsInfo: VirtualItem & { ProductId: string }
}

/** As {@link GoodsDeliverEvent}, for coins. */
export interface CoinPayEvent extends EventBase {
  OpenId: string
  OutTradeNo: string
  Env: number
  WeChatPayInfo?: VirtualPayment
  CoinInfo: VirtualItem
}

/** Result of the refund of a virtual payment. */
export interface VirtualRefundEvent extends EventBase {
  OpenId: string
  MchRefundId: string
  WxRefundId: string
  MchOrderId: string
  WxOrderId: string
  WxpayRefundTransactionId?: string
  /** Fen. */
  RefundFee: number
  RetCode: number
  RetMsg: string
  /** Seconds since 1970. */
  RefundStartTimestamp: number
  /** Seconds since 1970. */
  RefundSuccTimestamp?: number
  RetryTimes: number
}

/** A complaint about a virtual payment. */
export interface VirtualComplaintEvent extends EventBase {
  OpenId: string
  WxOrderId: string
  MchOrderId: string
  /** Seconds since 1970. */
  ComplaintTime: number
  RetryTimes: number
  RequestId?: string
  TransactionId?: string
  ComplaintId?: string
  ComplaintDetail?: string
}

/**
 * Apple asks whether to refund a purchase: reply with `result_code` and `evidence` within three seconds. All values are
 * text.
 */
export interface IosRefundQueryEvent extends EventBase {
  /** Your order number: `outTradeNo`. */
  pay_order_id: string
  product_id: string
  p_count?: string
  /** Seconds since 1970, as text. */
  order_time?: string
  /** Seconds since 1970, as text. */
  refund_time?: string
  channel_bill?: string
  bundleid?: string
  /** E.g. `UNINTENDED_PURCHASE`. */
  refund_request_reason?: string
  /** `0` not delivered, `1` delivered, `2` being delivered. */
  provide_status?: '0' | '1' | '2' | (string & {})
  consumption_status?: string
  service_type?: string
}

/** The payment of the mini program is restricted until the order shipping service is accepted. */
export interface TradeControlledEvent extends EventBase {
  msg?: string
}

/** Events of a mini program. */
export interface MiniProgramEventMap {
  user_enter_tempsession: UserEnterTempSessionEvent
  wxa_media_check: MediaCheckEvent
  weapp_audit_success: AuditSuccessEvent
  weapp_audit_fail: AuditFailEvent
  weapp_audit_delay: AuditDelayEvent
  wxa_privacy_apply: OpenEvent
  wxa_category_audit: OpenEvent
  wxa_nickname_audit: OpenEvent
  wxa_illegal_record: OpenEvent
  wxa_appeal_record: OpenEvent
  trade_manage_remind_access_api: RemindAccessApiEvent
  trade_manage_remind_shipping: RemindShippingEvent
  trade_manage_order_settlement: OrderSettlementEvent
  wxa_trade_controlled: TradeControlledEvent
  xpay_goods_deliver_notify: GoodsDeliverEvent
  xpay_coin_pay_notify: CoinPayEvent
  xpay_refund_notify: VirtualRefundEvent
  xpay_complaint_notify: VirtualComplaintEvent
  xpay_subscribe_signing_result_notify: OpenEvent
  xpay_subscribe_pay_fail_notify: OpenEvent
  xpay_subscribe_ios_refund_query_notify: IosRefundQueryEvent
}
