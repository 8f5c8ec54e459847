import type { RequestOptions } from '../../core/client-options.ts'
import { checkOptions, integer, type OptionRules, oneOf, optional, required, text } from '../../core/options.ts'
import { ConfigError, WeChatApiError } from '../../errors/index.ts'
import { Secret } from '../../internal/secret.ts'
import { checkFields, present } from '../../wechat-api/check-params.ts'
import { type Endpoint, post } from '../../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import { writeJson } from '../../wechat-api/write-json.ts'
import { type SessionCall, VIRTUAL_PAYMENT_CALLS, type VirtualPaymentCall } from './virtual-payment-calls.ts'
import { paySignature, sessionSignature } from './virtual-payment-signature.ts'
import type { VirtualPaymentClientParams, VirtualPaymentEnv, VirtualPaymentOrder } from './virtual-payment-types.ts'

/** Option `virtualPayment` of `MiniProgram`: the page "basic settings" (基本配置) of virtual payment in the console. */
export interface VirtualPaymentOptions {
  /** 应用 ID: digits as text. */
  offerId: string
  /** 现网 AppKey, for `env` 0. */
  appKey: string
  /** 沙箱 AppKey, for `env` 1. */
  sandboxAppKey?: string | undefined
}

/** Options of a call that proves the login of the user. */
export type SessionCallOptions = RequestOptions & {
  /** The latest `session_key` of the user from `code2Session`. */
  sessionKey: string
}

/** Methods of {@link VirtualPayment}, derived from the rows. */
export type VirtualPaymentMethods = {
  readonly [Name in keyof typeof VIRTUAL_PAYMENT_CALLS]: (typeof VIRTUAL_PAYMENT_CALLS)[Name] extends SessionCall<
    infer P,
    infer R
  >
    ? (params: P, options: SessionCallOptions) => Promise<R>
    : (typeof VIRTUAL_PAYMENT_CALLS)[Name] extends VirtualPaymentCall<infer P, infer R>
      ? (params: P, options?: RequestOptions) => Promise<R>
      : never
}

/** Virtual payment (虚拟支付). */
export type VirtualPayment = VirtualPaymentMethods & {
  /**
   * Returns the parameters of `wx.requestVirtualPayment`. Synchronous. Deliver on the event or after `queryOrder`,
   * never on the client's `success`.
   *
   * @param order Prices in fen.
   * @param sessionKey `session_key` of the payer.
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without the option `virtualPayment`
   * @example
   * const params = mini.virtualPayment.clientParams(
   *   { mode: 'short_series_goods', productId: 'vip_month', buyQuantity: 1, goodsPrice: 1990, outTradeNo: 'G20260301000001', attach: 'uid=42' },
   *   session_key
   * )
   */
  clientParams(order: VirtualPaymentOrder, sessionKey: string): VirtualPaymentClientParams
}

/** Errcode returned if an earlier call with the same number succeeded. */
const DONE_ALREADY = 268490004

const APP_KEY = text(/^[\x21-\x7e]{8,128}$/, 'the AppKey of the console')
const RULES: OptionRules = {
  offerId: required(text(/^\d+$/, 'digits: the 应用 ID of the console')),
  appKey: required(APP_KEY),
  sandboxAppKey: optional(APP_KEY)
}
const ORDER_RULES = {
  mode: oneOf('short_series_goods', 'short_series_coin'),
  'env?': oneOf(0, 1),
  outTradeNo: (value: unknown) =>
    typeof value === 'string' && /^[A-Za-z0-9|*@-][\w|*@-]{7,31}$/.test(value)
      ? undefined
      : 'must be 8 to 32 digits, letters or "_-|*@", not beginning with "_"',
  attach: (value: unknown) => (typeof value === 'string' ? undefined : 'must be text'),
  buyQuantity: integer(1)
}
const GOODS_RULES = { productId: present, goodsPrice: integer(1), 'activitySellingPrice?': integer(1) }

/**
 * @internal Created by the client.
 * @throws {ConfigError} ERR_CONFIG naming the option
 */
export function createVirtualPayment(api: WeChatApiClient, options: VirtualPaymentOptions | undefined): VirtualPayment {
  if (options) checkOptions(options, RULES, { owner: 'MiniProgram virtualPayment', product: 'miniapp' })
  const keys = options && [new Secret(options.appKey), options.sandboxAppKey && new Secret(options.sandboxAppKey)]
  const keyOf = (env: VirtualPaymentEnv, operation: string): string => {
    const key = keys?.[env]
    if (key) return key.reveal()
    const option = options ? 'virtualPayment.sandboxAppKey' : 'virtualPayment'
    throw new ConfigError(`${operation}: set the option "${option}" of MiniProgram. Nothing was sent.`, {
      option,
      product: 'miniapp'
    })
  }
  const send = async (
    operation: string,
    row: VirtualPaymentCall<never, unknown>,
    given: object,
    more?: Partial<SessionCallOptions>
  ) => {
    const { path, rules, withSession, idempotent = false, picks, withoutEnv, repeats } = row
    const { sessionKey, ...requestOptions } = more ?? {}
    const owner = { operation, product: api.product }
    checkFields(owner, given, { ...rules, 'env?': oneOf(0, 1) })
    if (withSession) checkFields(owner, { sessionKey }, { sessionKey: present })
    const { env = 0, payitem, ...rest } = given as { env?: VirtualPaymentEnv; payitem?: unknown }
    const params = {
      ...(withoutEnv ? {} : { env }),
      ...rest,
      ...(payitem === undefined ? {} : { payitem: JSON.stringify(payitem) })
    }
    // Serialised once: the bytes that are signed are the bytes that are sent.
    const body = writeJson(params, operation, api.product)
    const query = {
      pay_sig: paySignature(path, body, keyOf(env, operation)),
      ...(withSession ? { signature: sessionSignature(body, sessionKey ?? '') } : {})
    }
    const endpoint: Endpoint<never, unknown> = {
      ...post(operation, path),
      idempotent,
      ...(picks === undefined ? { returns: '*' as never } : { picks })
    }
    try {
      return await api.send(endpoint, { query, body, headers: { 'content-type': 'application/json' } }, requestOptions)
    } catch (error) {
      const isDone = repeats && error instanceof WeChatApiError && error.errcode === DONE_ALREADY
      if (!isDone) throw error
      return { order_id: (given as { order_id?: unknown }).order_id, repeated: true }
    }
  }
  const methods = Object.entries(VIRTUAL_PAYMENT_CALLS).map(([name, row]) => [
    name,
    (params: object, more?: Partial<SessionCallOptions>) => send(`virtualPayment.${name}`, row, params, more)
  ])
  return {
    ...(Object.fromEntries(methods) as VirtualPaymentMethods),
    clientParams(order, sessionKey) {
      const owner = { operation: 'virtualPayment.clientParams', product: api.product }
      checkFields(owner, order, ORDER_RULES)
      if (order.mode === 'short_series_goods') checkFields(owner, order, GOODS_RULES)
      checkFields(owner, { sessionKey }, { sessionKey: present })
      const { mode, env = 0, ...fields } = order
      const appKey = keyOf(env, owner.operation)
      const signData = JSON.stringify({ offerId: options?.offerId, env, currencyType: 'CNY', ...fields })
      return {
        signData,
        mode,
        paySig: paySignature('requestVirtualPayment', signData, appKey),
        signature: sessionSignature(signData, sessionKey)
      }
    }
  }
}
