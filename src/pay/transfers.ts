import type { RequestOptions } from '../core/client-options.ts'
import { optional, record, required } from '../core/options.ts'
import { invalid } from './check-params.ts'
import { fen } from './common/fen.ts'
import { downloadFile } from './download.ts'
import { get, post } from './endpoint.ts'
import { chars, listOf, notifyUrl, openid, outBillNo } from './field-rules.ts'
import type { PayApi } from './pay-api.ts'
import { appIdOf } from './prepare-call.ts'
import { resource } from './resource.ts'
import { checkTransfer } from './transfer-scenes.ts'

/** A transfer to start. */
export interface TransferParams {
  /** Idempotency key of the transfer: letters and digits only, at most 32. */
  out_bill_no: string
  /** e.g. `1000` cash marketing, `1005` commission, `1009` purchase. */
  transfer_scene_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  openid: string
  /** Plain text: the client encrypts it. Required from 2000 yuan on. */
  user_name?: string | undefined
  /** Fen. */
  transfer_amount: number
  transfer_remark: string
  notify_url?: string | undefined
  user_recv_perception?: string | undefined
  /** The types that the scene requires, each once: see `TRANSFER_SCENES`. */
  transfer_scene_report_infos: readonly { info_type: string; info_content: string }[]
  user_recv_style?: { type: 'CONFIRM_PAGE' | 'RED_PACKET' | (string & {}) } | undefined
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

/** A started transfer. */
export interface TransferCreated {
  out_bill_no: string
  transfer_bill_no: string
  /** RFC 3339. */
  create_time: string
  state: TransferState
  fail_reason?: string
  /** Only in `WAIT_USER_CONFIRM`: for `transfers.confirmParams`. */
  package_info?: string
}

/** A transfer as WeChat Pay returns it. */
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
  /** RFC 3339. */
  create_time: string
  /** RFC 3339. */
  update_time: string
}

/** A transfer that is being cancelled. */
export interface TransferCancelled {
  out_bill_no: string
  transfer_bill_no: string
  state: TransferState
  /** RFC 3339. */
  update_time: string
}

/** The number by which a transfer is looked up. */
export type TransferNumber = { out_bill_no: string } | { transfer_bill_no: string }

/** A receipt (电子回单). */
export interface TransferReceipt {
  state: 'GENERATING' | 'FINISHED' | 'FAILED' | (string & {})
  /** RFC 3339. */
  create_time: string
  /** RFC 3339. */
  update_time?: string | undefined
  hash_type?: string | undefined
  hash_value?: string | undefined
  /** Valid for ten minutes. */
  download_url?: string | undefined
  fail_reason?: string | undefined
}

/** For `wx.requestMerchantTransfer`, on a page or in a mini program. */
export interface TransferConfirmParams {
  mchId: string
  appId: string
  package: string
}

const BILLS = '/v3/fund-app/mch-transfer/transfer-bills'
const RECEIPTS = '/v3/fund-app/mch-transfer/elecsign'
const NUMBERS = {
  out_bill_no: optional(outBillNo),
  transfer_bill_no: optional(chars(64, /^[0-9A-Za-z]{1,64}$/, 'the transfer_bill_no of WeChat Pay'))
}
const MONEY = { open: 'any', query: { method: 'transfers.query', by: ['out_bill_no'] } } as const

