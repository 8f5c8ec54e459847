import type { Store } from '../../core/store.ts'
import { SignatureError } from '../../errors/index.ts'
import { equalsConstantTime } from '../../internal/hash.ts'
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

/** What a checked state carries. */
export interface VerifiedState {
  returnTo: string
  /** The same browser came back with the same code: WeChat's browser often sends the callback twice. */
  isRepeat: boolean
}

export const STATE_LIFE_SECONDS = 600
const COOKIE_PREFIX = 'wxkit_oauth_'
/** Browsers take a cookie of such a name over https and from its own host only: no subdomain can plant one. */
const HOST_ONLY = '__Host-'
const LOGIN_COOKIE = /^(?:__Host-)?wxkit_oauth_[0-9a-f]{12}(?==)/
/** Of all open logins of a browser. Servers refuse requests with much more than ten thousand bytes of headers. */
const MOST_COOKIE_BYTES = 4096
/** expiry (8), nonce (24), mac (32) in hexadecimal: 64 of the 128 letters and digits that WeChat takes. */
const STATE_FORM = /^([0-9a-f]{8})([0-9a-f]{24})([0-9a-f]{32})$/

export interface StateKeeperOptions {
  appId: string
  appSecret: string
  store: Store
  storeKey(kind: string): string
  now(): number
}

/**
 * Makes and checks states: signed (HMAC-SHA256 with a key derived from the AppSecret), expiring, usable once, and bound to
 * the browser by a cookie that the signature covers.
 */
export class StateKeeper {
  readonly #options: Omit<StateKeeperOptions, 'appSecret'>
  readonly #key: Secret

  constructor({ appSecret, ...options }: StateKeeperOptions) {
    this.#options = options
    this.#key = new Secret(nodeCrypto().createHmac('sha256', appSecret).update('weixin-kit oauth state').digest('hex'))
  }

  /** @param isSecure The site is served over https. */
  create(returnTo: string, isSecure: boolean): OAuthState {
    const expiry = Math.floor(this.#options.now() / 1000) + STATE_LIFE_SECONDS
    const head = expiry.toString(16).padStart(8, '0') + randomBytesPooled(12).toString('hex')
    const value = `${randomBytesPooled(16).toString('base64url')}.${Buffer.from(returnTo).toString('base64url')}`
    const name = cookieName(head, isSecure)
    const maxAgeSeconds = STATE_LIFE_SECONDS
    const header = setCookie(name, value, maxAgeSeconds)
    return { state: head + this.#sign(head, name, value), cookie: { name, value, maxAgeSeconds, header } }
  }

  /** @throws {SignatureError} ERR_SIGNATURE_MISSING, _MISMATCH, _EXPIRED, _REPLAYED; {StoreError} ERR_STORE */
  async verify(params: { state: string | null; cookieHeader: string | null; code: string }): Promise<VerifiedState> {
    const [, expiry = '', nonce = '', mac = ''] = STATE_FORM.exec(params.state ?? '') ?? []
    if (mac === '') {
      throw refuse(
        params.state ? 'mismatch' : 'missing',
        'the callback has no state that this library made. Was the login started at the authorize handler?'
      )
    }
    const head = expiry + nonce
    // A name that browsers protect counts before one that anybody under the same domain may have set.
    const found = [true, false]
      .map((isSecure) => cookieName(head, isSecure))
      .map((name) => ({ name, value: readCookie(params.cookieHeader ?? '', name) }))
      .find(({ value }) => value !== undefined)
    const cookie = found?.value
    if (found === undefined || cookie === undefined) {
      throw refuse(
        'missing',
        'the cookie of the login is not there. The login was started in another browser, or cookies are blocked, or authorize and callback are on different hosts.'
      )
    }
    if (!equalsConstantTime(this.#sign(head, found.name, cookie), mac)) {
      throw refuse('mismatch', 'state and cookie do not belong together, or the AppSecret changed meanwhile.')
    }
    if (Number.parseInt(expiry, 16) * 1000 < this.#options.now()) {
      throw refuse('expired', `the login took longer than ${STATE_LIFE_SECONDS} seconds. Start it again.`)
    }
    const isRepeat = await this.#markUsed(nonce, params.code)
    return { returnTo: Buffer.from(cookie.split('.')[1] ?? '', 'base64url').toString('utf8'), isRepeat }
  }

  /** The mark holds the code, so that only the very same callback may come again. */
  async #markUsed(nonce: string, code: string): Promise<boolean> {
    const { store, storeKey } = this.#options
    const mark = nodeCrypto().createHash('sha256').update(code).digest('base64url')
    const key = storeKey(`oauth-state:${nonce}`)
    // A little longer than the state itself lives, so that clocks may differ between processes.
    if (await store.setIfAbsent(key, mark, STATE_LIFE_SECONDS * 2 * 1000)) return false
    if ((await store.get(key)) === mark) return true
    throw refuse('replayed', 'this state was used already with another code. Start the login again.')
  }

  /** Over the name as well: what was made for a protected cookie does not hold in another. */
  #sign(head: string, name: string, value: string): string {
    return nodeCrypto()
      .createHmac('sha256', this.#key.reveal())
      .update(`${this.#options.appId}\n${head}\n${name}\n${value}`)
      .digest('hex')
      .slice(0, 32)
  }
}

function cookieName(head: string, isSecure: boolean): string {
  // One cookie for each login, so that two tabs do not disturb each other.
  return (isSecure ? HOST_ONLY : '') + COOKIE_PREFIX + head.slice(8, 20)
}

function setCookie(name: string, value: string, maxAgeSeconds: number): string {
  const secure = name.startsWith(HOST_ONLY) ? '; Secure' : ''
  // Lax and not Strict: the way back from WeChat is a navigation from another site.
  return `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`
}

/**
 * `Set-Cookie` headers that take away the oldest logins that a browser did not finish, when all together are large: they go with
 * every request to the host, and a page of somebody else could begin so many that none of them is accepted any more.
 */
export function dropOldLogins(cookieHeader: string): string[] {
  // Browsers send the oldest first.
  const newestFirst = cookieHeader
    .split(';')
    .map((part) => part.trim())
    .reverse()
  let bytes = 0
  return newestFirst.flatMap((part) => {
    const name = LOGIN_COOKIE.exec(part)?.[0]
    bytes += name === undefined ? 0 : part.length
    return name === undefined || bytes <= MOST_COOKIE_BYTES ? [] : [setCookie(name, '', 0)]
  })
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

function refuse(reason: 'missing' | 'mismatch' | 'expired' | 'replayed', what: string): SignatureError {
  return new SignatureError(reason, `The OAuth callback was refused: ${what}`, { product: 'mp' })
}
