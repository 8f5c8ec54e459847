import { integer, oneOf, optional, record, required } from '../core/options.ts'
import { get, post } from './endpoint.ts'
import { chars, merchantId, notifyUrl, openid, rfc3339 } from './field-rules.ts'
import type {
  MerchantCoupon,
  MerchantCouponListParams,
  MerchantCouponSendParams,
  MerchantCouponStock,
  MerchantCouponStockParams,
  MerchantCouponUseParams
} from './merchant-coupon.ts'
import { resource } from './resource.ts'

const BASE = '/v3/marketing/busifavor'
const OF_USER = `${BASE}/users/{openid}/coupons`
const APP = { appid: 'appId' } as const
const stockId = required(chars(20, /^\d{1,20}$/, 'a stock_id: digits'))
const couponCode = chars(32, /^[0-9A-Za-z_-]{1,32}$/, 'the code of a coupon')
const requestNo = required(chars(128, /^[0-9A-Za-z_|*@-]{1,128}$/, '1 to 128 of the characters 0-9 A-Z a-z _ - | * @'))
const COUPON = { coupon_code: required(couponCode), stock_id: stockId }
const LINK = {
  ...COUPON,
  out_trade_no: required(chars(32)),
  out_request_no: requestNo
}

/** Coupons that the merchant redeems itself (商家券), the essentials; everything else through `pay.request`. */
export class MerchantCoupons extends resource('merchantCoupons', {
  /**
   * Creates a stock. (创建商家券)
   *
   * @param params amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  createStock: post<MerchantCouponStockParams, { stock_id: string; create_time: string }>(`${BASE}/stocks`, {
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
   * Looks a stock up. (查询商家券详情)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  getStock: get<{ stock_id: string }, MerchantCouponStock>(`${BASE}/stocks/{stock_id}`, {
    rules: { stock_id: stockId },
    expects: ['stock_state'],
    echo: ['stock_id']
  }),

  /**
   * Gives a coupon to a user. (向用户发放商家券) Idempotent by `out_request_no`.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  send: post<MerchantCouponSendParams, { stock_id: string; coupon_code?: string; out_request_no?: string }>(
    `${BASE}/coupons/send`,
    {
      fill: APP,
      rules: {
        openid: required(openid),
        stock_id: stockId,
        out_request_no: requestNo,
        coupon_code: optional(couponCode)
      },
      expects: ['stock_id'],
      echo: ['stock_id']
    }
  ),

  /**
   * The coupons of a user. (根据过滤条件查询用户券)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  list: get<MerchantCouponListParams, { total_count: number; offset: number; limit: number; data?: MerchantCoupon[] }>(
    OF_USER,
    {
      fill: APP,
      rules: {
        openid: required(openid),
        stock_id: optional(stockId.check),
        offset: optional(integer(0)),
        limit: optional(integer(1, 50))
      }
    }
  ),

  /**
   * One coupon of a user. (查询用户单张券详情) After a lost response of `use`: `USED` with your `use_request_no` is done.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  get: get<{ openid: string; coupon_code: string; appid?: string }, MerchantCoupon>(
    `${OF_USER}/{coupon_code}/appids/{appid}`,
    { fill: APP, rules: { openid: required(openid), coupon_code: required(couponCode) }, echo: ['coupon_code'] }
  ),

  /**
   * Redeems a coupon. (核销用户券) Idempotent by `use_request_no`.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: repeat with the same `use_request_no`, or run `error.query`
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  use: post<MerchantCouponUseParams, { stock_id: string; openid: string; wechatpay_use_time: string }>(
    `${BASE}/coupons/use`,
    {
      fill: APP,
      rules: {
        coupon_code: required(couponCode),
        stock_id: optional(stockId.check),
        openid: optional(openid),
        use_time: required(rfc3339),
        use_request_no: requestNo
      },
      expects: ['wechatpay_use_time'],
      money: { open: 'throttled', query: { method: 'merchantCoupons.get', by: ['openid', 'coupon_code', 'appid'] } }
    }
  ),

  /**
   * Takes the use of a coupon back. (申请退券) Within 30 days. Idempotent by `return_request_no`.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  giveBack: post<
    { coupon_code: string; stock_id: string; return_request_no: string },
    { wechatpay_return_time: string }
  >(`${BASE}/coupons/return`, {
    rules: { ...COUPON, return_request_no: requestNo },
    expects: ['wechatpay_return_time']
  }),

  /**
   * Voids a coupon. (使券失效) Idempotent by `deactivate_request_no`.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  deactivate: post<
    { coupon_code: string; stock_id: string; deactivate_request_no: string; deactivate_reason?: string },
    { wechatpay_deactivate_time: string }
  >(`${BASE}/coupons/deactivate`, {
    rules: { ...COUPON, deactivate_request_no: requestNo, deactivate_reason: optional(chars(64)) },
    expects: ['wechatpay_deactivate_time']
  }),

  /**
   * Says for which order a coupon was used. (关联订单信息)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  associate: post<
    { stock_id: string; coupon_code: string; out_trade_no: string; out_request_no: string },
    { wechatpay_associate_time: string }
  >(`${BASE}/coupons/associate`, { rules: LINK, expects: ['wechatpay_associate_time'] }),

  /**
   * Takes that back. (取消关联订单信息)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  disassociate: post<
    { stock_id: string; coupon_code: string; out_trade_no: string; out_request_no: string },
    { wechatpay_disassociate_time: string }
  >(`${BASE}/coupons/disassociate`, { rules: LINK, expects: ['wechatpay_disassociate_time'] }),

  /**
   * Sets where coupons that users got are notified: `on: { 'COUPON.SEND': … }`. (设置商家券事件通知地址)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  setCallback: post<{ notify_url: string }, { update_time: string; notify_url: string; mchid?: string }>(
    `${BASE}/callbacks`,
    { fill: { mchid: 'mchId' }, rules: { notify_url: required(notifyUrl) } }
  )
}) {}
