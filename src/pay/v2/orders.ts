import type { RequestOptions } from '../../core/client-options.ts'
import { type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { type Methods, signed } from './endpoint.ts'
import type { AccountParams } from './identity.ts'
import { type MicropayOutcome, type MicropayWaitOptions, micropayAndWait } from './micropay-and-wait.ts'
import { notifyUrl } from './notify-url.ts'
import type {
  ClosedOrder,
  MicropayParams,
  OrderNumber,
  PaidOrder,
  PayerOpenid,
  QueriedOrder,
  ReversedOrder,
  UnifiedOrder,
  UnifiedOrderParams
} from './order-types.ts'
import {
  beijingTime,
  chars,
  echoedText,
  ipAddress,
  json,
  jsonOrText,
  outTradeNo,
  transactionId,
  type WireFields
} from './params.ts'
import type { PayV2Client } from './pay-v2-client.ts'
import type { ResultFields } from './result.ts'

const ORDER: OptionRules = {
  body: required(chars(127)),
  out_trade_no: required(outTradeNo),
  total_fee: required(fen()),
  spbill_create_ip: required(ipAddress),
  device_info: optional(chars(32)),
  detail: optional(jsonOrText(6000)),
  attach: optional(echoedText(127)),
  fee_type: optional(chars(16, /^[A-Z]{3}$/, 'a currency such as CNY')),
  goods_tag: optional(chars(32)),
  limit_pay: optional(oneOf('no_credit')),
  receipt: optional(oneOf('Y')),
  profit_sharing: optional(oneOf('Y', 'N')),
  scene_info: optional(json(256)),
  time_start: optional(beijingTime),
  time_expire: optional(beijingTime),
  version: optional(chars(32))
}

export const UNIFIED_RULES: OptionRules = {
  ...ORDER,
  notify_url: required(notifyUrl),
  trade_type: required(oneOf('JSAPI', 'NATIVE', 'APP', 'MWEB')),
  product_id: optional(chars(32)),
  openid: optional(chars(128)),
  sub_openid: optional(chars(128)),
  user_type: optional(chars(32)),
  user_creid: optional(chars(32)),
  user_truename: optional(chars(64))
}
const NATIVE: OptionRules = { ...UNIFIED_RULES, product_id: required(chars(32)) }
const MWEB: OptionRules = { ...UNIFIED_RULES, scene_info: required(json(256)) }

/** Required fields of an order by trade type. */
export const orderRules = ({ trade_type: type }: Readonly<Record<string, unknown>>): OptionRules =>
  type === 'NATIVE' ? NATIVE : type === 'MWEB' ? MWEB : UNIFIED_RULES

const AUTH_CODE = required(chars(128, /^[0-9A-Za-z]{6,128}$/, 'the scanned code, digits only, without spaces'))

export const ORDER_NUMBER: OptionRules = {
  out_trade_no: optional(outTradeNo),
  transaction_id: optional(transactionId)
}

/** Fields that identify a payment. */
const PAID = ['transaction_id', 'out_trade_no', 'total_fee']
const ORDER_NUMBERS = ['out_trade_no', 'transaction_id']
const ACCOUNT = ['appid', 'mch_id']

const RESULT_FIELD: Readonly<Record<string, string>> = {
  JSAPI: 'prepay_id',
  APP: 'prepay_id',
  NATIVE: 'code_url',
  MWEB: 'mweb_url'
}

/** Checks the required fields of an order by trade type. */
export const orderNeeds = (sent: Readonly<WireFields>): readonly string[] => [
  'prepay_id',
  RESULT_FIELD[String(sent.trade_type)] ?? 'prepay_id'
]

/** JSAPI needs the payer. */
export const checkPayer = (fields: Readonly<WireFields>) =>
  fields.trade_type === 'JSAPI' && fields.openid === undefined && fields.sub_openid === undefined
    ? (['openid', 'is required for trade_type JSAPI'] as const)
    : undefined

export const ORDERS = {
  /**
   * Places an order (统一下单). Idempotent: the same number with the same parameters returns the order again.
   *
   * @param params amounts in fen; `JSAPI` needs `openid`, `NATIVE` `product_id`, `MWEB` `scene_info`
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDERPAID`, `OUT_TRADE_NO_USED`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns `prepay_id` (2 hours); `code_url` for NATIVE, `mweb_url` for MWEB
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
  unified: signed<
    UnifiedOrderParams,
    UnifiedOrder,
    <P extends UnifiedOrderParams>(params: P, options?: RequestOptions) => Promise<UnifiedOrder<P['trade_type']>>
  >('/pay/unifiedorder', {
    rules: orderRules,
    notifyUrl: 'notifyUrl',
    check: checkPayer,
    echo: [...ACCOUNT, 'trade_type'],
    needs: orderNeeds
  }),

  /**
   * Queries an order by your number or by WeChat's (查询订单). Success of the call does not mean that the order is paid:
   * check `trade_state`, and compare `total_fee` with your own order.
   *
   * @param params `out_trade_no` or `transaction_id`
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDERNOTEXIST`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns amounts in fen
   * @example
   * const order = await pay2.orders.query({ out_trade_no: '20260301000001' })
   * if (order.trade_state === 'SUCCESS') console.log(order.total_fee)
   */
  query: signed<OrderNumber, QueriedOrder>('/pay/orderquery', {
    rules: ORDER_NUMBER,
    oneOf: ORDER_NUMBERS,
    echo: [...ACCOUNT, ...ORDER_NUMBERS],
    indexed: 'coupons',
    needs: (_sent, { trade_state }) =>
      trade_state === 'SUCCESS' || trade_state === 'REFUND' ? ['trade_state', ...PAID] : ['trade_state']
  }),

  /**
   * Closes an unpaid order (关闭订单), at least five minutes after it was placed. Idempotent.
   *
   * @param params your number of the order
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDERPAID`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * await pay2.orders.close({ out_trade_no: '20260301000001' })
   */
  close: signed<{ out_trade_no: string } & AccountParams, ClosedOrder>('/pay/closeorder', {
    rules: { out_trade_no: required(outTradeNo) },
    echo: ACCOUNT,
    read: (result) => ({ ...result, alreadyClosed: false }),
    // A retry after a lost response finds the order closed by the first attempt.
    refusal: ({ upstreamCode, body }) => {
      if (upstreamCode !== 'ORDERCLOSED') return undefined
      const { appid, mch_id } = body as ResultFields
      return { appid, mch_id, alreadyClosed: true }
    }
  }),

  /**
   * Charges the code that a customer shows (付款码支付), once. `micropayAndWait` also waits and queries.
   *
   * @param params amounts in fen
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT while the customer enters the password (`USERPAYING`), and for
   *   `SYSTEMERROR`, `BANKERROR`, a timeout or a response that cannot be verified: query the order
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it certainly failed
   * @returns amounts in fen
   * @example
   * const paid = await pay2.orders.micropay({
   *   body: 'Coffee',
   *   out_trade_no: '20260301000002',
   *   total_fee: 1980,
   *   spbill_create_ip: '203.0.113.7',
   *   auth_code: '134650000000000000'
   * })
   */
  micropay: signed<MicropayParams, PaidOrder>('/pay/micropay', {
    rules: { ...ORDER, auth_code: AUTH_CODE, deposit: optional(oneOf('Y', 'N')) },
    // The code of the customer is single-use.
    retry: 'never',
    echo: [...ACCOUNT, 'out_trade_no', 'total_fee'],
    indexed: 'coupons',
    needs: PAID,
    query: { method: 'orders.query', by: ['out_trade_no'] }
  }),

  /**
   * Reverses a micropay order (撤销订单): cancels it, or refunds it if it was paid. Within 7 days, and not within 15 seconds of
   * the payment. Needs the merchant certificate. Call again while `recall` is `Y`.
   *
   * @param params `out_trade_no` or `transaction_id`
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: query the order, or reverse it again
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @example
   * const { recall } = await pay2.orders.reverse({ out_trade_no: '20260301000002' })
   */
  reverse: signed<OrderNumber, ReversedOrder>('/secapi/pay/reverse', {
    rules: ORDER_NUMBER,
    oneOf: ORDER_NUMBERS,
    certificate: true,
    echo: ACCOUNT,
    query: { method: 'orders.query', by: ORDER_NUMBERS }
  }),

  /**
   * Returns the openid of the customer who shows a payment code (付款码查询 openid), without charging.
   *
   * @param params the scanned code
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const { openid } = await pay2.orders.authCodeToOpenid({ auth_code: '134650000000000000' })
   */
  authCodeToOpenid: signed<{ auth_code: string } & AccountParams, PayerOpenid>('/tools/authcodetoopenid', {
    rules: { auth_code: AUTH_CODE },
    echo: ACCOUNT,
    needs: ['openid']
  })
}

/** Orders of API v2: `pay2.orders`. */
export interface Orders extends Methods<typeof ORDERS> {
  /**
   * Calls `micropay` and then follows the document: it queries while the result is open, and reverses the order if it
   * stays open. Needs the merchant certificate. Takes up to a minute. (付款码支付: 业务流程)
   *
   * @param params amounts in fen
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
  micropayAndWait(params: MicropayParams, options?: MicropayWaitOptions): Promise<MicropayOutcome>
}

/** @internal */
export function createOrders(client: PayV2Client): Orders {
  const orders: Orders = {
    ...client.methods('orders', ORDERS),
    async micropayAndWait(params, options = {}) {
      client.requireCertificate('orders.reverse', ORDERS.reverse)
      return micropayAndWait(orders, params, options)
    }
  }
  return orders
}
