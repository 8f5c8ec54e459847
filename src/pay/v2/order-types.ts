import type { AccountParams } from './identity.ts'

/** A coupon (代金券) used in an order. */
export interface OrderCoupon {
  coupon_id?: string
  coupon_type?: 'CASH' | 'NO_CASH'
  /** Fen. */
  coupon_fee?: number
}

/** An item of `detail`. Prices in fen. */
export interface GoodsDetail {
  goods_id: string
  wxpay_goods_id?: string | undefined
  goods_name?: string | undefined
  quantity: number
  /** Fen. */
  price: number
}

/** `detail`: the items of an order; discounts on items also need `version: '1.0'`. */
export interface OrderDetail {
  /** Fen. */
  cost_price?: number | undefined
  receipt_id?: string | undefined
  goods_detail: readonly GoodsDetail[]
}

/** `scene_info` of an order from a web page outside WeChat (H5 支付). */
export interface H5SceneInfo {
  h5_info:
    | { type: 'Wap'; wap_url: string; wap_name: string }
    | { type: 'IOS'; app_name: string; bundle_id: string }
    | { type: 'Android'; app_name: string; package_name: string }
}

/** `scene_info` of an order in a shop. */
export interface StoreSceneInfo {
  store_info: { id: string; name?: string | undefined; area_code?: string | undefined; address?: string | undefined }
}

interface OrderBase extends AccountParams {
  /** Shown to the customer, at most 127 characters. */
  body: string
  /** Your number: 6 to 32 of `0-9 A-Z a-z _ - | *`. Use the same number to pay the same order again. */
  out_trade_no: string
  /** Fen, at least 1. */
  total_fee: number
  /** IP of the customer, or of this server for NATIVE and micropay. IPv4 or IPv6. */
  spbill_create_ip: string
  device_info?: string | undefined
  /** The items, or plain text. */
  detail?: OrderDetail | string | undefined
  /**
   * Returned in the query and in the notification, at most 127 characters. It must not look like other fields
   * (`&openid=`): use JSON.
   */
  attach?: string | undefined
  fee_type?: string | undefined
  goods_tag?: string | undefined
  /** `no_credit` refuses credit cards. */
  limit_pay?: 'no_credit' | undefined
  /** `Y` shows the entry for an electronic invoice. */
  receipt?: 'Y' | undefined
  profit_sharing?: 'Y' | 'N' | undefined
  /** A `Date`, or `yyyyMMddHHmmss` in Beijing time. */
  time_start?: Date | string | undefined
  /** A `Date`, or `yyyyMMddHHmmss` in Beijing time. */
  time_expire?: Date | string | undefined
  version?: string | undefined
}

interface UnifiedBase extends OrderBase {
  /** The person who must pay (实名支付): kind and number of the document, and the name. */
  user_type?:
    | 'IDCARD'
    | 'HONGKONG_MACAO'
    | 'HONGKONG_MACAO_RESIDENT'
    | 'TAIWAN_RESIDENT'
    | 'FOREIGN_RESIDENT'
    | 'OVERSEA_PASSPORT'
    | (string & {})
    | undefined
  user_creid?: string | undefined
  user_truename?: string | undefined
  /** Default: `notifyUrl` of the client. Without query string. */
  notify_url?: string | URL | undefined
}

/** In an Official Account or Mini Program; in service provider mode `sub_openid` may replace `openid`. */
export type JsapiOrderParams = UnifiedBase & {
  trade_type: 'JSAPI'
  product_id?: string | undefined
  scene_info?: StoreSceneInfo | string | undefined
} & ({ openid: string; sub_openid?: never } | { sub_openid: string; openid?: never })

/** By a QR code that you show. */
export interface NativeOrderParams extends UnifiedBase {
  trade_type: 'NATIVE'
  product_id: string
  openid?: string | undefined
  scene_info?: StoreSceneInfo | string | undefined
}

