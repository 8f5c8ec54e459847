import type { RequestOptions } from '../../core/client-options.ts'
import type { LateCaller } from './late-caller.ts'
import type { MicropayOutcome, MicropayWaitOptions } from './micropay-and-wait.ts'
import type {
  ClosedOrder,
  MicropayParams,
  OrderNumber,
  PaidOrder,
  QueriedOrder,
  ReversedOrder,
  UnifiedOrder,
  UnifiedOrderParams
} from './order-types.ts'

/** Orders of API v2: `pay2.orders`. */
export class Orders {
  readonly #caller: LateCaller

  /** @internal */
  constructor(caller: LateCaller) {
    this.#caller = caller
  }

  /**
   * Places an order (统一下单). Repeating it with the same number and the same parameters is safe and answers the order again.
   *
   * @param params amounts in fen; `JSAPI` needs `openid`, `NATIVE` `product_id`, `MWEB` `scene_info`
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDERPAID`, `OUT_TRADE_NO_USED`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const order = await pay2.orders.unified({
   *   trade_type: 'JSAPI',
   *   body: 'Coffee',
   *   out_trade_no: '20260301000001',
   *   total_fee: 1980,
   *   spbill_create_ip: '203.0.113.7',
   *   openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'
   * })
   * const parameters = pay2.jsapiParams(order.prepay_id)
   */
  unified<P extends UnifiedOrderParams>(params: P, options?: RequestOptions): Promise<UnifiedOrder<P['trade_type']>> {
    return this.#caller.run(params, options, ({ orders }, ...given) => orders.unified(...given))
  }

  /**
   * Queries an order by your number or by WeChat's (查询订单). That the call succeeds says nothing of the payment: look at
   * `trade_state`, and compare `total_fee` with your own order.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDERNOTEXIST`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const order = await pay2.orders.query({ out_trade_no: '20260301000001' })
   * if (order.trade_state === 'SUCCESS') console.log(order.total_fee)
   */
  query(params: OrderNumber, options?: RequestOptions): Promise<QueriedOrder> {
    return this.#caller.run(params, options, ({ orders }, ...given) => orders.query(...given))
  }

  /**
   * Closes an unpaid order (关闭订单), at least five minutes after it was placed. An order that is closed already is no error.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDERPAID`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * await pay2.orders.close({ out_trade_no: '20260301000001' })
   */
  close(params: { out_trade_no: string }, options?: RequestOptions): Promise<ClosedOrder> {
    return this.#caller.run(params, options, ({ orders }, ...given) => orders.close(...given))
  }

  /**
   * Charges the code that a customer shows (付款码支付), once. {@link micropayAndWait} does the waiting and querying too.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT while the customer enters the password (`USERPAYING`), and for
   *   `SYSTEMERROR`, `BANKERROR`, a timeout or an answer that cannot be verified: query the order.
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it certainly failed
   * @example
   * const paid = await pay2.orders.micropay({
   *   body: 'Coffee',
   *   out_trade_no: '20260301000002',
   *   total_fee: 1980,
   *   spbill_create_ip: '203.0.113.7',
   *   auth_code: '134650000000000000'
   * })
   */
  micropay(params: MicropayParams, options?: RequestOptions): Promise<PaidOrder> {
    return this.#caller.run(params, options, ({ orders }, ...given) => orders.micropay(...given))
  }

  /**
   * {@link micropay}, then what the document prescribes: query while the result is open, reverse the order if it stays open.
   * Needs the merchant certificate. Takes up to a minute.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nobody was charged.
   * @throws {WeChatPayError} ERR_WECHAT_PAY when the charge was certainly refused
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT when the order could be neither settled nor reversed
   * @example
   * const { outcome } = await pay2.orders.micropayAndWait(
   *   {
   *     body: 'Coffee',
   *     out_trade_no: '20260301000002',
   *     total_fee: 1980,
   *     spbill_create_ip: '203.0.113.7',
   *     auth_code: '134650000000000000'
   *   },
   *   { onWaiting: (state) => console.log(state) }
   * )
   */
  async micropayAndWait(params: MicropayParams, options: MicropayWaitOptions = {}): Promise<MicropayOutcome> {
    this.#caller.requireCertificate('orders.reverse')
    return this.#caller.run(params, options, (calls, ...given) => calls.micropayAndWait(this, ...given))
  }

  /**
   * Reverses a micropay order (撤销订单): cancels it, or refunds it if it was paid. Within 7 days, and not within 15 seconds of
   * the payment. Needs the merchant certificate. Call again while `recall` is `Y`.
   *
   * @throws {ConfigError} ERR_CONFIG without a client certificate
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @example
   * const { recall } = await pay2.orders.reverse({ out_trade_no: '20260301000002' })
   */
  reverse(params: OrderNumber, options?: RequestOptions): Promise<ReversedOrder> {
    return this.#caller.run(params, options, ({ orders }, ...given) => orders.reverse(...given))
  }

  /**
   * Turns a scanned payment code into the openid of its customer (授权码查询 openid), without charging.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @example
   * const { openid } = await pay2.orders.authCodeToOpenid({ auth_code: '134650000000000000' })
   */
  authCodeToOpenid(
    params: { auth_code: string },
    options?: RequestOptions
  ): Promise<{ appid: string; mch_id: string; openid: string; sub_openid?: string }> {
    return this.#caller.run(params, options, ({ orders }, ...given) => orders.authCodeToOpenid(...given))
  }
}
