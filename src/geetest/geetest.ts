import { isIP } from 'node:net'
import type { RequestOptions } from '../core/client-options.ts'
import { baseUrlOf, Endpoints } from '../core/endpoints.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { HttpClient } from '../core/http-client.ts'
import type { Logger } from '../core/logger.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, type OptionRules, oneOf, optional, record, required, text } from '../core/options.ts'
import { safeLogger } from '../core/safe-logger.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import type { WeixinKitError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import { randomNonce } from '../internal/random.ts'
import { Secret } from '../internal/secret.ts'
import { BypassStatus } from './bypass-status.ts'
import { ChallengeBook } from './challenge-book.ts'
import { challengeFor, type Digestmod, isConfirmed, isFailbackValid, isLocallyValid } from './digests.ts'
import { GeetestApi, type GeetestRequest } from './geetest-api.ts'
import { isUnreachable } from './is-unreachable.ts'
import { GEETEST_OPTION_RULES, type GeetestOptions } from './options.ts'
import { makeRegisterHandler, type RegisterHandlerOptions } from './register-handler.ts'
import type { RegisterParams, Registration } from './registration.ts'
import { readForm, type ValidateParams, type Validation } from './validation.ts'

const MAIN_HOST = 'api.geetest.com'
const DEFAULT_TIMEOUT_MS = 3_000
const DEFAULT_MAX_RETRIES = 1
const DEFAULT_TTL_SECONDS = 600

const REGISTER_RULES: OptionRules = {
  session: required(text()),
  userId: optional(text()),
  client_type: optional(oneOf('web', 'h5', 'native', 'unknown')),
  ip_address: optional((value) =>
    typeof value === 'string' && isIP(value) > 0 ? undefined : 'must be an IPv4 or IPv6 address, without a port'
  )
}
const VALIDATE_RULES: OptionRules = { ...REGISTER_RULES, form: required(record) }

