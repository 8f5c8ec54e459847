import { checkRequestOptions } from '../core/check-request-options.ts'
import type { RequestOptions } from '../core/client-options.ts'
import { baseUrlOf, Endpoints, type QueryValue } from '../core/endpoints.ts'
import { type HttpBody, HttpClient } from '../core/http-client.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, type OptionRules } from '../core/options.ts'
import { safeLogger } from '../core/safe-logger.ts'
import type { Store } from '../core/store.ts'
import { type FetchedToken, TokenManager } from '../core/token-manager.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { ConfigError, type Product, UnexpectedResponseError, WeChatApiError } from '../errors/index.ts'
import { nameError } from '../internal/name-error.ts'
import { Secret } from '../internal/secret.ts'
import { AccessToken } from './access-token.ts'
import { type WeChatAccountOptions, type WeChatAccountSettings, wechatAccountRules } from './account-options.ts'
import { ApiSecurity, type SealedRequest } from './api-security/api-security.ts'
import { readSecuredResponse } from './api-security/read-secured-response.ts'
import { checkFields } from './check-params.ts'
import type { Endpoint } from './endpoint.ts'
import { isTokenErrcode } from './errcodes/index.ts'
import { fetchAccessToken } from './fetch-access-token.ts'
import { readJsonResponse } from './read-response.ts'
import { reportFailure } from './report-failure.ts'
import { writeJson } from './write-json.ts'

const MAIN_HOST = 'api.weixin.qq.com'
/** The document on global return codes asks to wait some seconds after -1. */
const BUSY_PAUSE_MS = 1_000
const JSON_HEADERS = { 'content-type': 'application/json' }

/** What a call sends, if not just its parameters. */
export interface Payload<R> {
  query?: Readonly<Record<string, QueryValue>> | undefined
  /** Sent as JSON, in raw UTF-8. */
  json?: unknown
  /** Any other body, e.g. a form with a file. A function is called for each attempt. */
  body?: HttpBody | (() => HttpBody) | undefined
  headers?: Readonly<Record<string, string>> | undefined
  /** Used in place of the endpoint's own. */
  read?: Endpoint<never, R>['read'] | undefined
}

