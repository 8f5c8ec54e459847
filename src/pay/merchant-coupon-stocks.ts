import { integer, type OptionCheck, oneOf, optional, record, required } from '../core/options.ts'
import { get, type ParamProblem, type Params, patch, post } from './endpoint.ts'
import { chars, couponCode, couponRequestNo, couponStockId, listOf, merchantId } from './field-rules.ts'
import type {
  MerchantCouponBudgetParams,
  MerchantCouponCodes,
  MerchantCouponCodesParams,
  MerchantCouponStock,
  MerchantCouponStockParams
} from './merchant-coupon.ts'

export const BUSIFAVOR = '/v3/marketing/busifavor'
const stockId = required(couponStockId)
const requestNo = required(couponRequestNo)

const codes: OptionCheck = (value) => {
  const wrong = listOf(200)(value)
  if (wrong !== undefined || !Array.isArray(value)) return wrong
  const at = value.findIndex((code) => couponCode(code) !== undefined)
  return at < 0 ? undefined : `has a wrong code at [${at}]: it ${couponCode(value[at])}`
}

/** One budget per call, with its current value. (修改批次预算: 二选一) */
function checkBudget(params: Params): ParamProblem | undefined {
  const [first = 'target_max_coupons', second] = ['target_max_coupons', 'target_max_coupons_by_day'].filter(
    (name) => params[name] !== undefined
  )
  if (second !== undefined || params[first] === undefined) {
    return { field: 'target_max_coupons', problem: 'or "target_max_coupons_by_day": pass exactly one of them' }
  }
  const current = first.replace('target', 'current')
  return params[current] === undefined ? { field: current, problem: 'is required: the current value' } : undefined
}

/** Stocks of merchant coupons (商家券批次). */
export const MERCHANT_COUPON_STOCKS = {
  /**
   * Creates a stock. (创建商家券)
   *
   * @param params amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  createStock: post<MerchantCouponStockParams, { stock_id: string; create_time: string }>(`${BUSIFAVOR}/stocks`, {
    fill: { belong_merchant: 'ownMchId' },
    rules: {
      stock_name: required(chars(21)),
      belong_merchant: required(merchantId),
      goods_name: required(chars(15)),
      stock_type: required(oneOf('NORMAL', 'DISCOUNT', 'EXCHANGE')),
      coupon_use_rule: required(record),
      stock_send_rule: required(record),
      out_request_no: requestNo,
      coupon_code_mode: required(oneOf('WECHATPAY_MODE', 'MERCHANT_API', 'MERCHANT_UPLOAD'))
    },
    expects: ['stock_id']
  }),

  /**
   * Looks up a stock. (查询商家券详情)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  getStock: get<{ stock_id: string }, MerchantCouponStock>(`${BUSIFAVOR}/stocks/{stock_id}`, {
    rules: { stock_id: stockId },
    expects: ['stock_state'],
    echo: ['stock_id']
  }),

  /**
   * Changes the number of coupons of a stock, in total or per day. (修改批次预算) Only until the stock ends. Idempotent by
   * `modify_budget_request_no`.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `INVALID_REQUEST` if `current_…` is not the current value;
   * {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   * @returns the new value
   */
  changeBudget: patch<MerchantCouponBudgetParams, { max_coupons: number; max_coupons_by_day?: number }>(
    `${BUSIFAVOR}/stocks/{stock_id}/budget`,
    {
      rules: {
        stock_id: stockId,
        target_max_coupons: optional(integer(1)),
        current_max_coupons: optional(integer(0)),
        target_max_coupons_by_day: optional(integer(1)),
        current_max_coupons_by_day: optional(integer(0)),
        modify_budget_request_no: requestNo
      },
      check: checkBudget
    }
  ),

  /**
   * Uploads codes, one of which each sent coupon gets. (上传预存code) For stocks of mode `MERCHANT_UPLOAD`. The call
   * succeeds even if codes are refused: check `fail_codes` and `exist_codes`. Idempotent by `upload_request_no`.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `INVALID_REQUEST` for a stock of another mode; {ConfigError} ERR_INVALID_PARAM;
   *   {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  uploadCodes: post<MerchantCouponCodesParams, MerchantCouponCodes>(`${BUSIFAVOR}/stocks/{stock_id}/couponcodes`, {
    rules: { stock_id: stockId, coupon_code_list: required(codes), upload_request_no: requestNo },
    expects: ['success_time'],
    echo: ['stock_id']
  })
}
