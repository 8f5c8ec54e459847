import { checkRequestOptions } from '../core/check-request-options.ts'
import type { RequestOptions } from '../core/client-options.ts'
import type { Endpoints, QueryValue } from '../core/endpoints.ts'
import type { HttpBody, HttpClient } from '../core/http-client.ts'
import { oneOf, record, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { type FetchedToken, TokenManager } from '../core/token-manager.ts'
import { ConfigError, type Product, WeChatApiError } from '../errors/index.ts'
import { AccessToken } from './access-token.ts'
import type { WeChatAccount } from './account.ts'
import { checkFields } from './check-params.ts'
import { isTokenErrcode } from './errcodes/index.ts'
import { fetchAccessToken } from './fetch-access-token.ts'
import { type AnswerContext, readJsonAnswer } from './read-answer.ts'
import { reportFailure } from './report-failure.ts'

/** The document on global return codes asks for pauses of seconds after -1. */
const BUSY_PAUSE_MS = 1_000

const REQUEST_CHECKS = {
  method: oneOf('GET', 'POST'),
  // "@host" or "//host" after the name of the API would send the access token there.
  path: text(/^\/[^/\\\s#][^\\\s#]*$/, 'a path with one leading slash, such as /cgi-bin/user/info'),
  'query?': record
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
  /** Default `access_token`: put first into the query. */
  auth?: 'access_token' | 'none'
  idempotent: boolean
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
  idempotent?: boolean
}

/** Calls with an account's access token: what Official Account and Mini Program have in common. Loaded after the client was made. */
export class WeChatApiClient {
  readonly appId: string
  readonly product: Product
  readonly accessToken: AccessToken
  readonly store: Store
  readonly http: HttpClient
  readonly endpoints: Endpoints
  readonly #account: WeChatAccount

  constructor(account: WeChatAccount) {
    this.#account = account
    this.appId = account.appId
    this.product = account.product
    this.store = account.store
    this.http = account.http
    this.endpoints = account.endpoints
    const kind = account.options.tokenKind ?? 'stable'
    const manager = {
      ...this.#tokenOptions(kind === 'stable' ? 'stable_token' : 'access_token'),
      normalFetchReplaces: kind === 'plain',
      fetchToken: (mode: 'normal' | 'force') => fetchAccessToken(this, kind, mode)
    }
    this.accessToken = new AccessToken(manager, account.options.accessTokenProvider)
  }

  /** The AppSecret, for the calls that carry it. Never log the result. */
  revealAppSecret(): string {
    return this.#account.revealAppSecret()
  }

  /** Keeps a ticket (`jsapi`, `wx_card`) like an access token. */
  ticketManager(kind: string, fetchTicket: () => Promise<FetchedToken>): TokenManager {
    return new TokenManager({ ...this.#tokenOptions(`ticket:${kind}`), fetchToken: fetchTicket })
  }

  /** For handlers: what failed while the visitor of a page is told no more than a code. */
  reportFailure(title: string, error: unknown): void {
    reportFailure(this.#account.options.logger, title, error)
  }

  /** The key of anything kept in the store for this account. */
  storeKey(kind: string): string {
    return this.#account.storeKey(kind)
  }

  /**
   * Sends a call. A refused access token is dropped (if it is still the stored one), replaced, and the call repeated once.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async call<T>(call: WeChatCall<T>, given?: RequestOptions): Promise<T> {
    const options = given ?? {}
    checkRequestOptions(options, call.operation, this.product)
    if (call.auth === 'none') return this.#send(call, undefined, options)
    const token = await this.accessToken.get(options.signal)
    try {
      return await this.#send(call, token, options)
    } catch (error) {
      if (!(error instanceof WeChatApiError && isTokenErrcode(error.errcode))) throw error
      const fresh = await this.accessToken.replaceRefused(token, options.signal)
      if (fresh === token || call.body instanceof ReadableStream) throw error
      return this.#send(call, fresh, options)
    }
  }

  /** Any API by its path. See {@link WeChatRequest}. */
  async request<T = unknown>(request: WeChatRequest, options: RequestOptions = {}): Promise<T> {
    checkFields({ operation: 'request', product: this.product }, request, REQUEST_CHECKS)
    return this.call<T>(
      {
        operation: `request ${request.path}`,
        method: request.method,
        path: request.path,
        query: request.query ?? {},
        ...(request.body === undefined ? {} : { json: request.body }),
        auth: request.withAccessToken === false ? 'none' : 'access_token',
        idempotent: request.idempotent ?? request.method === 'GET'
      },
      options
    )
  }

  #send<T>(call: WeChatCall<T>, token: string | undefined, options: RequestOptions): Promise<T> {
    const context = { product: this.product, operation: call.operation }
    const query = token === undefined ? call.query : { access_token: token, ...call.query }
    const body = call.json === undefined ? call.body : this.#json(call)
    return this.http.call<T>(
      {
        operation: call.operation,
        method: call.method,
        url: this.endpoints.url(call.path, query, call.host),
        ...(call.json === undefined ? {} : { headers: { 'content-type': 'application/json' } }),
        ...(body === undefined ? {} : { body }),
        idempotent: call.idempotent,
        mayRepeat,
        readsAll: call.read === undefined,
        minRetryDelayMs: busyPauseMs,
        read: (response) =>
          call.read ? call.read(response, context) : (readJsonAnswer(response, context) as Promise<T>)
      },
      options
    )
  }

  #json({ operation, json }: WeChatCall<unknown>): string {
    try {
      return JSON.stringify(json)
    } catch (cause) {
      const message = `${operation}: the parameters cannot be written as JSON: a BigInt (give it as text) or a circle. Nothing was sent.`
      throw new ConfigError(message, { code: 'ERR_INVALID_PARAM', product: this.product, cause })
    }
  }

  #tokenOptions(kind: string) {
    const { clock, logger } = this.#account.options
    return { product: this.product, store: this.store, key: this.storeKey(kind), clock, logger }
  }
}

// The same token would be refused again, and a minute limit does not pass within a call.
function mayRepeat(error: unknown): boolean {
  return !(error instanceof WeChatApiError) || error.kind === 'busy'
}

function busyPauseMs(error: unknown, attempt: number): number {
  return error instanceof WeChatApiError ? BUSY_PAUSE_MS * 2 ** (attempt - 1) : 0
}
