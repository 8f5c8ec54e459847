import { flag, integer, optional, record, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import type {
  Coupon,
  CouponFlowFile,
  CouponListParams,
  CouponPage,
  CouponScopePage,
  CouponScopeParams,
  CouponStock,
  CouponStockListParams,
  CouponStockParams,
  SendCouponParams
} from './coupon-types.ts'
import { get, post } from './endpoint.ts'
import { chars, couponRequestNo, couponStockId, merchantId, notifyUrl, openid, rfc3339 } from './field-rules.ts'
import { resource } from './resource.ts'

const stockId = required(couponStockId)
const couponId = required(chars(20, /^\d{1,20}$/, 'a coupon_id: digits'))
const outRequestNo = required(couponRequestNo)
const STOCK = { fill: { stock_creator_mchid: 'mchId' }, rules: { stock_id: stockId }, echo: ['stock_id'] } as const
const STOCKS = '/v3/marketing/favor/stocks'
const scope = (lastPage: number, maxLimit: number) => ({
  ...STOCK,
  rules: { stock_id: stockId, offset: required(integer(0, lastPage)), limit: required(integer(1, maxLimit)) }
})
const FLOW = { rules: { stock_id: stockId }, expects: ['url', 'hash_value'] }
const COUPONS = '/v3/marketing/favor/users/{openid}/coupons'

/**
 * Basic calls for cash coupons (代金券); use `pay.request` for everything else. The merchant of the client is the creator.
 */
export class Coupons extends resource('coupons', {
  /**
   * Creates a stock. (创建代金券批次)
   *
   * @param params amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  createStock: post<CouponStockParams, { stock_id: string; create_time: string }>('/v3/marketing/favor/coupon-stocks', {
    fill: { belong_merchant: 'mchId' },
    rules: {
      stock_name: required(chars(20)),
      comment: optional(chars(60)),
      available_begin_time: required(rfc3339),
      available_end_time: required(rfc3339),
      stock_use_rule: required(record),
      coupon_use_rule: required(record),
      pattern_info: optional(record),
      no_cash: required(flag),
      stock_type: required(chars(16)),
      out_request_no: outRequestNo
    },
    expects: ['stock_id']
  }),

  /**
   * Activates a stock. (激活代金券批次)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  startStock: post<{ stock_id: string }, { stock_id: string; start_time: string }>(`${STOCKS}/{stock_id}/start`, STOCK),

  /**
   * Pauses a stock. (暂停代金券批次)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  pauseStock: post<{ stock_id: string }, { stock_id: string; pause_time: string }>(`${STOCKS}/{stock_id}/pause`, STOCK),

  /**
   * Resumes a paused stock. (重启代金券批次)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  restartStock: post<{ stock_id: string }, { stock_id: string; restart_time: string }>(
    `${STOCKS}/{stock_id}/restart`,
    STOCK
  ),

  /**
   * Sends a coupon to a user. (发放代金券批次) Idempotent by `out_request_no`.
   *
   * @param params amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  send: post<SendCouponParams, { coupon_id: string }>(COUPONS, {
    fill: { appid: 'appId', stock_creator_mchid: 'mchId' },
    rules: {
      openid: required(openid),
      stock_id: stockId,
      out_request_no: outRequestNo,
      coupon_value: optional(fen()),
      coupon_minimum: optional(fen())
    },
    expects: ['coupon_id']
  }),

  /**
   * Lists the stocks of the merchant. (条件查询批次列表)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  listStocks: get<CouponStockListParams, CouponPage<CouponStock>>(STOCKS, {
    fill: { stock_creator_mchid: 'mchId' },
    rules: {
      offset: required(integer(0)),
      limit: required(integer(1, 10)),
      status: optional(chars(16)),
      create_start_time: optional(rfc3339),
      create_end_time: optional(rfc3339)
    }
  }),

  /**
   * Returns one stock. (查询批次详情)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  getStock: get<{ stock_id: string }, CouponStock>(`${STOCKS}/{stock_id}`, STOCK),

  /**
   * Lists the merchants that accept the coupons of a stock. (查询代金券可用商户)
   *
   * @returns numbers of merchants in `data`
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  listMerchants: get<CouponScopeParams, CouponScopePage>(`${STOCKS}/{stock_id}/merchants`, scope(1000, 50)),

  /**
   * Lists the items for which the coupons of a stock can be used. (查询代金券可用单品)
   *
   * @returns codes of items in `data`
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  listItems: get<CouponScopeParams, CouponScopePage>(`${STOCKS}/{stock_id}/items`, scope(500, 100)),

  /**
   * Returns one coupon of a user. (查询代金券详情)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  getCoupon: get<{ openid: string; coupon_id: string; appid?: string | undefined }, Coupon>(`${COUPONS}/{coupon_id}`, {
    fill: { appid: 'appId' },
    rules: { openid: required(openid), coupon_id: couponId },
    echo: ['coupon_id']
  }),

  /**
   * Lists the coupons of a user. (根据商户号查用户的券)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  listCoupons: get<CouponListParams, CouponPage<Coupon>>(COUPONS, {
    fill: { appid: 'appId' },
    rules: {
      openid: required(openid),
      stock_id: optional(couponStockId),
      status: optional(chars(16)),
      creator_mchid: optional(merchantId),
      sender_mchid: optional(merchantId),
      available_mchid: optional(merchantId),
      business_type: optional(chars(32)),
      offset: optional(integer(0)),
      limit: optional(integer(1, 20))
    }
  }),

  /**
   * Returns the file that lists the uses of a stock. (下载批次核销明细) Available from the day after the stock has ended.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  useFlow: get<{ stock_id: string }, CouponFlowFile>(`${STOCKS}/{stock_id}/use-flow`, FLOW),

  /**
   * Returns the file that lists the refunds of a stock. (下载批次退款明细)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  refundFlow: get<{ stock_id: string }, CouponFlowFile>(`${STOCKS}/{stock_id}/refund-flow`, FLOW),

  /**
   * Sets the URL for notifications of used coupons. (设置消息通知地址)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  setCallback: post<{ notify_url: string; switch?: boolean | undefined }, { update_time: string; notify_url: string }>(
    '/v3/marketing/favor/callbacks',
    { fill: { mchid: 'mchId' }, rules: { notify_url: required(notifyUrl), switch: optional(flag) } }
  )
}) {}
