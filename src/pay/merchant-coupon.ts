/** A stock of merchant coupons (商家券批次). Amounts in fen. */
export interface MerchantCouponStockParams {
  /** At most 21 characters. */
  stock_name: string
  /** Default: the merchant of the client. */
  belong_merchant?: string | undefined
  comment?: string | undefined
  /** At most 15 characters. */
  goods_name: string
  stock_type: 'NORMAL' | 'DISCOUNT' | 'EXCHANGE'
  coupon_use_rule: MerchantCouponUseRule
  stock_send_rule: {
    max_coupons: number
    max_coupons_per_user: number
    /** Fen. */
    max_amount?: number | undefined
    /** Fen. */
    max_amount_by_day?: number | undefined
    max_coupons_by_day?: number | undefined
    natural_person_limit?: boolean | undefined
    prevent_api_abuse?: boolean | undefined
    transferable?: boolean | undefined
    shareable?: boolean | undefined
  }
  /** Idempotency key of the stock: the same number does not create a second one. */
  out_request_no: string
  /** Who creates the codes of coupons. */
  coupon_code_mode: 'WECHATPAY_MODE' | 'MERCHANT_API' | 'MERCHANT_UPLOAD'
  custom_entrance?: Readonly<Record<string, unknown>> | undefined
  display_pattern_info?: Readonly<Record<string, unknown>> | undefined
  notify_config?: { notify_appid?: string | undefined } | undefined
  subsidy?: boolean | undefined
}

/** When and how a coupon is used. */
export interface MerchantCouponUseRule {
  coupon_available_time: {
    /** RFC 3339. */
    available_begin_time: string
    /** RFC 3339. */
    available_end_time: string
    available_day_after_receive?: number | undefined
    wait_days_after_receive?: number | undefined
    available_second_after_receive?: number | undefined
    /** `week_day`: 0 is Sunday. */
    available_week?:
      | { week_day?: readonly number[] | undefined; available_day_time?: readonly Record<string, number>[] | undefined }
      | undefined
    [field: string]: unknown
  }
  /** Both in fen. */
  fixed_normal_coupon?: { discount_amount: number; transaction_minimum: number } | undefined
  /** `transaction_minimum` in fen. */
  discount_coupon?: { discount_percent: number; transaction_minimum: number } | undefined
  /** Both in fen. */
  exchange_coupon?: { exchange_price: number; transaction_minimum: number } | undefined
  use_method: 'OFF_LINE' | 'MINI_PROGRAMS' | 'SELF_CONSUME' | 'PAYMENT_CODE'
  mini_programs_appid?: string | undefined
  mini_programs_path?: string | undefined
}

/** A stock as WeChat Pay returns it. */
export interface MerchantCouponStock {
  stock_id: string
  stock_name: string
  /** `STOPED` is the upstream's own spelling. */
  stock_state: 'UNAUDIT' | 'RUNNING' | 'STOPED' | 'PAUSED' | (string & {})
  stock_type: string
  goods_name?: string
  coupon_code_mode?: string
  stock_send_rule?: Partial<MerchantCouponStockParams['stock_send_rule']>
  /** In mode `MERCHANT_UPLOAD`: uploaded codes, and those not yet sent to anybody. */
  coupon_code_count?: { total_count: number; available_count: number }
  /** The sent values. Amounts in fen. */
  send_count_information?: {
    total_send_num?: number
    total_send_amount?: number
    today_send_num?: number
    today_send_amount?: number
  }
  [field: string]: unknown
}

/**
 * A new budget of a stock: the maximum number of coupons in total or per day. One of the two per call, with its current
 * value, so that concurrent changes do not undo each other.
 */
export type MerchantCouponBudgetParams = {
  stock_id: string
  /** Idempotency key: the same number does not change the budget twice. */
  modify_budget_request_no: string
} & (
  | {
      target_max_coupons: number
      current_max_coupons: number
      target_max_coupons_by_day?: never
      current_max_coupons_by_day?: never
    }
  | {
      target_max_coupons_by_day: number
      current_max_coupons_by_day: number
      target_max_coupons?: never
      current_max_coupons?: never
    }
)

/** Codes for a stock of mode `MERCHANT_UPLOAD`. */
export interface MerchantCouponCodesParams {
  stock_id: string
  /** 1 to 200, each of 1 to 32 of `0-9 A-Z a-z - _ \ / = |` and spaces. */
  coupon_code_list: readonly string[]
  /** Idempotency key of the upload. */
  upload_request_no: string
}

/** Result of an upload of codes: the call succeeds even if single codes are refused. */
export interface MerchantCouponCodes {
  stock_id: string
  /** Without duplicates in the list. */
  total_count: number
  success_count: number
  success_codes?: string[]
  /** RFC 3339. */
  success_time: string
  fail_count?: number
  /** Each with its reason. */
  fail_codes?: { coupon_code: string; code: string; message: string }[]
  /** Codes that were already uploaded. */
  exist_codes?: string[]
  /** Codes that occur more than once in this list. */
  duplicate_codes?: string[]
}

/** A coupon of a user. */
export interface MerchantCoupon {
  coupon_code?: string
  stock_id?: string
  stock_name: string
  belong_merchant: string
  goods_name: string
  stock_type: string
  coupon_state?: 'SENDED' | 'USED' | 'EXPIRED' | 'DELETED' | 'DEACTIVATED' | (string & {})
  comment?: string
  transferable?: boolean
  shareable?: boolean
  /** RFC 3339. */
  available_start_time: string
  /** RFC 3339. */
  expire_time: string
  /** RFC 3339. */
  receive_time: string
  send_request_no?: string
  /** Number of the use: if it equals yours, it was your call. */
  use_request_no?: string
  /** RFC 3339. */
  use_time?: string
  [field: string]: unknown
}

/** Filter of `merchantCoupons.list`. */
export interface MerchantCouponListParams {
  openid: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  stock_id?: string | undefined
  coupon_state?: string | undefined
  creator_merchant?: string | undefined
  belong_merchant?: string | undefined
  sender_merchant?: string | undefined
  offset?: number | undefined
  /** 1 to 50. */
  limit?: number | undefined
}

/** A coupon to send to a user. */
export interface MerchantCouponSendParams {
  openid: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  stock_id: string
  /** Idempotency key: the same number does not send a second one. */
  out_request_no: string
  /** In mode `MERCHANT_API`: your code of the coupon. */
  coupon_code?: string | undefined
}

/** A coupon to redeem. */
export interface MerchantCouponUseParams {
  coupon_code: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  stock_id?: string | undefined
  openid?: string | undefined
  /** RFC 3339, or a `Date`. */
  use_time: string | Date
  /** Idempotency key of the use: retry with the same one. */
  use_request_no: string
  out_trade_no?: string | undefined
  mch_id?: string | undefined
  transaction_id?: string | undefined
}
