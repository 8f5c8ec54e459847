import { oneOf, optional, record, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import { get, type ParamProblem, type Params, post } from './endpoint.ts'
import { chars, listOf, merchantId, notifyUrl, outRefundNo, outTradeNo, transactionId } from './field-rules.ts'
import { resource } from './resource.ts'

interface RefundFields {
  /** Idempotency key of the refund: the same number never refunds twice. 1 to 64 characters. */
  out_refund_no: string
  /** Shown to the user, at most 80 characters. */
  reason?: string | undefined
  /** URL for the notification of the result. Default: that of the order. */
  notify_url?: string | undefined
  /** Account that pays the refund. */
  funds_account?: 'AVAILABLE' | 'UNSETTLED' | (string & {}) | undefined
  /** The sub-merchant (特约商户) of a service provider. Default: `subMchId` of the client. */
  sub_mchid?: string | undefined
  amount: {
    /** Fen. */
    refund: number
    /** Amount of the order in fen. */
    total: number
    currency: string
    /** Accounts that pay parts of the refund; `amount` in fen. */
    from?: readonly { account: 'AVAILABLE' | 'UNAVAILABLE'; amount: number }[] | undefined
  }
  goods_detail?:
    | readonly {
        merchant_goods_id: string
        wechatpay_goods_id?: string | undefined
        goods_name?: string | undefined
        /** Fen. */
        unit_price: number
        /** Fen. */
        refund_amount: number
        refund_quantity: number
      }[]
    | undefined
}

/** A refund to request, by either number of the order. */
export type RefundParams = RefundFields &
  ({ transaction_id: string; out_trade_no?: never } | { out_trade_no: string; transaction_id?: never })

/** Number of a refund. */
export interface RefundNumber {
  out_refund_no: string
  /** The sub-merchant (特约商户) of a service provider. Default: `subMchId` of the client. */
  sub_mchid?: string | undefined
}

/** Refund status. `PROCESSING`: not refunded yet. `ABNORMAL`: see `refunds.applyAbnormal`. */
export type RefundStatus = 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL' | (string & {})

/** A refund as WeChat Pay returns it. */
export interface Refund {
  refund_id: string
  out_refund_no: string
  transaction_id: string
  out_trade_no: string
  channel?: 'ORIGINAL' | 'BALANCE' | 'OTHER_BALANCE' | 'OTHER_BANKCARD' | (string & {})
  user_received_account?: string
  /** RFC 3339; only with status `SUCCESS`. */
  success_time?: string
  /** RFC 3339. */
  create_time: string
  status: RefundStatus
  funds_account?: string
  /** All amounts in fen. */
  amount: {
    total: number
    refund: number
    from?: { account: string; amount: number }[]
    payer_total: number
    payer_refund: number
    settlement_refund?: number
    settlement_total?: number
    discount_refund?: number
    currency?: string
    refund_fee?: number
  }
  promotion_detail?: {
    promotion_id: string
    scope: string
    type: string
    /** Fen. */
    amount: number
    /** Fen. */
    refund_amount: number
    /** Prices and amounts in fen. */
    goods_detail?: {
      merchant_goods_id: string
      wechatpay_goods_id?: string
      goods_name?: string
      unit_price: number
      refund_amount: number
      refund_quantity: number
    }[]
  }[]
}

/** An abnormal refund to redirect to another account. */
export type AbnormalRefundParams = RefundNumber & { refund_id: string } & (
    | { type: 'MERCHANT_BANK_CARD' }
    /** Card and name are encrypted by the client. */
    | { type: 'USER_BANK_CARD'; bank_type: string; bank_account: string; real_name: string }
  )

const SUB = { sub_mchid: 'subMchId' } as const
const MONEY = { open: 'throttled', query: { method: 'refunds.query', by: ['out_refund_no', 'sub_mchid'] } } as const

/** Refunds, of a merchant itself or for a sub-merchant. */
export class Refunds extends resource('refunds', {
  /**
   * Requests a refund. (退款申请) Success only means *accepted*; `query()` or the notification reports the outcome.
   *
   * @param params amounts in fen
   * @returns the refund, usually in status `PROCESSING`
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT after 5xx, 429 and unreadable responses: run `error.query`, or retry with the
   *   same number
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} {ConnectionError} {UnexpectedResponseError} when nothing was executed
   * @example
   * const refund = await pay.refunds.create({
   *   out_trade_no: 'T202603010001', out_refund_no: 'R202603010001',
   *   amount: { refund: 500, total: 1980, currency: 'CNY' }
   * })
   */
  create: post<RefundParams, Refund>('/v3/refund/domestic/refunds', {
    fill: SUB,
    rules: {
      transaction_id: optional(transactionId),
      out_trade_no: optional(outTradeNo),
      out_refund_no: required(outRefundNo),
      reason: optional(chars(80)),
      notify_url: optional(notifyUrl),
      funds_account: optional(chars(32)),
      sub_mchid: optional(merchantId),
      amount: required(record),
      'amount.refund': required(fen()),
      'amount.total': required(fen()),
      'amount.currency': required(chars(16)),
      'amount.from': optional(listOf(2)),
      'amount.from[].amount': required(fen()),
      goods_detail: optional(listOf(6000))
    },
    check: checkRefund,
    expects: ['refund_id', 'status'],
    echo: ['out_refund_no', 'out_trade_no', 'transaction_id', 'amount.refund', 'amount.total'],
    money: MONEY
  }),

  /**
   * Looks up a refund. (查询单笔退款（通过商户退款单号）)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `RESOURCE_NOT_EXISTS`
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {SignatureError} {ConnectionError} {UnexpectedResponseError}
   */
  query: get<RefundNumber, Refund>('/v3/refund/domestic/refunds/{out_refund_no}', {
    fill: SUB,
    rules: { out_refund_no: required(outRefundNo), sub_mchid: optional(merchantId) },
    expects: ['status'],
    echo: ['out_refund_no']
  }),

  /**
   * Redirects a refund that could not reach its account to another one. (发起异常退款)
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT as for `create`
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} {ConnectionError} {UnexpectedResponseError}
   */
  applyAbnormal: post<AbnormalRefundParams, Refund>('/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund', {
    fill: SUB,
    rules: {
      refund_id: required(chars(32, /^[0-9A-Za-z]{1,32}$/, 'the refund_id of WeChat Pay')),
      out_refund_no: required(outRefundNo),
      sub_mchid: optional(merchantId),
      type: required(oneOf('USER_BANK_CARD', 'MERCHANT_BANK_CARD')),
      bank_type: optional(chars(16)),
      bank_account: optional(chars(64)),
      real_name: optional(chars(64))
    },
    encrypted: ['bank_account', 'real_name'],
    expects: ['status'],
    echo: ['out_refund_no', 'refund_id'],
    money: MONEY
  })
}) {}

function checkRefund(params: Params): ParamProblem | undefined {
  const { transaction_id: id, out_trade_no: number } = params
  if (!id === !number) return { field: 'out_trade_no', problem: 'or transaction_id is required, but not both' }
  const { refund, total, from } = params.amount as RefundFields['amount']
  if (refund > total) return { field: 'amount.refund', problem: 'is more than amount.total, the amount of the order' }
  if (Array.isArray(from) && from.reduce((sum, part) => sum + part?.amount, 0) !== refund) {
    return { field: 'amount.from', problem: 'must add up to amount.refund' }
  }
  return undefined
}
