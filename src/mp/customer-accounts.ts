import type { RequestOptions } from '../core/client-options.ts'
import { text } from '../core/options.ts'
import { characters, present } from '../wechat-api/check-params.ts'
import { get, post } from '../wechat-api/endpoint.ts'
import { createForm, type UploadFile } from '../wechat-api/file-upload.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** A customer-service account. */
export interface CustomerAccount {
  /** `prefix@account`. */
  kf_account: string
  kf_id: string | number
  kf_nick: string
  kf_headimgurl: string
  /** The bound WeChat id, or the invited one. */
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
  /** Current number of conversations. */
  accepted_case: number
}

const HEAD_IMAGE_LIMIT_BYTES = 5 * 1024 * 1024

const ACCOUNT = text(/^[A-Za-z0-9]{1,10}@.+$/, 'prefix@account with a prefix of up to 10 letters and digits')
const NICKNAME_RULES = { kf_account: ACCOUNT, nickname: characters(16) }

const LIST = get<object, CustomerAccount[]>('customerAccounts.list', '/cgi-bin/customservice/getkflist', {
  picks: 'kf_list'
})
const ONLINE = get<object, OnlineCustomerAccount[]>(
  'customerAccounts.online',
  '/cgi-bin/customservice/getonlinekflist',
  { picks: 'kf_online_list' }
)
const ADD = post<{ kf_account: string; nickname: string }>('customerAccounts.add', '/customservice/kfaccount/add', {
  rules: NICKNAME_RULES
})
const INVITE = post<{ kf_account: string; invite_wx: string }>(
  'customerAccounts.invite',
  '/customservice/kfaccount/inviteworker',
  { rules: { kf_account: ACCOUNT, invite_wx: present } }
)
const UPDATE = post<{ kf_account: string; nickname: string }>(
  'customerAccounts.update',
  '/customservice/kfaccount/update',
  { rules: NICKNAME_RULES, idempotent: true }
)
const UPLOAD_HEAD_IMAGE = post<{ kf_account: string }>(
  'customerAccounts.uploadHeadImage',
  '/customservice/kfaccount/uploadheadimg',
  { rules: { kf_account: ACCOUNT }, idempotent: true }
)
const DELETE = get<{ kf_account: string }>('customerAccounts.delete', '/customservice/kfaccount/del', {
  rules: { kf_account: ACCOUNT }
})

/** Customer-service accounts (客服账号), up to 100. */
export class CustomerAccounts {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Lists all accounts (getKfList).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  list(options?: RequestOptions): Promise<CustomerAccount[]> {
    return this.#api.call(LIST, {}, options)
  }

  /**
   * Lists the accounts that are logged in (getOnlineKfList).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  online(options?: RequestOptions): Promise<OnlineCustomerAccount[]> {
    return this.#api.call(ONLINE, {}, options)
  }

  /**
   * Adds an account (addKfAccount).
   *
   * @param params `kf_account` `prefix@account`, prefix up to 10 letters and digits; `nickname` up to 16 characters.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 61453 (already exists), 61456 (too many).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  add(params: { kf_account: string; nickname: string }, options?: RequestOptions): Promise<void> {
    return this.#api.call(ADD, params, options)
  }

  /**
   * Invites a WeChat user to the account (inviteKfWorker).
   *
   * @param params `invite_wx` is the WeChat id of the person, who must accept in the client.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  invite(params: { kf_account: string; invite_wx: string }, options?: RequestOptions): Promise<void> {
    return this.#api.call(INVITE, params, options)
  }

  /**
   * Changes the nickname (updateKfAccount).
   *
   * @param params `nickname` up to 16 characters.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  update(params: { kf_account: string; nickname: string }, options?: RequestOptions): Promise<void> {
    return this.#api.call(UPDATE, params, options)
  }

  /**
   * Sets the avatar (uploadKfHeadImg).
   *
   * @param params A jpg, ideally 640 × 640 pixels, up to 5 MB.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {BodyError} ERR_BODY_TOO_LARGE before anything is sent.
   */
  async uploadHeadImage(params: UploadFile & { kf_account: string }, options?: RequestOptions): Promise<void> {
    this.#api.check(UPLOAD_HEAD_IMAGE, params)
    const owner = { operation: UPLOAD_HEAD_IMAGE.operation, product: this.#api.product }
    const body = await createForm(owner, params, HEAD_IMAGE_LIMIT_BYTES)
    return this.#api.send(UPLOAD_HEAD_IMAGE, { query: { kf_account: params.kf_account }, body }, options)
  }

  /**
   * Deletes an account (delKfAccount).
   *
   * @param kf_account `prefix@account`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  delete(kf_account: string, options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE, { kf_account }, options)
  }
}
