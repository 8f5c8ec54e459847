import { createHmac, randomBytes } from 'node:crypto'
import type { Store } from 'weixin-kit'

export interface SessionOptions {
  ttlSeconds: number
  /** Key of the hash: whoever can write to the store but does not know it makes no session. */
  secret?: string | undefined
}

/** Opaque tokens in the store; only their hash is kept, so that a look into Redis gives nobody a session. */
export class Sessions {
  readonly #store: Store
  readonly #kind: string
  readonly #ttlMs: number
  readonly #secret: string

  constructor(store: Store, kind: string, { ttlSeconds, secret = '' }: SessionOptions) {
    this.#store = store
    this.#kind = kind
    this.#ttlMs = ttlSeconds * 1000
    this.#secret = secret
  }

  async create(subject: string): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    await this.#store.set(this.#key(token), subject, this.#ttlMs)
    return token
  }

  async find(token: string | undefined): Promise<string | undefined> {
    if (!token || !/^[\w-]{43}$/.test(token)) return undefined
    return this.#store.get(this.#key(token))
  }

  async end(token: string | undefined): Promise<void> {
    if (token) await this.#store.delete(this.#key(token))
  }

  #key(token: string): string {
    return `session:${this.#kind}:${createHmac('sha256', this.#secret).update(token).digest('hex')}`
  }
}
