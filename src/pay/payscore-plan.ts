import type { ServiceTime } from './service-order.ts'

/** A plan: several services for one price (支付分计划). Prices in fen. */
export interface PayscorePlanParams {
  service_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** Idempotency key of the plan, at most 32 characters. */
  merchant_plan_no: string
  plan_name: string
  /** Duration of a signed plan in days. */
  plan_duration: number
  /** Number of deductions. */
  deduction_quantity: number
  /** Fen. */
  total_original_price: number
  /** Fen. */
  total_actual_price: number
  plan_detail_list?:
    | readonly {
        plan_detail_name: string
        /** Fen. */
        original_price: number
        /** Fen. */
        actual_price: number
        plan_discount_description?: string | undefined
      }[]
    | undefined
}

/** A plan as WeChat Pay returns it. Prices in fen. */
export interface PayscorePlan {
  plan_id: string
  plan_state: string
  service_id: string
  appid: string
  mchid: string
  sub_mchid?: string
  sub_appid?: string
  merchant_plan_no: string
  plan_name: string
  /** In days. */
  plan_duration: number
  deduction_quantity: number
  /** Fen. */
  total_original_price: number
  /** Fen. */
  total_actual_price: number
  plan_detail_list?: {
    plan_detail_no: number
    plan_detail_name: string
    /** Fen. */
    original_price: number
    /** Fen. */
    actual_price: number
    plan_discount_description?: string
  }[]
  stop_mchid?: string
  /** RFC 3339. */
  stop_time?: string
}

/** A plan for a user to sign. */
export interface SignPlanParams {
  service_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** Idempotency key of the signed plan, at most 32 characters. */
  merchant_sign_plan_no: string
  plan_id: string
  openid?: string | undefined
  /** Of the sub-merchant's app. */
  sub_openid?: string | undefined
  /** Default: `notifyUrl` of the client. `on: { 'PAYSCORE.USER_SIGN_PLAN': … }` takes the notifications. */
  notify_url?: string | undefined
  /** Your numbers of the deductions. */
  sign_plan_detail: readonly { plan_detail_no: number; merchant_plan_detail_no: string }[]
}

/** A plan that a user signs or has signed; also the content of its notifications. Prices in fen. */
export interface SignPlan {
  sign_plan_id: string
  merchant_sign_plan_no: string
  sign_state: string
  service_id: string
  appid: string
  mchid: string
  sub_mchid?: string
  sub_appid?: string
  openid?: string
  sub_openid?: string
  plan_id: string
  plan_name: string
  merchant_callback_url: string
  deduction_quantity: number
  /** The current deduction. */
  going_detail_no: number
  /** RFC 3339. */
  plan_over_time: string
  /** Fen. */
  total_origin_price: number
  /** Fen. */
  total_actual_price: number
  /** RFC 3339. */
  sign_time?: string
  /** RFC 3339. */
  cancel_sign_time?: string
  cancel_sign_type?: 'NOT_CANCEL' | 'USER' | 'MERCHANT' | 'REVOKE_SERVICE' | (string & {})
  cancel_reason?: string
  signed_detail_list?: {
    plan_detail_no: number
    merchant_plan_detail_no: string
    plan_detail_name: string
    plan_detail_state: 'NOT_USED' | 'USING' | 'USED' | 'SIGN_PLAN_DETAIL_CANCEL' | (string & {})
    /** Number of the service order. */
    order_id?: string
    /** Fen. */
    original_price: number
    /** Fen. */
    actual_price: number
    /** Fen. */
    actual_pay_price?: number
    plan_discount_description?: string
    use_time?: string
    complete_time?: string
    cancel_time?: string
  }[]
}

/** A service of a signed plan. */
export interface PlanServiceParams {
  service_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** Idempotency key of the order: its `out_order_no`. */
  out_trade_no: string
  sign_plan_id: string
  plan_detail_no: number
  service_introduction: string
  openid?: string | undefined
  /** Of the sub-merchant's app. */
  sub_openid?: string | undefined
  time_range: ServiceTime & { start_time: string }
  location?: { start_location?: string | undefined; end_location?: string | undefined } | undefined
  attach?: string | undefined
  /** Default: `notifyUrl` of the client. */
  notify_url?: string | undefined
}
