import { checkOptions, integer, type OptionRules, objectWith, optional, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'

/** Options of `yunpian.verificationCode`. */
export interface VerificationCodeOptions {
  /** Shared by all processes (`redisStore`). Default: memory of this process. */
  store?: Store | undefined
  /** Seconds until a code expires, 30 to 86 400, default 300. */
  ttlSeconds?: number | undefined
  /** Number of digits of a code, 4 to 8, default 6. */
  digits?: number | undefined
  /** Attempts per code, 1 to 20, default 5. */
  maxAttempts?: number | undefined
  /** Seconds between two codes for one number and purpose, default 60. */
  resendAfterSeconds?: number | undefined
  /** Codes per number and day (Beijing time), for all purposes together, default 10. */
  perNumberPerDay?: number | undefined
  /** Codes issued for one purpose (e.g. `login`) are not accepted for another. Default `default`. */
  purpose?: string | undefined
}

type Defined<T> = { [K in keyof T]-?: Exclude<T[K], undefined> }

/** All options but the store, with their defaults. */
export type VerificationCodeSettings = Defined<Omit<VerificationCodeOptions, 'store'>>

const RULES: OptionRules = {
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  ttlSeconds: optional(integer(30, 86_400)),
  digits: optional(integer(4, 8)),
  maxAttempts: optional(integer(1, 20)),
  resendAfterSeconds: optional(integer(0, 86_400)),
  perNumberPerDay: optional(integer(1, 1_000)),
  purpose: optional(text(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, "_", "-" or "."'))
}

/** @throws {ConfigError} ERR_CONFIG */
export function readVerificationCodeOptions(options: VerificationCodeOptions): {
  store: Store | undefined
  settings: VerificationCodeSettings
} {
  checkOptions(options, RULES, { owner: 'verificationCode', product: 'yunpian' })
  const {
    store,
    ttlSeconds = 300,
    digits = 6,
    maxAttempts = 5,
    resendAfterSeconds = 60,
    perNumberPerDay = 10
  } = options
  const { purpose = 'default' } = options
  const settings = { ttlSeconds, digits, maxAttempts, resendAfterSeconds, perNumberPerDay, purpose }
  return { store, settings }
}
