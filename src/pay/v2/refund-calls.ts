import type { RequestOptions } from '../../core/client-options.ts'
import { integer, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { UnexpectedResponseError } from '../../errors/index.ts'
import { fen } from '../common/fen.ts'
import type { Caller } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import { invalid } from './invalid.ts'
import { notifyUrl } from './notify-url.ts'
import { chars, checkParams, json, outRefundNo, outTradeNo, transactionId, type WireFields } from './params.ts'
import type { QueriedRefunds, Refund } from './refund-types.ts'
import { toResult } from './result.ts'

const REFUND: OptionRules = {
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
}

const QUERY: OptionRules = {
  out_refund_no: optional(outRefundNo),
  refund_id: optional(transactionId),
  out_trade_no: optional(outTradeNo),
  transaction_id: optional(transactionId),
  offset: optional(integer(0, 1000))
}

import type { RefundParams, RefundQueryParams } from './refunds.ts'

/** What `refunds.ts` calls. */
export class RefundCalls {
  readonly #caller: Caller
  readonly #defaults: WireFields

  constructor(caller: Caller, notifyUrl: string | undefined) {
    this.#caller = caller
    this.#defaults = notifyUrl ? { notify_url: notifyUrl } : {}
  }

  async create(params: RefundParams, options?: RequestOptions): Promise<Refund> {
    const { operation } = ENDPOINTS.refund
    const fields = checkParams(params, REFUND, operation, this.#defaults)
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
      (answer) => toResult(answer, operation, 'coupons') as unknown as Refund
    )
  }

  async query(params: RefundQueryParams, options?: RequestOptions): Promise<QueriedRefunds> {
    const endpoint = ENDPOINTS.refundQuery
    const fields = checkParams(params, QUERY, endpoint.operation)
    const numbers = ['out_refund_no', 'refund_id', 'out_trade_no', 'transaction_id'].filter((name) => name in fields)
    if (numbers.length !== 1) {
      throw invalid(endpoint.operation, 'out_refund_no', 'refund_id, out_trade_no, transaction_id: give exactly one')
    }
    const answer = await this.#caller.call(endpoint, fields, options)
    const result = toResult(answer, endpoint.operation, 'refunds') as unknown as QueriedRefunds
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
