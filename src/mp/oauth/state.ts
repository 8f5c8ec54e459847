import { nodeCrypto } from '../../internal/node-crypto.ts'
import { randomBytesPooled } from '../../internal/random.ts'
import { Secret } from '../../internal/secret.ts'

/** A state and the cookie that binds it to the browser. */
export interface OAuthState {
  /** 64 hexadecimal digits for `authorizeUrl`. */
  state: string
  /** For the response that sends the browser to WeChat; `header` is the whole value of `Set-Cookie`. */
  cookie: { name: string; value: string; maxAgeSeconds: number; header: string }
}

export interface StateKeeperOptions {
  appId: string
  appSecret: string
  now(): number
}

/**
 * Makes states: signed (HMAC-SHA256 with a key derived from the AppSecret), expiring, usable once, and bound to the browser by a
 * cookie that the signature covers. `verify-state.ts` checks them.
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
    // expiry (8), nonce (24), mac (32) in hexadecimal: 64 of the 128 letters and digits that WeChat takes.
    const head = expiry.toString(16).padStart(8, '0') + randomBytesPooled(12).toString('hex')
    const value = `${randomBytesPooled(16).toString('base64url')}.${Buffer.from(returnTo).toString('base64url')}`
    const name = this.cookieName(head, isSecure)
    const header = this.setCookie(name, value, maxAgeSeconds)
    return { state: head + this.sign(head, name, value), cookie: { name, value, maxAgeSeconds, header } }
  }

  /** Over the name as well: what was made for a protected cookie does not hold in another. */
  sign(head: string, name: string, value: string): string {
    return nodeCrypto()
      .createHmac('sha256', this.#key.reveal())
      .update(`${this.#appId}\n${head}\n${name}\n${value}`)
      .digest('hex')
      .slice(0, 32)
  }

  /** Browsers take a cookie of the name with `__Host-` over https and from its own host only: no subdomain can plant one. */
  cookieName(head: string, isSecure: boolean): string {
    // One cookie for each login, so that two tabs do not disturb each other.
    return `${isSecure ? '__Host-' : ''}wxkit_oauth_${head.slice(8, 20)}`
  }

  /** The value of a `Set-Cookie`; with a life of 0 it takes the cookie away. */
  setCookie(name: string, value: string, maxAgeSeconds: number): string {
    const secure = name.startsWith('__Host-') ? '; Secure' : ''
    // Lax and not Strict: the way back from WeChat is a navigation from another site.
    return `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`
  }
}
