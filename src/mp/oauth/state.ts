import { nodeCrypto } from '../../internal/node-crypto.ts'
import { randomBytesPooled } from '../../internal/random.ts'
import { Secret } from '../../internal/secret.ts'

/** A state and the cookie that binds it to the browser. */
export interface OAuthState {
  /** 64 hexadecimal digits for `authorizeUrl`. */
  state: string
  /** For the response that redirects the browser to WeChat; `header` is the complete value of `Set-Cookie`. */
  cookie: { name: string; value: string; maxAgeSeconds: number; header: string }
}

export interface StateKeeperOptions {
  appId: string
  appSecret: string
  now(): number
}

/**
 * Creates states: signed (HMAC-SHA256 with a key derived from the AppSecret), expiring, usable once, and bound to the
 * browser by a cookie that the signature covers. `verify-state.ts` verifies them.
 */
export class StateKeeper {
  readonly lifeSeconds = 600
  readonly #appId: string
  readonly #now: () => number
  readonly #key: Secret

  constructor({ appId, appSecret, now }: StateKeeperOptions) {
    this.#appId = appId
    this.#now = now
    this.#key = new Secret(nodeCrypto().createHmac('sha256', appSecret).update('weixin-kit oauth state').digest('hex'))
  }

  now(): number {
    return this.#now()
  }

  /** @param isSecure The site is served over https. */
  create(returnTo: string, isSecure: boolean): OAuthState {
    const maxAgeSeconds = this.lifeSeconds
    const expiry = Math.floor(this.#now() / 1000) + maxAgeSeconds
    // expiry (8), nonce (24), mac (32) in hexadecimal: 64 of the 128 letters and digits that WeChat accepts.
    const head = expiry.toString(16).padStart(8, '0') + randomBytesPooled(12).toString('hex')
    const value = `${randomBytesPooled(16).toString('base64url')}.${Buffer.from(returnTo).toString('base64url')}`
    const name = this.cookieName(head, isSecure)
    const header = this.setCookie(name, value, maxAgeSeconds)
    return { state: head + this.sign(head, name, value), cookie: { name, value, maxAgeSeconds, header } }
  }

  /** The signature also covers the name: a state made for a protected cookie is not valid in another. */
  sign(head: string, name: string, value: string): string {
    return nodeCrypto()
      .createHmac('sha256', this.#key.reveal())
      .update(`${this.#appId}\n${head}\n${name}\n${value}`)
      .digest('hex')
      .slice(0, 32)
  }

  /**
   * Browsers accept a cookie with a `__Host-` name only over https and from its own host: no subdomain can plant one.
   */
  cookieName(head: string, isSecure: boolean): string {
    // One cookie for each login, so that two tabs do not disturb each other.
    return `${isSecure ? '__Host-' : ''}wxkit_oauth_${head.slice(8, 20)}`
  }

  /** The value of a `Set-Cookie` header; a Max-Age of 0 removes the cookie. */
  setCookie(name: string, value: string, maxAgeSeconds: number): string {
    const secure = name.startsWith('__Host-') ? '; Secure' : ''
    // Lax, not Strict: the redirect from WeChat is a navigation from another site.
    return `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`
  }
}
