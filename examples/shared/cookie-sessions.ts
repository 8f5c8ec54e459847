import type { Store } from 'weixin-kit'
import { SessionCookie } from './session-cookie.ts'
import { Sessions } from './sessions.ts'

export interface CookieSessionOptions {
  /** Name of the cookie. */
  name: string
  /** Address of the site: on https the cookie is `Secure`. */
  publicUrl: string
  ttlSeconds: number
  /** See `SessionOptions`. */
  secret?: string | undefined
  /** `Strict` where a GET changes something; default `Lax`. */
  sameSite?: 'Lax' | 'Strict'
}

/** Sessions of browsers: an opaque token in a cookie, its subject in the store. Each method takes the `Cookie` header. */
export class CookieSessions {
  readonly #sessions: Sessions
  readonly #cookie: SessionCookie

  constructor(store: Store, { name, publicUrl, ttlSeconds, secret, sameSite }: CookieSessionOptions) {
    this.#sessions = new Sessions(store, name, { ttlSeconds, secret })
    this.#cookie = new SessionCookie(name, publicUrl, ttlSeconds, sameSite)
  }

  /** Who is logged in. */
  find(header: string | null | undefined): Promise<string | undefined> {
    return this.#sessions.find(this.#cookie.read(header))
  }

  /** Logs `subject` in with a new token and ends the session that was there; returns the `Set-Cookie` header. */
  async start(subject: string, header: string | null | undefined): Promise<string> {
    await this.#sessions.end(this.#cookie.read(header))
    return this.#cookie.write(await this.#sessions.create(subject))
  }

  /** Logs out; returns the `Set-Cookie` header. */
  async end(header: string | null | undefined): Promise<string> {
    await this.#sessions.end(this.#cookie.read(header))
    return this.#cookie.clear()
  }
}
