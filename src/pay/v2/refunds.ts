import type { RequestOptions } from '../../core/client-options.ts'
import { integer, type OptionCheck, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { UnexpectedResponseError } from '../../errors/index.ts'
import { fen } from '../common/fen.ts'
import type { Caller } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import { invalid } from './invalid.ts'
import type { OrderNumber } from './order-types.ts'
import { chars, checkParams, json, outRefundNo, outTradeNo, transactionId, type WireFields } from './params.ts'
import type { QueriedRefunds, Refund, RefundGoodsDetail } from './refund-types.ts'

export type RefundParams = OrderNumber & {
  /** Your number of the refund; repeating the call with it and the same parameters never refunds twice. */
  out_refund_no: string
  /** Amount of the order, in fen. */
  total_fee: number
  /** Amount to pay back, in fen; all refunds of an order together at most `total_fee`. */
  refund_fee: number
  refund_fee_type?: string
  /** Shown to the customer, at most 80 characters. */
  refund_desc?: string
  refund_account?: 'REFUND_SOURCE_UNSETTLED_FUNDS' | 'REFUND_SOURCE_RECHARGE_FUNDS'
  /** Default: `refundNotifyUrl` of the client, else the setting of the merchant platform. Without query string. */
  notify_url?: string
  /** Refund of single items. */
  detail?: RefundGoodsDetail | string
}

/** One of the four numbers; `offset` for orders with more than ten refunds. */
export type RefundQueryParams = { offset?: number } & (
  | { out_refund_no: string }
  | { refund_id: string }
  | { out_trade_no: string }
  | { transaction_id: string }
)

const refundRules = (notifyUrl: OptionCheck): OptionRules => ({
  out_trade_no: optional(outTradeNo),
  transaction_id: optional(transactionId),
  out_refund_no: required(outRefundNo),
  total_fee: required(fen()),
  refund_fee: required(fen()),
  refund_fee_type: optional(chars(8, /^[A-Z]{3}$/, 'a currency such as CNY')),
  refund_desc: optional(chars(80)),
  refund_account: optional(oneOf('REFUND_SOURCE_UNSETTLED_FUNDS', 'REFUND_SOURCE_RECHARGE_FUNDS')),
  notify_url: optional(notifyUrl),
  detail: optional(json(6000))
})

const QUERY: OptionRules = {
  out_refund_no: optional(outRefundNo),
  refund_id: optional(transactionId),
  out_trade_no: optional(outTradeNo),
  transaction_id: optional(transactionId),
  offset: optional(integer(0, 1000))
}

/** Refunds of API v2: `pay2.refunds`. */
export class Refunds {
  readonly #caller: Caller
  readonly #rules: OptionRules
  readonly #defaults: WireFields

  /** @internal */
  constructor(caller: Caller, notifyUrl: string | undefined) {
    this.#caller = caller
    this.#rules = refundRules(caller.known.notifyUrl)
    this.#defaults = notifyUrl ? { notify_url: notifyUrl } : {}
  }

  /**
   * Applies for a refund (申请退款). The answer says that it was **accepted**: the end is told by {@link query} or by the refund
   * notification. Needs the merchant certificate. Within a year of the payment, at most 50 per order, a minute apart.
   *
   * @param params amounts in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `refunds.query`, repeat only with the same number and parameters
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NOTENOUGH`, `FREQUENCY_LIMITED`
   * @example
   * const refund = await pay2.refunds.create({
   *   out_trade_no: '20260301000001',
   *   out_refund_no: 'R20260301000001',
   *   total_fee: 1980,
   *   refund_fee: 500
   * })
   */
  async create(params: RefundParams, options?: RequestOptions): Promise<Refund> {
    const { operation } = ENDPOINTS.refund
    const fields = checkParams(params, this.#rules, operation, this.#defaults)
    const endpoint = fields.detail === undefined ? ENDPOINTS.refund : ENDPOINTS.refundWithGoods
    if ((fields.out_trade_no === undefined) === (fields.transaction_id === undefined)) {
      throw invalid(operation, 'out_trade_no', 'or transaction_id: give exactly one of the two')
    }
    if (Number(fields.refund_fee) > Number(fields.total_fee)) {
      throw invalid(operation, 'refund_fee', 'must not be more than total_fee')
    }
    return this.#caller.callFor(
      endpoint,
      fields,
      options,
      (answer) => this.#caller.known.toResult(answer, operation, 'coupons') as unknown as Refund
    )
  }

  /**
   * Queries refunds (查询退款). By the number of a refund for one, by that of an order for all of it, ten at a time.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `REFUNDNOTEXIST`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const { refunds } = await pay2.refunds.query({ out_refund_no: 'R20260301000001' })
   * console.log(refunds[0]?.refund_status)
   */
  async query(params: RefundQueryParams, options?: RequestOptions): Promise<QueriedRefunds> {
    const endpoint = ENDPOINTS.refundQuery
    const fields = checkParams(params, QUERY, endpoint.operation)
    const numbers = ['out_refund_no', 'refund_id', 'out_trade_no', 'transaction_id'].filter((name) => name in fields)
    if (numbers.length !== 1) {
      throw invalid(endpoint.operation, 'out_refund_no', 'refund_id, out_trade_no, transaction_id: give exactly one')
    }
    const answer = await this.#caller.call(endpoint, fields, options)
    const result = this.#caller.known.toResult(answer, endpoint.operation, 'refunds') as unknown as QueriedRefunds
    for (const name of ['out_refund_no', 'refund_id'] as const) {
      if (fields[name] !== undefined && !result.refunds.some((refund) => refund[name] === fields[name])) {
        throw new UnexpectedResponseError(`${endpoint.operation}: the answer is about other refunds than ${name}.`, {
          product: 'pay'
        })
      }
    }
    return result
  }
}
