import { optional, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import { get, post } from './endpoint.ts'
import { chars, couponCode, couponRequestNo, couponStockId, merchantId, transactionId } from './field-rules.ts'
import { resource } from './resource.ts'

/** A payment to a merchant whose customer used a coupon. */
export interface CouponSubsidyParams {
  stock_id: string
  coupon_code: string
  transaction_id: string
  /**
   * The payer: the merchant that created the stock, or the one to which it belongs. Default: the merchant of the
   * client.
   */
  payer_merchant?: string | undefined
  /** The recipient: the merchant to which the stock belongs, or one of its brand. */
  payee_merchant: string
  /** Fen: at most the value of the coupon, and 500,000. */
  amount: number
  /** At most 1024 characters. */
  description: string
  /** Idempotency key of the subsidy. */
  out_subsidy_no: string
}

/** A subsidy as WeChat Pay returns it. */
export interface CouponSubsidy {
  subsidy_receipt_id: string
  stock_id: string
  coupon_code: string
  transaction_id: string
  payer_merchant: string
  payee_merchant: string
  /** Fen. */
  amount: number
  description: string
  out_subsidy_no: string
  /** `ACCEPTED` is not paid yet. */
  status: 'ACCEPTED' | 'SUCCESS' | 'FAIL' | 'RETURNING' | 'PARTIAL_RETURN' | 'FULL_RETURN' | (string & {})
  fail_reason?: string
  /** RFC 3339. */
  create_time?: string
  /** RFC 3339. */
  success_time?: string
}

/** A subsidy to return, because the order was refunded. */
export interface CouponSubsidyReturnParams {
  stock_id: string
  coupon_code: string
  transaction_id: string
  /** WeChat Pay's number of the refund of the order. */
  refund_id: string
  /** The merchant that paid the subsidy and gets it back. Default: the merchant of the client. */
  payer_merchant?: string | undefined
  /** The merchant that received it. */
  payee_merchant: string
  /** Fen: the sum of all returns of a coupon is at most its subsidy. */
  amount: number
  /** At most 1024 characters. */
  description: string
  /** Idempotency key of the return. */
  out_subsidy_return_no: string
}

/** The return of a subsidy as WeChat Pay returns it. */
export interface CouponSubsidyReturn {
  subsidy_return_receipt_id: string
  subsidy_receipt_id: string
  stock_id: string
  coupon_code: string
  transaction_id: string
  refund_id: string
  payer_merchant: string
  payee_merchant: string
  /** Fen. */
  amount: number
  description: string
  out_subsidy_return_no: string
  /** `ACCEPTED` is not returned yet. */
  status: 'ACCEPTED' | 'SUCCESS' | 'FAIL' | (string & {})
  fail_reason?: string
  /** RFC 3339. */
  return_create_time?: string
  /** RFC 3339. */
  return_done_time?: string
}

const BASE = '/v3/marketing/busifavor/subsidy'
const receiptId = required(chars(28, /^[0-9A-Za-z]{1,28}$/, 'letters and digits, at most 28'))
const PAYER = { payer_merchant: 'ownMchId' } as const
const COUPON = ['stock_id', 'coupon_code', 'transaction_id', 'payer_merchant', 'payee_merchant', 'amount']
const RULES = {
  stock_id: required(couponStockId),
  coupon_code: required(couponCode),
  transaction_id: required(transactionId),
  payer_merchant: required(merchantId),
  payee_merchant: required(merchantId),
  amount: required(fen(1, 500_000)),
  description: required(chars(1024))
}
const LIST = 'couponSubsidies.list'

/**
 * Payments of one merchant to another for used merchant coupons. (商家券营销补差) For stocks with `subsidy: true`, not
 * `EXCHANGE`.
 */
export class CouponSubsidies extends resource('couponSubsidies', {
  /**
   * Pays a subsidy. (营销补差付款) The coupon must be used and the order paid. Idempotent by `out_subsidy_no`.
   *
   * @param params amount in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT after 5xx, 429 and unreadable responses: run `error.query`, or retry with the
   *   same number
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NOT_ENOUGH`; {ConfigError} ERR_INVALID_PARAM; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   * @returns amount in fen
   */
  create: post<CouponSubsidyParams, CouponSubsidy>(`${BASE}/pay-receipts`, {
    fill: PAYER,
    rules: { ...RULES, out_subsidy_no: required(couponRequestNo) },
    expects: ['subsidy_receipt_id', 'status'],
    echo: [...COUPON, 'out_subsidy_no'],
    money: { open: 'throttled', query: { method: LIST, by: ['stock_id', 'coupon_code', 'out_subsidy_no'] } }
  }),

  /**
   * Lists the subsidies of a coupon. (查询营销补差付款单列表) If the list is empty after a lost response, retry with the same
   * number.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   * @returns amounts in fen
   */
  list: get<
    { stock_id: string; coupon_code: string; out_subsidy_no?: string | undefined },
    { pay_receipt_list?: CouponSubsidy[] }
  >(`${BASE}/pay-receipts`, {
    rules: {
      stock_id: required(couponStockId),
      coupon_code: required(couponCode),
      out_subsidy_no: optional(couponRequestNo)
    },
    echoEach: 'pay_receipt_list'
  }),

  /**
   * Returns one subsidy. (查询营销补差付款单详情)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   * @returns amount in fen
   */
  get: get<{ subsidy_receipt_id: string }, CouponSubsidy>(`${BASE}/pay-receipts/{subsidy_receipt_id}`, {
    rules: { subsidy_receipt_id: receiptId },
    expects: ['status'],
    echo: ['subsidy_receipt_id']
  }),

  /**
   * Returns a subsidy after a refund of the order. (营销补差回退) Idempotent by `out_subsidy_return_no`.
   *
   * @param params amount in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: no query finds a return by your number. Retry with the same number; `error.query`
   *   shows `RETURNING`, `PARTIAL_RETURN` or `FULL_RETURN`.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NOT_ENOUGH`; {ConfigError} ERR_INVALID_PARAM; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   * @returns amount in fen
   */
  createReturn: post<CouponSubsidyReturnParams, CouponSubsidyReturn>(`${BASE}/return-receipts`, {
    fill: PAYER,
    rules: { ...RULES, refund_id: required(transactionId), out_subsidy_return_no: required(couponRequestNo) },
    expects: ['subsidy_return_receipt_id', 'status'],
    echo: [...COUPON, 'refund_id', 'out_subsidy_return_no'],
    money: { open: 'throttled', query: { method: LIST, by: ['stock_id', 'coupon_code'] } }
  }),

  /**
   * Looks up one return. (查询营销补差回退单详情)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   * @returns amount in fen
   */
  getReturn: get<{ subsidy_return_receipt_id: string }, CouponSubsidyReturn>(
    `${BASE}/return-receipts/{subsidy_return_receipt_id}`,
    {
      rules: { subsidy_return_receipt_id: receiptId },
      expects: ['status'],
      echo: ['subsidy_return_receipt_id']
    }
  )
}) {}
