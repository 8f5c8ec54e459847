import type { RequestOptions } from '../core/client-options.ts'
import { WeChatApiError } from '../errors/index.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { checkFields, paramError, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** Answer of `auth.code2Session`. */
export interface LoginSession {
  openid: string
  /** Base64 of 16 bytes. Never send it to the client: keep it with `mini.session`. */
  session_key: string
  /** Only when the mini program is bound to an Open Platform account. */
  unionid?: string
}

/** What `auth.checkSession` and `auth.resetSession` need. */
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

const CALLS = {
  // The code is good for one time: a repeat after a lost answer gives 40163 and hides what happened.
  code2Session: {
    method: 'GET',
    path: '/sns/jscode2session',
    idempotent: false,
    auth: 'none',
    answersWith: 'session_key'
  },
  checkSession: { method: 'GET', path: '/wxa/checksession', idempotent: true },
  resetSession: { method: 'GET', path: '/wxa/resetusersessionkey', idempotent: false, answersWith: 'session_key' },
  paidUnionid: { method: 'GET', path: '/wxa/getpaidunionid', idempotent: true, answersWith: 'unionid' },
  encryptKeys: {
    method: 'POST',
    path: '/wxa/business/getuserencryptkey',
    idempotent: true,
    answersWith: 'key_info_list'
  },
  checkEncryptedData: { method: 'POST', path: '/wxa/business/checkencryptedmsg', idempotent: true }
} as const satisfies CallTable

/** @internal */
export const SESSION_REPLACED = 87009

/** Login (小程序登录) and what is proven by a session_key. */
export class Auth {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'auth', CALLS)
  }

  /**
   * Exchanges the code of `wx.login` (code2Session). Not repeated by itself: the code is good for one time and 5 minutes.
   *
   * @param js_code From the client, of this mini program.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40029 (invalid), 40163 (used), 40226 (risky user blocked), 45011 (100 a minute and user).
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { openid, session_key } = await mini.auth.code2Session('CODE')
   */
  async code2Session(js_code: string, options?: RequestOptions): Promise<LoginSession> {
    checkFields(this.#owner('code2Session'), { js_code }, { js_code: present })
    const query = {
      appid: this.#api.appId,
      secret: this.#api.revealAppSecret(),
      js_code,
      grant_type: 'authorization_code'
    }
    return this.#call('code2Session', { query }, options)
  }

  /**
   * Whether a session_key is still the current one (checkSessionKey).
   *
   * @returns `false` when the user logged in again since (87009).
   */
  async checkSession(session: CheckedSession, options?: RequestOptions): Promise<boolean> {
    try {
      await this.#call('checkSession', { query: this.#prove('checkSession', session) }, options)
      return true
    } catch (error) {
      if (error instanceof WeChatApiError && error.errcode === SESSION_REPLACED) return false
      throw error
    }
  }

  /**
   * Replaces the session_key of a user (resetUserSessionKey). The next call must prove the new one.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 87009 when the given key is not the current one.
   */
  async resetSession(session: CheckedSession, options?: RequestOptions): Promise<LoginSession> {
    return this.#call('resetSession', { query: this.#prove('resetSession', session) }, options)
  }

  /**
   * unionid of a user who paid within the last 5 minutes (getPaidUnionid), by `transaction_id`, or `mch_id` with `out_trade_no`.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 89002 (no Open Platform account), 89300 (order).
   */
  async paidUnionid(
    params: { openid: string } & ({ transaction_id: string } | { mch_id: string; out_trade_no: string }),
    options?: RequestOptions
  ): Promise<string> {
    checkFields(this.#owner('paidUnionid'), params, { openid: present })
    return (await this.#call<{ unionid: string }>('paidUnionid', { query: { ...params } }, options)).unionid
  }

  /** The latest keys for data that client and server encrypt themselves (getUserEncryptKey). */
  async encryptKeys(session: CheckedSession, options?: RequestOptions): Promise<EncryptKey[]> {
    const query = this.#prove('encryptKeys', session)
    return (await this.#call<{ key_info_list: EncryptKey[] }>('encryptKeys', { query, json: {} }, options))
      .key_info_list
  }

  /**
   * Whether WeChat made an `encryptedData` within the last three days (checkEncryptedData).
   *
   * @param encrypted_msg_hash SHA-256 of the `encryptedData` text, hexadecimal.
   * @returns `vaild` (spelt so upstream) and `create_time` in seconds since 1970.
   */
  async checkEncryptedData(
    encrypted_msg_hash: string,
    options?: RequestOptions
  ): Promise<{ vaild: boolean; create_time: number }> {
    if (typeof encrypted_msg_hash !== 'string' || !/^[0-9a-f]{64}$/.test(encrypted_msg_hash)) {
      throw paramError(
        this.#owner('checkEncryptedData'),
        'encrypted_msg_hash',
        'must be 64 lower-case hexadecimal digits'
      )
    }
    return this.#call('checkEncryptedData', { json: { encrypted_msg_hash } }, options)
  }

  /** Document "Login state signature": HMAC over the body (none here), keyed by the base64 text and not by its bytes. */
  #prove(name: string, session: CheckedSession) {
    checkFields(this.#owner(name), session, { openid: present, session_key: present })
    const signature = nodeCrypto().createHmac('sha256', session.session_key).update('').digest('hex')
    return { openid: session.openid, signature, sig_method: 'hmac_sha256' }
  }

  #owner(name: string) {
    return { operation: `auth.${name}`, product: this.#api.product }
  }
}
