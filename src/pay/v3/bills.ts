import type { RequestOptions } from '../../core/client-options.ts'
import { nodeCrypto } from '../../internal/node-crypto.ts'
import { Bill } from '../common/bill.ts'
import type { Caller } from './caller.ts'
import { downloadChecked, type FileReference } from './download.ts'
import { BILL_ENDPOINTS as E } from './endpoints/bills.ts'
import { openGcm } from './resource-cipher.ts'
import { decryptBytes } from './sensitive-fields.ts'
import { unexpected } from './transport.ts'

export interface V3TradeBillParams {
  /** Day in Beijing, `2026-03-01`; of the last three months, ready at 10 o'clock of the next day. */
  bill_date: string
  bill_type?: 'ALL' | 'SUCCESS' | 'REFUND' | 'RECHARGE_REFUND' | 'ALL_SPECIAL' | 'SUC_SPECIAL' | 'REF_SPECIAL'
  sub_mchid?: string
}

export interface V3FundFlowBillParams {
  bill_date: string
  account_type?: 'BASIC' | 'OPERATION' | 'FEES'
}

interface EncryptedFile extends FileReference {
  bill_sequence?: number
  encrypt_key?: string
  nonce?: string
}

/** Bills. (交易账单, 资金账单) Each was compared with its hash before you get it; it is fetched compressed. */
export class V3Bills {
  readonly #caller: Caller

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller
  }

  /**
   * The trades of a day. (申请交易账单)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY: `NO_STATEMENT_EXIST`, `STATEMENT_CREATING`; {UnexpectedResponseError}
   *   ERR_UNEXPECTED_RESPONSE when the hash differs
   * @example
   * const bill = await pay.bills.trade({ bill_date: '2026-03-01' })
   * for await (const row of bill.rows()) console.log(row['商户订单号'], row['应结订单金额'])
   */
  trade(params: V3TradeBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#fetch(E.trade, params, options)
  }

  /** The money that came and went. (申请资金账单) */
  fundFlow(params: V3FundFlowBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#fetch(E.fundFlow, params, options)
  }

  /** The shares of a day. (申请分账账单) */
  profitSharing(params: { bill_date: string; sub_mchid?: string }, options?: RequestOptions): Promise<Bill> {
    return this.#fetch(E.profitSharing, params, options)
  }

  /**
   * The money of one sub-merchant: encrypted files, opened here. (申请单个子商户资金账单) Several are parts of one bill, in
   * order.
   */
  async subMerchantFundFlow(
    params: { bill_date: string; sub_mchid: string; account_type: 'BASIC' | 'OPERATION' | 'FEES' | 'DEPOSIT' },
    options?: RequestOptions
  ): Promise<Bill[]> {
    const { operation } = E.subMerchantFundFlow
    const asked = { ...params, algorithm: 'AEAD_AES_256_GCM', tar_type: 'GZIP' }
    const answer = await this.#caller.call(E.subMerchantFundFlow, asked, options)
    const files = answer?.download_bill_list
    if (!Array.isArray(files) || files.length === 0) throw unexpected(operation, 'the answer names no file.', 200)
    const ordered = (files as EncryptedFile[]).sort((a, b) => (a.bill_sequence ?? 0) - (b.bill_sequence ?? 0))
    const bills: Bill[] = []
    for (const file of ordered) {
      const bytes = await downloadChecked(this.#caller, operation, file, options, (data) => this.#open(file, data))
      bills.push(billOf(operation, bytes))
    }
    return bills
  }

  async #fetch(endpoint: (typeof E)['trade' | 'fundFlow' | 'profitSharing'], params: object, options?: RequestOptions) {
    const file = (await this.#caller.call(endpoint, { ...params, tar_type: 'GZIP' }, options)) as FileReference
    return billOf(endpoint.operation, await downloadChecked(this.#caller, endpoint.operation, file, options))
  }

  #open(file: EncryptedFile, bytes: Uint8Array): Uint8Array {
    const { operation } = E.subMerchantFundFlow
    const key = decryptBytes(String(file.encrypt_key), this.#caller.options.privateKey, `${operation}: encrypt_key`)
    const nonce = Buffer.from(String(file.nonce), 'utf8')
    if (key.byteLength !== 32 || nonce.byteLength !== 12 || bytes.byteLength <= 16) {
      throw unexpected(operation, 'the key, nonce or content of the encrypted file has a wrong length.', 200)
    }
    return openGcm(bytes, nodeCrypto().createSecretKey(key), nonce, '')
  }
}

function billOf(operation: string, bytes: Uint8Array): Bill {
  return new Bill({ operation, body: oneChunk(bytes) })
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
