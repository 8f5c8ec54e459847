import type { RequestOptions } from '../core/client-options.ts'
import { Endpoints } from '../core/endpoints.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { HttpClient } from '../core/http-client.ts'
import { Late } from '../core/late/late.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions } from '../core/options.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { lazyPart } from '../internal/lazy-part.ts'
import { Secret } from '../internal/secret.ts'
import type { Calls } from './calls.ts'
import type { GeetestRequest } from './geetest-api.ts'
import { type GeetestOptions, geetestOptionRules } from './options.ts'
import { makeRegisterHandler, type RegisterHandlerOptions } from './register-handler.ts'
import type { RegisterParams, Registration } from './registration.ts'
import type { ValidateParams, Validation } from './validation.ts'

const MAIN_HOST = 'api.geetest.com'
const DEFAULT_TIMEOUT_MS = 3_000
const DEFAULT_MAX_RETRIES = 1
const DEFAULT_TTL_SECONDS = 600

/** One for all clients: whatever only calls need. A module that is loaded with the client may import no more than types from there. */
const part = lazyPart(() => import('./calls.ts'))

/**
 * Geetest behaviour verification v3 (极验), with its failback mode.
 *
 * @example
 * import { Geetest } from 'weixin-kit/geetest'
 *
 * const geetest = new Geetest({ captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'key' })
 * const { challenge } = await geetest.register({ session: 'openid or session id' })
 * // … the page solves it and posts geetest_challenge, geetest_validate and geetest_seccode as `form`
 * const form = { geetest_challenge: challenge.challenge, geetest_validate: '…', geetest_seccode: '…' }
 * const result = await geetest.validate({ session: 'openid or session id', form })
 * console.log(result.ok)
 */
export class Geetest {
  readonly captchaId: string
  readonly #endpoints: Endpoints
  readonly #late: Late<typeof import('./calls.ts'), Calls>

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: GeetestOptions) {
    checkOptions(options, geetestOptionRules(), { owner: 'Geetest', product: 'geetest' })
    const { captchaId, privateKey, digestmod = 'md5', version = '3.1', store, clock, logger } = options
    const { challengeTtlSeconds = DEFAULT_TTL_SECONDS, useBypassStatus = false } = options
    const endpoints = new Endpoints(MAIN_HOST, options.baseUrl)
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const maxRetries = options.maxRetries ?? DEFAULT_MAX_RETRIES
    const shared = {
      captchaId,
      privateKey: new Secret(privateKey),
      digestmod,
      version,
      http: new HttpClient({ ...options, timeoutMs, maxRetries, product: 'geetest', secrets: [privateKey] }),
      endpoints,
      maxRetries,
      store: store ? withStoreErrors(store) : memoryStore(clock ? { clock } : {}),
      challengeTtlMs: challengeTtlSeconds * 1000,
      useBypassStatus,
      logger
    }
    this.captchaId = captchaId
    this.#endpoints = endpoints
    this.#late = new Late(part, ({ Calls }) => new Calls(shared))
  }

  /**
   * Gets a challenge for a session. When Geetest is out of reach (no connection, no answer in time, HTTP 5xx, or its bypass
   * status says so), a challenge is made here: the failback mode (宕机模式). It is remembered on the server; what the page
   * later says of it does not count. Whatever else is wrong is thrown: a captcha that protects nothing must not pass for one.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {GeetestError} ERR_GEETEST, `kind` `config`: Geetest does not know the captchaId
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for an answer that is no challenge
   * @throws {StoreError} ERR_STORE
   */
  register(params: RegisterParams, options: RequestOptions = {}): Promise<Registration> {
    return this.#late.run(params, options, (calls, ...given) => calls.register(...given))
  }

  /**
   * Checks what the page sent, once per challenge. Asks Geetest in normal mode; in failback mode applies the rule of the SDK
   * version, which proves nothing: such a result has `isProven: false`. Anything but a clear yes is `ok: false`.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for an answer that is none of Geetest's
   * @throws {StoreError} ERR_STORE
   */
  validate(params: ValidateParams, options: RequestOptions = {}): Promise<Validation> {
    return this.#late.run(params, options, (calls, ...given) => calls.validate(...given))
  }

  /**
   * Gives challenges to pages: answers the JSON that `initGeetest` takes.
   *
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * import { Geetest } from 'weixin-kit/geetest'
   *
   * const geetest = new Geetest({ captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'key' })
   * const handler = geetest.registerHandler({ session: (request) => request.headers.get('x-session-id') ?? undefined })
   */
  registerHandler(options: RegisterHandlerOptions): FetchHandler {
    return makeRegisterHandler((params, signal) => this.register(params, { signal }), options)
  }

  /** Whether Geetest says of itself that it works (云监控); kept for ten seconds. */
  bypassStatus(): Promise<'success' | 'fail'> {
    return this.#late.run(undefined, undefined, (calls) => calls.bypassStatus())
  }

  /**
   * Any call to `api.geetest.com`.
   *
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   */
  request(request: GeetestRequest, options: RequestOptions = {}): Promise<unknown> {
    const { method, path, query, body } = request
    const url = this.#endpoints.url(path, query)
    const form = body ? new URLSearchParams(body).toString() : undefined
    return this.#late.run({ method, path, url, form }, options, (calls, ...given) => calls.request(...given))
  }
}
