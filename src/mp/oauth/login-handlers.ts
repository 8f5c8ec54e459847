import type { FetchHandler } from '../../core/fetch-handler.ts'
import { callback, checkOptions, flag, httpUrl, oneOf, optional, required, text } from '../../core/options.ts'
import {
  ApiError,
  ConfigError,
  ConnectionError,
  LoginError,
  SignatureError,
  WeixinKitError
} from '../../errors/index.ts'
import { nameError } from '../../internal/name-error.ts'
import { dropOldLogins } from './drop-old-logins.ts'
import type {
  AuthorizeUrlParams,
  OAuthScope,
  OAuthToken,
  OAuthUserInfo,
  OAuthUserInfoParams,
  QrConnectUrlParams
} from './oauth-types.ts'
import { sameSitePath } from './return-path.ts'
import type { OAuthState, StateKeeper } from './state.ts'
import type { VerifiedState } from './verify-state.ts'

/** A finished login. */
export interface Login {
  token: OAuthToken
  /** With the scope `snsapi_userinfo` (and `snsapi_login`). */
  user: OAuthUserInfo | undefined
  /** Path on this site to which the browser returns. */
  returnTo: string
  /**
   * Whether the same callback was already received: WeChat's browser often sends it twice. Creating another session for
   * it is harmless.
   */
  isRepeat: boolean
  request: Request
}

/**
 * The step at which a login failed. `denied`: the user declined on the consent page. `snapshot`: the visitor of a
 * snapshot page (快照页), whose openid and profile are virtual.
 */
export type LoginFailure = 'return_path' | 'denied' | 'state' | 'exchange' | 'snapshot' | 'login'

/** Headers for the redirect to `returnTo` (or `redirectTo`, a path on this site), or a complete custom response. */
export type LoginReply =
  | Response
  | { headers?: RequestInit['headers'] | undefined; redirectTo?: string | undefined }
  | undefined

/** Options of `oauth.loginHandlers`. */
export interface LoginHandlersOptions {
  /** URL of the callback handler as the browser sees it; its host must be registered in the console. */
  redirectUri: string | URL
  /** `snsapi_login` is the QR login of an Open Platform website app on a desktop. */
  scope: OAuthScope | 'snsapi_login'
  /** Creates the session. Called once per callback; an error goes to `onError` as `login`, or out of the handler. */
  onLogin(login: Login): LoginReply | Promise<LoginReply>
  /**
   * Returns the page for a failed login. Default: plain text with the error's code, and a log line unless the visitor
   * caused the error.
   */
  onError?:
    | ((error: unknown, context: { failure: LoginFailure; request: Request }) => Response | Promise<Response>)
    | undefined
  /**
   * Whether to log in visitors of snapshot pages with their virtual openid. Default `false`: it must not become an
   * account.
   */
  allowSnapshotUsers?: boolean | undefined
  /** Query parameter of the authorize handler that holds the path to return to; default `return_to`. */
  returnToParam?: string | undefined
  /** Whether to show the consent page even if the user has already agreed. */
  forcePopup?: boolean | undefined
}

/** Handlers for two URLs of your site. */
export interface LoginHandlers {
  /** For the link "log in", e.g. `/wechat/login?return_to=/orders`. */
  authorize: FetchHandler
  /** For `redirectUri`. */
  callback: FetchHandler
}

/** The calls of a login, in order. */
interface LoginCalls {
  createState(params: { returnTo: string; secure: boolean }): OAuthState
  authorizeUrl(params: AuthorizeUrlParams): URL
  qrConnectUrl(params: QrConnectUrlParams): URL
  verifyState(params: { state: string | null; cookieHeader: string | null; code: string }): Promise<VerifiedState>
  exchangeCode(code: string, options: { login: string | undefined }): Promise<OAuthToken>
  userInfo(params: OAuthUserInfoParams): Promise<OAuthUserInfo>
}

/** Dependencies of both handlers. */
interface LoginSetup {
  oauth: LoginCalls
  states: StateKeeper
  options: LoginHandlersOptions
  redirectUri: URL
  onFailure(error: unknown): void
}

const RULES = {
  redirectUri: required(httpUrl),
  scope: required(oneOf('snsapi_base', 'snsapi_userinfo', 'snsapi_login')),
  onLogin: required(callback),
  onError: optional(callback),
  returnToParam: optional(text(/^\w+$/, 'letters and digits')),
  forcePopup: optional(flag),
  allowSnapshotUsers: optional(flag)
}

/** The handlers that `oauth.loginHandlers` returns. */
export function createLoginHandlers(
  oauth: LoginCalls,
  states: StateKeeper,
  options: LoginHandlersOptions,
  onFailure: (error: unknown) => void
): LoginHandlers {
  checkOptions(options, RULES, { owner: 'loginHandlers', product: 'mp' })
  const setup: LoginSetup = { oauth, states, options, redirectUri: new URL(options.redirectUri), onFailure }
  return {
    authorize: (request) => answer(setup, request, () => authorize(setup, request)),
    callback: (request) => answer(setup, request, () => finish(setup, request))
  }
}

