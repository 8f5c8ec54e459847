import type { RequestOptions } from '../../core/client-options.ts'
import { UnexpectedResponseError, WeChatPayError } from '../../errors/index.ts'
import type { Caller } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import { invalid } from './invalid.ts'
import {
  AUTH_CODE_RULES,
  CLOSE_RULES,
  MICROPAY_RULES,
  ORDER_NUMBER_RULES,
  type UnifiedRules,
  unifiedRules
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
import { checkParams, type WireFields } from './params.ts'

/** What `orders.ts` calls. */
export class OrderCalls {
  readonly #caller: Caller
  readonly #unified: UnifiedRules
  readonly #defaults: WireFields

  constructor(caller: Caller, notifyUrl: string | undefined) {
    this.#caller = caller
    this.#unified = unifiedRules(caller.known.notifyUrl)
    this.#defaults = notifyUrl ? { notify_url: notifyUrl } : {}
  }

  async unified<P extends UnifiedOrderParams>(
    params: P,
    options?: RequestOptions
  ): Promise<UnifiedOrder<P['trade_type']>> {
    const endpoint = ENDPOINTS.unified
    const tradeType: unknown = params?.trade_type
    const { byTradeType, any } = this.#unified
    const isKnown = typeof tradeType === 'string' && Object.hasOwn(byTradeType, tradeType)
    const rules = (isKnown && byTradeType[tradeType]) || any
    const fields = checkParams(params, rules, endpoint.operation, this.#defaults)
    if (fields.trade_type === 'JSAPI' && fields.openid === undefined && fields.sub_openid === undefined) {
      throw invalid(endpoint.operation, 'openid', 'is required for trade_type JSAPI')
    }
    const result = this.#caller.known.toResult(await this.#caller.call(endpoint, fields, options), endpoint.operation)
    const needed = { JSAPI: 'prepay_id', APP: 'prepay_id', NATIVE: 'code_url', MWEB: 'mweb_url' }[params.trade_type]
    if (result.prepay_id === undefined || result[needed] === undefined) throw lacks(endpoint.operation, needed)
    return result as UnifiedOrder<P['trade_type']>
  }

  async query(params: OrderNumber, options?: RequestOptions): Promise<QueriedOrder> {
    const endpoint = ENDPOINTS.orderQuery
    const fields = checkOrderNumber(params, endpoint.operation)
    const result = this.#caller.known.toResult(
      await this.#caller.call(endpoint, fields, options),
      endpoint.operation,
      'coupons'
    )
    if (result.trade_state === undefined) throw lacks(endpoint.operation, 'trade_state')
    if (result.trade_state === 'SUCCESS' || result.trade_state === 'REFUND') requirePaid(result, endpoint.operation)
    return result as unknown as QueriedOrder
  }

  async close(params: { out_trade_no: string }, options?: RequestOptions): Promise<ClosedOrder> {
    const endpoint = ENDPOINTS.close
    const fields = checkParams(params, CLOSE_RULES, endpoint.operation)
    try {
      const result = this.#caller.known.toResult(await this.#caller.call(endpoint, fields, options), endpoint.operation)
      return { ...(result as unknown as ClosedOrder), alreadyClosed: false }
    } catch (error) {
      // A repeat after a lost answer finds the order closed, by this very call.
      if (!(error instanceof WeChatPayError) || error.upstreamCode !== 'ORDERCLOSED') throw error
      const { appid, mch_id } = error.body as ClosedOrder
      return { appid, mch_id, alreadyClosed: true }
    }
  }

  async micropay(params: MicropayParams, options?: RequestOptions): Promise<PaidOrder> {
    const endpoint = ENDPOINTS.micropay
    const fields = checkParams(params, MICROPAY_RULES, endpoint.operation)
    return this.#caller.callFor(endpoint, fields, options, (answer) => {
      const result = this.#caller.known.toResult(answer, endpoint.operation, 'coupons')
      requirePaid(result, endpoint.operation)
      return result as unknown as PaidOrder
    })
  }

  async reverse(params: OrderNumber, options?: RequestOptions): Promise<ReversedOrder> {
    const endpoint = ENDPOINTS.reverse
    const fields = checkOrderNumber(params, endpoint.operation)
    return this.#caller.callFor(
      endpoint,
      fields,
      options,
      (answer) => this.#caller.known.toResult(answer, endpoint.operation) as unknown as ReversedOrder
    )
  }

  async authCodeToOpenid(
    params: { auth_code: string },
    options?: RequestOptions
  ): Promise<{ appid: string; mch_id: string; openid: string; sub_openid?: string }> {
    const endpoint = ENDPOINTS.authCodeToOpenid
    const fields = checkParams(params, AUTH_CODE_RULES, endpoint.operation)
    const result = this.#caller.known.toResult(await this.#caller.call(endpoint, fields, options), endpoint.operation)
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

function lacks(operation: string, name: string): UnexpectedResponseError {
  return new UnexpectedResponseError(`${operation}: the answer lacks ${name}.`, { product: 'pay' })
}
