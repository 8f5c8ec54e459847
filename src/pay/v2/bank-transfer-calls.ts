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
import { toResult } from './result.ts'

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

import type { BankTransfer, BankTransferParams, QueriedBankTransfer } from './bank-transfers.ts'

/** What `bank-transfers.ts` calls. */
export class BankTransferCalls {
  readonly #caller: Caller
  readonly #flights = new SingleFlight<KeyObject>()
  #key: KeyObject | undefined

  constructor(caller: Caller) {
    this.#caller = caller
  }

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
      (answer) => toResult(answer, endpoint.operation) as unknown as BankTransfer
    )
  }

  async query(params: { partner_trade_no: string }, options?: RequestOptions): Promise<QueriedBankTransfer> {
    const endpoint = ENDPOINTS.queryBank
    const fields = checkParams(params, QUERY, endpoint.operation)
    const answer = await this.#caller.call(endpoint, fields, options)
    return toResult(answer, endpoint.operation) as unknown as QueriedBankTransfer
  }

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
