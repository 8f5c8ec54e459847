import type { RequestOptions } from '../core/client-options.ts'
import { text } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from './call-table.ts'
import { checkFields, present } from './check-params.ts'
import type { WeChatApiClient } from './wechat-api-client.ts'

/** Answer of `quota.get`. */
export interface QuotaAnswer {
  quota: {
    /** Calls allowed today. */
    daily_limit: number
    used: number
    remain: number
  }
  rate_limit?: { call_count: number; refresh_second: number }
  component_rate_limit?: { call_count: number; refresh_second: number }
}

/** What WeChat kept about one of your requests. */
export interface RidAnswer {
  request: {
    /** Seconds since 1970. */
    invoke_time: number
    cost_in_ms: number
    request_url: string
    request_body: string
    response_body: string
    client_ip: string
  }
}

const CALLS = {
  get: { method: 'POST', path: '/cgi-bin/openapi/quota/get', idempotent: true, answersWith: 'quota' },
  clear: { method: 'POST', path: '/cgi-bin/clear_quota', idempotent: false },
  clearWithAppSecret: { method: 'POST', path: '/cgi-bin/clear_quota/v2', idempotent: false, auth: 'none' },
  clearApi: { method: 'POST', path: '/cgi-bin/openapi/quota/clear', idempotent: false },
  rid: { method: 'POST', path: '/cgi-bin/openapi/rid/get', idempotent: true, answersWith: 'request' }
} as const satisfies CallTable

const CGI_PATH = text(/^\/[\w/-]+$/, 'a path such as /cgi-bin/message/custom/send, without host and query')

/** Quotas of the API and the search for failed requests. */
export class Quota {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'quota', CALLS)
  }

  /**
   * Quota and use of one API today (getApiQuota).
   *
   * @param cgi_path With leading slash, e.g. `/cgi-bin/message/custom/send`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 76021 (path), 76022.
   */
  async get(cgi_path: string, options?: RequestOptions): Promise<QuotaAnswer> {
    this.#check('get', { cgi_path })
    return this.#call('get', { json: { cgi_path } }, options)
  }

  /**
   * Resets the daily counts of all APIs (clearQuota): 10 times a month, shared by all ways of resetting.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 48006 when the resets are used up.
   */
  async clear(options?: RequestOptions): Promise<void> {
    await this.#call('clear', { json: { appid: this.#api.appId } }, options)
  }

  /** The same without an access token (clearQuotaByAppSecret), for the day on which that quota is used up too. */
  async clearWithAppSecret(options?: RequestOptions): Promise<void> {
    const json = { appid: this.#api.appId, appsecret: this.#api.revealAppSecret() }
    await this.#call('clearWithAppSecret', { json }, options)
  }

  /** Resets the daily count of one API (clearApiQuota). */
  async clearApi(cgi_path: string, options?: RequestOptions): Promise<void> {
    this.#check('clearApi', { cgi_path })
    await this.#call('clearApi', { json: { cgi_path } }, options)
  }

  /**
   * What WeChat kept about a request of the last 7 days (getRidInfo).
   *
   * @param rid `error.requestId` of a `WeChatApiError`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 76001 to 76004.
   * @example
   * const { request } = await mp.quota.rid('61725984-6126f6f9-040f19c4')
   */
  async rid(rid: string, options?: RequestOptions): Promise<RidAnswer> {
    checkFields({ operation: 'quota.rid', product: this.#api.product }, { rid }, { rid: present })
    return this.#call('rid', { json: { rid } }, options)
  }

  #check(name: string, params: { cgi_path: string }): void {
    checkFields({ operation: `quota.${name}`, product: this.#api.product }, params, { cgi_path: CGI_PATH })
  }
}
