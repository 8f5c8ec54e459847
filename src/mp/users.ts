import type { RequestOptions } from '../core/client-options.ts'
import { oneOf } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields, items, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { eachOpenid, type OpenidPage, type WeChatLanguage } from '../wechat-api/wire-types.ts'

/** How a follower came. The list of WeChat is not closed. */
export type SubscribeScene =
  | 'ADD_SCENE_SEARCH'
  | 'ADD_SCENE_QR_CODE'
  | 'ADD_SCENE_PROFILE_CARD'
  | 'ADD_SCENE_PROFILE_LINK'
  | 'ADD_SCENE_PROFILE_ITEM'
  | 'ADD_SCENE_PAID'
  | 'ADD_SCENE_ACCOUNT_MIGRATION'
  | 'ADD_SCENE_WECHAT_ADVERTISEMENT'
  | 'ADD_SCENE_REPRINT'
  | 'ADD_SCENE_LIVESTREAM'
  | 'ADD_SCENE_CHANNELS'
  | 'ADD_SCENE_WXA'
  | 'ADD_SCENE_OTHERS'
  | (string & {})

/** A follower. Since 2021-12-27 this API tells neither nickname nor picture: those come with `oauth.userInfo`. */
export interface UserInfo {
  /** 0: does not follow; then only `openid` (and `unionid`) are here. */
  subscribe: number
  openid: string
  unionid?: string
  language?: string
  remark?: string
  /** Seconds since 1970. */
  subscribe_time?: number
  subscribe_scene?: SubscribeScene
  groupid?: number
  tagid_list?: number[]
  /** The scene of the QR code that was scanned to follow. */
  qr_scene?: number
  qr_scene_str?: string
  /** Empty since 2021-12-27. */
  nickname?: string
  sex?: number
  city?: string
  province?: string
  country?: string
  headimgurl?: string
}

const CALLS = {
  info: { method: 'GET', path: '/cgi-bin/user/info', idempotent: true, answersWith: 'openid' },
  batchInfo: {
    method: 'POST',
    path: '/cgi-bin/user/info/batchget',
    idempotent: true,
    answersWith: 'user_info_list'
  },
  list: { method: 'GET', path: '/cgi-bin/user/get', idempotent: true, answersWith: 'count' },
  setRemark: { method: 'POST', path: '/cgi-bin/user/info/updateremark', idempotent: true }
} as const satisfies CallTable

const LANGUAGE = oneOf('zh_CN', 'zh_TW', 'en')

/** Followers (用户管理). */
export class Users {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'users', CALLS)
  }

  /**
   * One follower (getUserInfo).
   *
   * @param options With `lang` for country and city; default `zh_CN`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003 (openid), 46004.
   * @example
   * const { subscribe, tagid_list } = await mp.users.info('OPENID')
   */
  async info(openid: string, options: RequestOptions & { lang?: WeChatLanguage } = {}): Promise<UserInfo> {
    const { lang = 'zh_CN', ...rest } = options ?? {}
    checkFields(this.#owner('info'), { openid, lang }, { openid: present, lang: LANGUAGE })
    return this.#call('info', { query: { openid, lang } }, rest)
  }

  /**
   * Up to 100 followers (batchGetUserInfo).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 40031, 40032.
   */
  async batchInfo(
    openids: readonly string[],
    options: RequestOptions & { lang?: WeChatLanguage } = {}
  ): Promise<UserInfo[]> {
    const { lang = 'zh_CN', ...rest } = options ?? {}
    checkFields(this.#owner('batchInfo'), { openids, lang }, { openids: items(100), lang: LANGUAGE })
    const json = { user_list: openids.map((openid) => ({ openid, lang })) }
    const answer = await this.#call<{ user_info_list: UserInfo[] }>('batchInfo', { json }, rest)
    return answer.user_info_list
  }

  /**
   * A page of at most 10,000 openids (getFans).
   *
   * @param next_openid `next_openid` of the page before; absent for the first.
   */
  list(next_openid?: string, options?: RequestOptions): Promise<OpenidPage> {
    return this.#call('list', { query: { next_openid } }, options)
  }

  /**
   * All openids, page by page.
   *
   * @example
   * for await (const openid of mp.users.each()) console.log(openid)
   */
  each(options?: RequestOptions): AsyncGenerator<string> {
    return eachOpenid((next) => this.list(next, options))
  }

  /** Sets the remark of a follower (updateRemark): below 30 characters, empty to remove it. */
  async setRemark(params: { openid: string; remark: string }, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('setRemark'), params, { openid: present, remark: characters(29, 0) })
    await this.#call('setRemark', { json: params }, options)
  }

  #owner(name: string) {
    return { operation: `users.${name}`, product: this.#api.product }
  }
}