/**
 * Client for Geetest behaviour verification v3 (极验), with its failback mode.
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
  /** `gt` of the console. */
  readonly captchaId: string
  readonly #privateKey: Secret
  readonly #digestmod: Digestmod
  readonly #version: '3.0' | '3.1'
  readonly #api: GeetestApi
  readonly #challenges: ChallengeBook
  readonly #bypass: BypassStatus
  readonly #useBypassStatus: boolean
  readonly #logger: Logger | undefined

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: GeetestOptions) {
    checkOptions(options, GEETEST_OPTION_RULES, { owner: 'Geetest', product: 'geetest' })
    const { captchaId, privateKey, digestmod = 'md5', version = '3.1', store, clock } = options
    const { challengeTtlSeconds = DEFAULT_TTL_SECONDS, useBypassStatus = false } = options
    const { timeoutMs = DEFAULT_TIMEOUT_MS, maxRetries = DEFAULT_MAX_RETRIES } = options
    const http = new HttpClient({ ...options, timeoutMs, maxRetries, product: 'geetest', secrets: [privateKey] })
    const endpoints = new Endpoints(MAIN_HOST, baseUrlOf(options, MAIN_HOST))
    this.captchaId = captchaId
    this.#privateKey = new Secret(privateKey)
    this.#digestmod = digestmod
    this.#version = version
    this.#api = new GeetestApi({ http, endpoints, captchaId, digestmod, maxRetries })
    this.#challenges = new ChallengeBook(
      store ? withStoreErrors(store) : memoryStore(clock ? { clock } : {}),
      captchaId,
      challengeTtlSeconds * 1000
    )
    this.#bypass = new BypassStatus(this.#api)
    this.#useBypassStatus = useBypassStatus
    this.#logger = safeLogger(options.logger)
  }

  /**
   * Requests a challenge for a session. When Geetest is unreachable (no connection, no response in time, HTTP 5xx, or
   * its bypass status says `fail`), the challenge is made locally: failback mode (宕机模式). The server remembers the mode;
   * what the page claims about it is ignored. Any other failure throws: never fail open. Official document:
   * "gt3-server-node-express-sdk", register.
   *
   * @param params The session, and what Geetest may know about the user.
   * @param options `timeoutMs` in milliseconds per attempt, default 3000.
   * @returns The challenge to send to the page; with `failback` if Geetest could not be reached.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {GeetestError} ERR_GEETEST with `kind` `config`: Geetest does not know the captchaId
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for a response without a challenge
   * @throws {StoreError} ERR_STORE
   */
  async register(params: RegisterParams, options: RequestOptions = {}): Promise<Registration> {
    checkOptions(params, REGISTER_RULES, { owner: 'register', product: 'geetest', of: 'params' })
    const given = { ...params }
    if (this.#useBypassStatus && !(await this.#bypass.isWorking())) return this.#failBack(given.session, 'bypass')
    let origin: string
    try {
      origin = await this.#api.askChallenge(given, options)
    } catch (error) {
      // An abort by the caller is passed on unchanged.
      if (options.signal?.aborted || !isUnreachable(error)) throw error
      return this.#failBack(given.session, error)
    }
    const challenge = challengeFor(this.#digestmod, origin, this.#privateKey.reveal())
    await this.#challenges.remember(challenge, 'normal', given.session)
    return { challenge: { success: 1, gt: this.captchaId, challenge, new_captcha: true } }
  }

  /**
   * Validates the fields from the page, once per challenge. In normal mode Geetest confirms them; in failback mode the
   * rule of the SDK version applies, which proves nothing: such a result has `isProven: false`. Anything but a clear
   * yes is `ok: false`. Official document: "gt3-server-node-express-sdk", validate.
   *
   * @param params The session of `register` and the fields of the page's form.
   * @param options `timeoutMs` in milliseconds per attempt, default 3000.
   * @returns Whether the user may continue, and whether Geetest itself confirmed it.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for a response that Geetest does not send
   * @throws {StoreError} ERR_STORE
   */
  async validate(params: ValidateParams, options: RequestOptions = {}): Promise<Validation> {
    checkOptions(params, VALIDATE_RULES, { owner: 'validate', product: 'geetest', of: 'params' })
    const given = { ...params }
    const fields = readForm(given.form)
    if (!fields) return { ok: false, reason: 'missing' }
    const mode = await this.#challenges.take(fields.challenge, given.session)
    if (mode === undefined) return { ok: false, reason: 'unknown_challenge' }
    const { challenge, validate, seccode } = fields
    if (mode === 'failback') {
      const passes = this.#version === '3.1' || isFailbackValid(validate, challenge)
      return passes ? { ok: true, mode, isProven: false } : { ok: false, mode, reason: 'refused' }
    }
    const privateKey = this.#privateKey.reveal()
    if (this.#version === '3.0' && !isLocallyValid(validate, challenge, privateKey))
      return { ok: false, mode, reason: 'refused' }
    try {
      const confirmed = await this.#api.askConfirmation(given, { challenge, seccode }, options)
      const ok = isConfirmed(confirmed, seccode, this.#digestmod, privateKey)
      return ok ? { ok, mode, isProven: true } : { ok, mode, reason: 'refused' }
    } catch (error) {
      if (options.signal?.aborted || !isUnreachable(error)) throw error
      this.#logger?.warn?.(`Geetest could not confirm a captcha: ${error.message}`, { product: 'geetest' })
      return { ok: false, mode, reason: 'unreachable' }
    }
  }

  /**
   * Makes a handler that serves challenges to pages: it responds with the JSON that `initGeetest` takes.
   *
   * @param options The session of a request, user data for Geetest, and where failures are reported.
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

  /**
   * Returns whether Geetest reports that it is working (云监控, bypass status); cached for ten seconds. Unreachable counts
   * as `fail`.
   *
   * @returns `success` or `fail`; it never rejects because of the network.
   * @throws Nothing: an unreachable service counts as `fail`.
   */
  async bypassStatus(): Promise<'success' | 'fail'> {
    return (await this.#bypass.isWorking()) ? 'success' : 'fail'
  }

  /**
   * Any call to `api.geetest.com`.
   *
   * @param request Method, path, query and form fields.
   * @param options `timeoutMs` in milliseconds per attempt, default 3000.
   * @returns The JSON object of the response.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   */
  async request(request: GeetestRequest, options: RequestOptions = {}): Promise<unknown> {
    return this.#api.request(request, options)
  }

  async #failBack(session: string, cause: WeixinKitError | 'bypass'): Promise<Registration> {
    // As long as the SDK's own: 34 hexadecimal digits in 3.0, 32 letters and digits in 3.1.
    const challenge =
      this.#version === '3.0' ? hashHex('sha256', randomNonce()).slice(0, 34) : randomNonce().toLowerCase()
    await this.#challenges.remember(challenge, 'failback', session)
    const reason = cause === 'bypass' ? 'its bypass status says fail' : cause.message
    this.#logger?.warn?.(`Geetest is in failback mode: ${reason}`, { product: 'geetest' })
    return { challenge: { success: 0, gt: this.captchaId, challenge, new_captcha: true }, failback: { cause } }
  }
}