/** In your own app. */
export interface AppOrderParams extends UnifiedBase {
  trade_type: 'APP'
  scene_info?: StoreSceneInfo | string | undefined
}

/** In a browser outside WeChat. */
export interface MwebOrderParams extends UnifiedBase {
  trade_type: 'MWEB'
  scene_info: H5SceneInfo | string
}

/** Parameters of `orders.unified`, by `trade_type`. */
export type UnifiedOrderParams = JsapiOrderParams | NativeOrderParams | AppOrderParams | MwebOrderParams

/** Result of `orders.unified`; `code_url` for NATIVE, `mweb_url` for MWEB. */
export type UnifiedOrder<T extends UnifiedOrderParams['trade_type'] = UnifiedOrderParams['trade_type']> = {
  appid: string
  mch_id: string
  sub_appid?: string
  sub_mch_id?: string
  trade_type: T
  /** Valid for two hours. */
  prepay_id: string
  device_info?: string
  /** JSON. */
  promotion_detail?: string
} & (T extends 'NATIVE' ? { code_url: string } : unknown) &
  (T extends 'MWEB' ? { /** Valid for five minutes. */ mweb_url: string } : unknown)

/** One of the two numbers. */
export type OrderNumber = AccountParams &
  ({ out_trade_no: string; transaction_id?: never } | { transaction_id: string; out_trade_no?: never })

/** State of an order (交易状态). Only `SUCCESS` is paid. */
export type TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR' | 'ACCEPT'

/** Fields of a paid order in responses and notifications. Amounts in fen, times `yyyyMMddHHmmss` in Beijing time. */
export interface PaidOrder {
  appid: string
  mch_id: string
  sub_appid?: string
  sub_mch_id?: string
  device_info?: string
  openid: string
  is_subscribe?: 'Y' | 'N'
  sub_openid?: string
  sub_is_subscribe?: 'Y' | 'N'
  trade_type: string
  bank_type: string
  /** Fen. */
  total_fee: number
  /** Fen. */
  settlement_total_fee?: number
  fee_type?: string
  /** Fen. */
  cash_fee: number
  cash_fee_type?: string
  /** Fen. */
  coupon_fee?: number
  coupon_count?: number
  coupons: OrderCoupon[]
  /** Consumed part of a deposit in fen (押金支付). */
  consume_fee?: number
  transaction_id: string
  out_trade_no: string
  attach?: string
  /** `yyyyMMddHHmmss` in Beijing time. */
  time_end: string
  /** `time_end` as a `Date`; absent if it is not a time. */
  paidAt: Date
  /** JSON. */
  promotion_detail?: string
}

/** An order as `orders.query` returns it: unless it is paid, most fields are missing. Check `trade_state` first. */
export type QueriedOrder =
  | (PaidOrder & { trade_state: 'SUCCESS' | 'REFUND'; trade_state_desc?: string })
  | (Partial<Omit<PaidOrder, 'coupons'>> & {
      trade_state: Exclude<TradeState, 'SUCCESS' | 'REFUND'>
      trade_state_desc?: string
      coupons: OrderCoupon[]
    })

/** A closed order. */
export interface ClosedOrder {
  appid: string
  mch_id: string
  result_msg?: string
  /** Whether it was already closed before this call. */
  alreadyClosed: boolean
}

/** A payment with the code that the customer shows (付款码支付). */
export interface MicropayParams extends OrderBase {
  /** The scanned code: 18 digits that begin with 10 to 15 at the time of writing. */
  auth_code: string
  /** `Y`: the money is a deposit (押金支付). */
  deposit?: 'Y' | 'N' | undefined
  scene_info?: StoreSceneInfo | string | undefined
}

/** A reversed order. */
export interface ReversedOrder {
  appid: string
  mch_id: string
  /** `Y`: not complete, call again. */
  recall: 'Y' | 'N'
}

/** The payer behind a payment code. */
export interface PayerOpenid {
  appid: string
  mch_id: string
  openid: string
  sub_openid?: string
}
