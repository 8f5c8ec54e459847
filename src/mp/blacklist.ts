import type { RequestOptions } from '../core/client-options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { checkFields, items } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { eachOpenid, type OpenidPage } from '../wechat-api/wire-types.ts'

const CALLS = {
  list: { method: 'POST', path: '/cgi-bin/tags/members/getblacklist', idempotent: true, answersWith: 'count' },
  add: { method: 'POST', path: '/cgi-bin/tags/members/batchblacklist', idempotent: true },
  remove: { method: 'POST', path: '/cgi-bin/tags/members/batchunblacklist', idempotent: true }
} as const satisfies CallTable

/** The black list (黑名单): followers who cannot write to the account. */
export class Blacklist {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'blacklist', CALLS)
  }

  /**
   * A page of at most 10,000 openids (getBlacklist).
   *
   * @param begin_openid `next_openid` of the page before; absent for the first.
   */
  list(begin_openid?: string, options?: RequestOptions): Promise<OpenidPage> {
    return this.#call('list', { json: { begin_openid: begin_openid ?? '' } }, options)
  }

  /** All openids, page by page. */
  each(options?: RequestOptions): AsyncGenerator<string> {
    return eachOpenid((next) => this.list(next, options))
  }

  /**
   * Puts up to 20 followers on the list (batchBlacklist).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 40032.
   */
  async add(openids: readonly string[], options?: RequestOptions): Promise<void> {
    this.#check('add', openids)
    await this.#call('add', { json: { openid_list: openids } }, options)
  }

  /** Takes up to 20 followers off the list (batchUnblacklist). */
  async remove(openids: readonly string[], options?: RequestOptions): Promise<void> {
    this.#check('remove', openids)
    await this.#call('remove', { json: { openid_list: openids } }, options)
  }

  #check(name: string, openids: readonly string[]): void {
    checkFields({ operation: `blacklist.${name}`, product: this.#api.product }, { openids }, { openids: items(20) })
  }
}
