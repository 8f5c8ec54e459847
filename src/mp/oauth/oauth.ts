import type { RequestOptions } from '../../core/client-options.ts'
import { flag, httpUrl, type OptionCheck, oneOf, text } from '../../core/options.ts'
import { WeChatApiError } from '../../errors/index.ts'
import { waitUnlessAborted } from '../../internal/wait-unless-aborted.ts'
import { checkFields, paramError, present } from '../../wechat-api/check-params.ts'
import { get } from '../../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import { CodeMemo } from './code-memo.ts'
import { createLoginHandlers, type LoginHandlers, type LoginHandlersOptions } from './login-handlers.ts'
import type {
  AuthorizeUrlParams,
  OAuthCredential,
  OAuthToken,
  OAuthUserInfo,
  OAuthUserInfoParams,
  QrConnectUrlParams
} from './oauth-types.ts'
import { sameSitePath } from './return-path.ts'
import { type OAuthState, StateKeeper } from './state.ts'
import { type VerifiedState, verifyState } from './verify-state.ts'

const PAGE_HOST = 'open.weixin.qq.com'
/** @internal Errcodes for an invalid web token, as opposed to a failed check. */
export const VOID_TOKEN: ReadonlySet<number> = new Set([40001, 40003, 40014, 42001, 42007])

const stateText = text(/^[A-Za-z0-9]{1,128}$/, 'up to 128 letters and digits; use the one from oauth.createState()')
const state: OptionCheck = (value) =>
  value === undefined || value === ''
    ? 'is required: use the one from oauth.createState(), or let oauth.loginHandlers() handle everything'
    : stateText(value)
const textOrNull: OptionCheck = (value) =>
  value === null || typeof value === 'string' ? undefined : 'must be text or null'

const EXCHANGE = get<object, OAuthToken>('oauth.exchangeCode', '/sns/oauth2/access_token', {
  // The code is consumed: a retry after a timeout returns 40163 at best.
  idempotent: false,
  auth: 'none',
  returns: 'openid'
})
const REFRESH = get<object, OAuthToken>('oauth.refreshToken', '/sns/oauth2/refresh_token', {
  auth: 'none',
  returns: 'access_token'
})
const CHECK = get<OAuthCredential>('oauth.checkToken', '/sns/auth', {
  rules: { access_token: present, openid: present },
  auth: 'none'
})
const USER_INFO = get<OAuthUserInfoParams, OAuthUserInfo>('oauth.userInfo', '/sns/userinfo', {
  rules: { access_token: present, openid: present, 'lang?': oneOf('zh_CN', 'zh_TW', 'en') },
  auth: 'none',
  returns: 'openid'
})

