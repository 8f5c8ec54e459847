import { CLIENT_OPTION_RULES, type ClientOptions, type RequestOptions } from '../core/client-options.ts'
import { Endpoints, type QueryValue } from '../core/endpoints.ts'
import { type HttpBody, HttpClient } from '../core/http-client.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, type OptionRules, objectWith, oneOf, optional, required, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { TokenManager } from '../core/token-manager.ts'
import { type Product, UnexpectedResponseError, WeChatApiError } from '../errors/index.ts'
import { Secret } from '../internal/secret.ts'
import { AccessToken, type AccessTokenProvider } from './access-token.ts'
import { isTokenErrcode } from './errcodes.ts'
import { type AnswerContext, readJsonAnswer } from './read-answer.ts'

const MAIN_HOST = 'api.weixin.qq.com'

/** Options of `OfficialAccount` and `MiniProgram`. */
export interface WeChatAccountOptions extends ClientOptions {
  appId: string
  appSecret: string
  /** Shared by all processes of the account; default a `memoryStore()` of its own. */
  store?: Store
  /** `stable` (default) asks `stable_token`; `plain` asks `token`, where every fetch invalidates the previous one. */
  tokenKind?: 'stable' | 'plain'
  /** Access tokens from elsewhere; then `store` and `tokenKind` do not matter for them. */
  accessTokenProvider?: AccessTokenProvider
}

export const WECHAT_ACCOUNT_RULES: OptionRules = {
  ...CLIENT_OPTION_RULES,
  appId: required(text(/^[A-Za-z0-9_-]{1,64}$/, 'an appid such as wx0123456789abcdef')),
  appSecret: required(text(/^[\x21-\x7e]{8,128}$/, 'the AppSecret of the console, without spaces')),
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  tokenKind: optional(oneOf('stable', 'plain')),
  accessTokenProvider: optional(objectWith('get'))
}

/** One call of the WeChat API (`api.weixin.qq.com`). */
export interface WeChatCall<T> {
  operation: string
  method: 'GET' | 'POST'
  path: string
  host?: string
  query?: Readonly<Record<string, QueryValue>>
  /** Sent as JSON, in raw UTF-8: WeChat refuses `\u` escapes (40033). */
  json?: unknown
  /** Any other body, e.g. a form with a file. A function is called for each attempt. */
  body?: HttpBody | (() => HttpBody)
  /** Default `access_token`: appended to the query. */
  auth?: 'access_token' | 'none'
  isSafeToRepeat: boolean
  /** Default: the JSON body, after its errcode was checked. */
  read?(response: Response, context: AnswerContext): Promise<T>
}

/** What `client.request` takes: an API that has no method here yet. */
export interface WeChatRequest {
  method: 'GET' | 'POST'
  /** With leading slash, e.g. `/cgi-bin/user/info`. */
  path: string
  query?: Readonly<Record<string, QueryValue>>
  /** Sent as JSON. */
  body?: unknown
  /** Default `true`: `access_token` is put into the query. */
  withAccessToken?: boolean
  /** Default: `true` for GET, `false` for POST. */
  isSafeToRepeat?: boolean
}

/** What Official Account and Mini Program have in common: access token, JSON calls, errcodes. */
export class WeChatApiClient {
  readonly appId: string
  readonly accessToken: AccessToken
  readonly store: Store
  readonly http: HttpClient
  readonly endpoints: Endpoints
  readonly product: Product
  readonly #appSecret: Secret
  readonly #tokens: AccessTokenProvider
  readonly #options: Pick<WeChatAccountOptions, 'clock' | 'logger'>

