import type { RequestOptions } from '../../core/client-options.ts'
import type { LateCaller } from './late-caller.ts'

export interface TransferParams {
  /** Your number, letters and digits. Honoured for a year: repeat only with it, never with a new one. */
  partner_trade_no: string
  /** Of the client's appid. */
  openid: string
  check_name: 'NO_CHECK' | 'FORCE_CHECK'
  /** Real name of the receiver, needed with `FORCE_CHECK`. */
  re_user_name?: string
  /** Fen, at least 30. */
  amount: number
  /** At most 100 characters. */
  desc: string
  spbill_create_ip?: string
  device_info?: string
  scene?: string
  brand_id?: number
  finder_template_id?: string
}

export interface Transfer {
  mch_appid: string
  mchid: string
  device_info?: string
  partner_trade_no: string
  payment_no: string
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  payment_time: string
}

export interface QueriedTransfer {
  appid: string
  mch_id: string
  partner_trade_no: string
  detail_id: string
  status: 'SUCCESS' | 'FAILED' | 'PROCESSING'
  reason?: string
  openid: string
  transfer_name?: string
  /** Fen. */
  payment_amount: number
  transfer_time: string
  payment_time?: string
  desc?: string
}

/** Transfers to the balance of a user (企业付款到零钱): `pay2.transfers`. New merchants use the transfers of API v3. */
export class Transfers {
  readonly #caller: LateCaller

  /** @internal */
  constructor(caller: LateCaller) {
    this.#caller = caller
  }

  /**
   * Pays a user. Needs the merchant certificate.
   *
   * @param params amount in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `transfers.query`; repeat only under the same number
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused, e.g. `NOTENOUGH`, `NAME_MISMATCH`, `NO_AUTH`
   * @example
   * const transfer = await pay2.transfers.create({
   *   partner_trade_no: 'T20260301000001',
   *   openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
   *   check_name: 'NO_CHECK',
   *   amount: 500,
   *   desc: 'Refund of the deposit'
   * })
   */
  create(params: TransferParams, options?: RequestOptions): Promise<Transfer> {
    return this.#caller.run(params, options, ({ transfers }, ...given) => transfers.create(...given))
  }

  /**
   * Queries a transfer of the last 30 days. `NOT_FOUND` is no proof that the money did not move.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NOT_FOUND`
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const { status, reason } = await pay2.transfers.query({ partner_trade_no: 'T20260301000001' })
   */
  query(params: { partner_trade_no: string }, options?: RequestOptions): Promise<QueriedTransfer> {
    return this.#caller.run(params, options, ({ transfers }, ...given) => transfers.query(...given))
  }
}
