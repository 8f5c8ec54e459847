/** States of an order. Treat as open: new ones may come. */
export type TradeState =
  | 'SUCCESS'
  | 'REFUND'
  | 'NOTPAY'
  | 'CLOSED'
  | 'REVOKED'
  | 'USERPAYING'
  | 'PAYERROR'
  | 'ACCEPT'
  | (string & {})

/** What an order costs. */
export interface OrderAmount {
  /** Fen. */
  total: number
  /** Default CNY. */
  currency?: string
}

export interface OrderScene {
  payer_client_ip: string
  device_id?: string
  store_info?: { id: string; name?: string; area_code?: string; address?: string }
}

/** Fields of every order. */
export interface OrderParams {
  /** At most 127 characters. */
  description: string
  /** 6 to 32 characters, unique per merchant. */
  out_trade_no: string
  /** A `Date`, or RFC 3339 with zone. Cannot be changed by a second call. */
  time_expire?: string | Date
  attach?: string
  /** Default: `notifyUrl` of the client. No query string. */
  notify_url?: string
  goods_tag?: string
  limit_pay?: readonly string[]
  support_fapiao?: boolean
  amount: OrderAmount
  detail?: {
    cost_price?: number
    invoice_id?: string
    goods_detail?: readonly {
      merchant_goods_id: string
      wechatpay_goods_id?: string
      goods_name?: string
      quantity: number
      unit_price: number
    }[]
  }
  scene_info?: OrderScene
  settle_info?: { profit_sharing?: boolean }
}

export interface JsapiOrderParams extends OrderParams {
  payer: { openid: string }
}

export interface V3H5OrderParams extends OrderParams {
  scene_info: OrderScene & {
    h5_info: {
      type: 'Wap' | 'iOS' | 'Android' | (string & {})
      app_name?: string
      app_url?: string
      bundle_id?: string
      package_name?: string
    }
  }
}

export interface CodepayOrderParams extends Omit<OrderParams, 'time_expire' | 'notify_url' | 'scene_info'> {
  /** The digits of the payment code (付款码), good for one call. */
  payer: { auth_code: string }
  scene_info: { device_id?: string; device_ip?: string; store_info: { id?: string; out_id?: string } }
}

/** By which number an order is asked for. */
export type OrderNumber = { transaction_id: string } | { out_trade_no: string }

export interface Promotion {
  coupon_id: string
  name?: string
  scope?: 'GLOBAL' | 'SINGLE' | (string & {})
  type?: 'CASH' | 'NOCASH' | (string & {})
  /** Fen. */
  amount: number
  stock_id?: string
  wechatpay_contribute?: number
  merchant_contribute?: number
  other_contribute?: number
  currency?: string
  goods_detail?: {
    goods_id: string
    quantity: number
    unit_price: number
    discount_amount: number
    goods_remark?: string
  }[]
}

interface OrderState {
  out_trade_no: string
  /** Only after payment. */
  transaction_id?: string
  trade_type?: 'JSAPI' | 'NATIVE' | 'APP' | 'MICROPAY' | 'MWEB' | 'FACEPAY' | (string & {})
  trade_state: TradeState
  trade_state_desc?: string
  bank_type?: string
  attach?: string
  /** RFC 3339. */
  success_time?: string
  /** `total` and `payer_total` in fen. */
  amount?: { total: number; payer_total?: number; currency?: string; payer_currency?: string }
  scene_info?: { device_id?: string }
  promotion_detail?: Promotion[]
}

/** An order as WeChat Pay knows it. */
export interface Transaction extends OrderState {
  appid: string
  mchid: string
  payer?: { openid?: string }
}

/** An order of a sub-merchant. */
export interface PartnerTransaction extends OrderState {
  sp_appid: string
  sp_mchid: string
  sub_appid?: string
  sub_mchid: string
  payer?: { sp_openid?: string; sub_openid?: string }
}

type Paid<T extends OrderState> = T & Required<Pick<T, 'transaction_id' | 'amount'>>

/** An order that was paid, as it is notified. */
export type PaidTransaction = Paid<Transaction>

/** An order of a sub-merchant that was paid. */
export type PaidPartnerTransaction = Paid<PartnerTransaction>

export interface PrepayId {
  /** Good for two hours; the same call gives a new one. */
  prepay_id: string
}