  constructor(options: WeChatAccountOptions, owner: { name: string; product: Product; rules?: OptionRules }) {
    checkOptions(options, { ...WECHAT_ACCOUNT_RULES, ...owner.rules }, { owner: owner.name, product: owner.product })
    this.product = owner.product
    this.appId = options.appId
    this.#appSecret = new Secret(options.appSecret)
    this.#options = options
    this.store = options.store ?? memoryStore(options.clock ? { clock: options.clock } : {})
    this.endpoints = new Endpoints(MAIN_HOST, options.baseUrl)
    this.http = new HttpClient({ ...options, product: owner.product })
    const kind = options.tokenKind ?? 'stable'
    this.accessToken = new AccessToken({
      product: this.product,
      store: this.store,
      key: `weixin-kit:${options.appId}:${kind === 'stable' ? 'stable_token' : 'access_token'}`,
      clock: options.clock,
      logger: options.logger,
      fetchToken: (mode) => (kind === 'stable' ? this.#fetchStableToken(mode) : this.#fetchPlainToken())
    })
    this.#tokens = options.accessTokenProvider ?? this.accessToken
  }

  /** The AppSecret, for the calls that carry it. Never log the result. */
  revealAppSecret(): string {
    return this.#appSecret.reveal()
  }

  /** Keeps a ticket (`jsapi`, `wx_card`) like an access token. */
  ticketManager(kind: string, fetchTicket: () => Promise<{ value: string; expiresInSeconds: number }>): TokenManager {
    return new TokenManager({
      product: this.product,
      store: this.store,
      key: `weixin-kit:${this.appId}:ticket:${kind}`,
      clock: this.#options.clock,
      logger: this.#options.logger,
      fetchToken: fetchTicket
    })
  }

  /**
   * Sends a call. A refused access token is dropped (if it is still the stored one), replaced, and the call repeated once.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  async call<T>(call: WeChatCall<T>, options: RequestOptions = {}): Promise<T> {
    if (call.auth === 'none') return this.#send(call, undefined, options)
    const token = await this.#tokens.get(options.signal)
    try {
      return await this.#send(call, token, options)
    } catch (error) {
      const isRefused = error instanceof WeChatApiError && isTokenErrcode(error.errcode)
      if (!isRefused || call.body instanceof ReadableStream) throw error
      const fresh = await this.#replaceToken(token, options.signal)
      if (fresh === token) throw error
      return this.#send(call, fresh, options)
    }
  }

  /** Any API by its path. See {@link WeChatRequest}. */
  request(request: WeChatRequest, options: RequestOptions = {}): Promise<unknown> {
    return this.call(
      {
        operation: `request ${request.path}`,
        method: request.method,
        path: request.path,
        query: request.query ?? {},
        ...(request.body === undefined ? {} : { json: request.body }),
        auth: request.withAccessToken === false ? 'none' : 'access_token',
        isSafeToRepeat: request.isSafeToRepeat ?? request.method === 'GET'
      },
      options
    )
  }

  async #replaceToken(refused: string, signal?: AbortSignal): Promise<string> {
    await this.#tokens.invalidate?.(refused)
    const next = await this.#tokens.get(signal)
    // In normal mode stable_token answers the token it believes in: only then is force needed, once a minute at most.
    if (next !== refused || this.#tokens !== this.accessToken) return next
    return this.accessToken.forceRefreshInvalidatingTheCurrentToken(signal ? { signal } : {})
  }

  #send<T>(call: WeChatCall<T>, token: string | undefined, options: RequestOptions): Promise<T> {
    const context = { product: this.product, operation: call.operation }
    const query = token === undefined ? call.query : { access_token: token, ...call.query }
    const body = call.json === undefined ? call.body : JSON.stringify(call.json)
    return this.http.call<T>(
      {
        operation: call.operation,
        method: call.method,
        url: this.endpoints.url(call.path, query, call.host),
        ...(call.json === undefined ? {} : { headers: { 'content-type': 'application/json' } }),
        ...(body === undefined ? {} : { body }),
        isSafeToRepeat: call.isSafeToRepeat,
        read: (response) =>
          call.read ? call.read(response, context) : (readJsonAnswer(response, context) as Promise<T>)
      },
      options
    )
  }

  #fetchStableToken(mode: 'normal' | 'force') {
    return this.#fetchToken({
      operation: 'accessToken.get',
      method: 'POST',
      path: '/cgi-bin/stable_token',
      json: {
        grant_type: 'client_credential',
        appid: this.appId,
        secret: this.revealAppSecret(),
        force_refresh: mode === 'force'
      },
      auth: 'none',
      isSafeToRepeat: mode === 'normal'
    })
  }

  #fetchPlainToken() {
    return this.#fetchToken({
      operation: 'accessToken.get',
      method: 'GET',
      path: '/cgi-bin/token',
      query: { grant_type: 'client_credential', appid: this.appId, secret: this.revealAppSecret() },
      auth: 'none',
      isSafeToRepeat: true
    })
  }

  async #fetchToken(call: WeChatCall<unknown>): Promise<{ value: string; expiresInSeconds: number }> {
    const { access_token, expires_in } = (await this.call(call)) as { access_token?: unknown; expires_in?: unknown }
    if (typeof access_token !== 'string' || access_token === '' || !(Number(expires_in) > 0)) {
      throw new UnexpectedResponseError('accessToken.get: WeChat answered without access_token and expires_in.', {
        product: this.product
      })
    }
    return { value: access_token, expiresInSeconds: Number(expires_in) }
  }
}
