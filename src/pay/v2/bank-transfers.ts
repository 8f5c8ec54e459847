import type { RequestOptions } from '../../core/client-options.ts'
import type { LateCaller } from './late-caller.ts'

export interface BankTransferParams {
  /** Your number: 8 to 32 letters and digits. Repeat only with it. */
  partner_trade_no: string
  /** Number of the bank account; encrypted by the client (`enc_bank_no`). */
  bankNo: string
  /** Real name of its owner; encrypted by the client (`enc_true_name`). */
  trueName: string
  /** Code of the bank, e.g. `1002`. (银行编号) */
  bank_code: string
  /** Fen. */
  amount: number
  desc?: string
}

export interface BankTransfer {
  mch_id: string
  partner_trade_no: string
  /** Fen. */
  amount?: number
  payment_no: string
  /** Fee, in fen. */
  cmms_amt: number
}

export interface QueriedBankTransfer {
  mch_id: string
  partner_trade_no: string
  payment_no: string
  bank_no_md5?: string
  true_name_md5?: string
  /** Fen. */
  amount: number
  status: 'PROCESSING' | 'SUCCESS' | 'FAILED' | 'BANK_FAIL'
  cmms_amt?: number
  create_time: string
  pay_succ_time?: string
  reason?: string
}

/** Payments to bank accounts (付款到银行卡): `pay2.bankTransfers`. */
export class BankTransfers {
  readonly #caller: LateCaller

  /** @internal */
  constructor(caller: LateCaller) {
    this.#caller = caller
  }

  /**
   * Pays to a bank account. The client fetches WeChat Pay's public key once and encrypts number and name with it. Needs the
   * merchant certificate.
   *
   * @param params amount in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `bankTransfers.query`; repeat only under the same number
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @example
   * const transfer = await pay2.bankTransfers.create({
   *   partner_trade_no: 'B20260301000001',
   *   bankNo: '6225880137000000',
   *   trueName: '张三',
   *   bank_code: '1001',
   *   amount: 500
   * })
   */
  create(params: BankTransferParams, options?: RequestOptions): Promise<BankTransfer> {
    return this.#caller.run(params, options, ({ bankTransfers }, ...given) => bankTransfers.create(...given))
  }

  /**
   * Queries a payment to a bank account.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const { status } = await pay2.bankTransfers.query({ partner_trade_no: 'B20260301000001' })
   */
  query(params: { partner_trade_no: string }, options?: RequestOptions): Promise<QueriedBankTransfer> {
    return this.#caller.run(params, options, ({ bankTransfers }, ...given) => bankTransfers.query(...given))
  }

  /**
   * Fetches the public key with which number and name are encrypted (获取 RSA 公钥). {@link create} does it by itself.
   *
   * @returns PEM, PKCS#1 (`BEGIN RSA PUBLIC KEY`)
   * @throws {ConfigError} ERR_CONFIG without a client certificate
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @example
   * const pem = await pay2.bankTransfers.publicKey()
   */
  publicKey(options?: RequestOptions): Promise<string> {
    return this.#caller.run(undefined, options, ({ bankTransfers }, _, kept) => bankTransfers.publicKey(kept))
  }
}
