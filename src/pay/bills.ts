import { createSecretKey } from 'node:crypto'
import type { RequestOptions } from '../core/client-options.ts'
import { oneOf, optional, required } from '../core/options.ts'
import { Bill } from './common/bill.ts'
import { downloadFile, type FileReference } from './download.ts'
import { type Endpoint, get } from './endpoint.ts'
import { chars, day, merchantId } from './field-rules.ts'
import type { PayApi } from './pay-api.ts'
import { unexpected } from './read-response.ts'
import { openGcm } from './resource-cipher.ts'
import { decryptBytes } from './sensitive-fields.ts'
import { serviceId } from './service-order-rules.ts'

/** Parameters of `bills.trade`. */
export interface TradeBillParams {
  /** Day in Beijing, `2026-03-01`; of the last three months, ready at 10 o'clock of the next day. */
  bill_date: string
  bill_type?:
    | 'ALL'
    | 'SUCCESS'
    | 'REFUND'
    | 'RECHARGE_REFUND'
    | 'ALL_SPECIAL'
    | 'SUC_SPECIAL'
    | 'REF_SPECIAL'
    | undefined
  sub_mchid?: string | undefined
}

/** Parameters of `bills.fundFlow`. */
export interface FundFlowBillParams {
  /** Day in Beijing, `2026-03-01`. */
  bill_date: string
  account_type?: 'BASIC' | 'OPERATION' | 'FEES' | undefined
}

/** Which shares. */
export interface ProfitSharingBillParams {
  /** Day in Beijing, `2026-03-01`. */
  bill_date: string
  sub_mchid?: string | undefined
}

/** Which money of which sub-merchant. */
export interface SubMerchantFundFlowBillParams {
  /** Day in Beijing, `2026-03-01`. */
  bill_date: string
  /** Default: `subMchId` of the client. */
  sub_mchid?: string | undefined
  account_type: 'BASIC' | 'OPERATION' | 'FEES' | 'DEPOSIT'
}

/** The service orders (微信支付分) of which service. */
export interface PayscoreBillParams {
  /** Day in Beijing, `2026-03-01`. */
  bill_date: string
  service_id: string
}

interface EncryptedFiles {
  download_bill_list?: EncryptedFile[]
}

interface EncryptedFile extends FileReference {
  bill_sequence?: number | undefined
  encrypt_key?: string | undefined
  nonce?: string | undefined
}

const gzip = required(oneOf('GZIP'))
const GZIPPED = { defaults: { tar_type: 'GZIP' }, expects: ['hash_type', 'hash_value', 'download_url'] }

const ROWS = {
  trade: get<TradeBillParams, FileReference>('/v3/bill/tradebill', {
    ...GZIPPED,
    rules: {
      bill_date: required(day),
      bill_type: optional(chars(32)),
      sub_mchid: optional(merchantId),
      tar_type: gzip
    }
  }),
  fundFlow: get<FundFlowBillParams, FileReference>('/v3/bill/fundflowbill', {
    ...GZIPPED,
    rules: {
      bill_date: required(day),
      account_type: optional(oneOf('BASIC', 'OPERATION', 'FEES')),
      tar_type: gzip
    }
  }),
  profitSharing: get<ProfitSharingBillParams, FileReference>('/v3/profitsharing/bills', {
    ...GZIPPED,
    rules: { bill_date: required(day), sub_mchid: optional(merchantId), tar_type: gzip }
  }),
  subMerchantFundFlow: get<SubMerchantFundFlowBillParams, EncryptedFiles>('/v3/bill/sub-merchant-fundflowbill', {
    fill: { sub_mchid: 'subMchId' },
    defaults: { algorithm: 'AEAD_AES_256_GCM', tar_type: 'GZIP' },
    rules: {
      bill_date: required(day),
      sub_mchid: required(merchantId),
      account_type: required(oneOf('BASIC', 'OPERATION', 'FEES', 'DEPOSIT')),
      algorithm: required(oneOf('AEAD_AES_256_GCM')),
      tar_type: gzip
    }
  }),
  payscore: get<PayscoreBillParams, EncryptedFiles>('/v3/payscore/merchant-bill', {
    defaults: { encryption_algorithm: 'AEAD_AES_256_GCM', tar_type: 'GZIP' },
    rules: {
      bill_date: required(day),
      service_id: required(serviceId),
      encryption_algorithm: required(oneOf('AEAD_AES_256_GCM')),
      tar_type: gzip
    }
  })
}

