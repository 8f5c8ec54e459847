import { anything, type OptionRules, optional, record, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { type AccountField, type EndpointRules, get, post } from '../endpoint.ts'
import { chars, ipAddress, listOf, notifyUrl, outTradeNo, rfc3339, transactionId } from '../field-rules.ts'
import type { PrepayId } from './transaction.ts'

/** Types of the parameters of orders that open a payment. */
interface PrepayTypes {
  readonly jsapi: unknown
  readonly app: unknown
  /** The response of `app`. */
  readonly appOrder: unknown
  readonly h5: unknown
  readonly native: unknown
}

/** Types of the further calls of single orders. */
interface OrderTypes extends PrepayTypes {
  readonly jsapiContract: unknown
  readonly appContract: unknown
  readonly codepay: unknown
  readonly number: unknown
  readonly reverse: unknown
  readonly close: unknown
  readonly transaction: unknown
}

type Fill = Readonly<Record<string, AccountField>>

/** Differences between orders of a merchant, of a service provider, and combined orders. */
interface PrepayVariant {
  readonly base: string
  readonly fill: Fill
  readonly rules: OptionRules
  /** The payer, inside WeChat. */
  readonly payer: OptionRules
  readonly encrypted: readonly string[]
}

interface OrderVariant extends Omit<PrepayVariant, 'encrypted' | 'rules'> {
  readonly family: string
  /** The merchant in queries. */
  readonly merchant: Fill
  /** Fields of the sub-merchant. */
  readonly sub: OptionRules
  /** The fields that name the merchant in the response. */
  readonly echo: readonly string[]
}

const H5_RULES: OptionRules = {
  scene_info: required(record),
  'scene_info.payer_client_ip': required(ipAddress),
  'scene_info.h5_info': required(record),
  'scene_info.h5_info.type': required(chars(32))
}
const AMOUNT: OptionRules = {
  amount: required(record),
  'amount.total': required(fen()),
  'amount.currency': optional(chars(16))
}
const ORDER_RULES: OptionRules = {
  description: required(chars(127)),
  out_trade_no: required(outTradeNo),
  time_expire: optional(rfc3339),
  attach: optional(chars(128)),
  notify_url: required(notifyUrl),
  goods_tag: optional(chars(32)),
  ...AMOUNT,
  'detail.goods_detail': optional(listOf(6000)),
  'scene_info.payer_client_ip': optional(ipAddress),
  settle_info: optional(record),
  limit_pay: optional(listOf(10)),
  support_fapiao: optional(anything)
}
const CONTRACT_RULES: OptionRules = {
  contract_info: required(record),
  'contract_info.plan_id': optional(chars(28, /^\d{1,28}$/, 'digits, as text')),
  'contract_info.contract_code': optional(chars(128)),
  'contract_info.request_serial': optional(chars(12, /^\d{1,12}$/, 'at most 12 digits, as text')),
  'contract_info.contract_display_account': optional(chars(128)),
  'contract_info.contract_notify_url': optional(notifyUrl)
}
const CODE_RULES: OptionRules = {
  description: required(chars(127)),
  out_trade_no: required(outTradeNo),
  attach: optional(chars(128)),
  goods_tag: optional(chars(32)),
  payer: required(record),
  'payer.auth_code': required(chars(32, /^\d{15,32}$/, 'the digits of a payment code (付款码)')),
  ...AMOUNT,
  scene_info: required(record),
  'scene_info.store_info': optional(record)
}

/** The rows of orders that open a payment. */
export function prepayRows<T extends PrepayTypes>({ base, fill, rules, payer, encrypted }: PrepayVariant) {
  const shared: EndpointRules = { fill: { ...fill, notify_url: 'notifyUrl' }, encrypted }
  return {
    /**
     * Places an order for a page inside WeChat or a mini program. (JSAPI 下单, 小程序下单) Idempotent: the same parameters
     * return a new `prepay_id` of the same order.
     *
     * @param params amounts in fen
     * @returns `prepay_id` for `pay.jsapiParams` and `pay.miniProgramParams`
     * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     * @example
     * const { prepay_id } = await pay.transactions.jsapi({
     *   description: 'Tea', out_trade_no: 'T202603010001', amount: { total: 1980 }, payer: { openid }
     * })
     * const payment = pay.miniProgramParams(prepay_id)
     */
    jsapi: post<T['jsapi'], PrepayId>(`${base}/jsapi`, {
      ...shared,
      rules: { ...rules, ...payer },
      expects: ['prepay_id']
    }),

    /**
     * Places an order for an app. (APP 下单) Idempotent.
     *
     * @param params amounts in fen
     * @returns `prepay_id` for `pay.appParams`
     * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    app: post<T['app'], T['appOrder']>(`${base}/app`, { ...shared, rules, expects: ['prepay_id'] }),

    /**
     * Places an order for a browser outside WeChat. (H5 下单) Idempotent.
     *
     * @param params amounts in fen
     * @returns `h5_url`, valid for five minutes, for `pay.h5Url`
     * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    h5: post<T['h5'], { h5_url: string }>(`${base}/h5`, {
      ...shared,
      rules: { ...rules, ...H5_RULES },
      expects: ['h5_url']
    }),

    /**
     * Places an order that is paid by scanning a code. (Native 下单) Idempotent.
     *
     * @param params amounts in fen
     * @returns `code_url`, valid for two hours, to show as a QR code
     * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    native: post<T['native'], { code_url: string }>(`${base}/native`, { ...shared, rules, expects: ['code_url'] })
  }
}

/** The rows of single orders, of a merchant itself and of a service provider. */
export function orderRows<T extends OrderTypes>(variant: OrderVariant) {
  const { base, family, fill, merchant, sub, echo } = variant
  const byNumber = `${base}/out-trade-no/{out_trade_no}`
  const number = { out_trade_no: required(outTradeNo), ...sub }
  const money = {
    open: 'ambiguous',
    query: { method: `${family}.query`, by: ['out_trade_no', ...(sub.sub_mchid ? ['sub_mchid'] : [])] }
  } as const
  const encrypted = ['payer.identity.number', 'payer.identity.name']
  return {
    ...prepayRows<T>({ ...variant, rules: { ...ORDER_RULES, ...sub }, encrypted }),

    /**
     * Places an order inside WeChat that also signs a contract for deductions. (JSAPI 支付中签约) Idempotent. Payment and
     * contract are notified separately, in any order; the contract may fail although the payment succeeds.
     *
     * @param params amounts in fen
     * @returns `prepay_id` for `pay.jsapiParams` and `pay.miniProgramParams`
     * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    jsapiWithContract: post<T['jsapiContract'], PrepayId>(`${base}/jsapi-with-contract`, {
      fill: { ...fill, notify_url: 'notifyUrl' },
      rules: { ...ORDER_RULES, ...sub, ...variant.payer, ...CONTRACT_RULES },
      expects: ['prepay_id']
    }),

    /**
     * Places an order for an app that also signs a contract for deductions. (APP 支付中签约) Idempotent. Payment and
     * contract are notified separately, in any order; the contract may fail although the payment succeeds.
     *
     * @param params amounts in fen
     * @returns `prepay_id` for `pay.appParams`
     * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    appWithContract: post<T['appContract'], PrepayId>(`${base}/app-with-contract`, {
      fill: { ...fill, notify_url: 'notifyUrl' },
      rules: { ...ORDER_RULES, ...sub, ...CONTRACT_RULES },
      expects: ['prepay_id']
    }),

    /**
     * Charges the payment code that the user shows. (付款码支付) Never retried by the client.
     *
     * @param params amounts in fen
     * @throws {UnknownResultError} ERR_UNKNOWN_RESULT also while the user types a password: query every few seconds, reverse
     *   after half a minute
     * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY when it was refused
     * @throws {SignatureError} {ConnectionError} when the request was never sent
     */
    codepay: post<T['codepay'], T['transaction']>(`${base}/codepay`, {
      idempotent: false,
      fill,
      rules: { ...CODE_RULES, ...sub },
      echo: ['out_trade_no', ...echo],
      money
    }),

    /**
     * Reverses a code payment, paid or not. (撤销订单) Idempotent.
     *
     * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`, or retry
     * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError}
     */
    reverse: post<T['reverse'], { out_trade_no: string }>(`${byNumber}/reverse`, {
      fill,
      rules: number,
      echo: ['out_trade_no'],
      money
    }),

    /**
     * Looks up an order by either number. (微信支付订单号查询订单, 商户订单号查询订单)
     *
     * @returns the order; paid only if `trade_state` is `SUCCESS`
     * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDER_NOT_EXIST`; {ConfigError} ERR_INVALID_PARAM; {SignatureError};
     *   {ConnectionError}; {UnexpectedResponseError}
     */
    query: get<T['number'], T['transaction']>(
      { transaction_id: `${base}/id/{transaction_id}`, out_trade_no: byNumber },
      {
        fill: merchant,
        rules: { transaction_id: optional(transactionId), out_trade_no: optional(outTradeNo), ...withoutApp(sub) },
        expects: ['trade_state'],
        echo: ['transaction_id', 'out_trade_no', ...echo]
      }
    ),

    /**
     * Closes an unpaid order. (关闭订单) Idempotent.
     *
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
     */
    close: post<T['close'], void>(`${byNumber}/close`, {
      empty: true,
      fill: merchant,
      rules: { out_trade_no: required(outTradeNo), ...withoutApp(sub) }
    })
  }
}

function withoutApp({ sub_appid: _, ...rest }: OptionRules): OptionRules {
  return rest
}
