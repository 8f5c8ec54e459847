import type { RequestOptions } from '../core/client-options.ts'
import { text } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields, present } from '../wechat-api/check-params.ts'
import { createForm, type UploadFile } from '../wechat-api/file-upload.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** A customer-service account. */
export interface CustomerAccount {
  /** `prefix@account`. */
  kf_account: string
  kf_id: string | number
  kf_nick: string
  kf_headimgurl: string
  /** The bound WeChat id, or the one that was invited. */
  kf_wx?: string
  invite_wx?: string
  /** `waiting`, `rejected` or `expired`. */
  invite_status?: string
  /** Seconds since 1970. */
  invite_expire_time?: number
}

/** A customer-service account that is logged in. */
export interface OnlineCustomerAccount {
  kf_account: string
  kf_id: string | number
  /** 1: logged in on the web. */
  status: number
  /** Conversations at the moment. */
  accepted_case: number
}

const HEAD_IMAGE_LIMIT_BYTES = 5 * 1024 * 1024

const CALLS = {
  list: { method: 'GET', path: '/cgi-bin/customservice/getkflist', idempotent: true, answersWith: 'kf_list' },
  online: {
    method: 'GET',
    path: '/cgi-bin/customservice/getonlinekflist',
    idempotent: true,
    answersWith: 'kf_online_list'
  },
  add: { method: 'POST', path: '/customservice/kfaccount/add', idempotent: false },
  invite: { method: 'POST', path: '/customservice/kfaccount/inviteworker', idempotent: false },
  update: { method: 'POST', path: '/customservice/kfaccount/update', idempotent: true },
  uploadHeadImage: { method: 'POST', path: '/customservice/kfaccount/uploadheadimg', idempotent: true },
  delete: { method: 'GET', path: '/customservice/kfaccount/del', idempotent: true }
} as const satisfies CallTable

const ACCOUNT = text(/^[A-Za-z0-9]{1,10}@.+$/, 'prefix@account with a prefix of up to 10 letters and digits')

/** Customer-service accounts (客服账号), up to 100. */
export class CustomerAccounts {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'customerAccounts', CALLS)
  }

  /** All accounts (getKfList). */
  async list(options?: RequestOptions): Promise<CustomerAccount[]> {
    return (await this.#call<{ kf_list: CustomerAccount[] }>('list', {}, options)).kf_list
  }

  /** The accounts that are logged in (getOnlineKfList). */
  async online(options?: RequestOptions): Promise<OnlineCustomerAccount[]> {
    return (await this.#call<{ kf_online_list: OnlineCustomerAccount[] }>('online', {}, options)).kf_online_list
  }

  /**
   * Adds an account (addKfAccount).
   *
   * @param params `kf_account` `prefix@account`, prefix up to 10 letters and digits; `nickname` up to 16 characters.
   * @throws {WeChatApiError} ERR_WECHAT_API: 61453 (exists), 61456 (too many).
   */
  async add(params: { kf_account: string; nickname: string }, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('add'), params, { kf_account: ACCOUNT, nickname: characters(16) })
    await this.#call('add', { json: params }, options)
  }

  /** Invites a WeChat user to the account (inviteKfWorker). */
  async invite(params: { kf_account: string; invite_wx: string }, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('invite'), params, { kf_account: ACCOUNT, invite_wx: present })
    await this.#call('invite', { json: params }, options)
  }

  /** Changes the nickname (updateKfAccount). */
  async update(params: { kf_account: string; nickname: string }, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('update'), params, { kf_account: ACCOUNT, nickname: characters(16) })
    await this.#call('update', { json: params }, options)
  }

  /** Sets the head image (uploadKfHeadImg): jpg, best 640 × 640, up to 5 MB. */
  async uploadHeadImage(params: UploadFile & { kf_account: string }, options?: RequestOptions): Promise<void> {
    const owner = this.#owner('uploadHeadImage')
    checkFields(owner, params, { kf_account: ACCOUNT })
    const body = await createForm(owner, params, HEAD_IMAGE_LIMIT_BYTES)
    await this.#call('uploadHeadImage', { query: { kf_account: params.kf_account }, body }, options)
  }

  /** Deletes an account (delKfAccount). */
  async delete(kf_account: string, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('delete'), { kf_account }, { kf_account: ACCOUNT })
    await this.#call('delete', { query: { kf_account } }, options)
  }

  #owner(name: string) {
    return { operation: `customerAccounts.${name}`, product: this.#api.product }
  }
}
