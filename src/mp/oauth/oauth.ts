import type { RequestOptions } from '../../core/client-options.ts'
import { checkOptions, flag, httpUrl, type OptionCheck, oneOf, text } from '../../core/options.ts'
import type { WeChatAccount } from '../../wechat-api/account.ts'
import { checkFields, paramError } from '../../wechat-api/check-params.ts'
import type { LateCalls } from '../late-calls.ts'
import type { LoginHandlers, LoginHandlersOptions } from './login-handlers.ts'
import { loginRules } from './login-rules.ts'
import type {
  AuthorizeUrlParams,
  OAuthCredential,
  OAuthToken,
  OAuthUserInfo,
  OAuthUserInfoParams,
  QrConnectUrlParams
} from './oauth-types.ts'
import { sameSitePath } from './return-path.ts'
import type { OAuthState, StateKeeper } from './state.ts'
import type { VerifiedState } from './verify-state.ts'

const PAGE_HOST = 'open.weixin.qq.com'
const state: OptionCheck = (value) =>
  text(/^[A-Za-z0-9]{1,128}$/, 'up to 128 letters and digits; take it from oauth.createState()')(value)

/** Login on web pages (网页授权). */
export class OAuth {
  readonly #account: WeChatAccount
  readonly #states: StateKeeper
  readonly #late: LateCalls

  /** @internal Made by the client. */
  constructor(account: WeChatAccount, states: StateKeeper, late: LateCalls) {
    this.#account = account
    this.#states = states
    this.#late = late
  }

  /**
   * The page on which the user authorizes inside WeChat (网页授权). Parameters are in the order that WeChat wants.
   *
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
      appid: this.#account.appId,
      redirect_uri: String(new URL(params.redirectUri)),
      response_type: 'code',
      scope: params.scope,
      state: params.state,
      forcePopup: params.forcePopup,
      forceSnapShot: params.forceSnapShot
    })
  }

  /**
   * The page with a QR code on which a desktop user logs in (网站应用微信登录). The appid must be of a website app of the
   * Open Platform.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  qrConnectUrl(params: QrConnectUrlParams): URL {
    checkFields(this.#owner('qrConnectUrl'), params, { redirectUri: httpUrl, state, 'lang?': oneOf('cn', 'en') })
    return this.#page('/connect/qrconnect', {
      appid: this.#account.appId,
      redirect_uri: String(new URL(params.redirectUri)),
      response_type: 'code',
      scope: 'snsapi_login',
      state: params.state,
      lang: params.lang
    })
  }

  /**
   * Makes a state that is signed, lives 10 minutes, works once and only in the browser that has the cookie.
   * `loginHandlers` does this by itself.
   *
   * @param params `returnTo`: path on this site to return to after the login, default `/`. `secure`: the site is served over
   *   https; the cookie is then one that no other host of the domain can set (`__Host-`). Default false.
   * @throws {ConfigError} ERR_INVALID_PARAM when the path could lead to another site.
   */
  createState(params: { returnTo?: string; secure?: boolean } = {}): OAuthState {
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
   * Checks the state of a callback and marks it as used. The very same callback (same browser, state and code) may come
   * again and is reported as `isRepeat`.
   *
   * @param params `state` and `code` of the query, `cookieHeader`: the request's Cookie header.
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH, ERR_SIGNATURE_EXPIRED, ERR_SIGNATURE_REPLAYED
   * @throws {ConfigError} ERR_INVALID_PARAM without a code
   * @throws {StoreError} ERR_STORE
   */
  verifyState(params: { state: string | null; cookieHeader: string | null; code: string }): Promise<VerifiedState> {
    return this.#late.call([params], (calls, args) => calls.oauth.verifyState(...args))
  }

  /**
   * Exchanges the code of a callback for the openid and a web token. A code that comes twice within 30 seconds gets the first
   * result, because WeChat's browser often sends the callback twice. Not repeated after a failure: the code may be used up.
   *
   * @param code Single use, 5 minutes.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40029, 40163, 42003 (start again), 40226 (blocked user), 40125 (AppSecret).
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT: whether the code is used up is not known; start again.
   */
  exchangeCode(code: string, options: RequestOptions = {}): Promise<OAuthToken> {
    return this.#late.call([code, options], (calls, args) => calls.oauth.exchangeCode(...args))
  }

  /**
   * A new web token for the refresh_token of an old one.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 42002, 40030 (authorize again), 42007 (password changed).
   */
  refreshToken(refresh_token: string, options?: RequestOptions): Promise<OAuthToken> {
    return this.#late.call([refresh_token, options], (calls, args) => calls.oauth.refreshToken(...args))
  }

  /** Whether a web token is still good. Failures that say nothing of it are thrown. */
  checkToken(params: OAuthCredential, options?: RequestOptions): Promise<boolean> {
    return this.#late.call([params, options], (calls, args) => calls.oauth.checkToken(...args))
  }

  /**
   * The profile of a user who agreed to `snsapi_userinfo`.
   *
   * @param params e.g. the result of `exchangeCode`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 48001 (token of snsapi_base), 42001 (use refreshToken), 40003.
   */
  userInfo(params: OAuthUserInfoParams, options?: RequestOptions): Promise<OAuthUserInfo> {
    return this.#late.call([params, options], (calls, args) => calls.oauth.userInfo(...args))
  }

  /**
   * Two handlers that do a whole login: `authorize` sends the browser to WeChat, `callback` takes it back, checks the state,
   * exchanges the code and calls `onLogin`.
   *
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const { authorize, callback } = mp.oauth.loginHandlers({
   *   redirectUri: 'https://example.com/wechat/callback',
   *   scope: 'snsapi_base',
   *   onLogin: ({ token }) => ({ headers: { 'set-cookie': `session=${token.openid}; HttpOnly; Secure` } })
   * })
   */
  loginHandlers(options: LoginHandlersOptions): LoginHandlers {
    checkOptions(options, loginRules(), { owner: 'loginHandlers', product: 'mp' })
    const given = {
      oauth: this,
      states: this.#states,
      options,
      redirectUri: new URL(options.redirectUri),
      sameSitePath
    }
    let handlers: LoginHandlers | undefined
    const answer = (name: keyof LoginHandlers) => (request: Request) =>
      this.#late.call([request], (calls) => {
        handlers ??= calls.oauth.loginHandlers(given)
        return handlers[name](request)
      })
    return { authorize: answer('authorize'), callback: answer('callback') }
  }

  #page(path: string, query: Record<string, string | boolean | undefined>): URL {
    const url = this.#account.endpoints.pageUrl(path, query, PAGE_HOST)
    url.hash = 'wechat_redirect'
    return url
  }

  #owner(name: string) {
    return { operation: `oauth.${name}`, product: this.#account.product }
  }
}
