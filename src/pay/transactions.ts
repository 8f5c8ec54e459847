import type { RequestOptions } from '../core/client-options.ts'
import {
  type AppParams,
  type ClientParams,
  type ClientParamsOptions,
  h5PaymentUrl,
  type JsapiParams,
  type MiniProgramParams
} from './client-params.ts'
import type { LateCaller } from './late-caller.ts'
import type {
  CodepayOrderParams,
  JsapiOrderParams,
  OrderNumber,
  OrderParams,
  PrepayId,
  Transaction,
  V3H5OrderParams
} from './transaction-types.ts'

/** Orders. (下单, 查询订单, 关闭订单) Placing one again with identical parameters is safe and gives a new `prepay_id`. */
export class Transactions {
  readonly #caller: LateCaller
  readonly #params: ClientParams

  /** @internal */
  constructor(caller: LateCaller, params: ClientParams) {
    this.#caller = caller
    this.#params = params
  }

  /**
   * Places an order for a page inside WeChat or a mini program. (JSAPI 下单)
   *
   * @param params `amount.total` in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError}
   * @example
   * const { prepay_id } = await pay.transactions.jsapi({
   *   description: 'Tea', out_trade_no: 'T202603010001', amount: { total: 1980 }, payer: { openid }
   * })
   * const payment = pay.transactions.miniProgramParams(prepay_id)
   */
  async jsapi(params: JsapiOrderParams, options?: RequestOptions): Promise<PrepayId> {
    return (await this.#caller.call('transactions.jsapi', params, options)) as unknown as PrepayId
  }

  /** Places an order for an app. (APP 下单) */
  async app(params: OrderParams, options?: RequestOptions): Promise<PrepayId> {
    return (await this.#caller.call('transactions.app', params, options)) as unknown as PrepayId
  }

  /** Places an order for a browser outside WeChat. (H5 下单) `h5_url` is good for five minutes. */
  async h5(params: V3H5OrderParams, options?: RequestOptions): Promise<{ h5_url: string }> {
    return (await this.#caller.call('transactions.h5', params, options)) as unknown as { h5_url: string }
  }

  /** Places an order that is paid by scanning a code. (Native 下单) `code_url` is good for two hours. */
  async native(params: OrderParams, options?: RequestOptions): Promise<{ code_url: string }> {
    return (await this.#caller.call('transactions.native', params, options)) as unknown as { code_url: string }
  }

  /**
   * Charges the payment code that the user shows. (付款码支付) Is never repeated by the client.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT also while the user types a password: query every few seconds, reverse
   *   after half a minute.
   */
  async codepay(params: CodepayOrderParams, options?: RequestOptions): Promise<Transaction> {
    return (await this.#caller.call('transactions.codepay', params, options)) as unknown as Transaction
  }

  /** Takes a code payment back, paid or not. (撤销) */
  async reverse(params: { out_trade_no: string }, options?: RequestOptions): Promise<{ out_trade_no: string }> {
    return (await this.#caller.call('transactions.reverse', params, options)) as unknown as { out_trade_no: string }
  }

  /** Looks an order up by either number. (查询订单) */
  async query(params: OrderNumber, options?: RequestOptions): Promise<Transaction> {
    const choices = { transaction_id: 'transactions.queryById', out_trade_no: 'transactions.queryByNumber' } as const
    return (await this.#caller.callBy(choices, params, options)) as unknown as Transaction
  }

  /** Closes an unpaid order. (关闭订单) Closing twice is no error. */
  async close(params: { out_trade_no: string }, options?: RequestOptions): Promise<void> {
    await this.#caller.call('transactions.close', params, options)
  }

  /** Parameters for `WeixinJSBridge` or `wx.chooseWXPay`. Computed here, nothing is sent. (JSAPI 调起支付) */
  jsapiParams(prepayId: string, options?: ClientParamsOptions): JsapiParams {
    return this.#params.jsapi(prepayId, options)
  }

  /** Parameters for `wx.requestPayment`. (小程序调起支付) */
  miniProgramParams(prepayId: string, options?: ClientParamsOptions): MiniProgramParams {
    return this.#params.miniProgram(prepayId, options)
  }

  /** Parameters for the Open SDK. (APP 调起支付) */
  appParams(prepayId: string, options?: ClientParamsOptions): AppParams {
    return this.#params.app(prepayId, options)
  }

  /** `h5_url` with the address to return to. (H5 调起支付) */
  h5Url(h5Url: string, redirectUrl?: string | URL): URL {
    return h5PaymentUrl(h5Url, redirectUrl)
  }
}
