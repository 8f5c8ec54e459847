import type { RequestOptions } from '../core/client-options.ts'
import type { GroupCalls } from './group-calls.ts'

interface RefundFields {
  /** The key of the refund: the same number never refunds twice. */
  out_refund_no: string
  reason?: string
  notify_url?: string
  funds_account?: 'AVAILABLE' | 'UNSETTLED' | (string & {})
  /** Service providers only. */
  sub_mchid?: string
  /** Fen; `total` is that of the order. */
  amount: {
    refund: number
    total: number
    currency: string
    from?: readonly { account: 'AVAILABLE' | 'UNAVAILABLE'; amount: number }[]
  }
  goods_detail?: readonly {
    merchant_goods_id: string
    wechatpay_goods_id?: string
    goods_name?: string
    unit_price: number
    refund_amount: number
    refund_quantity: number
  }[]
}

export type RefundParams = RefundFields &
  ({ transaction_id: string; out_trade_no?: never } | { out_trade_no: string; transaction_id?: never })

/** What a refund has come to. `PROCESSING` is no refund yet. */
export type RefundStatus = 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL' | (string & {})

export interface Refund {
  refund_id: string
  out_refund_no: string
  transaction_id: string
  out_trade_no: string
  channel?: 'ORIGINAL' | 'BALANCE' | 'OTHER_BALANCE' | 'OTHER_BANKCARD' | (string & {})
  user_received_account?: string
  success_time?: string
  create_time: string
  status: RefundStatus
  funds_account?: string
  /** Fen. */
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
    amount: number
    refund_amount: number
  }[]
}

export type AbnormalRefundParams = {
  refund_id: string
  out_refund_no: string
  sub_mchid?: string
} & (
  | { type: 'MERCHANT_BANK_CARD' }
  /** Card and name are encrypted by the client. */
  | { type: 'USER_BANK_CARD'; bank_type: string; bank_account: string; real_name: string }
)

/** Refunds. */
export class Refunds {
  readonly #calls: GroupCalls

  /** @internal */
  constructor(calls: GroupCalls) {
    this.#calls = calls
  }

  /**
   * Asks for a refund. (申请退款) The answer says that it was accepted; done it is with status `SUCCESS`, by notification or
   * query.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT after 5xx, 429 and unreadable answers: `error.query`, or repeat with the
   *   same number; {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError}
   * @example
   * const refund = await pay.refunds.create({
   *   out_trade_no: 'T202603010001', out_refund_no: 'R202603010001',
   *   amount: { refund: 500, total: 1980, currency: 'CNY' }
   * })
   */
  async create(params: RefundParams, options?: RequestOptions): Promise<Refund> {
    return (await this.#calls.call('refunds.create', params, options)) as unknown as Refund
  }

  /** Looks a refund up. (查询单笔退款) */
  async query(params: { out_refund_no: string; sub_mchid?: string }, options?: RequestOptions): Promise<Refund> {
    return (await this.#calls.call('refunds.query', params, options)) as unknown as Refund
  }

  /** Sends a refund that could not reach its account elsewhere. (发起异常退款) */
  async applyAbnormal(params: AbnormalRefundParams, options?: RequestOptions): Promise<Refund> {
    return (await this.#calls.call('refunds.applyAbnormal', params, options)) as unknown as Refund
  }
}
