import type { KeyObject } from 'node:crypto'
import type { RequestOptions } from '../../core/client-options.ts'
import { optional, required } from '../../core/options.ts'
import { UnexpectedResponseError } from '../../errors/index.ts'
import { inStep, nameError } from '../../internal/name-error.ts'
import { nodeCrypto } from '../../internal/node-crypto.ts'
import { SingleFlight } from '../../internal/single-flight.ts'
import { fen } from '../common/fen.ts'
import { payout } from './endpoint.ts'
import { chars } from './params.ts'
import type { PayV2Client } from './pay-v2-client.ts'

/** Parameters of `bankTransfers.create`. */
export interface BankTransferParams {
  /** Your number: 8 to 32 letters and digits. Retry only with the same one. */
  partner_trade_no: string
  /** Number of the bank account; encrypted by the client (`enc_bank_no`). */
  bankNo: string
  /** Real name of its owner; encrypted by the client (`enc_true_name`). */
  trueName: string
  /** Code of the bank, e.g. `1002`. (银行编号) */
  bank_code: string
  /** Fen. */
  amount: number
  desc?: string | undefined
}

/** An accepted transfer to a bank card. Amounts in fen. */
export interface BankTransfer {
  mch_id: string
  partner_trade_no: string
  /** Fen. */
  amount?: number
  payment_no: string
  /** Fee, in fen. */
  cmms_amt: number
}

/** A transfer to a bank card as the query returns it. Amounts in fen. */
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
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  create_time: string
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  pay_succ_time?: string
  reason?: string
}

const tradeNo = chars(32, /^[0-9A-Za-z]{8,32}$/, '8 to 32 letters and digits')

export const BANK_TRANSFERS = {
  create: payout<BankTransferParams, BankTransfer>('/mmpaysptrans/pay_bank', {
    rules: {
      partner_trade_no: required(tradeNo),
      bankNo: required(chars(64, /^\d{6,32}$/, 'digits without spaces')),
      trueName: required(chars(64)),
      bank_code: required(chars(64)),
      amount: required(fen()),
      desc: optional(chars(100))
    },
    identity: 'merchant',
    echo: ['mch_id', 'partner_trade_no'],
    query: { method: 'bankTransfers.query', by: ['partner_trade_no'] }
  }),
  query: payout<{ partner_trade_no: string }, QueriedBankTransfer>('/mmpaysptrans/query_bank', {
    rules: { partner_trade_no: required(tradeNo) },
    identity: 'merchant',
    retry: 'safe',
    echo: ['mch_id', 'partner_trade_no']
  }),
  publicKey: payout<object, { pub_key?: unknown }>('/risk/getpublickey', {
    rules: {},
    host: 'fraud.mch.weixin.qq.com',
    identity: 'merchant',
    retry: 'safe',
    signType: 'configured',
    sendsSignType: true,
    echo: ['mch_id']
  })
}

/** Payments to bank accounts (付款到银行卡): `pay2.bankTransfers`. */
export class BankTransfers {
  readonly #client: PayV2Client
  readonly #flights = new SingleFlight<KeyObject>()
  #key: KeyObject | undefined

  /** @internal */
  constructor(client: PayV2Client) {
    this.#client = client
  }

  /**
   * Pays to a bank account (付款到银行卡). The client fetches WeChat Pay's public key once and encrypts number and name with it.
   * Needs the merchant certificate.
   *
   * @param params amount in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `bankTransfers.query`; repeat only under the same number
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @returns amount and fee in fen
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
    const operation = 'bankTransfers.create'
    try {
      const { bankNo, trueName, ...fields } = this.#client.fields(operation, BANK_TRANSFERS.create, params)
      this.#client.requireCertificate(operation, BANK_TRANSFERS.create)
      this.#key ??= await this.#flights.run('key', () => inStep('publicKey', () => this.#fetchKey(options)))
      fields.enc_bank_no = encrypt(this.#key, String(bankNo))
      fields.enc_true_name = encrypt(this.#key, String(trueName))
      return await this.#client.send(operation, BANK_TRANSFERS.create, fields, options)
    } catch (error) {
      nameError(error, { outcome: 'refused' })
      throw error
    }
  }

  /**
   * Queries a payment to a bank account (查询付款银行卡).
   *
   * @param params your number of the payment
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns amount and fee in fen
   * @example
   * const { status } = await pay2.bankTransfers.query({ partner_trade_no: 'B20260301000001' })
   */
  query(params: { partner_trade_no: string }, options?: RequestOptions): Promise<QueriedBankTransfer> {
    return this.#client.call('bankTransfers.query', BANK_TRANSFERS.query, params, options)
  }

  /**
   * Fetches the public key for encrypting number and name (获取 RSA 公钥). {@link create} does it automatically.
   *
   * @returns PEM, PKCS#1 (`BEGIN RSA PUBLIC KEY`)
   * @throws {ConfigError} ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const pem = await pay2.bankTransfers.publicKey()
   */
  async publicKey(options?: RequestOptions): Promise<string> {
    const operation = 'bankTransfers.publicKey'
    const { pub_key } = await this.#client.call(operation, BANK_TRANSFERS.publicKey, {}, options)
    if (typeof pub_key === 'string' && isUsableKey(pub_key)) return pub_key
    throw new UnexpectedResponseError(`${operation}: the response has no RSA public key in PEM.`, { product: 'pay' })
  }

  async #fetchKey(options: RequestOptions | undefined): Promise<KeyObject> {
    // Without the caller's signal: others may wait for the same key.
    const { signal: _, ...rest } = options ?? {}
    return nodeCrypto().createPublicKey(await this.publicKey(rest))
  }
}

function isUsableKey(pem: string): boolean {
  try {
    const key = nodeCrypto().createPublicKey(pem)
    // A shorter key could not encrypt the longest name, and would protect nothing.
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
  } catch {
    return false
  }
}

/** RSA-OAEP with SHA-1, as prescribed by the document. */
function encrypt(key: KeyObject, text: string): string {
  const options = { key, padding: nodeCrypto().constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  return nodeCrypto().publicEncrypt(options, Buffer.from(text)).toString('base64')
}
