import type { RequestOptions } from '../../core/client-options.ts'
import { integer, oneOf } from '../../core/options.ts'
import { characters, checkFields, paramError, present } from '../../wechat-api/check-params.ts'
import { post } from '../../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import type {
  ShippingListParams,
  ShippingOrder,
  ShippingOrderNumber,
  ShippingOrderPage,
  UploadCombinedShippingParams,
  UploadShippingParams
} from './order-shipping-types.ts'
import { checkOrderKey, checkShipping, uploadTime } from './shipping-rules.ts'

/** A carrier, and its code for `express_company`. */
export interface Carrier {
  delivery_id: string
  delivery_name: string
}

// Uploads are not idempotent: a second one is a change. At best a retry would get 10060023, "nothing changed".
const UPLOAD = post<object>('orderShipping.upload', '/wxa/sec/order/upload_shipping_info')
const UPLOAD_COMBINED = post<object>('orderShipping.uploadCombined', '/wxa/sec/order/upload_combined_shipping_info')
const GET = post<ShippingOrderNumber, ShippingOrder>('orderShipping.get', '/wxa/sec/order/get_order', {
  idempotent: true,
  picks: 'order'
})
const LIST = post<ShippingListParams, ShippingOrderPage>('orderShipping.list', '/wxa/sec/order/get_order_list', {
  rules: { 'page_size?': integer(1, 100), 'order_state?': oneOf(1, 2, 3, 4, 5, 6) },
  idempotent: true,
  returns: 'order_list'
})
const REMIND = post<ShippingOrderNumber & { received_time: number }>(
  'orderShipping.remindReceipt',
  '/wxa/sec/order/notify_confirm_receive',
  { rules: { received_time: integer(1, 0xffffffff) } }
)
const SET_JUMP_PATH = post<{ path: string }>('orderShipping.setJumpPath', '/wxa/sec/order/set_msg_jump_path', {
  rules: { path: characters(1024) },
  idempotent: true
})
const IS_MANAGED = post<{ appid: string }, boolean>('orderShipping.isManaged', '/wxa/sec/order/is_trade_managed', {
  idempotent: true,
  picks: 'is_trade_managed'
})
const IS_CONFIRMED = post<{ appid: string }, boolean>(
  'orderShipping.isConfirmationCompleted',
  '/wxa/sec/order/is_trade_management_confirmation_completed',
  { idempotent: true, picks: 'completed' }
)
const MARK_SPECIAL = post<{ order_id: string; type: 1 | 2; delay_to?: number | undefined }>(
  'orderShipping.markSpecial',
  '/wxa/sec/order/opspecialorder',
  { rules: { order_id: present, type: oneOf(1, 2) }, idempotent: true }
)
const CARRIERS = post<object, Carrier[]>(
  'orderShipping.carriers',
  '/cgi-bin/express/delivery/open_msg/get_delivery_list',
  { idempotent: true, picks: 'delivery_list' }
)

/**
 * Order shipping management (发货信息管理). The money of a managed mini program stays frozen until its orders are reported as
 * shipped here, within 48 hours of the payment, and received.
 */
