import { createHmac, randomBytes, randomInt } from 'node:crypto'
import type { Store } from '../core/store.ts'
import { keepTrying, takeMark } from '../core/take-mark.ts'
import { BodyError, ConnectionError, UnexpectedResponseError } from '../errors/index.ts'
import { equalsConstantTime, hashHex } from '../internal/hash.ts'
import { beijingTime, invalid } from './field-encoding.ts'
import { normalizeMobile } from './mobile.ts'
import type { VerificationCodeSettings } from './verification-code-options.ts'

/** The part of the client that verification codes need. */
export interface VerificationCodesContext {
  store: Store
  /** Key of the hashes of codes and numbers. */
  pepper: () => string
  now: () => number
}

/** A new code, or why none was issued. */
export type IssuedCode =
  | {
      readonly issued: true
      /** The only place where the code is readable: send it and do not keep it. */
      readonly code: string
      /** Seconds until it expires. */
      readonly expiresInSeconds: number
      /** Revokes the code if the message could not be sent, so that the user can try again at once. */
      revoke(): Promise<void>
    }
  | {
      readonly issued: false
      readonly reason: 'too_soon' | 'daily_limit'
      /** Seconds until another attempt is possible. */
      readonly retryAfterSeconds: number
    }

/** Outcome of `send`: as {@link IssuedCode}, without the code. */
export type SentCode =
  | { readonly issued: true; readonly expiresInSeconds: number }
  | Extract<IssuedCode, { issued: false }>

/** Result of a check. A code succeeds only once. */
export type CheckedCode =
  | { readonly ok: true }
  | {
      readonly ok: false
      /** `expired`: never issued, too old, replaced or already used. */
      readonly reason: 'wrong' | 'expired' | 'too_many_attempts'
      /** Attempts left for this code. */
      readonly attemptsLeft: number
    }

const LONGEST_INPUT = 40
const DAY_MS = 86_400_000

interface CodeRecord {
  id: string
  salt: string
  hash: string
}

/**
 * Issues and checks verification codes. Every limit is claimed with `setIfAbsent`, one key per slot, so it applies
 * across all processes of a store; codes are kept as a salted HMAC, keyed by the API key, and numbers as a hash.
 */
export class VerificationCodes {
  readonly #store: Store
  readonly #settings: VerificationCodeSettings
  readonly #pepper: () => string
  readonly #now: () => number
  readonly #prefix: string

  /** @internal Use `yunpian.verificationCode(…)`. */
  constructor(settings: VerificationCodeSettings, context: VerificationCodesContext) {
    this.#settings = settings
    this.#store = context.store
    this.#pepper = context.pepper
    this.#now = context.now
    this.#prefix = `weixin-kit:yunpian:${hashHex('sha256', context.pepper()).slice(0, 16)}:code`
  }

