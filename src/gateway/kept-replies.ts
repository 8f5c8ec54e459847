import type { Store } from '../core/index.ts'
import type { Reply } from './replies.ts'

/** Longer than a user waits before the next message. */
const KEEP_MS = 10 * 60_000

/** Keeps replies that no delivery could carry for the next message of that user. */
export class KeptReplies {
  readonly #store: Store
  readonly #keyPrefix: string

  constructor(store: Store, keyPrefix: string) {
    this.#store = store
    this.#keyPrefix = `${keyPrefix}kept:`
  }

  keep(openid: string, reply: Reply | string): Promise<void> {
    return this.#store.set(this.#keyPrefix + openid, JSON.stringify(reply), KEEP_MS)
  }

  /** Returns the kept reply, once. */
  async take(openid: string): Promise<Reply | string | undefined> {
    const key = this.#keyPrefix + openid
    const text = await this.#store.get(key)
    if (text === undefined || !(await this.#store.compareAndDelete(key, text))) return undefined
    return JSON.parse(text) as Reply | string
  }
}
