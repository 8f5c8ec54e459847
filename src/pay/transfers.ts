import type { RequestOptions } from '../core/client-options.ts'
import { invalidParam } from '../internal/invalid-param.ts'
import type { LateCaller } from './late-caller.ts'

export interface TransferParams {
  /** Letters and digits only. */
  out_bill_no: string
  /** e.g. `1000` cash marketing, `1005` commission, `1009` purchase. */
  transfer_scene_id: string
  openid: string
  /** Plain text: the client encrypts it. Required from 2000 yuan on. */
  user_name?: string
  /** Fen. */
  transfer_amount: number
  transfer_remark: string
  notify_url?: string
  user_recv_perception?: string
  /** The types that the scene prescribes, each once. */
  transfer_scene_report_infos: readonly { info_type: string; info_content: string }[]
  user_recv_style?: { type: 'CONFIRM_PAGE' | 'RED_PACKET' | (string & {}) }
}

/** `SUCCESS`, `FAIL` and `CANCELLED` are final. */
export type TransferState =
  | 'ACCEPTED'
  | 'PROCESSING'
  | 'WAIT_USER_CONFIRM'
  | 'TRANSFERING'
  | 'SUCCESS'
  | 'FAIL'
  | 'CANCELING'
  | 'CANCELLED'
  | (string & {})

export interface TransferCreated {
  out_bill_no: string
  transfer_bill_no: string
  create_time: string
  state: TransferState
  fail_reason?: string
  /** Only in `WAIT_USER_CONFIRM`: for `transfers.confirmParams`. */
  package_info?: string
}

export interface Transfer {
  mch_id?: string
  mchid?: string
  out_bill_no: string
  transfer_bill_no: string
  appid?: string
  state: TransferState
  /** Fen. */
  transfer_amount: number
  transfer_remark?: string
  fail_reason?: string
  openid?: string
  /** Decrypted by the client. */
  user_name?: string
  create_time: string
  update_time: string
}

export type TransferNumber = { out_bill_no: string } | { transfer_bill_no: string }

export interface TransferReceipt {
  state: 'GENERATING' | 'FINISHED' | 'FAILED' | (string & {})
  create_time: string
  update_time?: string
  hash_type?: string
  hash_value?: string
  /** Good for ten minutes. */
  download_url?: string
  fail_reason?: string
}

/** For `wx.requestMerchantTransfer`, on a page or in a mini program. */
export interface TransferConfirmParams {
  mchId: string
  appId: string
  package: string
}

/** Transfers to users, who confirm them. (商家转账) */
export class Transfers {
  readonly #caller: LateCaller

  /** @internal */
  constructor(caller: LateCaller) {
    this.#caller = caller
  }

  /**
   * Starts a transfer. (发起转账) The user confirms it with the `package_info` of the answer; after 24 hours it is closed.
   *
   * @param params `transfer_amount` in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT for **every** answer but 200: keep the number, run `error.query`, take a
   *   new number only after the state `FAIL`. {ConfigError} ERR_INVALID_PARAM before anything is sent.
   * @example
   * const transfer = await pay.transfers.create({
   *   out_bill_no: 'W202603010001', transfer_scene_id: '1005', openid, transfer_amount: 3000, transfer_remark: 'Commission',
   *   transfer_scene_report_infos: [
   *     { info_type: '岗位类型', info_content: '外卖员' }, { info_type: '报酬说明', info_content: '高温补贴' }
   *   ]
   * })
   */
  async create(params: TransferParams, options?: RequestOptions): Promise<TransferCreated> {
    return (await this.#caller.call('transfers.create', params, options)) as unknown as TransferCreated
  }

  /** Looks a transfer up by either number, up to 30 days. (查询转账单) Not found right after a call proves nothing. */
  async query(params: TransferNumber, options?: RequestOptions): Promise<Transfer> {
    const choices = { out_bill_no: 'transfers.queryByNumber', transfer_bill_no: 'transfers.queryById' } as const
    return (await this.#caller.callBy(choices, params, options)) as unknown as Transfer
  }

  /** Takes back a transfer that the user has not confirmed. (撤销转账) Cancelled it is with state `CANCELLED`. */
  async cancel(
    params: { out_bill_no: string },
    options?: RequestOptions
  ): Promise<{ out_bill_no: string; transfer_bill_no: string; state: TransferState; update_time: string }> {
    return (await this.#caller.call('transfers.cancel', params, options)) as unknown as Transfer
  }

  /** What the page hands to `wx.requestMerchantTransfer`. (调起用户确认收款) */
  confirmParams(transfer: { package_info?: string }): TransferConfirmParams {
    if (!transfer?.package_info) {
      throw invalidParam(
        'pay',
        'transfers.confirmParams',
        'package_info',
        'is there only in state WAIT_USER_CONFIRM: see the state. Nothing was sent'
      )
    }
    return {
      mchId: this.#caller.mchId,
      appId: this.#caller.appId('transfers.confirmParams'),
      package: transfer.package_info
    }
  }

  /** Asks for the receipt of a finished transfer. (申请电子回单) */
  async createReceipt(params: TransferNumber, options?: RequestOptions): Promise<TransferReceipt> {
    const choices = {
      out_bill_no: 'transfers.createReceiptByNumber',
      transfer_bill_no: 'transfers.createReceiptById'
    } as const
    return (await this.#caller.callBy(choices, params, options)) as unknown as TransferReceipt
  }

  /** Looks a receipt up; downloadable in state `FINISHED`. (查询电子回单) */
  async queryReceipt(params: TransferNumber, options?: RequestOptions): Promise<TransferReceipt> {
    const choices = {
      out_bill_no: 'transfers.queryReceiptByNumber',
      transfer_bill_no: 'transfers.queryReceiptById'
    } as const
    return (await this.#caller.callBy(choices, params, options)) as unknown as TransferReceipt
  }

  /**
   * Downloads a receipt (PDF) and compares its hash. (下载电子回单)
   *
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the hash differs.
   */
  downloadReceipt(receipt: TransferReceipt, options?: RequestOptions): Promise<Uint8Array> {
    return this.#caller.download('transfers.downloadReceipt', receipt, options)
  }
}
