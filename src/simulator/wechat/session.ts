import { createHash } from 'node:crypto'
import { signLoginState } from '../crypto/open-data.ts'
import type { Route } from '../framework/service.ts'
import type { UserRecord } from '../framework/users.ts'
import { type ApiCall, answerJson, api, guarded, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import type { WeChatState } from './state.ts'
import { authenticate } from './tokens.ts'

const CODE_LIFE_MS = 5 * 60_000
const SESSION_LIFE_MS = 3 * 86_400_000
const LOGINS_PER_MINUTE = 100
const PAID_WINDOW_MS = 5 * 60_000

/** `wx.login`: a code, and a session key that replaces the one before. */
export function login(wx: WeChatState, appId: string, user: UserRecord): string {
  const sessionKey = wx.context.random.bytes(16).toString('base64')
  wx.sessions.set(`${appId}\n${user.id}`, { key: sessionKey, createdAt: wx.now })
  const code = `0${wx.context.random.text(31)}`
  wx.loginCodes.set(code, { appId, userId: user.id, sessionKey, expiresAt: wx.now + CODE_LIFE_MS, used: false })
  wx.of(appId)?.lastActive.set(user.openid(appId), wx.now)
  return code
}

/** The session key in force, or `undefined` when there is none or it is too old. */
export function sessionKey(wx: WeChatState, appId: string, userId: string): string | undefined {
  const session = wx.sessions.get(`${appId}\n${userId}`)
  return session && wx.now - session.createdAt < SESSION_LIFE_MS ? session.key : undefined
}

/** A code of the phone number button (`getPhoneNumber`). */
export function phoneCode(wx: WeChatState, appId: string, user: UserRecord): string {
  const code = wx.context.random.hex(64)
  wx.phoneCodes.set(code, { appId, userId: user.id, expiresAt: wx.now + CODE_LIFE_MS, used: false })
  return code
}

/** `phone_info`, and the payload of an encrypted phone number. */
export function phoneInfo(wx: WeChatState, appId: string, user: UserRecord): Record<string, unknown> {
  const { phone, countryCode } = user.profile
  return {
    phoneNumber: countryCode === '86' ? phone : `+${countryCode} ${phone}`,
    purePhoneNumber: phone,
    countryCode,
    watermark: { timestamp: Math.floor(wx.context.appTime() / 1000), appid: appId }
  }
}

/** Checks `signature` and `sig_method` of a call that proves the session key. */
function proven(call: ApiCall): { user: UserRecord; openid: string } {
  const { wx, account, query } = call
  const openid = text(query.get('openid') ?? '', 41009)
  const user = wx.context.users.byOpenid(account.appId, openid)
  if (!user) throw new Refusal(40003)
  if (query.get('sig_method') !== 'hmac_sha256') throw new Refusal(87008)
  const key = sessionKey(wx, account.appId, user.id)
  if (!key) throw new Refusal(87007)
  if (query.get('signature')?.toLowerCase() !== signLoginState(key, '')) throw new Refusal(87009)
  call.exchange.verified('login-state signature')
  return { user, openid }
}

/** Login, session and phone number of mini programs. */
export function sessionRoutes(wx: WeChatState): Route[] {
  const kinds = { kinds: ['miniProgram'] as const }
  return [
    guarded(wx, 'GET', '/sns/jscode2session', (exchange) => {
      const { query } = exchange
      const { account } = authenticate(wx, exchange, query.get('appid'), query.get('secret'))
      if (account.kind !== 'miniProgram') throw new Refusal(40013)
      if (query.get('grant_type') !== 'authorization_code') throw new Refusal(40002)
      const given = query.get('js_code')
      if (!given) throw new Refusal(41008)
      const code = wx.loginCodes.get(given)
      if (!code || code.appId !== account.appId) throw new Refusal(40029)
      if (code.used) throw new Refusal(40163)
      if (wx.now >= code.expiresAt) throw new Refusal(40029)
      const user = wx.user(code.userId)
      if (!user) throw new Refusal(40029)
      const minute = `login\n${code.appId}\n${user.id}\n${Math.floor(wx.now / 60_000)}`
      const logins = (wx.calls.get(minute) ?? 0) + 1
      if (logins > LOGINS_PER_MINUTE) throw new Refusal(45011)
      wx.calls.set(minute, logins)
      if (wx.of(code.appId)?.riskRanks.get(user.openid(code.appId)) === 4) throw new Refusal(40226)
      code.used = true
      exchange.verified('js_code: unused, in time, of this appid')
      const unionid = user.unionid(account.appId)
      // Labelled text/plain by the platform.
      return answerJson(
        { session_key: code.sessionKey, openid: user.openid(account.appId), ...(unionid ? { unionid } : {}) },
        'text/plain'
      )
    }),
    api(wx, 'GET', '/wxa/checksession', (call) => void proven(call), kinds),
    api(
      wx,
      'GET',
      '/wxa/resetusersessionkey',
      (call) => {
        const { user, openid } = proven(call)
        const key = wx.context.random.bytes(16).toString('base64')
        wx.sessions.set(`${call.account.appId}\n${user.id}`, { key, createdAt: wx.now })
        return { openid, session_key: key }
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/wxa/business/getuserphonenumber',
      ({ account, body }) => {
        const code = wx.phoneCodes.get(text(body.code, 41008))
        if (!code || code.used || wx.now >= code.expiresAt) throw new Refusal(40029)
        if (code.appId !== account.appId) throw new Refusal(40013)
        const user = wx.user(code.userId)
        if (!user) throw new Refusal(40029)
        if (body.openid !== undefined && body.openid !== user.openid(account.appId)) throw new Refusal(40003)
        code.used = true
        return { phone_info: phoneInfo(wx, account.appId, user) }
      },
      kinds
    ),
    api(
      wx,
      'GET',
      '/wxa/getpaidunionid',
      ({ account, query }) => {
        const openid = text(query.get('openid') ?? '', 41009)
        const user = wx.context.users.byOpenid(account.appId, openid)
        if (!user) throw new Refusal(40003)
        const unionid = user.unionid(account.appId)
        if (!unionid) throw new Refusal(89002)
        const transactionId = query.get('transaction_id')
        const byNumber = `${query.get('mch_id')}\n${query.get('out_trade_no')}`
        const paid = wx.payments.get(transactionId ?? byNumber)
        if (!paid || paid.openid !== openid || wx.now - paid.at > PAID_WINDOW_MS) throw new Refusal(89300)
        return { unionid }
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/wxa/business/getuserencryptkey',
      (call) => {
        const { openid } = proven(call)
        const derive = (part: string) =>
          createHash('sha256').update(`${part}\n${openid}`).digest().subarray(0, 16).toString('base64')
        const create_time = Math.floor(wx.now / 1000)
        return {
          key_info_list: [{ encrypt_key: derive('key'), version: 1, expire_in: 3_600, iv: derive('iv'), create_time }]
        }
      },
      { ...kinds, mayBeEmpty: true }
    ),
    api(
      wx,
      'POST',
      '/wxa/business/checkencryptedmsg',
      ({ body }) => {
        const made = wx.encryptedHashes.get(text(body.encrypted_msg_hash, 40097).toLowerCase())
        return { vaild: made !== undefined, create_time: made ?? 0 }
      },
      kinds
    )
  ]
}
