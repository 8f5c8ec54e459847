/** A stock of coupons (代金券批次). */
export interface CouponStockParams {
  stock_name: string
  comment?: string | undefined
  /** RFC 3339, or a `Date`. */
  available_begin_time: string | Date
  /** RFC 3339, or a `Date`. */
  available_end_time: string | Date
  stock_use_rule: {
    max_coupons: number
    /** Fen. */
    max_amount: number
    /** Fen. */
    max_amount_by_day?: number | undefined
    max_coupons_per_user: number
    natural_person_limit: boolean
    prevent_api_abuse: boolean
  }
  coupon_use_rule: {
    /** Both in fen. */
    fixed_normal_coupon?: { coupon_amount: number; transaction_minimum: number } | undefined
    goods_tag?: readonly string[] | undefined
    combine_use?: boolean | undefined
    available_items?: readonly string[] | undefined
    available_merchants?: readonly string[] | undefined
    [field: string]: unknown
  }
  pattern_info?: Readonly<Record<string, unknown>> | undefined
  ext_info?: string | undefined
  no_cash: boolean
  stock_type: 'NORMAL' | 'DISCOUNT' | (string & {})
  /** Idempotency key of the stock: the same number does not create a second one. */
  out_request_no: string
}

/** A stock of coupons as WeChat Pay returns it. */
export interface CouponStock {
  stock_id: string
  stock_creator_mchid: string
  stock_name: string
  status: 'unactivated' | 'audit' | 'running' | 'stoped' | 'paused' | (string & {})
  description?: string
  /** RFC 3339. */
  create_time: string
  /** RFC 3339. */
  available_begin_time: string
  /** RFC 3339. */
  available_end_time: string
  distributed_coupons?: number
  stock_use_rule?: Record<string, unknown>
  [field: string]: unknown
}

/** A coupon of a user. */
export interface Coupon {
  coupon_id: string
  stock_id: string
  stock_creator_mchid: string
  coupon_name: string
  status: 'SENDED' | 'USED' | 'EXPIRED' | (string & {})
  description?: string
  /** RFC 3339. */
  create_time: string
  coupon_type?: string
  /** RFC 3339. */
  available_begin_time: string
  /** RFC 3339. */
  available_end_time: string
  [field: string]: unknown
}

/** A coupon to send to a user. */
export interface SendCouponParams {
  openid: string
  stock_id: string
  /** Idempotency key of the coupon: the same number sends the same coupon. */
  out_request_no: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** Fen. */
  coupon_value?: number | undefined
  /** Fen. */
  coupon_minimum?: number | undefined
}

/** A page of stocks or coupons. */
export interface CouponPage<T> {
  total_count: number
  limit: number
  /** Number of the page, from 0. */
  offset: number
  data?: T[]
}

/** Filter of `coupons.listStocks`. */
export interface CouponStockListParams {
  /** Number of the page, from 0. */
  offset: number
  /** 1 to 10. */
  limit: number
  status?: string | undefined
  create_start_time?: string | Date | undefined
  create_end_time?: string | Date | undefined
}

/** Filter of `coupons.listCoupons`. */
export interface CouponListParams {
  openid: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  stock_id?: string | undefined
  status?: string | undefined
  creator_mchid?: string | undefined
  /** The merchant that sent it. */
  sender_mchid?: string | undefined
  /** The merchant at which it can be used. */
  available_mchid?: string | undefined
  business_type?: 'MULTIUSE' | (string & {}) | undefined
  /** Number of the page, from 0; default 0. */
  offset?: number | undefined
  /** 1 to 20. */
  limit?: number | undefined
}

/** Page of `coupons.listMerchants` and `coupons.listItems`. */
export interface CouponScopeParams {
  stock_id: string
  /** Number of the page, from 0; at most 1000 for merchants, 500 for items. */
  offset: number
  /** Size of a page: 1 to 50 merchants, 1 to 100 items. */
  limit: number
}

/** A page of the merchants or items of a stock. */
export interface CouponScopePage extends CouponPage<string> {
  stock_id: string
}

/** A file of coupon flows: `pay.download(file.url, { hash: { type: file.hash_type, value: file.hash_value } })`. */
export interface CouponFlowFile {
  /** Valid only for seconds: download at once. */
  url: string
  hash_value: string
  hash_type: 'SHA1' | (string & {})
}
