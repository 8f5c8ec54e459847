import type { RequestOptions } from '../../core/client-options.ts'
import { UnexpectedResponseError, WeChatPayError } from '../../errors/index.ts'
import type { Caller } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import { type MicropayOutcome, type MicropayWaitOptions, micropayAndWait } from './micropay-and-wait.ts'
import {
  AUTH_CODE_RULES,
  CLOSE_RULES,
  MICROPAY_RULES,
  ORDER_NUMBER_RULES,
  UNIFIED_RULES,
  UNIFIED_RULES_ANY
} from './order-rules.ts'
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
import { checkParams, invalid, type WireFields } from './params.ts'
import { toResult } from './result.ts'

/** Orders of API v2: `pay2.orders`. */
export class Orders {
  readonly #caller: Caller
  readonly #defaults: WireFields

  /** @internal */
  constructor(caller: Caller, notifyUrl: string | undefined) {
    this.#caller = caller
    this.#defaults = notifyUrl ? { notify_url: notifyUrl } : {}
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
  async unified<P extends UnifiedOrderParams>(
    params: P,
    options?: RequestOptions
  ): Promise<UnifiedOrder<P['trade_type']>> {
    const endpoint = ENDPOINTS.unified
    const tradeType = String(params?.trade_type)
    const rules = (Object.hasOwn(UNIFIED_RULES, tradeType) && UNIFIED_RULES[tradeType]) || UNIFIED_RULES_ANY
    const fields = checkParams(params, rules, endpoint.operation, this.#defaults)
    if (fields.trade_type === 'JSAPI' && fields.openid === undefined && fields.sub_openid === undefined) {
      throw invalid(endpoint.operation, 'openid', 'is required for trade_type JSAPI')
    }
    const result = toResult(await this.#caller.call(endpoint, fields, options), endpoint.operation)
    const needed = { JSAPI: 'prepay_id', APP: 'prepay_id', NATIVE: 'code_url', MWEB: 'mweb_url' }[params.trade_type]
    if (result.prepay_id === undefined || result[needed] === undefined) throw lacks(endpoint.operation, needed)
    return result as UnifiedOrder<P['trade_type']>
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
  async query(params: OrderNumber, options?: RequestOptions): Promise<QueriedOrder> {
    const endpoint = ENDPOINTS.orderQuery
    const fields = checkOrderNumber(params, endpoint.operation)
    const result = toResult(await this.#caller.call(endpoint, fields, options), endpoint.operation, 'coupons')
    if (result.trade_state === undefined) throw lacks(endpoint.operation, 'trade_state')
    if (result.trade_state === 'SUCCESS' || result.trade_state === 'REFUND') requirePaid(result, endpoint.operation)
    return result as unknown as QueriedOrder
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
  async close(params: { out_trade_no: string }, options?: RequestOptions): Promise<ClosedOrder> {
    const endpoint = ENDPOINTS.close
    const fields = checkParams(params, CLOSE_RULES, endpoint.operation)
    try {
      const result = toResult(await this.#caller.call(endpoint, fields, options), endpoint.operation)
      return { ...(result as unknown as ClosedOrder), alreadyClosed: false }
    } catch (error) {
      // A repeat after a lost answer finds the order closed, by this very call.
      if (!(error instanceof WeChatPayError) || error.upstreamCode !== 'ORDERCLOSED') throw error
      const { appid, mch_id } = error.body as ClosedOrder
      return { appid, mch_id, alreadyClosed: true }
    }
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
  async micropay(params: MicropayParams, options?: RequestOptions): Promise<PaidOrder> {
    const endpoint = ENDPOINTS.micropay
    const fields = checkParams(params, MICROPAY_RULES, endpoint.operation)
    return this.#caller.callFor(endpoint, fields, options, (answer) => {
      const result = toResult(answer, endpoint.operation, 'coupons')
      requirePaid(result, endpoint.operation)
      return result as unknown as PaidOrder
    })
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
  micropayAndWait(params: MicropayParams, options: MicropayWaitOptions = {}): Promise<MicropayOutcome> {
    this.#caller.requireCertificate(ENDPOINTS.reverse)
    return micropayAndWait(this, params, options)
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
  async reverse(params: OrderNumber, options?: RequestOptions): Promise<ReversedOrder> {
    const endpoint = ENDPOINTS.reverse
    const fields = checkOrderNumber(params, endpoint.operation)
    return this.#caller.callFor(
      endpoint,
      fields,
      options,
      (answer) => toResult(answer, endpoint.operation) as unknown as ReversedOrder
    )
  }

  /**
   * Turns a scanned payment code into the openid of its customer (授权码查询 openid), without charging.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @example
   * const { openid } = await pay2.orders.authCodeToOpenid({ auth_code: '134650000000000000' })
   */
  async authCodeToOpenid(
    params: { auth_code: string },
    options?: RequestOptions
  ): Promise<{ appid: string; mch_id: string; openid: string; sub_openid?: string }> {
    const endpoint = ENDPOINTS.authCodeToOpenid
    const fields = checkParams(params, AUTH_CODE_RULES, endpoint.operation)
    const result = toResult(await this.#caller.call(endpoint, fields, options), endpoint.operation)
    if (result.openid === undefined) throw lacks(endpoint.operation, 'openid')
    return result as { appid: string; mch_id: string; openid: string }
  }
}

const PAID_FIELDS = ['transaction_id', 'out_trade_no', 'total_fee'] as const

/** @throws {UnexpectedResponseError} when a paid order lacks what identifies the payment. */
function requirePaid(result: Record<string, unknown>, operation: string): void {
  const missing = PAID_FIELDS.find((name) => result[name] === undefined)
  if (missing) throw lacks(operation, missing)
}

function checkOrderNumber(params: OrderNumber, operation: string): WireFields {
  const fields = checkParams(params, ORDER_NUMBER_RULES, operation)
  const count = Number(fields.out_trade_no !== undefined) + Number(fields.transaction_id !== undefined)
  if (count !== 1) throw invalid(operation, 'out_trade_no', 'or transaction_id: give exactly one of the two')
  return fields
}

export function lacks(operation: string, name: string): UnexpectedResponseError {
  return new UnexpectedResponseError(`${operation}: the answer lacks ${name}.`, { product: 'pay' })
}
