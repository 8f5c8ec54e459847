import { flag, int, list, MCHID, object, oneOf, opt, text } from './shape.ts'

export const NO = text(1, 128, /^[0-9A-Za-z_\-|*@]+$/)
export const COUPON_CODE = text(1, 32)

const SPAN = object({ begin_time: opt(text(1, 64)), end_time: opt(text(1, 64)) })
const TIME = object({
  available_begin_time: text(1, 64),
  available_end_time: text(1, 64),
  available_day_after_receive: opt(int()),
  wait_days_after_receive: opt(int()),
  available_second_after_receive: opt(int()),
  available_week: opt(
    object({
      week_day: opt(list(int(0, 6), 7)),
      available_day_time: opt(list(object({ begin_time: opt(int(0)), end_time: opt(int(0)) }), 10))
    })
  ),
  // The platform's own spelling.
  irregulary_avaliable_time: opt(list(SPAN, 60))
})
export const STOCK = object({
  stock_name: text(1, 21),
  belong_merchant: MCHID,
  comment: opt(text(1, 20)),
  goods_name: text(1, 15),
  stock_type: oneOf('NORMAL', 'DISCOUNT', 'EXCHANGE'),
  coupon_use_rule: object({
    coupon_available_time: TIME,
    fixed_normal_coupon: opt(object({ discount_amount: int(), transaction_minimum: int() })),
    discount_coupon: opt(object({ discount_percent: int(), transaction_minimum: int() })),
    exchange_coupon: opt(object({ exchange_price: int(0), transaction_minimum: int() })),
    use_method: oneOf('OFF_LINE', 'MINI_PROGRAMS', 'SELF_CONSUME', 'PAYMENT_CODE'),
    mini_programs_appid: opt(text(1, 32)),
    mini_programs_path: opt(text(1, 128))
  }),
  stock_send_rule: object({
    max_coupons: int(),
    max_coupons_per_user: int(),
    max_amount: opt(int()),
    max_amount_by_day: opt(int()),
    max_coupons_by_day: opt(int()),
    natural_person_limit: opt(flag()),
    prevent_api_abuse: opt(flag()),
    transferable: opt(flag()),
    shareable: opt(flag())
  }),
  out_request_no: NO,
  coupon_code_mode: oneOf('WECHATPAY_MODE', 'MERCHANT_API', 'MERCHANT_UPLOAD'),
  notify_config: opt(object({ notify_appid: opt(text(1, 32)) })),
  subsidy: opt(flag())
})
export const BUDGET = object({
  target_max_coupons: opt(int(0)),
  current_max_coupons: opt(int(0)),
  target_max_coupons_by_day: opt(int(0)),
  current_max_coupons_by_day: opt(int(0)),
  modify_budget_request_no: NO
})
export const CODES = object({ coupon_code_list: list(text(1, 32), 200, 1), upload_request_no: NO })
