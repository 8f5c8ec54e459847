import { createHash } from 'node:crypto'
import type { Store } from 'weixin-kit'

export interface RateLimitOptions {
  limit: number
  windowSeconds: number
}

/** At most `limit` events per subject and window, over all processes of the store. */
export class RateLimit {
  readonly #store: Store
  readonly #name: string
  readonly #limit: number
  readonly #windowMs: number

  constructor(store: Store, name: string, { limit, windowSeconds }: RateLimitOptions) {
    this.#store = store
    this.#name = name
    this.#limit = limit
    this.#windowMs = windowSeconds * 1000
  }

  /** Counts one event; `false` when the window has no room for it. */
  async take(subject: string): Promise<boolean> {
    const window = Math.floor(Date.now() / this.#windowMs)
    const subjectHash = createHash('sha256').update(subject).digest('base64url')
    const keyOf = (slot: number) => `rate:${this.#name}:${subjectHash}:${window}:${slot}`
    // Slots fill from 0 upwards, so that the first free one is found by halving; taking it is what counts.
    let free = 0
    for (let end = this.#limit; free < end; ) {
      const middle = (free + end) >> 1
      if ((await this.#store.get(keyOf(middle))) === undefined) end = middle
      else free = middle + 1
    }
    for (let slot = free; slot < this.#limit; slot++) {
      if (await this.#store.setIfAbsent(keyOf(slot), '1', this.#windowMs)) return true
    }
    return false
  }
}
