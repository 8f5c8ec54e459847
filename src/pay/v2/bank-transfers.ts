import type { KeyObject } from 'node:crypto'
import type { RequestOptions } from '../../core/client-options.ts'
import { type OptionRules, optional, required } from '../../core/options.ts'
import { UnexpectedResponseError } from '../../errors/index.ts'
import { nodeCrypto } from '../../internal/node-crypto.ts'
import { SingleFlight } from '../../internal/single-flight.ts'
import { fen } from '../common/fen.ts'
import type { Caller } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import { chars, checkParams } from './params.ts'

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

const tradeNo = chars(32, /^[0-9A-Za-z]{8,32}$/, '8 to 32 letters and digits')

const CREATE: OptionRules = {
  partner_trade_no: required(tradeNo),
  bankNo: required(chars(64, /^\d{6,32}$/, 'digits without spaces')),
  trueName: required(chars(64)),
  bank_code: required(chars(64)),
  amount: required(fen()),
  desc: optional(chars(100))
}

const QUERY: OptionRules = { partner_trade_no: required(tradeNo) }

/** Payments to bank accounts (付款到银行卡): `pay2.bankTransfers`. */
export class BankTransfers {
  readonly #caller: Caller
  readonly #flights = new SingleFlight<KeyObject>()
  #key: KeyObject | undefined

  /** @internal */
  constructor(caller: Caller) {
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
  async create(params: BankTransferParams, options?: RequestOptions): Promise<BankTransfer> {
    const endpoint = ENDPOINTS.payBank
    const { bankNo, trueName, ...rest } = checkParams(params, CREATE, endpoint.operation)
    this.#caller.requireCertificate(endpoint)
    this.#key ??= await this.#flights.run('key', () => this.#fetchKey(options))
    const fields = {
      ...rest,
      enc_bank_no: encrypt(this.#key, String(bankNo)),
      enc_true_name: encrypt(this.#key, String(trueName))
    }
    return this.#caller.callFor(
      endpoint,
      fields,
      options,
      (answer) => this.#caller.known.toResult(answer, endpoint.operation) as unknown as BankTransfer
    )
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
  async query(params: { partner_trade_no: string }, options?: RequestOptions): Promise<QueriedBankTransfer> {
    const endpoint = ENDPOINTS.queryBank
    const fields = checkParams(params, QUERY, endpoint.operation)
    const answer = await this.#caller.call(endpoint, fields, options)
    return this.#caller.known.toResult(answer, endpoint.operation) as unknown as QueriedBankTransfer
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
  async publicKey(options?: RequestOptions): Promise<string> {
    const endpoint = ENDPOINTS.publicKey
    const { pub_key } = await this.#caller.call(endpoint, {}, options)
    if (typeof pub_key === 'string' && parseKey(pub_key)) return pub_key
    throw new UnexpectedResponseError(`${endpoint.operation}: the answer has no RSA public key in PEM.`, {
      product: 'pay'
    })
  }

  async #fetchKey(options: RequestOptions | undefined): Promise<KeyObject> {
    // Not the caller's signal: others may wait for the same key.
    const { signal: _, ...rest } = options ?? {}
    const pem = await this.publicKey(rest)
    return nodeCrypto().createPublicKey(pem)
  }
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    const key = nodeCrypto().createPublicKey(pem)
    // A shorter key could not take the longest name, and would protect nothing.
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 && key.asymmetricKeyType === 'rsa' ? key : undefined
  } catch {
    return undefined
  }
}

/** RSA-OAEP with SHA-1, as the document prescribes. */
function encrypt(key: KeyObject, text: string): string {
  const options = { key, padding: nodeCrypto().constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  return nodeCrypto().publicEncrypt(options, Buffer.from(text)).toString('base64')
}