export class OrderShipping {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Reports that an order was shipped (发货信息录入接口 uploadShippingInfo). WeChat notifies the buyer. A complete order may be
   * changed once.
   *
   * @param params The order, its parcels and the payer. `upload_time` defaults to now; use the same time for a retry.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 10060001 (not stored yet: retry a minute after the payment), 10060002 and
   *   10060023 (already shipped: treat as success), 10060003 (the one change is used up), 10060004 (refunded or
   *   confirmed), 10060031 (another payer), 48001 (the account is not managed)
   * @throws {ConfigError} ERR_INVALID_PARAM; nothing was sent
   * @example
   * await mini.orderShipping.upload({
   *   order_key: { order_number_type: 2, transaction_id: '4200002026030112345678901234' },
   *   logistics_type: 1, delivery_mode: 1,
   *   shipping_list: [{ tracking_no: 'ZT1234', express_company: 'ZTO', item_desc: 'Tea*1' }],
   *   payer: { openid: 'OPENID' }
   * })
   */
  async upload(params: UploadShippingParams, options?: RequestOptions): Promise<void> {
    const owner = this.#owner(UPLOAD.operation, params, ['order_key', 'payer'])
    checkOrderKey(owner, params.order_key)
    checkFields(owner, params.payer, { openid: present })
    checkShipping(owner, params)
    const upload_time = uploadTime(owner, params.upload_time, this.#api.http.now())
    await this.#api.call(UPLOAD, { ...params, upload_time }, options)
  }

  /**
   * Reports the shipping of a combined order (合单支付): every sub-order has its own shipping (发货信息合单录入接口
   * uploadCombinedShippingInfo).
   *
   * @param params `order_key` is that of the combined order; all keys have the same `order_number_type`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: as `upload`, 10060013 (duplicate sub-order), 268485253 (mixed
   * `order_number_type`)
   * @throws {ConfigError} ERR_INVALID_PARAM; nothing was sent
   */
  async uploadCombined(params: UploadCombinedShippingParams, options?: RequestOptions): Promise<void> {
    const owner = this.#owner(UPLOAD_COMBINED.operation, params, ['order_key', 'payer'])
    checkOrderKey(owner, params.order_key)
    checkFields(owner, params.payer, { openid: present })
    if (!Array.isArray(params.sub_orders) || params.sub_orders.length === 0) {
      throw paramError(owner, 'sub_orders', 'must have at least one sub-order')
    }
    for (const part of params.sub_orders) {
      checkOrderKey(owner, part?.order_key)
      if (part.order_key.order_number_type !== params.order_key.order_number_type) {
        throw paramError(owner, 'sub_orders', 'must have the order_number_type of the combined order')
      }
      checkShipping(owner, part)
    }
    const upload_time = uploadTime(owner, params.upload_time, this.#api.http.now())
    await this.#api.call(UPLOAD_COMBINED, { ...params, upload_time }, options)
  }

  /**
   * Returns one order with its shipping (查询订单发货状态 getOrder).
   *
   * @param number `transaction_id`, or `merchant_id` with `merchant_trade_no`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 10060001 (not found, or not stored yet)
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @returns Amounts in fen, times in seconds.
   */
  async get(number: ShippingOrderNumber, options?: RequestOptions): Promise<ShippingOrder> {
    this.#checkNumber(GET.operation, number)
    return this.#api.call(GET, number, options)
  }

  /**
   * Lists a page of orders (查询订单列表 getOrderList).
   *
   * @param params A filter; times in seconds.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 10060011 (`last_index`)
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  list(params: ShippingListParams = {}, options?: RequestOptions): Promise<ShippingOrderPage> {
    return this.#api.call(LIST, params, options)
  }

  /**
   * Iterates over all matching orders, page by page (查询订单列表 getOrderList).
   *
   * @param params A filter; times in seconds.
   * @param options Options of each call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @example
   * for await (const order of mini.orderShipping.each({ order_state: 1 })) console.log(order.merchant_trade_no)
   */
  async *each(
    params: Omit<ShippingListParams, 'last_index'> = {},
    options?: RequestOptions
  ): AsyncGenerator<ShippingOrder> {
    for (let last: string | undefined; ; ) {
      const page = await this.list({ ...params, ...(last === undefined ? {} : { last_index: last }) }, options)
      yield* page.order_list
      if (!page.has_more || page.order_list.length === 0 || page.last_index === last) return
      last = page.last_index
    }
  }

  /**
   * Reminds the buyer, once, to confirm a parcel that has arrived (确认收货提醒接口 notifyConfirmReceive). There is no call to
   * confirm on behalf of the buyer.
   *
   * @param params The order, and `received_time`: seconds, when the carrier delivered.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 10060028 (not shipped), 10060029 (before the shipping), 10060030 (already
   * reminded: treat as success), 10060032 (not by express)
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async remindReceipt(
    params: ShippingOrderNumber & { received_time: number },
    options?: RequestOptions
  ): Promise<void> {
    this.#checkNumber(REMIND.operation, params)
    await this.#api.call(REMIND, params, options)
  }

  /**
   * Sets the page that the shipping messages open (消息跳转路径设置接口 setMsgJumpPath). The order numbers are added as its
   * query.
   *
   * @param path A page of the mini program, such as `pages/order`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  setJumpPath(path: string, options?: RequestOptions): Promise<void> {
    return this.#api.call(SET_JUMP_PATH, { path }, options)
  }

  /**
   * Returns whether the orders of this mini program must be reported as shipped (查询小程序是否已开通发货信息管理服务 isTradeManaged).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  isManaged(options?: RequestOptions): Promise<boolean> {
    return this.#api.call(IS_MANAGED, { appid: this.#api.appId }, options)
  }

  /**
   * Returns whether every linked merchant was authorised or unlinked (查询小程序是否已完成交易结算管理确认).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  isConfirmationCompleted(options?: RequestOptions): Promise<boolean> {
    return this.#api.call(IS_CONFIRMED, { appid: this.#api.appId }, options)
  }

  /**
   * Reports an order that will not be shipped within 48 hours (特殊发货报备 opSpecialOrder).
   *
   * @param params `order_id`: transaction id or `out_trade_no`. `type` 1 pre-sale, with `delay_to` in seconds, more than 15 and at most
   *   330 days after the payment; 2 test order.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 268546001 (`delay_to`), 268546002 (no such unshipped order)
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async markSpecial(
    params: { order_id: string; type: 1 | 2; delay_to?: number | undefined },
    options?: RequestOptions
  ): Promise<void> {
    if (params?.type === 1) {
      const owner = { operation: MARK_SPECIAL.operation, product: this.#api.product }
      checkFields(owner, params, { delay_to: integer(1, 0xffffffff) })
    }
    await this.#api.call(MARK_SPECIAL, params, options)
  }

  /**
   * Returns the carriers for `express_company`, about 1,400 (获取运力id列表 getDeliveryList). Cache them for a day.
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  carriers(options?: RequestOptions): Promise<Carrier[]> {
    return this.#api.call(CARRIERS, {}, options)
  }

  #owner(operation: string, params: object, objects: readonly string[]) {
    const owner = { operation, product: this.#api.product }
    const isObject = (value: unknown) => (typeof value === 'object' && value !== null ? undefined : 'must be an object')
    checkFields(owner, params, Object.fromEntries(objects.map((name) => [name, isObject])))
    return owner
  }

  #checkNumber(operation: string, number: ShippingOrderNumber): void {
    const owner = { operation, product: this.#api.product }
    const isByTransaction = (number as { transaction_id?: unknown } | undefined)?.transaction_id !== undefined
    checkFields(
      owner,
      number,
      isByTransaction ? { transaction_id: present } : { merchant_id: present, merchant_trade_no: present }
    )
  }
}
