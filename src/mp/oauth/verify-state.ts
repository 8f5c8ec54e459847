import type { Store } from '../../core/store.ts'
import { SignatureError } from '../../errors/index.ts'
import { equalsConstantTime, hashHex } from '../../internal/hash.ts'
import { nodeCrypto } from '../../internal/node-crypto.ts'
import type { StateKeeper } from './state.ts'

/** Content of a verified state. */
export interface VerifiedState {
  returnTo: string
  /**
   * Whether the same browser already sent a callback: WeChat's browser often sends it twice, on Android sometimes with
   * another code.
   */
  isRepeat: boolean
  /**
   * Identifies the login that started with this state in this browser. With it `exchangeCode` recognises a repeat of
   * the same callback, and no other.
   */
  login: string
}

/** expiry, nonce and mac, as `StateKeeper.create` writes them. */
const STATE_FORM = /^([0-9a-f]{8})([0-9a-f]{24})([0-9a-f]{32})$/

/** The second callback comes within moments. Longer would only give a state that somebody has seen more time. */
export const REPEAT_MS = 30_000

interface Account {
  readonly store: Store
  storeKey(kind: string): string
}

/**
 * Verifies the state of a callback and marks it as used.
 *
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, _MISMATCH, _EXPIRED, _REPLAYED; {StoreError} ERR_STORE
 */
export async function verifyState(
  keeper: StateKeeper,
  account: Account,
  params: { state: string | null; cookieHeader: string | null; code: string }
): Promise<VerifiedState> {
  const [, expiry = '', nonce = '', mac = ''] = STATE_FORM.exec(params.state ?? '') ?? []
  if (mac === '') {
    throw refuse(
      params.state ? 'mismatch' : 'missing',
      'the callback has no state of this library. Start the login at the authorize handler.'
    )
  }
  const head = expiry + nonce
  // A name that browsers protect takes precedence over one that any host of the domain may have set.
  const found = [true, false]
    .map((isSecure) => keeper.cookieName(head, isSecure))
    .map((name) => ({ name, value: readCookie(params.cookieHeader ?? '', name) }))
    .find(({ value }) => value !== undefined)
  const cookie = found?.value
  if (found === undefined || cookie === undefined) {
    throw refuse(
      'missing',
      'the cookie of the login is missing: the login was started in another browser, cookies are blocked, or authorize and callback are on different hosts.'
    )
  }
  if (!equalsConstantTime(keeper.sign(head, found.name, cookie), mac)) {
    throw refuse('mismatch', 'state and cookie do not belong together, or the AppSecret was changed in the meantime.')
  }
  if (Number.parseInt(expiry, 16) * 1000 < keeper.now()) {
    throw refuse('expired', `the login took longer than ${keeper.lifeSeconds} seconds. Start it again.`)
  }
  const isRepeat = await markUsed(account, nonce, params.code, keeper)
  const login = hashHex('sha256', `${params.state}\n${cookie}`)
  return { login, returnTo: Buffer.from(cookie.split('.')[1] ?? '', 'base64url').toString('utf8'), isRepeat }
}

/**
 * The mark holds the code and the time, so that only the same callback may be repeated; for a short time also one with
 * another code, because some browsers navigate twice. `exchangeCode` then returns the result of the first one.
 */
async function markUsed(account: Account, nonce: string, code: string, keeper: StateKeeper): Promise<boolean> {
  const own = nodeCrypto().createHash('sha256').update(code).digest('base64url')
  const key = account.storeKey(`oauth-state:${nonce}`)
  // A little longer than the state itself lives, so that clocks may differ between processes.
  if (await account.store.setIfAbsent(key, `${own}.${keeper.now()}`, keeper.lifeSeconds * 2 * 1000)) return false
  const [first, usedAt] = (await account.store.get(key))?.split('.') ?? []
  if (first === own || Math.abs(keeper.now() - Number(usedAt)) < REPEAT_MS) return true
  throw refuse('replayed', 'this state was used already with another code. Start the login again.')
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