/** Base of the Official Account and Mini Program clients: calls with an access token. */
export class WeChatApiClient {
  readonly appId: string
  readonly product: Product
  readonly accessToken: AccessToken
  readonly store: Store
  readonly http: HttpClient
  readonly endpoints: Endpoints
  readonly #options: Pick<WeChatAccountSettings, 'clock' | 'logger' | 'cloud'>
  readonly #appSecret: Secret | undefined
  readonly #security: ApiSecurity | undefined

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: WeChatAccountOptions, owner: { name: string; product: Product; rules?: OptionRules }) {
    const { name, product, rules } = owner
    checkOptions(options, { ...wechatAccountRules(options), ...rules }, { owner: name, product })
    const settings: WeChatAccountSettings = options
    const { appSecret, clock, cloud, store, tokenKind = 'stable', accessTokenProvider } = settings
    const logger = safeLogger(settings.logger)
    this.product = product
    this.appId = options.appId
    this.#options = { clock, logger, cloud }
    this.#appSecret = appSecret === undefined ? undefined : new Secret(appSecret)
    this.#security = options.apiSecurity && new ApiSecurity(options.apiSecurity, { appId: this.appId, product })
    this.store = store ? withStoreErrors(store) : memoryStore(clock ? { clock } : {})
    this.endpoints = new Endpoints(MAIN_HOST, baseUrlOf(settings, MAIN_HOST) ?? (cloud && `http://${MAIN_HOST}`))
    this.http = new HttpClient({ ...options, product, secrets: appSecret === undefined ? [] : [appSecret] })
    const manager = {
      ...this.#tokenOptions(tokenKind === 'stable' ? 'stable_token' : 'access_token'),
      normalFetchReplaces: tokenKind === 'plain',
      fetchToken: (mode: 'normal' | 'force') => fetchAccessToken(this, tokenKind, mode)
    }
    this.accessToken = new AccessToken(manager, accessTokenProvider)
  }

  /**
   * Returns the AppSecret, for the calls that send it. Never log the result.
   *
   * @throws {ConfigError} ERR_CONFIG if the client was created without it
   */
  revealAppSecret(): string {
    if (this.#appSecret) return this.#appSecret.reveal()
    const message =
      'This call sends the AppSecret, but the client was created without it: set the option "appSecret". Nothing was sent.'
    throw new ConfigError(message, { option: 'appSecret', product: this.product })
  }

  /** Logs what was changed before sending. */
  warn(message: string): void {
    this.#options.logger?.warn?.(message, { product: this.product })
  }

  /** Milliseconds since 1970 on the client's clock. */
  now(): number {
    return this.http.now()
  }

  /** Manages a ticket (`jsapi`, `wx_card`) like an access token. */
  ticketManager(kind: string, fetchTicket: () => Promise<FetchedToken>): TokenManager {
    return new TokenManager({ ...this.#tokenOptions(`ticket:${kind}`), fetchToken: fetchTicket })
  }

  /** For handlers: logs a failure of which the visitor of a page sees only a code. */
  reportFailure(title: string, error: unknown): void {
    reportFailure(this.#options.logger, title, error)
  }

  /** Key of a value in the store for this account. */
  storeKey(kind: string): string {
    return `weixin-kit:${this.appId}:${kind}`
  }

  /** Checks parameters against the rules of their endpoint. */
  check({ operation, rules }: Pick<Endpoint<never, never>, 'operation' | 'rules'>, params: object): void {
    if (rules) checkFields({ operation, product: this.product }, params, rules)
  }

  /**
   * Checks and sends the parameters: in the query of a GET, else as JSON.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async call<P extends object, R>(endpoint: Endpoint<P, R>, params: P, options?: RequestOptions): Promise<R> {
    this.check(endpoint, params)
    const payload = endpoint.method === 'GET' ? { query: params as Payload<R>['query'] } : { json: params }
    return this.send(endpoint, payload, options)
  }

  /**
   * Sends a call. A refused access token is removed (if it is still the stored one) and replaced, and the call is
   * retried once.
   */
  async send<R>(endpoint: Endpoint<never, R>, payload: Payload<R>, options?: RequestOptions): Promise<R> {
    if (options) checkRequestOptions(options, endpoint.operation, this.product)
    if (endpoint.auth === 'none' || this.#options.cloud) return this.#send(endpoint, payload, undefined, options)
    const token = this.accessToken.current() ?? (await this.#token(options))
    try {
      return await this.#send(endpoint, payload, token, options)
    } catch (error) {
      if (!(error instanceof WeChatApiError && isTokenErrcode(error.errcode))) throw error
      const fresh = await this.accessToken.replaceRefused(token, options?.signal)
      if (fresh === token || payload.body instanceof ReadableStream) throw error
      return this.#send(endpoint, payload, fresh, options)
    }
  }

  async #token(options: RequestOptions | undefined): Promise<string> {
    try {
      return await this.accessToken.get(options?.signal)
    } catch (error) {
      nameError(error, { step: 'accessToken' })
      throw error
    }
  }

  #send<R>(
    endpoint: Endpoint<never, R>,
    { query, json, body, headers, read = endpoint.read }: Payload<R>,
    token: string | undefined,
    options: RequestOptions | undefined
  ): Promise<R> {
    const { operation, method, path, idempotent } = endpoint
    const security =
      method === 'POST' && json !== undefined && this.#security?.covers(path) ? this.#security : undefined
    const auth = token === undefined ? {} : { [this.accessToken.parameter]: token }
    const content = json === undefined ? body : writeJson(json, operation, this.product)
    const plain = {
      ...(json === undefined ? headers && { headers } : { headers: JSON_HEADERS }),
      ...(content === undefined ? {} : { body: content })
    }
    // When encrypted, the query parameters are in the body.
    const url = this.endpoints.url(path, security ? auth : { ...auth, ...query })
    return this.http.call<R>(
      {
        operation,
        method,
        url,
        ...(security ? this.#secured(security, path, { ...query, ...(json as object) }) : plain),
        idempotent,
        mayRepeat,
        readsAll: read === undefined,
        minRetryDelayMs: busyPauseMs,
        read: (response) => this.#read(endpoint, response, read, url.host, security)
      },
      options
    )
  }

  /** Encrypted afresh for each attempt: a used nonce and timestamp are refused. */
  #secured(security: ApiSecurity, path: string, params: object) {
    let sealed: SealedRequest | undefined
    const seal = () => {
      sealed = security.seal(path, params, Math.floor(this.http.now() / 1000))
      return sealed
    }
    return {
      headers: () => ({ ...JSON_HEADERS, ...seal().headers }),
      body: () => (sealed ?? seal()).body
    }
  }

  async #read<R>(
    endpoint: Endpoint<never, R>,
    response: Response,
    read: Payload<R>['read'],
    host: string,
    security: ApiSecurity | undefined
  ): Promise<R> {
    const { operation, returns, picks, path } = endpoint
    const context = { product: this.product, operation, host }
    // Encryption of pictures is not documented: they are read as they are.
    const isPlain = !security || response.headers.get('content-type')?.startsWith('image/')
    if (read && isPlain) return read(response, context)
    const body = (
      security
        ? await readSecuredResponse(security, path, response, {
            ...context,
            nowSeconds: Math.floor(this.http.now() / 1000)
          })
        : await readJsonResponse(response, context)
    ) as Record<string, unknown>
    const field = picks ?? (returns === '*' ? undefined : returns)
    if (field !== undefined && body[field] === undefined) {
      throw new UnexpectedResponseError(
        `${operation}: the response of ${host} (HTTP ${response.status}) has no ${field}. See the document of ${path}, and check for a proxy or mock in between.`,
        { product: this.product, status: response.status }
      )
    }
    return (picks === undefined ? returns && body : body[picks]) as R
  }

  #tokenOptions(kind: string) {
    const { clock, logger } = this.#options
    return { product: this.product, store: this.store, key: this.storeKey(kind), clock, logger }
  }
}

// The same token would be refused again, and a minute limit does not end within a call.
function mayRepeat(error: unknown): boolean {
  return !(error instanceof WeChatApiError) || error.kind === 'busy'
}

function busyPauseMs(error: unknown, attempt: number): number {
  return error instanceof WeChatApiError ? BUSY_PAUSE_MS * 2 ** (attempt - 1) : 0
}
