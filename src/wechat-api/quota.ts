import type { RequestOptions } from '../core/client-options.ts'
import { text } from '../core/options.ts'
import { present } from './check-params.ts'
import { post } from './endpoint.ts'
import type { WeChatApiClient } from './wechat-api-client.ts'

/** Response of `quota.get`. */
export interface QuotaResponse {
  quota: {
    /** Calls allowed today. */
    daily_limit: number
    used: number
    remain: number
  }
  rate_limit?: { call_count: number; refresh_second: number }
  component_rate_limit?: { call_count: number; refresh_second: number }
}

/** WeChat's record of one of your requests. */
export interface RidResponse {
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

const CGI_PATH = text(/^\/[\w/-]+$/, 'a path such as /cgi-bin/message/custom/send, without host and query')
const CGI_RULES = { cgi_path: CGI_PATH }

const GET = post<{ cgi_path: string }, QuotaResponse>('quota.get', '/cgi-bin/openapi/quota/get', {
  rules: CGI_RULES,
  idempotent: true,
  returns: 'quota'
})
const CLEAR = post<{ appid: string }>('quota.clear', '/cgi-bin/clear_quota')
const CLEAR_WITH_SECRET = post<object>('quota.clearWithAppSecret', '/cgi-bin/clear_quota/v2', { auth: 'none' })
const CLEAR_API = post<{ cgi_path: string }>('quota.clearApi', '/cgi-bin/openapi/quota/clear', { rules: CGI_RULES })
const RID = post<{ rid: string }, RidResponse>('quota.rid', '/cgi-bin/openapi/rid/get', {
  rules: { rid: present },
  idempotent: true,
  returns: 'request'
})

/** API quotas, and the lookup of failed requests. */
export class Quota {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Returns today's quota and usage of one API (getApiQuota).
   *
   * @param cgi_path With leading slash, e.g. `/cgi-bin/message/custom/send`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 76021 (path), 76022.
   */
  get(cgi_path: string, options?: RequestOptions): Promise<QuotaResponse> {
    return this.#api.call(GET, { cgi_path }, options)
  }

  /**
   * Resets the daily counts of all APIs (clearQuota): 10 times a month, shared by all ways of resetting.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 48006 if the resets are used up.
   */
  clear(options?: RequestOptions): Promise<void> {
    return this.#api.call(CLEAR, { appid: this.#api.appId }, options)
  }

  /**
   * Resets the daily counts of all APIs without an access token (clearQuotaByAppSecret), for when the quota of tokens
   * is used up too.
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 48006 if the resets are used up.
   */
  async clearWithAppSecret(options?: RequestOptions): Promise<void> {
    await this.#api.call(CLEAR_WITH_SECRET, { appid: this.#api.appId, appsecret: this.#api.revealAppSecret() }, options)
  }

  /**
   * Resets the daily count of one API (clearApiQuota).
   *
   * @param cgi_path With leading slash, e.g. `/cgi-bin/message/custom/send`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 76021 (path), 48006 if the resets are used up.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  clearApi(cgi_path: string, options?: RequestOptions): Promise<void> {
    return this.#api.call(CLEAR_API, { cgi_path }, options)
  }

  /**
   * Returns WeChat's record of a request of the last 7 days (getRidInfo).
   *
   * @param rid `error.requestId` of a `WeChatApiError`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 76001 to 76004.
   * @example
   * const { request } = await mp.quota.rid('61725984-6126f6f9-040f19c4')
   */
  rid(rid: string, options?: RequestOptions): Promise<RidResponse> {
    return this.#api.call(RID, { rid }, options)
  }
}
