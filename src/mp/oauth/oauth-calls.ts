import type { RequestOptions } from '../../core/client-options.ts'
import { type OptionCheck, oneOf } from '../../core/options.ts'
import { WeChatApiError } from '../../errors/index.ts'
import { waitUnlessAborted } from '../../internal/wait-unless-aborted.ts'
import { type Caller, type CallTable, createCaller } from '../../wechat-api/call-table.ts'
import { checkFields, present } from '../../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import { CodeMemo } from './code-memo.ts'
import { createLoginHandlers, type LoginHandlers, type LoginSetup } from './login-handlers.ts'
import type { OAuthCredential, OAuthToken, OAuthUserInfo, OAuthUserInfoParams } from './oauth-types.ts'
import type { StateKeeper } from './state.ts'
import { type VerifiedState, verifyState } from './verify-state.ts'

/** @internal What says that a web token is no longer good, as opposed to a failure of the check. */
export const VOID_TOKEN: ReadonlySet<number> = new Set([40001, 40003, 40014, 42001, 42007])

const CALLS = {
  exchangeCode: {
    method: 'GET',
    path: '/sns/oauth2/access_token',
    // The code is consumed: a repeat after a timeout gives 40163 at best.
    idempotent: false,
    auth: 'none',
    answersWith: 'openid'
  },
  refreshToken: {
    method: 'GET',
    path: '/sns/oauth2/refresh_token',
    idempotent: true,
    auth: 'none',
    answersWith: 'access_token'
  },
  checkToken: { method: 'GET', path: '/sns/auth', idempotent: true, auth: 'none' },
  userInfo: { method: 'GET', path: '/sns/userinfo', idempotent: true, auth: 'none', answersWith: 'openid' }
} as const satisfies CallTable

/** The calls of {@link OAuth}. */
export class OAuthCalls {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>
  readonly #states: StateKeeper
  readonly #codes: CodeMemo

  constructor(api: WeChatApiClient, states: StateKeeper) {
    this.#api = api
    this.#call = createCaller(api, 'oauth', CALLS)
    this.#codes = new CodeMemo(api.store, (kind) => api.storeKey(kind))
    this.#states = states
  }

  async verifyState(params: {
    state: string | null
    cookieHeader: string | null
    code: string
  }): Promise<VerifiedState> {
    const isText: OptionCheck = (value) =>
      value === null || typeof value === 'string' ? undefined : 'must be text or null'
    checkFields(this.#owner('verifyState'), params, { 'state?': isText, 'cookieHeader?': isText, code: present })
    return verifyState(this.#states, this.#api, params)
  }

  async exchangeCode(code: string, options: RequestOptions = {}): Promise<OAuthToken> {
    checkFields(this.#owner('exchangeCode'), { code }, { code: present })
    const { signal, ...rest } = options ?? {}
    const exchange = () => {
      const query = {
        appid: this.#api.appId,
        secret: this.#api.revealAppSecret(),
        code,
        grant_type: 'authorization_code'
      }
      return this.#call<OAuthToken>('exchangeCode', { query }, rest)
    }
    signal?.throwIfAborted()
    // Without the signal: another caller may be waiting for the same exchange.
    return waitUnlessAborted(this.#codes.run(code, exchange), signal)
  }

  async refreshToken(refresh_token: string, options?: RequestOptions): Promise<OAuthToken> {
    checkFields(this.#owner('refreshToken'), { refresh_token }, { refresh_token: present })
    const query = { appid: this.#api.appId, grant_type: 'refresh_token', refresh_token }
    return this.#call('refreshToken', { query }, options)
  }

  async checkToken(params: OAuthCredential, options?: RequestOptions): Promise<boolean> {
    checkFields(this.#owner('checkToken'), params, { access_token: present, openid: present })
    const { access_token, openid } = params
    try {
      await this.#call('checkToken', { query: { access_token, openid } }, options)
      return true
    } catch (error) {
      if (error instanceof WeChatApiError && VOID_TOKEN.has(error.errcode)) return false
      throw error
    }
  }

  async userInfo(params: OAuthUserInfoParams, options?: RequestOptions): Promise<OAuthUserInfo> {
    checkFields(this.#owner('userInfo'), params, {
      access_token: present,
      openid: present,
      'lang?': oneOf('zh_CN', 'zh_TW', 'en')
    })
    const { access_token, openid, lang = 'zh_CN' } = params
    return this.#call('userInfo', { query: { access_token, openid, lang } }, options)
  }

  loginHandlers(given: Omit<LoginSetup, 'onFailure'>): LoginHandlers {
    const onFailure = (error: unknown) => this.#api.reportFailure('weixin-kit oauth.loginHandlers', error)
    return createLoginHandlers({ ...given, onFailure })
  }

  #owner(name: string) {
    return { operation: `oauth.${name}`, product: this.#api.product }
  }
}
