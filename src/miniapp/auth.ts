import type { RequestOptions } from '../core/client-options.ts'
import { text } from '../core/options.ts'
import { WeChatApiError } from '../errors/index.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'
import { checkFields, present } from '../wechat-api/check-params.ts'
import { get, post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** Response of `auth.code2Session`. */
export interface LoginSession {
  openid: string
  /** Base64 of 16 bytes. Never send it to the client: keep it with `mini.session`. */
  session_key: string
  /** Only if the mini program is bound to an Open Platform account. */
  unionid?: string
}

/** Parameters of `auth.checkSession` and `auth.resetSession`. */
export interface CheckedSession {
  openid: string
  session_key: string
}

/** A key of `auth.encryptKeys`, for data that client and server encrypt themselves. */
export interface EncryptKey {
  encrypt_key: string
  version: number
  /** Seconds from now. */
  expire_in: number
  iv: string
  /** Seconds since 1970. */
  create_time: number
}

/** A paid order, by WeChat Pay's number or the merchant's. */
export type PaidOrder = { openid: string } & ({ transaction_id: string } | { mch_id: string; out_trade_no: string })

const CODE2SESSION = get<object, LoginSession>('auth.code2Session', '/sns/jscode2session', {
  // The code is single-use: a retry after a lost response returns 40163 and hides what happened.
  idempotent: false,
  auth: 'none',
  returns: 'session_key'
})
const CHECK_SESSION = get<object>('auth.checkSession', '/wxa/checksession')
const RESET_SESSION = get<object, LoginSession>('auth.resetSession', '/wxa/resetusersessionkey', {
  idempotent: false,
  returns: 'session_key'
})
const PAID_UNIONID = get<PaidOrder, string>('auth.paidUnionid', '/wxa/getpaidunionid', {
  rules: { openid: present },
  picks: 'unionid'
})
const ENCRYPT_KEYS = post<object, EncryptKey[]>('auth.encryptKeys', '/wxa/business/getuserencryptkey', {
  idempotent: true,
  picks: 'key_info_list'
})
const CHECK_ENCRYPTED_DATA = post<{ encrypted_msg_hash: string }, { vaild: boolean; create_time: number }>(
  'auth.checkEncryptedData',
  '/wxa/business/checkencryptedmsg',
  {
    rules: { encrypted_msg_hash: text(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits') },
    idempotent: true,
    returns: '*'
  }
)

/** @internal */
export const SESSION_REPLACED = 87009

/** Login (小程序登录), and calls that a session_key authenticates. */
export class Auth {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Exchanges the code of `wx.login` (code2Session). Not retried automatically: the code is single-use and expires after 5
   * minutes.
   *
   * @param js_code From the client, of this mini program.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40029 (invalid), 40163 (used), 40226 (risky user blocked), 45011 (100 a minute and user).
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { openid, session_key } = await mini.auth.code2Session('CODE')
   */
  async code2Session(js_code: string, options?: RequestOptions): Promise<LoginSession> {
    checkFields(this.#owner(CODE2SESSION), { js_code }, { js_code: present })
    const secret = this.#api.revealAppSecret()
    const query = { appid: this.#api.appId, secret, js_code, grant_type: 'authorization_code' }
    return this.#api.call(CODE2SESSION, query, options)
  }

  /**
   * Returns whether a session_key is still the current one (checkSessionKey).
   *
   * @param session openid and session_key of a login.
   * @param options Options of this call.
   * @returns `false` if the user has logged in again since (87009).
   * @throws {WeChatApiError} ERR_WECHAT_API: any other errcode
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async checkSession(session: CheckedSession, options?: RequestOptions): Promise<boolean> {
    try {
      await this.#api.call(CHECK_SESSION, this.#prove(CHECK_SESSION, session), options)
      return true
    } catch (error) {
      if (error instanceof WeChatApiError && error.errcode === SESSION_REPLACED) return false
      throw error
    }
  }

  /**
   * Replaces the session_key of a user (resetUserSessionKey). Later calls need the new one.
   *
   * @param session openid and session_key of a login.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 87009 if the given key is not the current one.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async resetSession(session: CheckedSession, options?: RequestOptions): Promise<LoginSession> {
    return this.#api.call(RESET_SESSION, this.#prove(RESET_SESSION, session), options)
  }

  /**
   * Returns the unionid of a user who paid within the last 5 minutes (getPaidUnionid).
   *
   * @param params `openid`, and `transaction_id` or `mch_id` with `out_trade_no`.
   * @param options Options of this call.
   * @returns The unionid.
   * @throws {WeChatApiError} ERR_WECHAT_API: 89002 (no Open Platform account), 89300 (order).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  paidUnionid(params: PaidOrder, options?: RequestOptions): Promise<string> {
    return this.#api.call(PAID_UNIONID, params, options)
  }

  /**
   * Returns the latest keys for data that client and server encrypt themselves (getUserEncryptKey).
   *
   * @param session openid and session_key of a login.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 87009.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async encryptKeys(session: CheckedSession, options?: RequestOptions): Promise<EncryptKey[]> {
    return this.#api.send(ENCRYPT_KEYS, { query: this.#prove(ENCRYPT_KEYS, session), json: {} }, options)
  }

  /**
   * Returns whether WeChat created an `encryptedData` within the last three days (checkEncryptedData).
   *
   * @param encrypted_msg_hash SHA-256 of the `encryptedData` text, hexadecimal.
   * @param options Options of this call.
   * @returns `vaild` (upstream's spelling) and `create_time` in seconds since 1970.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  checkEncryptedData(
    encrypted_msg_hash: string,
    options?: RequestOptions
  ): Promise<{ vaild: boolean; create_time: number }> {
    return this.#api.call(CHECK_ENCRYPTED_DATA, { encrypted_msg_hash }, options)
  }

  /**
   * Document "Login state signature": HMAC over the body (empty here), with the base64 text as the key, not its bytes.
   */
  #prove(endpoint: { operation: string }, session: CheckedSession) {
    checkFields(this.#owner(endpoint), session, { openid: present, session_key: present })
    const signature = nodeCrypto().createHmac('sha256', session.session_key).update('').digest('hex')
    return { openid: session.openid, signature, sig_method: 'hmac_sha256' }
  }

  #owner({ operation }: { operation: string }) {
    return { operation, product: this.#api.product }
  }
}
