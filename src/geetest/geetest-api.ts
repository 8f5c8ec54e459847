import type { RequestOptions } from '../core/client-options.ts'
import type { Endpoints, QueryValue } from '../core/endpoints.ts'
import type { HttpClient } from '../core/http-client.ts'
import { GeetestError, UnexpectedResponseError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import { REFUSED_CHALLENGES } from './codes.ts'
import type { Digestmod } from './digests.ts'
import { ENDPOINTS, type GeetestEndpoint } from './endpoints.ts'
import { readJson } from './read-response.ts'
import type { RegisterParams } from './registration.ts'

/** Parameters of `geetest.request`. */
export interface GeetestRequest {
  /** HTTP method. */
  method: 'GET' | 'POST'
  /** With leading slash. */
  path: string
  /** Appended to the path. */
  query?: Readonly<Record<string, QueryValue>> | undefined
  /** Sent as a form. */
  body?: Readonly<Record<string, string>> | undefined
}

export interface GeetestApiOptions {
  http: HttpClient
  endpoints: Endpoints
  captchaId: string
  digestmod: Digestmod
  maxRetries: number
}

type UserInfo = Omit<RegisterParams, 'session'>

const SDK = 'weixin-kit'
const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded' }

/** Sends the calls to Geetest. */
export class GeetestApi {
  readonly #http: HttpClient
  readonly #endpoints: Endpoints
  readonly #captchaId: string
  readonly #digestmod: Digestmod
  readonly #maxRetries: number

  constructor({ http, endpoints, captchaId, digestmod, maxRetries }: GeetestApiOptions) {
    this.#http = http
    this.#endpoints = endpoints
    this.#captchaId = captchaId
    this.#digestmod = digestmod
    this.#maxRetries = maxRetries
  }

  now(): number {
    return this.#http.now()
  }

  /** Returns the challenge of `register.php`. */
  async askChallenge(userInfo: UserInfo, options: RequestOptions): Promise<string> {
    const query = { gt: this.#captchaId, json_format: '1', digestmod: this.#digestmod, sdk: SDK, ...describe(userInfo) }
    const { challenge } = await this.#get('register', query, options)
    const refusal = refusalOf(challenge)
    if (refusal) throw refusal
    if (typeof challenge === 'string' && /^[\w-]{8,128}$/.test(challenge)) return challenge
    throw new UnexpectedResponseError('register: Geetest responded without a challenge.', { product: 'geetest' })
  }

  /** Returns the seccode in the response of `validate.php`; empty if there is none. */
  async askConfirmation(
    userInfo: UserInfo,
    fields: { challenge: string; seccode: string },
    options: RequestOptions
  ): Promise<string> {
    const operation = 'validate'
    const timestamp = String(Math.floor(this.now() / 1000))
    const form = { ...fields, captchaid: this.#captchaId, gt: this.#captchaId, json_format: '1', sdk: SDK, timestamp }
    const response = await this.#http.call(
      {
        operation,
        method: ENDPOINTS.validate.method,
        url: this.#urlOf(ENDPOINTS.validate),
        headers: FORM_HEADERS,
        body: new URLSearchParams({ ...form, ...describe(userInfo) }).toString(),
        // One-time on Geetest's side: a retry after a lost response is refused at worst, and never accepted twice here.
        idempotent: true,
        readsAll: true,
        read: (response) => readJson(response, operation)
      },
      { ...options, maxRetries: Math.min(1, options.maxRetries ?? this.#maxRetries) }
    )
    return typeof response.seccode === 'string' ? response.seccode : ''
  }

  /** Returns the bypass status (云监控). */
  askBypassStatus(): Promise<Record<string, unknown>> {
    return this.#get('bypassStatus', { gt: this.#captchaId }, { maxRetries: 0 })
  }

  request({ method, path, query, body }: GeetestRequest, options: RequestOptions): Promise<unknown> {
    const operation = `request ${path}`
    return this.#http.call(
      {
        operation,
        method,
        url: this.#endpoints.url(path, query),
        ...(body ? { headers: FORM_HEADERS, body: new URLSearchParams(body).toString() } : {}),
        idempotent: method === 'GET',
        readsAll: true,
        read: (response) => readJson(response, operation)
      },
      options
    )
  }

  #get(
    operation: 'register' | 'bypassStatus',
    query: Readonly<Record<string, QueryValue>>,
    options: RequestOptions
  ): Promise<Record<string, unknown>> {
    const { method } = ENDPOINTS[operation]
    const url = this.#urlOf(ENDPOINTS[operation], query)
    const read = (response: Response) => readJson(response, operation)
    return this.#http.call({ operation, method, url, idempotent: true, readsAll: true, read }, options)
  }

  #urlOf({ path, host }: GeetestEndpoint, query?: Readonly<Record<string, QueryValue>>): URL {
    return this.#endpoints.url(path, query, host)
  }
}

// The name of a user is not sent in plain text.
function describe({ userId, client_type, ip_address }: UserInfo): Record<string, string> {
  return {
    ...(userId === undefined ? {} : { user_id: hashHex('sha256', userId) }),
    ...(client_type === undefined ? {} : { client_type }),
    ...(ip_address === undefined ? {} : { ip_address })
  }
}

/** The meaning of an error code that Geetest sends as a challenge. */
function refusalOf(challenge: unknown): GeetestError | undefined {
  const code = typeof challenge === 'string' || typeof challenge === 'number' ? String(challenge) : ''
  const known = Object.hasOwn(REFUSED_CHALLENGES, code) ? REFUSED_CHALLENGES[code] : undefined
  if (!known) return undefined
  return new GeetestError(`Geetest refused register: ${known.hint.en}`, {
    product: 'geetest',
    status: 200,
    upstreamCode: code,
    retryable: false,
    ...known
  })
}
