import { createHash } from 'node:crypto'
import type { Store } from 'weixin-kit'

export interface RateLimitOptions {
  limit: number
  windowSeconds: number
}

/** A counted event. */
export interface Take {
  /** Makes room again: what turned out well does not count. */
  giveBack(): Promise<void>
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

  /** Counts one event; `undefined` when the window has no room for it. */
  async take(subject: string): Promise<Take | undefined> {
    const window = Math.floor(Date.now() / this.#windowMs)
    const subjectHash = createHash('sha256').update(subject).digest('base64url')
    const keyOf = (slot: number) => `rate:${this.#name}:${subjectHash}:${window}:${slot}`
    // Slots fill from 0 upwards, so that the first free one is mostly found by halving; taking it is what counts.
    let free = 0
    for (let end = this.#limit; free < end; ) {
      const middle = (free + end) >> 1
      if ((await this.#store.get(keyOf(middle))) === undefined) end = middle
      else free = middle + 1
    }
    // Below it there are holes of what was given back.
    for (let step = 0; step < this.#limit; step++) {
      const key = keyOf((free + step) % this.#limit)
      if (await this.#store.setIfAbsent(key, '1', this.#windowMs)) {
        return { giveBack: () => this.#store.delete(key) }
      }
    }
    return undefined
  }
}