  /**
   * Issues a code for a number. An older code for the same purpose stops working. Use {@link VerificationCodes.send}
   * unless you deliver the code another way.
   *
   * @param mobile In any format that `normalizeMobile` accepts.
   * @returns The code, or why none was issued and after how many seconds to try again.
   * @throws {ConfigError} ERR_INVALID_PARAM for a wrong number
   * @throws {StoreError} ERR_STORE
   */
  async issue(mobile: string): Promise<IssuedCode> {
    const { ttlSeconds, digits } = this.#settings
    const number = normalizeMobile(mobile)
    const pause = await this.#claimPause(number)
    if (typeof pause === 'number') return { issued: false, reason: 'too_soon', retryAfterSeconds: pause }
    const slot = await this.#claimDay(number).catch(async (error: unknown) => {
      await withdraw(pause)
      throw error
    })
    if (!slot) {
      await withdraw(pause)
      const now = this.#now()
      const midnight = Math.ceil((now + 8 * 3_600_000 + 1) / DAY_MS) * DAY_MS - 8 * 3_600_000
      return { issued: false, reason: 'daily_limit', retryAfterSeconds: Math.ceil((midnight - now) / 1000) }
    }
    const code = String(randomInt(10 ** digits)).padStart(digits, '0')
    const id = randomBytes(12).toString('base64url')
    const salt = randomBytes(16).toString('base64url')
    const record: CodeRecord = { id, salt, hash: this.#hash(number, id, salt, code) }
    const raw = JSON.stringify(record)
    const key = this.#key(number, 'current')
    const revoke = async () => {
      // Only if it is still ours: a newer code stays.
      await Promise.all([this.#store.compareAndDelete(key, raw), pause.release(), slot.release()])
    }
    try {
      await this.#store.set(key, raw, ttlSeconds * 1000)
    } catch (error) {
      // Nobody got this code: the user need not wait, because nothing was sent.
      await withdraw({ release: revoke })
      throw error
    }
    return { issued: true, code, expiresInSeconds: ttlSeconds, revoke }
  }

  /**
   * Issues a code and sends it with `deliver`. Its errors are rethrown, and the code is revoked unless the message may
   * have been sent (no response, or an unreadable one).
   *
   * @param mobile In any format that `normalizeMobile` accepts.
   * @param deliver Sends the code, e.g. with `sms.singleSend`.
   * @returns Whether a code was sent, or after how many seconds to try again.
   * @throws what `deliver` throws, and what {@link VerificationCodes.issue} throws
   */
  async send(mobile: string, deliver: (code: string, mobile: string) => unknown): Promise<SentCode> {
    const issued = await this.issue(mobile)
    if (!issued.issued) return issued
    try {
      await deliver(issued.code, normalizeMobile(mobile))
    } catch (error) {
      // A message whose response was lost may still arrive: its code must then be valid.
      if (!mayHaveBeenSent(error)) await issued.revoke().catch(() => undefined)
      throw error
    }
    return { issued: true, expiresInSeconds: issued.expiresInSeconds }
  }

  /**
   * Checks a code. However many checks run concurrently in any number of processes, at most `maxAttempts` of them
   * compare the code, and only one succeeds.
   *
   * @param mobile In any format that `normalizeMobile` accepts.
   * @param code The code as typed by the user; full-width digits are accepted.
   * @returns Whether the code is right; it succeeds only once.
   * @throws {ConfigError} ERR_INVALID_PARAM for a wrong number or a code that is not a string
   * @throws {StoreError} ERR_STORE
   */
  async check(mobile: string, code: string): Promise<CheckedCode> {
    const { maxAttempts, ttlSeconds } = this.#settings
    if (typeof code !== 'string') throw invalid('verificationCode.check', 'code', 'must be a string')
    const number = normalizeMobile(mobile)
    const key = this.#key(number, 'current')
    const raw = await this.#store.get(key)
    const record = raw === undefined ? undefined : parseRecord(raw)
    if (raw === undefined || !record) return { ok: false, reason: 'expired', attemptsLeft: 0 }

    const attempt = await this.#claim(`${key}:${record.id}`, maxAttempts, ttlSeconds * 1000)
    if (attempt === undefined) return { ok: false, reason: 'too_many_attempts', attemptsLeft: 0 }
    const given = code.length <= LONGEST_INPUT ? code.normalize('NFKC').trim() : ''
    if (!equalsConstantTime(this.#hash(number, record.id, record.salt, given), record.hash))
      return { ok: false, reason: 'wrong', attemptsLeft: maxAttempts - attempt.slot }
    // Right, but another check may be right at the same time: the one that removes the code wins.
    if (await this.#store.compareAndDelete(key, raw)) return { ok: true }
    return { ok: false, reason: 'expired', attemptsLeft: 0 }
  }

  async #claimPause(number: string): Promise<{ release(): Promise<unknown> } | number> {
    const { resendAfterSeconds } = this.#settings
    if (resendAfterSeconds === 0) return { release: async () => undefined }
    const key = this.#key(number, 'pause')
    const mark = `${this.#now() + resendAfterSeconds * 1000}:${randomBytes(6).toString('base64url')}`
    if (await takeMark(this.#store, key, mark, resendAfterSeconds * 1000))
      return { release: () => this.#store.compareAndDelete(key, mark) }
    const until = Number((await this.#store.get(key))?.split(':', 1)[0] ?? 0)
    // At most the whole pause, in case the clock was set back.
    return Math.min(resendAfterSeconds, Math.max(1, Math.ceil((until - this.#now()) / 1000)))
  }

  #claimDay(number: string) {
    const day = beijingTime(new Date(this.#now())).slice(0, 10)
    const key = `${this.#prefix}:day:${day}:${this.#subject(number)}`
    return this.#claim(key, this.#settings.perNumberPerDay, DAY_MS)
  }

  /** Takes the first free of `slots` slots; `undefined` when all are taken. */
  async #claim(
    key: string,
    slots: number,
    ttlMs: number
  ): Promise<{ slot: number; release(): Promise<unknown> } | undefined> {
    const mark = randomBytes(9).toString('base64url')
    for (let slot = 1; slot <= slots; slot++) {
      const name = `${key}:${slot}`
      if (await takeMark(this.#store, name, mark, ttlMs))
        return { slot, release: () => this.#store.compareAndDelete(name, mark) }
    }
    return undefined
  }

  #key(number: string, kind: 'current' | 'pause'): string {
    return `${this.#prefix}:${kind}:${this.#settings.purpose}:${this.#subject(number)}`
  }

  // Not the number itself: the store must not reveal who signs in.
  #subject(number: string): string {
    return createHmac('sha256', this.#pepper()).update(`subject:${number}`).digest('base64url').slice(0, 32)
  }

  #hash(number: string, id: string, salt: string, code: string): string {
    const parts = JSON.stringify([this.#settings.purpose, number, id, salt, code])
    return createHmac('sha256', this.#pepper()).update(parts).digest('base64url')
  }
}

/** Releases even if the store fails in the meantime: failed operations are retried in the background. */
function withdraw(claim: { release(): Promise<unknown> }): Promise<void> {
  return keepTrying(async () => {
    await claim.release()
    return true
  })
}

function mayHaveBeenSent(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.requestSent
  return error instanceof UnexpectedResponseError || error instanceof BodyError
}

function parseRecord(raw: string): CodeRecord | undefined {
  try {
    const { id, salt, hash } = JSON.parse(raw) as Partial<CodeRecord>
    return typeof id === 'string' && typeof salt === 'string' && typeof hash === 'string'
      ? { id, salt, hash }
      : undefined
  } catch {
    // Someone else wrote to our key: there is no code.
    return undefined
  }
}
