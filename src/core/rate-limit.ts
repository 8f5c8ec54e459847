import { ConfigError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import { callback, checkOptions, integer, objectWith, optional, required, text } from './options.ts'
import type { Store } from './store.ts'
import { readCount, withStoreErrors } from './with-store-errors.ts'

/** Options of a {@link RateLimit}. */
export interface RateLimitOptions {
  /** Counts for all processes that share it; needs `increment`, which `memoryStore()` and `redisStore()` have. */
  store: Store
  /** Keeps limits apart, e.g. `login`. */
  name: string
  /** Attempts per subject and window, 1 to 1 000 000. */
  limit: number
  /** Seconds of a window, 1 to 31 536 000. Windows begin at multiples of it since 1970. */
  windowSeconds: number
  /** Milliseconds since 1970; default `Date.now`. */
  clock?: (() => number) | undefined
}

/** Outcome of {@link RateLimit.take}. */
export type RateLimitAttempt =
  | {
      readonly allowed: true
      /** Attempts that the subject has left in this window. */
      readonly remaining: number
      /**
       * Returns the attempt, e.g. because the password was right, so that only failures count. A second call has no
       * effect.
       *
       * @throws {StoreError} ERR_STORE
       */
      giveBack(): Promise<void>
    }
  | {
      readonly allowed: false
      /** Seconds until the next window. */
      readonly retryAfterSeconds: number
    }

/**
 * Limits the attempts per subject (address, number, account) and window across all processes of a store, even when they
 * are concurrent. If the store fails, no attempt is allowed.
 *
 * @example
 * import { memoryStore, RateLimit } from 'weixin-kit'
 *
 * const logins = new RateLimit({ store: memoryStore(), name: 'login', limit: 5, windowSeconds: 900 })
 * const attempt = await logins.take('203.0.113.9')
 * if (!attempt.allowed) console.log(`429, Retry-After: ${attempt.retryAfterSeconds}`)
 * else await attempt.giveBack() // the password was right
 */
export class RateLimit {
  readonly #store: Store
  readonly #increment: NonNullable<Store['increment']>
  readonly #prefix: string
  readonly #limit: number
  readonly #windowMs: number
  readonly #clock: () => number

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: RateLimitOptions) {
    checkOptions(
      options,
      {
        store: required(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
        name: required(text(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, "_", "-" or "."')),
        limit: required(integer(1, 1_000_000)),
        windowSeconds: required(integer(1, 31_536_000)),
        clock: optional(callback)
      },
      { owner: 'RateLimit', product: 'core' }
    )
    const store = withStoreErrors(options.store)
    const { increment } = store
    if (!increment) {
      throw new ConfigError(
        'RateLimit: option "store" lacks the method increment(key, ttlMs): it must add 1 atomically and resolve to the new value.',
        { option: 'store', product: 'core' }
      )
    }
    this.#store = store
    this.#increment = increment
    this.#prefix = `weixin-kit:rate:${options.name}`
    this.#limit = options.limit
    this.#windowMs = options.windowSeconds * 1000
    this.#clock = options.clock ?? Date.now
  }

  /**
   * Takes an attempt.
   *
   * @param subject Who or what is limited; only its digest is stored.
   * @returns Whether the attempt is allowed, and what is left or when to try again.
   * @throws {ConfigError} ERR_INVALID_PARAM for an empty subject
   * @throws {StoreError} ERR_STORE
   */
  async take(subject: string): Promise<RateLimitAttempt> {
    if (typeof subject !== 'string' || subject === '') {
      throw new ConfigError('RateLimit.take: the subject must be a non-empty string.', {
        code: 'ERR_INVALID_PARAM',
        option: 'subject',
        product: 'core'
      })
    }
    const now = this.#clock()
    const window = Math.floor(now / this.#windowMs)
    const key = `${this.#prefix}:${hashHex('sha256', subject)}:${window}`
    const giveBack = () => this.#increment(`${key}:returned`, this.#windowMs)
    // In this order an attempt given back after the read can only make the count too high, never too low.
    const returned = readCount('get', (await this.#store.get(`${key}:returned`)) ?? 0)
    const used = (await this.#increment(`${key}:taken`, this.#windowMs)) - returned
    if (used > this.#limit) {
      await giveBack()
      return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(((window + 1) * this.#windowMs - now) / 1000)) }
    }
    let isReturned = false
    return {
      allowed: true,
      remaining: this.#limit - used,
      giveBack: async () => {
        if (isReturned) return
        isReturned = true
        await giveBack()
      }
    }
  }
}
