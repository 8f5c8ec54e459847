import { integer, optional, required } from '../core/options.ts'
import { get, post } from './endpoint.ts'
import { chars, couponCode, couponRequestNo, couponStockId, notifyUrl, openid, rfc3339 } from './field-rules.ts'
import type {
  MerchantCoupon,
  MerchantCouponListParams,
  MerchantCouponSendParams,
  MerchantCouponUseParams
} from './merchant-coupon.ts'
import { BUSIFAVOR, MERCHANT_COUPON_STOCKS } from './merchant-coupon-stocks.ts'
import { resource } from './resource.ts'

const OF_USER = `${BUSIFAVOR}/users/{openid}/coupons`
const APP = { appid: 'appId' } as const
const stockId = required(couponStockId)
const requestNo = required(couponRequestNo)
const COUPON = { coupon_code: required(couponCode), stock_id: stockId }
const LINK = {
  ...COUPON,
  out_trade_no: required(chars(32)),
  out_request_no: requestNo
}

/** Basic calls for coupons that the merchant redeems itself (商家券); use `pay.request` for everything else. */
export class MerchantCoupons extends resource('merchantCoupons', {
  ...MERCHANT_COUPON_STOCKS,

  /**
   * Sends a coupon to a user. (向用户发放商家券) Idempotent by `out_request_no`.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  send: post<MerchantCouponSendParams, { stock_id: string; coupon_code?: string; out_request_no?: string }>(
    `${BUSIFAVOR}/coupons/send`,
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
   * Lists the coupons of a user. (根据过滤条件查询用户券)
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
   * Returns one coupon of a user. (查询用户单张券详情) After a lost response of `use`, `USED` with your `use_request_no` means
   * success.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  get: get<{ openid: string; coupon_code: string; appid?: string | undefined }, MerchantCoupon>(
    `${OF_USER}/{coupon_code}/appids/{appid}`,
    { fill: APP, rules: { openid: required(openid), coupon_code: required(couponCode) }, echo: ['coupon_code'] }
  ),

  /**
   * Redeems a coupon. (核销用户券) Idempotent by `use_request_no`.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: retry with the same `use_request_no`, or run `error.query`
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  use: post<MerchantCouponUseParams, { stock_id: string; openid: string; wechatpay_use_time: string }>(
    `${BUSIFAVOR}/coupons/use`,
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
   * Reverses the use of a coupon. (申请退券) Within 30 days. Idempotent by `return_request_no`.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  giveBack: post<
    { coupon_code: string; stock_id: string; return_request_no: string },
    { wechatpay_return_time: string }
  >(`${BUSIFAVOR}/coupons/return`, {
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
    { coupon_code: string; stock_id: string; deactivate_request_no: string; deactivate_reason?: string | undefined },
    { wechatpay_deactivate_time: string }
  >(`${BUSIFAVOR}/coupons/deactivate`, {
    rules: { ...COUPON, deactivate_request_no: requestNo, deactivate_reason: optional(chars(64)) },
    expects: ['wechatpay_deactivate_time']
  }),

  /**
   * Associates a used coupon with an order. (关联订单信息)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  associate: post<
    { stock_id: string; coupon_code: string; out_trade_no: string; out_request_no: string },
    { wechatpay_associate_time: string }
  >(`${BUSIFAVOR}/coupons/associate`, { rules: LINK, expects: ['wechatpay_associate_time'] }),

  /**
   * Removes the association of a coupon with an order. (取消关联订单信息)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  disassociate: post<
    { stock_id: string; coupon_code: string; out_trade_no: string; out_request_no: string },
    { wechatpay_disassociate_time: string }
  >(`${BUSIFAVOR}/coupons/disassociate`, { rules: LINK, expects: ['wechatpay_disassociate_time'] }),

  /**
   * Sets the URL for notifications of coupons that users received: `on: { 'COUPON.SEND': … }`. (设置商家券事件通知地址)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  setCallback: post<{ notify_url: string }, { update_time: string; notify_url: string; mchid?: string }>(
    `${BUSIFAVOR}/callbacks`,
    { fill: { mchid: 'mchId' }, rules: { notify_url: required(notifyUrl) } }
  )
}) {}
