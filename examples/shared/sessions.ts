import { createHash, randomBytes } from 'node:crypto'
import type { Store } from 'weixin-kit'

const keyOf = (kind: string, token: string) => `session:${kind}:${createHash('sha256').update(token).digest('hex')}`

/** Opaque tokens in the store; only their hash is kept, so that a look into Redis gives nobody a session. */
export class Sessions {
  readonly #store: Store
  readonly #kind: string
  readonly #ttlMs: number

  constructor(store: Store, kind: string, ttlSeconds: number) {
    this.#store = store
    this.#kind = kind
    this.#ttlMs = ttlSeconds * 1000
  }

  async create(subject: string): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    await this.#store.set(keyOf(this.#kind, token), subject, this.#ttlMs)
    return token
  }

  async find(token: string | undefined): Promise<string | undefined> {
    if (!token || !/^[\w-]{43}$/.test(token)) return undefined
    return this.#store.get(keyOf(this.#kind, token))
  }

  async end(token: string | undefined): Promise<void> {
    if (token) await this.#store.delete(keyOf(this.#kind, token))
  }
}
