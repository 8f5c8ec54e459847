import type { RequestOptions } from '../core/client-options.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { guardStore } from '../core/guard-store.ts'
import type { Logger } from '../core/logger.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, type OptionRules, oneOf, optional, record, required, text } from '../core/options.ts'
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

const DEFAULT_TTL_SECONDS = 600

const ABOUT_RULES: OptionRules = {
  session: required(text()),
  userId: optional(text()),
  client_type: optional(oneOf('web', 'h5', 'native', 'unknown')),
  ip_address: optional((value) =>
    typeof value === 'string' && process.getBuiltinModule('node:net').isIP(value) > 0
      ? undefined
      : 'must be an IPv4 or IPv6 address, without a port'
  )
}

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
    const { captchaId, privateKey, digestmod = 'md5', version = '3.1', store, clock, logger } = options
    this.captchaId = captchaId
    this.#privateKey = new Secret(privateKey)
    this.#digestmod = digestmod
    this.#version = version
    this.#logger = logger
    this.#useBypassStatus = options.useBypassStatus ?? false
    this.#api = new GeetestApi(options)
    const ttlMs = (options.challengeTtlSeconds ?? DEFAULT_TTL_SECONDS) * 1000
    this.#challenges = new ChallengeBook(
      store ? guardStore(store) : memoryStore(clock ? { clock } : {}),
      captchaId,
      ttlMs
    )
    this.#bypass = new BypassStatus(this.#api)
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
  async register(params: RegisterParams, options: RequestOptions = {}): Promise<Registration> {
    checkOptions(params, ABOUT_RULES, { owner: 'register', product: 'geetest', of: 'params' })
    if (this.#useBypassStatus && !(await this.#bypass.isWorking())) return this.#failBack(params.session, 'bypass')
    let origin: string
    try {
      origin = await this.#api.askChallenge(params, options)
    } catch (error) {
      // An abort by the caller comes as it is.
      if (options.signal?.aborted || !isUnreachable(error)) throw error
      return this.#failBack(params.session, error)
    }
    const challenge = challengeFor(this.#digestmod, origin, this.#privateKey.reveal())
    await this.#challenges.remember(challenge, 'normal', params.session)
    return { challenge: { success: 1, gt: this.captchaId, challenge, new_captcha: true } }
  }

  /**
   * Checks what the page sent, once per challenge. Asks Geetest in normal mode; in failback mode applies the rule of the SDK
   * version, which proves nothing: such a result has `isProven: false`. Anything but a clear yes is `ok: false`.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for an answer that is none of Geetest's
   * @throws {StoreError} ERR_STORE
   */
  async validate(params: ValidateParams, options: RequestOptions = {}): Promise<Validation> {
    const rules = { ...ABOUT_RULES, form: required(record) }
    checkOptions(params, rules, { owner: 'validate', product: 'geetest', of: 'params' })
    const fields = readForm(params.form)
    if (!fields) return { ok: false, reason: 'missing' }
    const mode = await this.#challenges.take(fields.challenge, params.session)
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
      const answer = await this.#api.askConfirmation(params, { challenge, seccode }, options)
      const ok = isConfirmed(answer, seccode, this.#digestmod, privateKey)
      return ok ? { ok, mode, isProven: true } : { ok, mode, reason: 'refused' }
    } catch (error) {
      if (options.signal?.aborted || !isUnreachable(error)) throw error
      this.#logger?.warn?.(`Geetest could not confirm a captcha: ${error.message}`, { product: 'geetest' })
      return { ok: false, mode, reason: 'unreachable' }
    }
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
    return this.#bypass.isWorking().then((isWorking) => (isWorking ? 'success' : 'fail'))
  }

  /**
   * Any call to `api.geetest.com`.
   *
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   */
  request(request: GeetestRequest, options: RequestOptions = {}): Promise<unknown> {
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
