import { integer, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { type Methods, payout } from './endpoint.ts'
import { chars, ipAddress } from './params.ts'

/** Parameters of `transfers.create`. */
export interface TransferParams {
  /** App of the merchant: `appId` (default) or one of `furtherAppIds` of the client. */
  mch_appid?: string | undefined
  /** Your number, letters and digits. Idempotent for a year: retry only with the same one, never with a new one. */
  partner_trade_no: string
  /** openid under the client's appid. */
  openid: string
  check_name: 'NO_CHECK' | 'FORCE_CHECK'
  /** Real name of the recipient, required with `FORCE_CHECK`. */
  re_user_name?: string | undefined
  /** Fen, at least 30. */
  amount: number
  /** At most 100 characters. */
  desc: string
  spbill_create_ip?: string | undefined
  device_info?: string | undefined
  scene?: string | undefined
  brand_id?: number | undefined
  finder_template_id?: string | undefined
}

/** A completed transfer. */
export interface Transfer {
  mch_appid: string
  mchid: string
  device_info?: string
  partner_trade_no: string
  payment_no: string
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  payment_time: string
}

/** A transfer as the query returns it. Amounts in fen. */
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
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  transfer_time: string
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  payment_time?: string
  desc?: string
}

const tradeNo = chars(32, /^[0-9A-Za-z]{1,32}$/, 'letters and digits, at most 32')

const TRANSFER: OptionRules = {
  partner_trade_no: required(tradeNo),
  openid: required(chars(64)),
  check_name: required(oneOf('NO_CHECK', 'FORCE_CHECK')),
  re_user_name: optional(chars(64)),
  amount: required(fen(30)),
  desc: required(chars(100)),
  spbill_create_ip: optional(ipAddress),
  device_info: optional(chars(32)),
  scene: optional(chars(32)),
  brand_id: optional(integer(1)),
  finder_template_id: optional(chars(128))
}

export const TRANSFERS = {
  /**
   * Pays a user (企业付款到零钱). Needs the merchant certificate. New merchants use the transfers of API v3. Idempotent only
   * with the same number.
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
  create: payout<TransferParams, Transfer>('/mmpaymkttransfers/promotion/transfers', {
    rules: TRANSFER,
    identity: 'transfer',
    check: ({ check_name, re_user_name }) =>
      check_name === 'FORCE_CHECK' && re_user_name === undefined
        ? ['re_user_name', 'is required with check_name FORCE_CHECK']
        : undefined,
    echo: ['mch_appid', 'mchid', 'partner_trade_no'],
    query: { method: 'transfers.query', by: ['partner_trade_no'] }
  }),

  /**
   * Queries a transfer of the last 30 days (查询企业付款). `NOT_FOUND` does not prove that no money moved.
   *
   * @param params your number of the transfer
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NOT_FOUND`
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns amount in fen, times in Beijing time
   * @example
   * const { status, reason } = await pay2.transfers.query({ partner_trade_no: 'T20260301000001' })
   */
  query: payout<{ partner_trade_no: string; appid?: string | undefined }, QueriedTransfer>(
    '/mmpaymkttransfers/gettransferinfo',
    {
      rules: { partner_trade_no: required(tradeNo) },
      identity: 'plain',
      retry: 'safe',
      echo: ['appid', 'mch_id', 'partner_trade_no']
    }
  )
}

/** Transfers to the balance of a user (企业付款到零钱): `pay2.transfers`. New merchants use the transfers of API v3. */
export type Transfers = Methods<typeof TRANSFERS>