/** A failed step, with the error that user code gets. */
class StepFailure {
  constructor(
    readonly failure: LoginFailure,
    readonly error: unknown
  ) {}
}

async function step<T>(failure: LoginFailure, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    nameError(error, { step: failure })
    throw new StepFailure(failure, error)
  }
}

async function answer(
  { options, onFailure }: LoginSetup,
  request: Request,
  work: () => Promise<Response>
): Promise<Response> {
  // Not HEAD either: a link checker would use up the code.
  if (request.method !== 'GET') return new Response('Method Not Allowed', { status: 405, headers: { allow: 'GET' } })
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof StepFailure)) throw thrown
    const { failure, error } = thrown
    if (options.onError) return options.onError(error, { failure, request })
    // Errors of the application go to the error handler of its framework.
    if (failure === 'login') throw error
    // Errors that any visitor can cause are not worth a log line.
    if (!isVisitors(error)) onFailure(error)
    return plainFailure(error)
  }
}

async function authorize({ oauth, states, options, redirectUri }: LoginSetup, request: Request): Promise<Response> {
  const returnTo = new URL(request.url).searchParams.get(options.returnToParam ?? 'return_to') ?? '/'
  const { state, cookie } = await step('return_path', () =>
    oauth.createState({ returnTo, secure: redirectUri.protocol === 'https:' })
  )
  const { scope } = options
  const page =
    scope === 'snsapi_login'
      ? oauth.qrConnectUrl({ redirectUri, state })
      : oauth.authorizeUrl({ redirectUri, scope, state, ...(options.forcePopup ? { forcePopup: true } : {}) })
  const cookies = [...dropOldLogins(states, request.headers.get('cookie') ?? ''), cookie.header]
  return redirect(String(page), new Headers(cookies.map((value) => ['set-cookie', value])))
}

async function finish({ oauth, options }: LoginSetup, request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams
  const code = query.get('code') ?? ''
  if (code === '') {
    throw new StepFailure(
      'denied',
      new SignatureError(
        'missing',
        'The callback has no code: the user declined, or the URL was opened by hand. A login starts at the authorize handler.',
        {
          product: 'mp'
        }
      )
    )
  }
  const { returnTo, isRepeat, login } = await step('state', () =>
    oauth.verifyState({ state: query.get('state'), cookieHeader: request.headers.get('cookie'), code })
  )
  const token = await step('exchange', () => oauth.exchangeCode(code, { login }))
  if (token.is_snapshotuser && !options.allowSnapshotUsers) throw new StepFailure('snapshot', snapshotError())
  const user = options.scope === 'snsapi_base' ? undefined : await step('exchange', () => oauth.userInfo(token))
  return step('login', async () => {
    const reply = await options.onLogin({ token, user, returnTo, isRepeat, request })
    if (reply instanceof Response) return reply
    const target = sameSitePath(reply?.redirectTo ?? returnTo)
    if (target === undefined) {
      const message =
        'loginHandlers: redirectTo of onLogin must be a path on this site; for other sites return a Response.'
      throw new ConfigError(message, { code: 'ERR_INVALID_PARAM', option: 'redirectTo', product: 'mp' })
    }
    return redirect(target, new Headers(reply?.headers))
  })
}

function snapshotError(): LoginError {
  return new LoginError('The visitor of a snapshot page logged in: openid and profile are virtual.', {
    product: 'mp',
    step: 'snapshot',
    hint: {
      en: 'Ask the visitor to tap 使用完整服务 at the bottom of the page and log in again; scopes other than snsapi_base do not open as a snapshot.',
      zh: '请用户点击页面底部的「使用完整服务」后重新登录；快照页中的 openid 是虚拟的，不要为它创建账号。'
    }
  })
}

function redirect(location: string, headers: Headers): Response {
  headers.set('location', location)
  headers.set('cache-control', 'no-store')
  // The callback's URL contains the code: the next page must not leak it.
  headers.set('referrer-policy', 'no-referrer')
  return new Response(null, { status: 302, headers })
}

const isVisitors = (error: unknown): boolean =>
  error instanceof SignatureError || error instanceof ConfigError || error instanceof LoginError

function plainFailure(error: unknown): Response {
  const isOurs = error instanceof WeixinKitError
  const isUpstreams = error instanceof ApiError || error instanceof ConnectionError
  const text =
    error instanceof LoginError
      ? '当前为快照页，请点击底部「使用完整服务」后重新登录。 This page is a snapshot: tap 使用完整服务 at the bottom and log in again.'
      : `The login with WeChat failed (${isOurs ? error.code : 'ERR_UNKNOWN'}). Please start it again.`
  return new Response(text, {
    status: error instanceof LoginError ? 403 : isVisitors(error) ? 400 : isUpstreams ? 502 : 500,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer'
    }
  })
}
