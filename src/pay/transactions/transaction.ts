/** States of an order. WeChat Pay may add new ones. */
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

/** A used discount. */
export interface Promotion {
  coupon_id: string
  name?: string
  scope?: 'GLOBAL' | 'SINGLE' | (string & {})
  type?: 'CASH' | 'NOCASH' | (string & {})
  /** Fen. */
  amount: number
  stock_id?: string
  /** Fen. */
  wechatpay_contribute?: number
  /** Fen. */
  merchant_contribute?: number
  /** Fen. */
  other_contribute?: number
  currency?: string
  goods_detail?: {
    goods_id: string
    quantity: number
    /** Fen. */
    unit_price: number
    /** Fen. */
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
  installment_info?: { use_subsidy?: boolean; selected_installment_number?: number }
}

/** An order as WeChat Pay returns it. */
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

/** A paid order, as in its notification. */
export type PaidTransaction = Paid<Transaction>

/** A paid order of a sub-merchant. */
export type PaidPartnerTransaction = Paid<PartnerTransaction>

/** Response that opens a payment. */
export interface PrepayId {
  /** Valid for two hours; the same call returns a new one. */
  prepay_id: string
}
