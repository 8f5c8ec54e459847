import type { RequestOptions } from '../core/client-options.ts'
import { DecryptError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { Auth } from './auth.ts'
import { type DecryptParams, decryptOpenData } from './decrypt.ts'
import type { OpenData } from './open-data.ts'

/** The login that a token represents. */
export interface Session {
  openid: string
  unionid?: string
  /** Never send it to the client. */
  session_key: string
}

/** Result of `session.start`. */
export interface SessionStart extends Omit<Session, 'session_key'> {
  /** Opaque: return it to the client, which sends it with every request. */
  token: string
}

const TOKEN = /^[\w-]{43}$/

/**
 * Sessions that keep the session_key on the server and give the client an opaque token, of which the store gets only
 * the hash.
 */
export class Sessions {
  readonly #api: WeChatApiClient
  readonly #auth: Auth
  readonly #ttlMs: number

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient, auth: Auth, ttlSeconds: number) {
    this.#api = api
    this.#auth = auth
    this.#ttlMs = ttlSeconds * 1000
  }

  /**
   * Logs in a user with the code of `wx.login` (code2Session) and creates a token.
   *
   * @param js_code From the client; single-use, 5 minutes.
   * @param options Options of this call.
   * @throws what `auth.code2Session` throws; {StoreError} ERR_STORE
   * @example
   * const { token, openid } = await mini.session.start('CODE')
   */
  async start(js_code: string, options?: RequestOptions): Promise<SessionStart> {
    const { openid, session_key, unionid } = await this.#auth.code2Session(js_code, options)
    const token = nodeCrypto().randomBytes(32).toString('base64url')
    const session: Session = { openid, session_key, ...(unionid === undefined ? {} : { unionid }) }
    await this.#api.store.set(this.#key(token), JSON.stringify(session), this.#ttlMs)
    return { token, openid, ...(unionid === undefined ? {} : { unionid }) }
  }

  /**
   * Returns the session of a token.
   *
   * @param token As the client sent it; any text is harmless.
   * @returns The session; `undefined` if it is unknown, expired or ended.
   * @throws {StoreError} ERR_STORE
   */
  async find(token: string | null | undefined): Promise<Session | undefined> {
    if (typeof token !== 'string' || !TOKEN.test(token)) return undefined
    const raw = await this.#api.store.get(this.#key(token))
    return raw === undefined ? undefined : readSession(raw)
  }

  /**
   * Decrypts data with the session_key of a token, and refuses data of another user. Not authenticated: see
   * `MiniProgram.decrypt`.
   *
   * @param token As the client sent it.
   * @param params `encryptedData` and `iv` as the client sent them.
   * @returns The data; `undefined` if there is no such session.
   * @throws {DecryptError} see `decrypt`; ERR_DECRYPT_KEY if the data belongs to another user
   */
  async decrypt<T extends OpenData = OpenData>(
    token: string | null | undefined,
    params: Omit<DecryptParams, 'sessionKey'>
  ): Promise<T | undefined> {
    const session = await this.find(token)
    if (!session) return undefined
    const data = decryptOpenData<T>({ ...params, sessionKey: session.session_key }, this.#api)
    if (data.openId !== undefined && data.openId !== session.openid) {
      throw new DecryptError('key', 'session.decrypt: the data belongs to another user than the session.', {
        product: 'miniapp'
      })
    }
    return data
  }

  /**
   * Ends a session.
   *
   * @param token As the client sent it.
   * @throws {StoreError} ERR_STORE
   */
  async end(token: string): Promise<void> {
    if (typeof token === 'string' && TOKEN.test(token)) await this.#api.store.delete(this.#key(token))
  }

  #key(token: string): string {
    return this.#api.storeKey(`session:${hashHex('sha256', token)}`)
  }
}

/** Any other value under our key is not a session: the user must log in again. */
function readSession(raw: string): Session | undefined {
  try {
    const session = JSON.parse(raw) as Partial<Session> | null
    return typeof session?.openid === 'string' && typeof session.session_key === 'string'
      ? (session as Session)
      : undefined
  } catch {
    return undefined
  }
}
