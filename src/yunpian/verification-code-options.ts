import { checkOptions, integer, type OptionRules, objectWith, optional, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { onFirstUse } from '../internal/on-first-use.ts'

export interface VerificationCodeOptions {
  /** Shared by all processes (`redisStore`). Default: memory of this process. */
  store?: Store
  /** Life of a code, default 300. */
  ttlSeconds?: number
  /** Length of a code, 4 to 8, default 6. */
  digits?: number
  /** Tries per code, default 5. */
  maxAttempts?: number
  /** Pause between two codes for one number and purpose, default 60. */
  resendAfterSeconds?: number
  /** Codes per number and day (Beijing), all purposes together, default 10. */
  perNumberPerDay?: number
  /** Tells flows apart whose codes must not serve for one another, e.g. `login`. Default `default`. */
  purpose?: string
}

export type VerificationCodeSettings = Required<Omit<VerificationCodeOptions, 'store'>>

const rules = onFirstUse(
  (): OptionRules => ({
    store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
    ttlSeconds: optional(integer(30, 86_400)),
    digits: optional(integer(4, 8)),
    maxAttempts: optional(integer(1, 20)),
    resendAfterSeconds: optional(integer(0, 86_400)),
    perNumberPerDay: optional(integer(1, 1_000)),
    purpose: optional(text(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, "_", "-" or "."'))
  })
)

/** @throws {ConfigError} ERR_CONFIG */
export function readVerificationCodeOptions(options: VerificationCodeOptions): {
  store: Store | undefined
  settings: VerificationCodeSettings
} {
  checkOptions(options, rules(), { owner: 'verificationCode', product: 'yunpian' })
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