const Calls = resource('transfers', {
  /**
   * Starts a transfer. (发起转账) The user confirms it with the `package_info` of the response; after 24 hours it is closed.
   *
   * @param params `transfer_amount` in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT for **every** status but 200: keep the number, run `error.query`, take a
   *   new number only after the state `FAIL`
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError} when the request was never sent
   * @example
   * const transfer = await pay.transfers.create({
   *   out_bill_no: 'W202603010001', transfer_scene_id: '1005', openid, transfer_amount: 3000, transfer_remark: 'Commission',
   *   transfer_scene_report_infos: [
   *     { info_type: '岗位类型', info_content: '外卖员' }, { info_type: '报酬说明', info_content: '高温补贴' }
   *   ]
   * })
   */
  create: post<TransferParams, TransferCreated>(BILLS, {
    // If the outcome is unknown, the transfer must be queried first, so the client never retries it. (发起转账: 注意)
    idempotent: false,
    fill: { appid: 'appId' },
    rules: {
      out_bill_no: required(outBillNo),
      transfer_scene_id: required(chars(36)),
      openid: required(openid),
      user_name: optional(chars(64)),
      transfer_amount: required(fen()),
      transfer_remark: required(chars(32)),
      notify_url: optional(notifyUrl),
      user_recv_perception: optional(chars(32)),
      transfer_scene_report_infos: required(listOf(10)),
      'transfer_scene_report_infos[].info_type': required(chars(15)),
      'transfer_scene_report_infos[].info_content': required(chars(32)),
      user_recv_style: optional(record)
    },
    check: checkTransfer,
    encrypted: ['user_name'],
    expects: ['transfer_bill_no', 'state'],
    echo: ['out_bill_no'],
    money: MONEY
  }),

  /**
   * Looks up a transfer by either number, up to 30 days. (查询转账单) `NOT_FOUND` right after a call does not prove that no
   * money moved.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {DecryptError} ERR_DECRYPT_KEY; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   */
  query: get<TransferNumber, Transfer>(
    {
      out_bill_no: `${BILLS}/out-bill-no/{out_bill_no}`,
      transfer_bill_no: `${BILLS}/transfer-bill-no/{transfer_bill_no}`
    },
    { rules: NUMBERS, decrypted: ['user_name'], expects: ['state'], echo: ['out_bill_no', 'transfer_bill_no'] }
  ),

  /**
   * Cancels a transfer that the user has not confirmed. (撤销转账) It is complete in state `CANCELLED`, which `query()`
   * reports.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT as for `create`; {WeChatPayError} ERR_WECHAT_PAY; {ConfigError}
   *   ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  cancel: post<{ out_bill_no: string }, TransferCancelled>(`${BILLS}/out-bill-no/{out_bill_no}/cancel`, {
    rules: { out_bill_no: required(outBillNo) },
    expects: ['state'],
    echo: ['out_bill_no'],
    money: MONEY
  }),

  /**
   * Requests the receipt of a finished transfer. (申请电子回单)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  createReceipt: post<TransferNumber, TransferReceipt>(
    { out_bill_no: `${RECEIPTS}/out-bill-no`, transfer_bill_no: `${RECEIPTS}/transfer-bill-no` },
    { rules: NUMBERS, expects: ['state'] }
  ),

  /**
   * Looks up a receipt; it can be downloaded in state `FINISHED`. (查询电子回单)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  queryReceipt: get<TransferNumber, TransferReceipt>(
    {
      out_bill_no: `${RECEIPTS}/out-bill-no/{out_bill_no}`,
      transfer_bill_no: `${RECEIPTS}/transfer-bill-no/{transfer_bill_no}`
    },
    { rules: NUMBERS, expects: ['state'] }
  )
})

/** Transfers to users, who confirm them. (商家转账) */
export class Transfers extends Calls {
  readonly #api: PayApi

  /** @internal */
  constructor(api: PayApi) {
    super(api)
    this.#api = api
  }

  /**
   * Returns the parameters of `wx.requestMerchantTransfer`. (调起用户确认收款) Computed locally; nothing is sent.
   *
   * @param transfer the response of `create`
   * @param options `appId`: the app of the transfer, if it is not the client's
   * @throws {ConfigError} ERR_INVALID_PARAM without `package_info`; ERR_CONFIG without an appid
   */
  confirmParams(
    transfer: { package_info?: string | undefined },
    options: { appId?: string | undefined } = {}
  ): TransferConfirmParams {
    const operation = 'transfers.confirmParams'
    if (!transfer?.package_info) {
      throw invalid(operation, 'package_info', 'is present only in state WAIT_USER_CONFIRM: check the state')
    }
    const { account } = this.#api
    return {
      mchId: account.mchId,
      appId: appIdOf(operation, account, 'appId', options.appId),
      package: transfer.package_info
    }
  }

  /**
   * Downloads a receipt (PDF) and verifies its hash. (下载电子回单)
   *
   * @param receipt the response of `queryReceipt` in state `FINISHED`
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the hash differs; {WeChatPayError} ERR_WECHAT_PAY;
   *   {ConnectionError}
   */
  downloadReceipt(receipt: TransferReceipt, options?: RequestOptions): Promise<Uint8Array> {
    return downloadFile(this.#api, 'transfers.downloadReceipt', receipt, options)
  }
}
