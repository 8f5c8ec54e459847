import type { RequestOptions } from '../core/client-options.ts'
import { Endpoints, type QueryValue } from '../core/endpoints.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { HttpClient } from '../core/http-client.ts'
import type { Logger } from '../core/logger.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, type OptionRules, oneOf, optional, record, required, text } from '../core/options.ts'
import { GeetestError, StoreError, UnexpectedResponseError, WeixinKitError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import { randomNonce } from '../internal/random.ts'
import { Secret } from '../internal/secret.ts'
import { BypassStatus } from './bypass-status.ts'
import { ChallengeBook } from './challenge-book.ts'
import { challengeFor, type Digestmod, isConfirmed, isFailbackValid, isLocallyValid } from './digests.ts'
import { GEETEST_OPTION_RULES, type GeetestOptions } from './options.ts'
import { readJson } from './read-answer.ts'
import { makeRegisterHandler, type RegisterHandlerOptions } from './register-handler.ts'
import type { RegisterParams, Registration } from './registration.ts'
import { readForm, type ValidateParams, type Validation } from './validation.ts'

const MAIN_HOST = 'api.geetest.com'
const BYPASS_HOST = 'bypass.geetest.com'
const DEFAULT_TIMEOUT_MS = 3_000
const DEFAULT_TTL_SECONDS = 600
const SDK = 'weixin-kit'

const ABOUT_RULES: OptionRules = {
  session: required(text()),
  userId: optional(text()),
  client_type: optional(oneOf('web', 'h5', 'native', 'unknown')),
  ip_address: optional(text())
}

/** What `geetest.request` takes. */
export interface GeetestRequest {
  method: 'GET' | 'POST'
  /** With leading slash. */
  path: string
  query?: Readonly<Record<string, QueryValue>>
  /** Sent as a form. */
  body?: Readonly<Record<string, string>>
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
  readonly #http: HttpClient
  readonly #endpoints: Endpoints
  readonly #challenges: ChallengeBook
  readonly #bypass: BypassStatus
  readonly #useBypassStatus: boolean
  readonly #maxRetries: number
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
    this.#maxRetries = options.maxRetries ?? 1
    this.#useBypassStatus = options.useBypassStatus ?? false
    this.#http = new HttpClient({
      timeoutMs: DEFAULT_TIMEOUT_MS,
      maxRetries: 1,
      ...options,
      product: 'geetest',
      secrets: [privateKey]
    })
    this.#endpoints = new Endpoints(MAIN_HOST, options.baseUrl)
    const ttlMs = (options.challengeTtlSeconds ?? DEFAULT_TTL_SECONDS) * 1000
    this.#challenges = new ChallengeBook(store ?? memoryStore(clock ? { clock } : {}), captchaId, ttlMs)
    const query = { gt: captchaId }
    this.#bypass = new BypassStatus(this.#http, this.#endpoints.url('/v1/bypass_status.php', query, BYPASS_HOST))
  }

  /**
   * Gets a challenge for a session. When Geetest cannot be asked (or its bypass status says so), a challenge is made here:
   * the failback mode. It is remembered on the server; what the page later says of it does not count.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {StoreError} ERR_STORE
   */
  async register(params: RegisterParams, options: RequestOptions = {}): Promise<Registration> {
    checkOptions(params, ABOUT_RULES, { owner: 'register', product: 'geetest', of: 'params' })
    if (this.#useBypassStatus && !(await this.#bypass.isWorking())) return this.#failBack(params.session, 'bypass')
    let origin: string
    try {
      origin = await this.#askChallenge(params, options)
    } catch (error) {
      // An abort by the caller comes as it is; everything that went wrong with Geetest is what the failback is for.
      if (!(error instanceof WeixinKitError) || options.signal?.aborted) throw error
      return this.#failBack(params.session, error)
    }
    const challenge = challengeFor(this.#digestmod, origin, this.#privateKey.reveal())
    await this.#challenges.remember(challenge, 'normal', params.session)
    return { challenge: { success: 1, gt: this.captchaId, challenge, new_captcha: true } }
  }

  /**
   * Checks what the page sent, once per challenge. Asks Geetest in normal mode; in failback mode applies the rule of the SDK
   * version, which proves little. Anything but a clear yes is `ok: false`.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
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
      return passes ? { ok: true, mode } : { ok: false, mode, reason: 'refused' }
    }
    const privateKey = this.#privateKey.reveal()
    if (this.#version === '3.0' && !isLocallyValid(validate, challenge, privateKey))
      return { ok: false, mode, reason: 'refused' }
    try {
      const answer = await this.#askConfirmation(params, { challenge, seccode }, options)
      const ok = isConfirmed(answer, seccode, this.#digestmod, privateKey)
      return ok ? { ok, mode } : { ok, mode, reason: 'refused' }
    } catch (error) {
      if (!(error instanceof WeixinKitError) || options.signal?.aborted) throw error
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
    const { method, path, query, body } = request
    return this.#http.call(
      {
        operation: `request ${path}`,
        method,
        url: this.#endpoints.url(path, query),
        ...(body ? { headers: FORM_HEADERS, body: new URLSearchParams(body).toString() } : {}),
        isSafeToRepeat: method === 'GET',
        read: (response) => readJson(response, `request ${path}`)
      },
      options
    )
  }

  async #askChallenge(params: RegisterParams, options: RequestOptions): Promise<string> {
    const operation = 'register'
    const query = { gt: this.captchaId, json_format: '1', digestmod: this.#digestmod, sdk: SDK, ...aboutUser(params) }
    const answer = await this.#http.call(
      {
        operation,
        method: 'GET',
        url: this.#endpoints.url('/register.php', query),
        isSafeToRepeat: true,
        read: (response) => readJson(response, operation)
      },
      options
    )
    const { challenge } = answer
    // "0" is how Geetest says that it does not know the id.
    if (challenge === '0' || challenge === 0) throw unknownId()
    if (typeof challenge === 'string' && /^[\w-]{8,128}$/.test(challenge)) return challenge
    throw new UnexpectedResponseError('register: Geetest answered without a challenge.', { product: 'geetest' })
  }

  async #askConfirmation(
    params: ValidateParams,
    fields: { challenge: string; seccode: string },
    options: RequestOptions
  ): Promise<string> {
    const operation = 'validate'
    const timestamp = String(Math.floor(this.#http.now() / 1000))
    const form = { ...fields, captchaid: this.captchaId, gt: this.captchaId, json_format: '1', sdk: SDK, timestamp }
    const answer = await this.#http.call(
      {
        operation,
        method: 'POST',
        url: this.#endpoints.url('/validate.php'),
        headers: FORM_HEADERS,
        body: new URLSearchParams({ ...form, ...aboutUser(params) }).toString(),
        // One-time on Geetest's side: a repeat after a lost answer is refused at worst, and never accepted twice here.
        isSafeToRepeat: true,
        read: (response) => readJson(response, operation)
      },
      { ...options, maxRetries: Math.min(1, options.maxRetries ?? this.#maxRetries) }
    )
    return typeof answer.seccode === 'string' ? answer.seccode : ''
  }

  async #failBack(session: string, cause: WeixinKitError | 'bypass'): Promise<Registration> {
    if (cause instanceof StoreError) throw cause
    // As long as the SDK's own: 34 hexadecimal digits in 3.0, 32 letters and digits in 3.1.
    const challenge =
      this.#version === '3.0' ? hashHex('sha256', randomNonce()).slice(0, 34) : randomNonce().toLowerCase()
    await this.#challenges.remember(challenge, 'failback', session)
    const reason = cause === 'bypass' ? 'its bypass status says fail' : cause.message
    this.#logger?.warn?.(`Geetest is in failback mode: ${reason}`, { product: 'geetest' })
    return { challenge: { success: 0, gt: this.captchaId, challenge, new_captcha: true }, failback: { cause } }
  }
}

const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded' }

function aboutUser({ userId, client_type, ip_address }: Omit<RegisterParams, 'session'>): Record<string, string> {
  return {
    ...(userId === undefined ? {} : { user_id: hashHex('sha256', userId) }),
    ...(client_type === undefined ? {} : { client_type }),
    ...(ip_address === undefined ? {} : { ip_address })
  }
}

function unknownId(): GeetestError {
  const hint = {
    en: 'Geetest does not know the captchaId, or it is disabled: compare it with the console.',
    zh: '极验不认识该 captchaId 或已被停用：请与控制台核对。'
  }
  return new GeetestError(`Geetest refused register: ${hint.en}`, {
    product: 'geetest',
    status: 200,
    upstreamCode: '0',
    kind: 'config',
    retryable: false,
    hint
  })
}