/** Login on web pages (网页授权). */
export class OAuth {
  readonly #api: WeChatApiClient
  readonly #codes: CodeMemo
  #keeper: StateKeeper | undefined

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#codes = new CodeMemo(api.store, (kind) => api.storeKey(kind))
  }

  /**
   * Returns the URL of the page on which the user authorises inside WeChat (网页授权). Parameters are in the order that
   * WeChat requires.
   *
   * @param params `redirectUri` on a registered domain, `scope`, `state` from `createState`.
   * @returns The URL to which to redirect the browser.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const url = mp.oauth.authorizeUrl({ redirectUri: 'https://example.com/callback', scope: 'snsapi_base', state: 'abc' })
   */
  authorizeUrl(params: AuthorizeUrlParams): URL {
    checkFields(this.#owner('authorizeUrl'), params, {
      redirectUri: httpUrl,
      scope: oneOf('snsapi_base', 'snsapi_userinfo'),
      state,
      'forcePopup?': flag,
      'forceSnapShot?': flag
    })
    return this.#page('/connect/oauth2/authorize', {
      appid: this.#api.appId,
      redirect_uri: String(new URL(params.redirectUri)),
      response_type: 'code',
      scope: params.scope,
      state: params.state,
      forcePopup: params.forcePopup,
      forceSnapShot: params.forceSnapShot
    })
  }

  /**
   * Returns the URL of the QR code page on which a desktop user logs in (网站应用微信登录). The appid must belong to a website
   * app of the Open Platform.
   *
   * @param params `redirectUri` on a registered domain, `state` from `createState`.
   * @returns The URL to which to redirect the browser.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  qrConnectUrl(params: QrConnectUrlParams): URL {
    checkFields(this.#owner('qrConnectUrl'), params, { redirectUri: httpUrl, state, 'lang?': oneOf('cn', 'en') })
    return this.#page('/connect/qrconnect', {
      appid: this.#api.appId,
      redirect_uri: String(new URL(params.redirectUri)),
      response_type: 'code',
      scope: 'snsapi_login',
      state: params.state,
      lang: params.lang
    })
  }

  /**
   * Creates a state that is signed, expires after 10 minutes, and works once, only in the browser that has the cookie.
   * `loginHandlers` does this automatically.
   *
   * @param params `returnTo`: path on this site to return to after the login, default `/`. `secure`: the site is served over
   *   https; the cookie is then one that no other host of the domain can set (`__Host-`). Default false.
   * @throws {ConfigError} ERR_INVALID_PARAM if the path could lead to another site.
   */
  createState(params: { returnTo?: string | undefined; secure?: boolean | undefined } = {}): OAuthState {
    checkFields(this.#owner('createState'), params ?? {}, { 'secure?': flag })
    const returnTo = sameSitePath(params?.returnTo ?? '/')
    if (returnTo === undefined) {
      throw paramError(
        this.#owner('createState'),
        'returnTo',
        'must be a path on this site such as "/orders?page=2" (not //host, no backslashes or control characters, at most 1024 characters, or 2048 when encoded)'
      )
    }
    return this.#states.create(returnTo, params?.secure ?? false)
  }

  /**
   * Verifies the state of a callback and marks it as used. The same callback (same browser, state and code) may be
   * repeated and is reported as `isRepeat`; so is one with another code within 30 seconds, because WeChat's browser on
   * Android may request two codes at once.
   *
   * @param params `state` and `code` of the query, `cookieHeader`: the request's Cookie header.
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH, ERR_SIGNATURE_EXPIRED, ERR_SIGNATURE_REPLAYED
   * @throws {ConfigError} ERR_INVALID_PARAM without a code
   * @throws {StoreError} ERR_STORE
   */
  async verifyState(params: {
    state: string | null
    cookieHeader: string | null
    code: string
  }): Promise<VerifiedState> {
    checkFields(this.#owner('verifyState'), params, {
      'state?': textOrNull,
      'cookieHeader?': textOrNull,
      code: present
    })
    return verifyState(this.#states, this.#api, params)
  }

  /**
   * Exchanges the code of a callback for the openid and a web token. Not retried after a failure: the code may be used up.
   *
   * WeChat's browser often sends a callback twice, sometimes with two codes. With `login` of {@link OAuth.verifyState}
   * the second one gets the first result for 30 seconds; without it a used code throws 40163, because anybody could
   * have sent it.
   *
   * @param code Single-use, expires after 5 minutes.
   * @param options Options of this call, and `login`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40029, 40163, 42003 (start again), 40226 (blocked user), 40125 (AppSecret).
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT: whether the code is used up is not known; start again.
   * @throws {StoreError} ERR_STORE
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async exchangeCode(code: string, options?: RequestOptions & { login?: string | undefined }): Promise<OAuthToken> {
    const { signal, login, ...rest } = options ?? {}
    checkFields(this.#owner('exchangeCode'), { code, login }, { code: present, 'login?': present })
    const exchange = (own?: AbortSignal) => {
      const secret = this.#api.revealAppSecret()
      const query = { appid: this.#api.appId, secret, code, grant_type: 'authorization_code' }
      return this.#api.call(EXCHANGE, query, { ...rest, signal: own })
    }
    signal?.throwIfAborted()
    if (login === undefined) return exchange(signal)
    // Without the signal: another caller may be waiting for the same exchange.
    return waitUnlessAborted(this.#codes.run(login, exchange), signal)
  }

  /**
   * Returns a new web token for the refresh_token of an old one.
   *
   * @param refresh_token Valid for 30 days.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 42002, 40030 (authorise again), 42007 (password changed).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async refreshToken(refresh_token: string, options?: RequestOptions): Promise<OAuthToken> {
    checkFields(this.#owner('refreshToken'), { refresh_token }, { refresh_token: present })
    return this.#api.call(REFRESH, { appid: this.#api.appId, grant_type: 'refresh_token', refresh_token }, options)
  }

  /**
   * Returns whether a web token is still valid.
   *
   * @param params e.g. the result of `exchangeCode`.
   * @param options Options of this call.
   * @returns `false` if WeChat reports it as invalid; a failure of the check is thrown.
   * @throws {WeChatApiError} ERR_WECHAT_API: any other errcode
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async checkToken(params: OAuthCredential, options?: RequestOptions): Promise<boolean> {
    this.#api.check(CHECK, params)
    const { access_token, openid } = params
    try {
      await this.#api.call(CHECK, { access_token, openid }, options)
      return true
    } catch (error) {
      if (error instanceof WeChatApiError && VOID_TOKEN.has(error.errcode)) return false
      throw error
    }
  }

  /**
   * Returns the profile of a user who agreed to `snsapi_userinfo`.
   *
   * @param params e.g. the result of `exchangeCode`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 48001 (token of snsapi_base), 42001 (use refreshToken), 40003.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async userInfo(params: OAuthUserInfoParams, options?: RequestOptions): Promise<OAuthUserInfo> {
    this.#api.check(USER_INFO, params)
    const { access_token, openid, lang = 'zh_CN' } = params
    return this.#api.call(USER_INFO, { access_token, openid, lang }, options)
  }

  /**
   * Makes two handlers for a complete login: `authorize` redirects the browser to WeChat, `callback` receives it again,
   * verifies the state, exchanges the code and calls `onLogin`.
   *
   * @param options The callback's URL, the scope, and `onLogin`, which creates the session.
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const { authorize, callback } = mp.oauth.loginHandlers({
   *   redirectUri: 'https://example.com/wechat/callback',
   *   scope: 'snsapi_base',
   *   onLogin: ({ token }) => ({ headers: { 'set-cookie': `session=${token.openid}; HttpOnly; Secure` } })
   * })
   */
  loginHandlers(options: LoginHandlersOptions): LoginHandlers {
    const onFailure = (error: unknown) => this.#api.reportFailure('weixin-kit oauth.loginHandlers', error)
    return createLoginHandlers(this, this.#states, options, onFailure)
  }

  /** Created on demand: a client without an AppSecret has none. */
  get #states(): StateKeeper {
    this.#keeper ??= new StateKeeper({
      appId: this.#api.appId,
      appSecret: this.#api.revealAppSecret(),
      now: () => this.#api.http.now()
    })
    return this.#keeper
  }

  #page(path: string, query: Record<string, string | boolean | undefined>): URL {
    const url = this.#api.endpoints.pageUrl(path, query, PAGE_HOST)
    url.hash = 'wechat_redirect'
    return url
  }

  #owner(name: string) {
    return { operation: `oauth.${name}`, product: this.#api.product }
  }
}
