import type { RequestOptions } from '../core/client-options.ts'
import type { GroupCalls } from './group-calls.ts'

export interface TransferBatchParams {
  /** 5 to 32 letters and digits. */
  out_batch_no: string
  batch_name: string
  batch_remark: string
  /** Fen; the sum of the details. */
  total_amount: number
  total_num: number
  transfer_detail_list: readonly {
    out_detail_no: string
    /** Fen. */
    transfer_amount: number
    transfer_remark: string
    openid: string
    /** Plain text: the client encrypts it. */
    user_name?: string
  }[]
  transfer_scene_id?: string
  notify_url?: string
}

export type TransferBatchNumber = ({ out_batch_no: string } | { batch_id: string }) & {
  /** Default `false`. */
  need_query_detail?: boolean
  offset?: number
  limit?: number
  detail_status?: 'ALL' | 'SUCCESS' | 'FAIL' | 'WAIT_PAY'
}

export interface TransferBatch {
  transfer_batch: {
    mchid: string
    out_batch_no: string
    batch_id: string
    appid: string
    batch_status: 'WAIT_PAY' | 'ACCEPTED' | 'PROCESSING' | 'FINISHED' | 'CLOSED' | (string & {})
    batch_type: string
    batch_name: string
    batch_remark: string
    close_reason?: string
    total_amount: number
    total_num: number
    create_time?: string
    update_time?: string
    success_amount?: number
    success_num?: number
    fail_amount?: number
    fail_num?: number
  }
  transfer_detail_list?: { detail_id: string; out_detail_no: string; detail_status: string }[]
  offset?: number
  limit?: number
}

export interface TransferBatchDetail {
  mchid: string
  out_batch_no: string
  batch_id: string
  appid?: string
  out_detail_no: string
  detail_id: string
  detail_status: 'INIT' | 'WAIT_PAY' | 'PROCESSING' | 'SUCCESS' | 'FAIL' | (string & {})
  transfer_amount: number
  transfer_remark: string
  fail_reason?: string
  openid: string
  /** Decrypted by the client. */
  user_name?: string
  initiate_time: string
  update_time: string
}

export interface TransferBatchReceipt {
  out_batch_no: string
  signature_no: string
  signature_status?: 'ACCEPTED' | 'FINISHED' | (string & {})
  hash_type?: string
  hash_value?: string
  download_url?: string
  create_time?: string
  update_time?: string
}

/**
 * Batches of transfers, for merchants that had the product before 2025. (批量转账到零钱) Everybody else uses `transfers`.
 */
export class TransferBatches {
  readonly #calls: GroupCalls

  /** @internal */
  constructor(calls: GroupCalls) {
    this.#calls = calls
  }

  /**
   * Starts a batch. Accepted is not paid: query it.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT for every answer but 200; {ConfigError} ERR_INVALID_PARAM
   */
  async create(
    params: TransferBatchParams,
    options?: RequestOptions
  ): Promise<{ out_batch_no: string; batch_id: string; create_time: string; batch_status?: string }> {
    return (await this.#calls.call('transferBatches.create', params, options)) as unknown as {
      out_batch_no: string
      batch_id: string
      create_time: string
    }
  }

  async query(params: TransferBatchNumber, options?: RequestOptions): Promise<TransferBatch> {
    const choices = { out_batch_no: 'transferBatches.queryByNumber', batch_id: 'transferBatches.queryById' } as const
    const asked = { need_query_detail: false, ...params }
    return (await this.#calls.callBy(choices, asked, options)) as unknown as TransferBatch
  }

  async queryDetail(
    params: { out_batch_no: string; out_detail_no: string } | { batch_id: string; detail_id: string },
    options?: RequestOptions
  ): Promise<TransferBatchDetail> {
    const choices = {
      out_batch_no: 'transferBatches.queryDetailByNumber',
      batch_id: 'transferBatches.queryDetailById'
    } as const
    return (await this.#calls.callBy(choices, params, options)) as unknown as TransferBatchDetail
  }

  async createReceipt(params: { out_batch_no: string }, options?: RequestOptions): Promise<TransferBatchReceipt> {
    return (await this.#calls.call('transferBatches.createReceipt', params, options)) as unknown as TransferBatchReceipt
  }

  async queryReceipt(params: { out_batch_no: string }, options?: RequestOptions): Promise<TransferBatchReceipt> {
    return (await this.#calls.call('transferBatches.queryReceipt', params, options)) as unknown as TransferBatchReceipt
  }

  /** Downloads a receipt (PDF) and compares its hash. */
  downloadReceipt(receipt: TransferBatchReceipt, options?: RequestOptions): Promise<Uint8Array> {
    return this.#calls.download('transferBatches.downloadReceipt', receipt, options)
  }
}