/** Bills. (交易账单, 资金账单) Each is fetched compressed and verified against its hash before it is returned. */
export class Bills {
  /** @internal */
  static readonly rows: Readonly<Record<string, Endpoint>> = ROWS
  readonly #api: PayApi

  /** @internal */
  constructor(api: PayApi) {
    this.#api = api
  }

  /**
   * Downloads the trades of a day. (申请交易账单)
   *
   * @param params `bill_date` is a day in Beijing
   * @throws {WeChatPayError} ERR_WECHAT_PAY: `NO_STATEMENT_EXIST`, `STATEMENT_CREATING`; {ConfigError}
   *   ERR_INVALID_PARAM; {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE if the hash differs; {SignatureError};
   *   {ConnectionError}
   * @example
   * const bill = await pay.bills.trade({ bill_date: '2026-03-01' })
   * for await (const row of bill.rows()) console.log(row['商户订单号'], row['应结订单金额'])
   */
  trade(params: TradeBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#bill('bills.trade', ROWS.trade, params, options)
  }

  /**
   * Downloads the fund flow of a day. (申请资金账单)
   *
   * @param params `bill_date` is a day in Beijing
   * @throws as `trade`
   */
  fundFlow(params: FundFlowBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#bill('bills.fundFlow', ROWS.fundFlow, params, options)
  }

  /**
   * Downloads the profit sharing of a day. (申请分账账单)
   *
   * @param params `bill_date` is a day in Beijing
   * @throws as `trade`
   */
  profitSharing(params: ProfitSharingBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#bill('bills.profitSharing', ROWS.profitSharing, params, options)
  }

  /**
   * Downloads the fund flow of one sub-merchant: encrypted files, decrypted here. (申请单个子商户资金账单)
   *
   * @param params `bill_date` is a day in Beijing
   * @returns the parts of one bill, in order
   * @throws as `trade`; {DecryptError} ERR_DECRYPT_KEY
   */
  subMerchantFundFlow(params: SubMerchantFundFlowBillParams, options?: RequestOptions): Promise<Bill[]> {
    return this.#encrypted('bills.subMerchantFundFlow', ROWS.subMerchantFundFlow, params, options)
  }

  /**
   * Downloads the service orders of a day: encrypted files, decrypted here. (商户申请获取对账单, 微信支付分)
   *
   * @param params `bill_date` is a day in Beijing
   * @returns the parts of one bill, in order
   * @throws as `trade`; {DecryptError} ERR_DECRYPT_KEY
   */
  payscore(params: PayscoreBillParams, options?: RequestOptions): Promise<Bill[]> {
    return this.#encrypted('bills.payscore', ROWS.payscore, params, options)
  }

  async #encrypted<P>(
    operation: string,
    endpoint: Endpoint<P, EncryptedFiles>,
    params: P,
    options?: RequestOptions
  ): Promise<Bill[]> {
    const { download_bill_list: files } = await this.#api.call(operation, endpoint, params, options)
    if (!Array.isArray(files) || files.length === 0) throw unexpected(operation, 'the response names no file.', 200)
    const bills: Bill[] = []
    for (const file of files.sort((a, b) => (a.bill_sequence ?? 0) - (b.bill_sequence ?? 0))) {
      const bytes = await downloadFile(this.#api, operation, file, options, (data) => this.#open(operation, file, data))
      bills.push(billOf(operation, bytes))
    }
    return bills
  }

  async #bill<P>(
    operation: string,
    endpoint: Endpoint<P, FileReference>,
    params: P,
    options?: RequestOptions
  ): Promise<Bill> {
    const file = await this.#api.call(operation, endpoint, params, options)
    return billOf(operation, await downloadFile(this.#api, operation, file, options))
  }

  #open(operation: string, file: EncryptedFile, bytes: Uint8Array): Uint8Array {
    const what = `${operation}: encrypt_key`
    const key = decryptBytes(String(file.encrypt_key), this.#api.account.privateKey, what)
    const nonce = Buffer.from(String(file.nonce), 'utf8')
    if (key.byteLength !== 32 || nonce.byteLength !== 12 || bytes.byteLength <= 16) {
      throw unexpected(operation, 'the key, nonce or content of the encrypted file has a wrong length.', 200)
    }
    return openGcm(bytes, createSecretKey(key), nonce, '')
  }
}

function billOf(operation: string, bytes: Uint8Array): Bill {
  return new Bill({ operation, body: oneChunk(bytes) })
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
