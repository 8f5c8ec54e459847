import type { RequestOptions } from '../core/client-options.ts'
import { flag, integer, oneOf, optional, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import { downloadFile } from './download.ts'
import { get, type ParamProblem, type Params, post } from './endpoint.ts'
import { chars, listOf, notifyUrl, openid } from './field-rules.ts'
import type { PayApi } from './pay-api.ts'
import { resource } from './resource.ts'

/** A batch of transfers. */
export interface TransferBatchParams {
  /** Idempotency key of the batch: 5 to 32 letters and digits. */
  out_batch_no: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  batch_name: string
  batch_remark: string
  /** Fen; the sum of the details. */
  total_amount: number
  /** The number of details. */
  total_num: number
  transfer_detail_list: readonly {
    out_detail_no: string
    /** Fen. */
    transfer_amount: number
    transfer_remark: string
    openid: string
    /** Plain text: the client encrypts it. */
    user_name?: string | undefined
    /** Identity card number, plain text: the client encrypts it. */
    user_id_card?: string | undefined
  }[]
  transfer_scene_id?: string | undefined
  notify_url?: string | undefined
}

/** An accepted batch. */
export interface TransferBatchCreated {
  out_batch_no: string
  batch_id: string
  /** RFC 3339. */
  create_time: string
  batch_status?: string
}

/** The number by which a batch is looked up. */
export type TransferBatchNumber = ({ out_batch_no: string } | { batch_id: string }) & {
  /** Default `false`. */
  need_query_detail?: boolean | undefined
  offset?: number | undefined
  /** 20 to 100. */
  limit?: number | undefined
  detail_status?: 'ALL' | 'SUCCESS' | 'FAIL' | 'WAIT_PAY' | undefined
}

/** A batch as WeChat Pay returns it. */
export interface TransferBatch {
  transfer_batch: {
    mchid: string
    out_batch_no: string
    batch_id: string
    appid: string
    batch_status: 'WAIT_PAY' | 'ACCEPTED' | 'PROCESSING' | 'FINISHED' | 'CLOSED' | (string & {})
    batch_type: string
    transfer_scene_id?: string
    batch_name: string
    batch_remark: string
    close_reason?: string
    /** Fen. */
    total_amount: number
    total_num: number
    /** RFC 3339. */
    create_time?: string
    /** RFC 3339. */
    update_time?: string
    /** Fen. */
    success_amount?: number
    success_num?: number
    /** Fen. */
    fail_amount?: number
    fail_num?: number
  }
  transfer_detail_list?: { detail_id: string; out_detail_no: string; detail_status: string }[]
  offset?: number
  limit?: number
}

/** The numbers by which a transfer of a batch is looked up. */
export type TransferBatchDetailNumber =
  | { out_batch_no: string; out_detail_no: string }
  | { batch_id: string; detail_id: string }

/** One transfer of a batch. */
export interface TransferBatchDetail {
  mchid: string
  out_batch_no: string
  batch_id: string
  appid?: string
  out_detail_no: string
  detail_id: string
  detail_status: 'INIT' | 'WAIT_PAY' | 'PROCESSING' | 'SUCCESS' | 'FAIL' | (string & {})
  /** Fen. */
  transfer_amount: number
  transfer_remark: string
  fail_reason?: string
  openid: string
  /** Decrypted by the client. */
  user_name?: string
  /** RFC 3339. */
  initiate_time: string
  /** RFC 3339. */
  update_time: string
}

/** A receipt of a batch (电子回单). */
export interface TransferBatchReceipt {
  out_batch_no: string
  signature_no: string
  signature_status?: 'ACCEPTED' | 'FINISHED' | (string & {}) | undefined
  hash_type?: string | undefined
  hash_value?: string | undefined
  download_url?: string | undefined
  /** RFC 3339. */
  create_time?: string | undefined
  /** RFC 3339. */
  update_time?: string | undefined
}

const BATCHES = '/v3/transfer/batches'
const outBatchNo = chars(32, /^[0-9A-Za-z]{5,32}$/, '5 to 32 letters and digits')
/** The document says `string[1,32]`, unlike that of `out_batch_no`. */
const outDetailNo = chars(32, /^[0-9A-Za-z]{1,32}$/, '1 to 32 letters and digits')
const batchId = chars(64, /^[0-9A-Za-z]{1,64}$/, 'the batch_id of WeChat Pay')
const detailId = chars(64, /^[0-9A-Za-z]{1,64}$/, 'the detail_id of WeChat Pay')
const RECEIPT = { rules: { out_batch_no: required(outBatchNo) }, echo: ['out_batch_no'] }

const Calls = resource('transferBatches', {
  /**
   * Starts a batch. (发起商家转账) Success only means *accepted*; `query()` reports the outcome.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT for every status but 200: run `error.query` before anything else
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError} when the request was never sent
   */
  create: post<TransferBatchParams, TransferBatchCreated>(BATCHES, {
    idempotent: false,
    fill: { appid: 'appId' },
    rules: {
      out_batch_no: required(outBatchNo),
      batch_name: required(chars(32)),
      batch_remark: required(chars(32)),
      total_amount: required(fen()),
      total_num: required(integer(1, 1000)),
      transfer_detail_list: required(listOf(1000)),
      'transfer_detail_list[].out_detail_no': required(outDetailNo),
      'transfer_detail_list[].transfer_amount': required(fen()),
      'transfer_detail_list[].transfer_remark': required(chars(32)),
      'transfer_detail_list[].openid': required(openid),
      'transfer_detail_list[].user_name': optional(chars(64)),
      'transfer_detail_list[].user_id_card': optional(chars(32)),
      transfer_scene_id: optional(chars(36)),
      notify_url: optional(notifyUrl)
    },
    check: checkBatch,
    encrypted: ['transfer_detail_list[].user_name', 'transfer_detail_list[].user_id_card'],
    expects: ['batch_id'],
    echo: ['out_batch_no'],
    money: { open: 'any', query: { method: 'transferBatches.query', by: ['out_batch_no'] } }
  }),

  /**
   * Looks up a batch. (通过商家批次单号查询批次单, 通过微信批次单号查询批次单)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  query: get<TransferBatchNumber, TransferBatch>(
    { out_batch_no: `${BATCHES}/out-batch-no/{out_batch_no}`, batch_id: `${BATCHES}/batch-id/{batch_id}` },
    {
      defaults: { need_query_detail: false },
      rules: {
        out_batch_no: optional(outBatchNo),
        batch_id: optional(batchId),
        need_query_detail: required(flag),
        offset: optional(integer(0)),
        limit: optional(integer(20, 100)),
        detail_status: optional(oneOf('ALL', 'SUCCESS', 'FAIL', 'WAIT_PAY'))
      },
      echo: ['out_batch_no', 'batch_id'],
      echoIn: 'transfer_batch'
    }
  ),

  /**
   * Looks up one transfer of a batch. (通过商家明细单号查询明细单, 通过微信明细单号查询明细单)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {DecryptError} ERR_DECRYPT_KEY; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   */
  queryDetail: get<TransferBatchDetailNumber, TransferBatchDetail>(
    {
      out_batch_no: `${BATCHES}/out-batch-no/{out_batch_no}/details/out-detail-no/{out_detail_no}`,
      batch_id: `${BATCHES}/batch-id/{batch_id}/details/detail-id/{detail_id}`
    },
    {
      rules: {
        out_batch_no: optional(outBatchNo),
        out_detail_no: optional(outDetailNo),
        batch_id: optional(batchId),
        detail_id: optional(detailId)
      },
      decrypted: ['user_name'],
      expects: ['detail_status'],
      echo: ['out_batch_no', 'out_detail_no', 'batch_id', 'detail_id']
    }
  ),

  /**
   * Requests the receipt of a batch. (转账账单电子回单申请受理)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  createReceipt: post<{ out_batch_no: string }, TransferBatchReceipt>('/v3/transfer/bill-receipt', RECEIPT),

  /**
   * Looks up the receipt of a batch. (查询转账账单电子回单)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  queryReceipt: get<{ out_batch_no: string }, TransferBatchReceipt>('/v3/transfer/bill-receipt/{out_batch_no}', RECEIPT)
})

/** Batches of transfers, for merchants that had the product before 2025. (批量转账到零钱) Everybody else uses `transfers`. */
export class TransferBatches extends Calls {
  readonly #api: PayApi

  /** @internal */
  constructor(api: PayApi) {
    super(api)
    this.#api = api
  }

  /**
   * Downloads a receipt (PDF) and verifies its hash. (下载电子回单)
   *
   * @param receipt the response of `queryReceipt`
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the hash differs; {WeChatPayError} ERR_WECHAT_PAY;
   *   {ConnectionError}
   */
  downloadReceipt(receipt: TransferBatchReceipt, options?: RequestOptions): Promise<Uint8Array> {
    return downloadFile(this.#api, 'transferBatches.downloadReceipt', receipt, options)
  }
}

function checkBatch(params: Params): ParamProblem | undefined {
  const details = params.transfer_detail_list as TransferBatchParams['transfer_detail_list']
  if (details.length !== params.total_num) {
    return { field: 'total_num', problem: `is not the number of details, ${details.length}` }
  }
  return details.reduce((sum, detail) => sum + detail?.transfer_amount, 0) === params.total_amount
    ? undefined
    : { field: 'total_amount', problem: 'is not the sum of the details' }
}
