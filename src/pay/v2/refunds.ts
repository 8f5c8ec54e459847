import { integer, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { UnexpectedResponseError } from '../../errors/index.ts'
import { fen } from '../common/fen.ts'
import { type Methods, signed } from './endpoint.ts'
import type { AccountParams } from './identity.ts'
import { notifyUrl } from './notify-url.ts'
import type { OrderNumber } from './order-types.ts'
import { chars, json, outRefundNo, outTradeNo, type ParamProblem, transactionId, type WireFields } from './params.ts'
import type { ResultFields } from './result.ts'

/** Parameters of `refunds.create`. */
export type RefundParams = OrderNumber & {
  /** Your number of the refund; a retry with it and the same parameters never refunds twice. */
  out_refund_no: string
  /** Amount of the order, in fen. */
  total_fee: number
  /** Amount to refund, in fen; all refunds of an order together at most `total_fee`. */
  refund_fee: number
  refund_fee_type?: string | undefined
  /** Shown to the customer, at most 80 characters. */
  refund_desc?: string | undefined
  refund_account?: 'REFUND_SOURCE_UNSETTLED_FUNDS' | 'REFUND_SOURCE_RECHARGE_FUNDS' | undefined
  /** Default: `refundNotifyUrl` of the client, else the setting of the merchant platform. Without query string. */
  notify_url?: string | URL | undefined
  /** Refund of single items. */
  detail?: RefundGoodsDetail | string | undefined
}

/** One of the four numbers; `offset` for orders with more than ten refunds. */
export type RefundQueryParams = AccountParams & {
  offset?: number | undefined
} & ({ out_refund_no: string } | { refund_id: string } | { out_trade_no: string } | { transaction_id: string })

/** A coupon that was returned with a refund. */
export interface RefundCoupon {
  coupon_type?: 'CASH' | 'NO_CASH'
  coupon_refund_id?: string
  /** Fen. */
  coupon_refund_fee?: number
}

/** `detail` of a refund of single items. */
export interface RefundGoodsDetail {
  goods_detail: readonly {
    goods_id: string
    wxpay_goods_id?: string | undefined
    goods_name?: string | undefined
    /** Fen. */
    refund_amount: number
    refund_quantity: number
    /** Fen. */
    price: number
  }[]
}

/** An accepted refund. Amounts in fen. */
export interface Refund {
  appid: string
  mch_id: string
  sub_appid?: string
  sub_mch_id?: string
  transaction_id: string
  out_trade_no: string
  out_refund_no: string
  refund_id: string
  /** Requested amount, in fen. */
  refund_fee: number
  /** Refunded amount minus free coupons, in fen. */
  settlement_refund_fee?: number
  /** Amount of the order, in fen. */
  total_fee: number
  /** Amount of the order minus free coupons, in fen. */
  settlement_total_fee?: number
  fee_type?: string
  /** Amount paid in cash, in fen. */
  cash_fee: number
  cash_fee_type?: string
  /** Amount refunded in cash, in fen. */
  cash_refund_fee?: number
  /** Amount refunded as coupons, in fen. */
  coupon_refund_fee?: number
  coupon_refund_count?: number
  coupons: RefundCoupon[]
}

/**
 * `SUCCESS` complete, `PROCESSING` in progress, `REFUNDCLOSE` closed, `CHANGE` failed: settle it in the merchant
 * platform.
 */
export type RefundStatus = 'SUCCESS' | 'REFUNDCLOSE' | 'PROCESSING' | 'CHANGE'

/** One refund of a query. Amounts in fen, times `yyyy-MM-dd HH:mm:ss` in Beijing time. */
export interface QueriedRefund {
  out_refund_no: string
  refund_id: string
  refund_channel?: 'ORIGINAL' | 'BALANCE' | 'OTHER_BALANCE' | 'OTHER_BANKCARD'
  /** Requested amount, in fen. */
  refund_fee: number
  /** Refunded amount minus free coupons, in fen. */
  settlement_refund_fee?: number
  refund_status: RefundStatus
  refund_account?: string
  /** The account that received the money, e.g. `招商银行信用卡0403` (upstream's spelling). */
  refund_recv_accout?: string
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  refund_success_time?: string
  /** Amount refunded as coupons, in fen. */
  coupon_refund_fee?: number
  coupon_refund_count?: number
  coupons: RefundCoupon[]
}

/** An order and its refunds, as the query returns them. */
export interface QueriedRefunds {
  appid: string
  mch_id: string
  sub_appid?: string
  sub_mch_id?: string
  transaction_id: string
  out_trade_no: string
  /** Amount of the order, in fen. */
  total_fee: number
  /** Amount of the order minus free coupons, in fen. */
  settlement_total_fee?: number
  fee_type?: string
  /** Amount paid in cash, in fen. */
  cash_fee: number
  /** Number of all refunds of the order. */
  total_refund_count?: number
  /** Refunds in this response. */
  refund_count: number
  refunds: QueriedRefund[]
  /** JSON with the items, from `queryWithGoods`. */
  promotion_detail?: string
}

const REFUND_RULES: OptionRules = {
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

const ACCOUNT = ['appid', 'mch_id']
const ORDER_NUMBERS = ['out_trade_no', 'transaction_id']

const REFUND = {
  rules: REFUND_RULES,
  notifyUrl: 'refundNotifyUrl',
  oneOf: ORDER_NUMBERS,
  check: checkAmounts,
  certificate: true,
  echo: [...ACCOUNT, 'out_refund_no', 'out_trade_no', 'transaction_id', 'refund_fee', 'total_fee'],
  indexed: 'coupons',
  query: { method: 'refunds.query', by: ['out_refund_no'] }
} as const

const REFUND_QUERY = {
  rules: QUERY,
  oneOf: ['out_refund_no', 'refund_id', ...ORDER_NUMBERS],
  echo: [...ACCOUNT, ...ORDER_NUMBERS],
  indexed: 'refunds',
  read: checkRefunds
} as const

/** Refunds of single items (单品退款) have a separate path. */
export const REFUND_WITH_GOODS = signed<RefundParams, Refund>('/secapi/pay/refundv2', REFUND)

export const REFUNDS = {
  /**
   * Requests a refund (申请退款). Success only means *accepted*; `query` or the refund notification reports the outcome.
   * Needs the merchant certificate. Within a year of the payment, at most 50 per order, a minute apart. Idempotent.
   *
   * @param params amounts in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `refunds.query`; repeat only with the same number and parameters
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NOTENOUGH`, `FREQUENCY_LIMITED`
   * @returns amounts in fen
   * @example
   * const refund = await pay2.refunds.create({
   *   out_trade_no: '20260301000001',
   *   out_refund_no: 'R20260301000001',
   *   total_fee: 1980,
   *   refund_fee: 500
   * })
   */
  create: signed<RefundParams, Refund>('/secapi/pay/refund', {
    ...REFUND,
    pathFor: ({ detail }) => (detail === undefined ? '/secapi/pay/refund' : REFUND_WITH_GOODS.path)
  }),

  /**
   * Queries refunds (查询退款). The number of a refund returns that refund, the number of an order all of its refunds, ten
   * at a time.
   *
   * @param params exactly one of `out_refund_no`, `refund_id`, `out_trade_no`, `transaction_id`
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `REFUNDNOTEXIST`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns amounts in fen, times in Beijing time
   * @example
   * const { refunds } = await pay2.refunds.query({ out_refund_no: 'R20260301000001' })
   * console.log(refunds[0]?.refund_status)
   */
  query: signed<RefundQueryParams, QueriedRefunds>('/pay/refundquery', REFUND_QUERY),

  /**
   * Queries refunds that were made with `detail` (单品退款查询), like `query`; `promotion_detail` has the items.
   *
   * @param params exactly one of `out_refund_no`, `refund_id`, `out_trade_no`, `transaction_id`
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `REFUNDNOTEXIST`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns amounts in fen, times in Beijing time
   * @example
   * const { refunds, promotion_detail } = await pay2.refunds.queryWithGoods({ out_refund_no: 'R20260301000001' })
   * console.log(refunds[0]?.refund_status, promotion_detail)
   */
  queryWithGoods: signed<RefundQueryParams, QueriedRefunds>('/pay/refundqueryv2', REFUND_QUERY)
}

/** Refunds of API v2: `pay2.refunds`. */
export type Refunds = Methods<typeof REFUNDS>

function checkAmounts({ refund_fee, total_fee }: Readonly<WireFields>): ParamProblem | undefined {
  return Number(refund_fee) > Number(total_fee) ? ['refund_fee', 'must not be more than total_fee'] : undefined
}

/** @throws {UnexpectedResponseError} when none of the refunds is the one that was asked for */
function checkRefunds(result: ResultFields, sent: Readonly<WireFields>): ResultFields {
  const refunds = result.refunds as ResultFields[]
  for (const name of ['out_refund_no', 'refund_id']) {
    if (sent[name] === undefined || refunds.some((refund) => refund[name] === sent[name])) continue
    throw new UnexpectedResponseError(`refunds.query: the response is for other refunds than ${name}.`, {
      product: 'pay'
    })
  }
  return result
}
