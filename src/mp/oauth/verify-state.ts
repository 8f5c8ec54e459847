import type { Store } from '../../core/store.ts'
import { SignatureError } from '../../errors/index.ts'
import { equalsConstantTime, hashHex } from '../../internal/hash.ts'
import { nodeCrypto } from '../../internal/node-crypto.ts'
import type { StateKeeper } from './state.ts'

/** What a checked state carries. */
export interface VerifiedState {
  returnTo: string
  /** The same browser came back before: WeChat's browser often sends the callback twice, on Android at times with another code. */
  isRepeat: boolean
  /**
   * Names the login that began with this state in this browser. With it `exchangeCode` recognises the very same callback when it
   * comes again, and nobody else's.
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
 * Checks the state of a callback and uses it up.
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
      'the callback has no state that this library made. Was the login started at the authorize handler?'
    )
  }
  const head = expiry + nonce
  // A name that browsers protect counts before one that anybody under the same domain may have set.
  const found = [true, false]
    .map((isSecure) => keeper.cookieName(head, isSecure))
    .map((name) => ({ name, value: readCookie(params.cookieHeader ?? '', name) }))
    .find(({ value }) => value !== undefined)
  const cookie = found?.value
  if (found === undefined || cookie === undefined) {
    throw refuse(
      'missing',
      'the cookie of the login is not there. The login was started in another browser, or cookies are blocked, or authorize and callback are on different hosts.'
    )
  }
  if (!equalsConstantTime(keeper.sign(head, found.name, cookie), mac)) {
    throw refuse('mismatch', 'state and cookie do not belong together, or the AppSecret changed meanwhile.')
  }
  if (Number.parseInt(expiry, 16) * 1000 < keeper.now()) {
    throw refuse('expired', `the login took longer than ${keeper.lifeSeconds} seconds. Start it again.`)
  }
  const isRepeat = await markUsed(account, nonce, params.code, keeper)
  const login = hashHex('sha256', `${params.state}\n${cookie}`)
  return { login, returnTo: Buffer.from(cookie.split('.')[1] ?? '', 'base64url').toString('utf8'), isRepeat }
}

/**
 * The mark holds the code and the time, so that only the very same callback may come again; within moments also one with another
 * code, which is how some browsers navigate twice. `exchangeCode` returns the result of the first one to it.
 */
async function markUsed(account: Account, nonce: string, code: string, keeper: StateKeeper): Promise<boolean> {
  const own = nodeCrypto().createHash('sha256').update(code).digest('base64url')
  const key = account.storeKey(`oauth-state:${nonce}`)
  // A little longer than the state itself lives, so that clocks may differ between processes.
  if (await account.store.setIfAbsent(key, `${own}.${keeper.now()}`, keeper.lifeSeconds * 2 * 1000)) return false
  const [first, usedAt] = (await account.store.get(key))?.split('.') ?? []
  if (first === own || keeper.now() - Number(usedAt) < REPEAT_MS) return true
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
