import type { RequestOptions } from '../core/client-options.ts'
import { oneOf } from '../core/options.ts'
import { characters, checkFields, items, present } from '../wechat-api/check-params.ts'
import { get, post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { eachOpenid, type OpenidPage, type WeChatLanguage } from '../wechat-api/wire-types.ts'

/** How a user became a follower. WeChat may add values. */
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

/** A follower. Since 2021-12-27 this API no longer returns nickname or avatar: those come with `oauth.userInfo`. */
export interface UserInfo {
  /** 0: not a follower; then only `openid` (and `unionid`) are present. */
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

/** Result for one openid of the account before the migration. */
export interface ChangedOpenid {
  /** openid at the old account. */
  ori_openid: string
  /** openid at this account; absent (or empty) unless `err_msg` is `ok`. */
  new_openid?: string
  /** `ok`, or `ori_openid error` for someone who did not follow the old account. */
  err_msg: 'ok' | 'ori_openid error' | (string & {})
}

const LANGUAGE = oneOf('zh_CN', 'zh_TW', 'en')

const INFO = get<{ openid: string; lang: WeChatLanguage }, UserInfo>('users.info', '/cgi-bin/user/info', {
  rules: { openid: present, lang: LANGUAGE },
  returns: 'openid'
})
const BATCH_INFO = post<{ user_list: readonly { openid: string; lang: WeChatLanguage }[] }, UserInfo[]>(
  'users.batchInfo',
  '/cgi-bin/user/info/batchget',
  { idempotent: true, picks: 'user_info_list' }
)
const LIST = get<{ next_openid: string | undefined }, OpenidPage>('users.list', '/cgi-bin/user/get', {
  returns: 'count'
})
const SET_REMARK = post<{ openid: string; remark: string }>('users.setRemark', '/cgi-bin/user/info/updateremark', {
  rules: { openid: present, remark: characters(29, 0) },
  idempotent: true
})

const CHANGE_OPENIDS = post<{ from_appid: string; openid_list: readonly string[] }, ChangedOpenid[]>(
  'users.changeOpenids',
  '/cgi-bin/changeopenid',
  { rules: { from_appid: present, openid_list: items(100) }, idempotent: true, picks: 'result_list' }
)

/** Followers (用户管理). */
export class Users {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Returns one follower (getUserInfo).
   *
   * @param openid openid of the follower.
   * @param options With `lang` for country and city; default `zh_CN`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003 (openid), 46004.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { subscribe, tagid_list } = await mp.users.info('OPENID')
   */
  info(openid: string, options?: RequestOptions & { lang?: WeChatLanguage | undefined }): Promise<UserInfo> {
    const { lang = 'zh_CN', ...rest } = options ?? {}
    return this.#api.call(INFO, { openid, lang }, rest)
  }

  /**
   * Returns up to 100 followers (batchGetUserInfo).
   *
   * @param openids openids of the followers.
   * @param options With `lang` for country and city; default `zh_CN`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 40031, 40032.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async batchInfo(
    openids: readonly string[],
    options?: RequestOptions & { lang?: WeChatLanguage | undefined }
  ): Promise<UserInfo[]> {
    const { lang = 'zh_CN', ...rest } = options ?? {}
    const owner = { operation: BATCH_INFO.operation, product: this.#api.product }
    checkFields(owner, { openids, lang }, { openids: items(100), lang: LANGUAGE })
    return this.#api.call(BATCH_INFO, { user_list: openids.map((openid) => ({ openid, lang })) }, rest)
  }

  /**
   * Returns a page of at most 10,000 openids (getFans).
   *
   * @param next_openid `next_openid` of the previous page; absent for the first.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003.
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  list(next_openid?: string, options?: RequestOptions): Promise<OpenidPage> {
    return this.#api.call(LIST, { next_openid }, options)
  }

  /**
   * Iterates over all openids, page by page (getFans).
   *
   * @param options Options of each call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @example
   * for await (const openid of mp.users.each()) console.log(openid)
   */
  each(options?: RequestOptions): AsyncGenerator<string> {
    return eachOpenid((next) => this.list(next, options))
  }

  /**
   * Sets the remark of a follower (updateRemark).
   *
   * @param params `remark` below 30 characters, empty to remove it.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  setRemark(params: { openid: string; remark: string }, options?: RequestOptions): Promise<void> {
    return this.#api.call(SET_REMARK, params, options)
  }

  /**
   * Returns the openids at this account of up to 100 users who followed another one, after an account migration (账号迁移,
   * changeOpenid). WeChat keeps them for 15 days.
   *
   * @param params `from_appid` of the old account (newer documents ask for its original id, `gh_…`); `openid_list` at the old account.
   * @param options Options of this call.
   * @returns One result per openid: the call succeeds even if some of them failed, so check every `err_msg`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 63178, 63182, 63183.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const changed = await mp.users.changeOpenids({ from_appid: 'gh_91ae50dfeb1c', openid_list: ['OLD_OPENID'] })
   * for (const { ori_openid, new_openid, err_msg } of changed) console.log(ori_openid, err_msg === 'ok' ? new_openid : err_msg)
   */
  changeOpenids(
    params: { from_appid: string; openid_list: readonly string[] },
    options?: RequestOptions
  ): Promise<ChangedOpenid[]> {
    return this.#api.call(CHANGE_OPENIDS, params, options)
  }
}
