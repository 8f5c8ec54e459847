import type { RequestOptions } from '../core/client-options.ts'
import { items } from '../wechat-api/check-params.ts'
import { post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { eachOpenid, type OpenidPage } from '../wechat-api/wire-types.ts'

const LIST = post<{ begin_openid: string }, OpenidPage>('blacklist.list', '/cgi-bin/tags/members/getblacklist', {
  idempotent: true,
  returns: 'count'
})
const CHANGE = { rules: { openid_list: items(20) }, idempotent: true }
const ADD = post<{ openid_list: readonly string[] }>('blacklist.add', '/cgi-bin/tags/members/batchblacklist', CHANGE)
const REMOVE = post<{ openid_list: readonly string[] }>(
  'blacklist.remove',
  '/cgi-bin/tags/members/batchunblacklist',
  CHANGE
)

/** The blocklist (黑名单): followers who cannot write to the account. */
export class Blacklist {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Returns a page of at most 10,000 openids (getBlacklist).
   *
   * @param begin_openid `next_openid` of the previous page; absent for the first.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  list(begin_openid?: string, options?: RequestOptions): Promise<OpenidPage> {
    return this.#api.call(LIST, { begin_openid: begin_openid ?? '' }, options)
  }

  /**
   * Iterates over all openids, page by page (getBlacklist).
   *
   * @param options Options of each call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  each(options?: RequestOptions): AsyncGenerator<string> {
    return eachOpenid((next) => this.list(next, options))
  }

  /**
   * Adds up to 20 followers (batchBlacklist).
   *
   * @param openid_list Their openids.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 40032.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  add(openid_list: readonly string[], options?: RequestOptions): Promise<void> {
    return this.#api.call(ADD, { openid_list }, options)
  }

  /**
   * Removes up to 20 followers (batchUnblacklist).
   *
   * @param openid_list Their openids.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 40032.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  remove(openid_list: readonly string[], options?: RequestOptions): Promise<void> {
    return this.#api.call(REMOVE, { openid_list }, options)
  }
}
