import type { RequestOptions } from '../../core/client-options.ts'
import type { LateCaller } from './late-caller.ts'
import type { OrderNumber } from './order-types.ts'
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

/** Refunds of API v2: `pay2.refunds`. */
export class Refunds {
  readonly #caller: LateCaller

  /** @internal */
  constructor(caller: LateCaller) {
    this.#caller = caller
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
  create(params: RefundParams, options?: RequestOptions): Promise<Refund> {
    return this.#caller.run(params, options, ({ refunds }, ...given) => refunds.create(...given))
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
  query(params: RefundQueryParams, options?: RequestOptions): Promise<QueriedRefunds> {
    return this.#caller.run(params, options, ({ refunds }, ...given) => refunds.query(...given))
  }
}
