import type { RequestOptions } from '../core/client-options.ts'
import type { Logger } from '../core/logger.ts'
import { checkOptions, type OptionRules, oneOf, optional, record, required, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import type { WeixinKitError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import { randomNonce } from '../internal/random.ts'
import type { Secret } from '../internal/secret.ts'
import { BypassStatus } from './bypass-status.ts'
import { ChallengeBook } from './challenge-book.ts'
import { challengeFor, type Digestmod, isConfirmed, isFailbackValid, isLocallyValid } from './digests.ts'
import { type CustomRequest, GeetestApi, type GeetestApiOptions } from './geetest-api.ts'
import { isUnreachable } from './is-unreachable.ts'
import type { RegisterParams, Registration } from './registration.ts'
import { readForm, type ValidateParams, type Validation } from './validation.ts'

export interface CallsOptions extends GeetestApiOptions {
  privateKey: Secret
  version: '3.0' | '3.1'
  store: Store
  challengeTtlMs: number
  useBypassStatus: boolean
  logger: Logger | undefined
}

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

/** The calls of one account, loaded after the client: see `geetest.ts`. */
export class Calls {
  readonly #captchaId: string
  readonly #privateKey: Secret
  readonly #digestmod: Digestmod
  readonly #version: '3.0' | '3.1'
  readonly #api: GeetestApi
  readonly #challenges: ChallengeBook
  readonly #bypass: BypassStatus
  readonly #useBypassStatus: boolean
  readonly #logger: Logger | undefined

  constructor(options: CallsOptions) {
    this.#captchaId = options.captchaId
    this.#privateKey = options.privateKey
    this.#digestmod = options.digestmod
    this.#version = options.version
    this.#logger = options.logger
    this.#useBypassStatus = options.useBypassStatus
    this.#api = new GeetestApi(options)
    this.#challenges = new ChallengeBook(options.store, options.captchaId, options.challengeTtlMs)
    this.#bypass = new BypassStatus(this.#api)
  }

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
    return { challenge: { success: 1, gt: this.#captchaId, challenge, new_captcha: true } }
  }

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

  async bypassStatus(): Promise<'success' | 'fail'> {
    return (await this.#bypass.isWorking()) ? 'success' : 'fail'
  }

  request(request: CustomRequest, options: RequestOptions): Promise<unknown> {
    return this.#api.request(request, options)
  }

  async #failBack(session: string, cause: WeixinKitError | 'bypass'): Promise<Registration> {
    // As long as the SDK's own: 34 hexadecimal digits in 3.0, 32 letters and digits in 3.1.
    const challenge =
      this.#version === '3.0' ? hashHex('sha256', randomNonce()).slice(0, 34) : randomNonce().toLowerCase()
    await this.#challenges.remember(challenge, 'failback', session)
    const reason = cause === 'bypass' ? 'its bypass status says fail' : cause.message
    this.#logger?.warn?.(`Geetest is in failback mode: ${reason}`, { product: 'geetest' })
    return { challenge: { success: 0, gt: this.#captchaId, challenge, new_captcha: true }, failback: { cause } }
  }
}
