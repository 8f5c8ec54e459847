import { createHash, type KeyObject } from 'node:crypto'
import { type ApiSecurityKeys, isSignedByAccount, openBody, sealBody, signByPlatform } from '../crypto/api-security.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { WeChatAccount } from '../framework/accounts.ts'
import type { Exchange } from '../framework/exchange.ts'
import { Refusal } from './errcodes.ts'
import type { AccountState, WeChatState } from './state.ts'

const ORIGIN = 'https://api.weixin.qq.com'
const WINDOW_SECONDS = 300

const snOf = (appId: string, what: string) => createHash('md5').update(`${appId}\n${what}`).digest('hex')

/** Keys of the console page "API security" of an account. */
export function apiSecurityKeys(keys: KeyRing, { appId, appSecret }: WeChatAccount, generation = 0): ApiSecurityKeys {
  return {
    appId,
    symmetricSn: snOf(appId, 'symmetric'),
    symmetricKey: createHash('sha256').update(`${appSecret}\nsymmetric`).digest('base64'),
    accountSn: snOf(appId, 'asymmetric'),
    accountKey: keys.merchant(appId).publicKey,
    platformSn: snOf(appId, `platform ${generation}`),
    platformKey: platformKey(keys, generation)
  }
}

function platformKey(keys: KeyRing, generation: number): KeyObject {
  return keys.platform(generation + 1).privateKey
}

/** Option `apiSecurity` of the clients. */
export function apiSecurityCredentials(keys: KeyRing, account: WeChatAccount) {
  const held = apiSecurityKeys(keys, account)
  const next = apiSecurityKeys(keys, account, 1)
  return {
    symmetricKey: { sn: held.symmetricSn, key: held.symmetricKey },
    privateKey: keys.merchant(account.appId).privateKeyPem,
    privateKeySn: held.accountSn,
    platformCertificates: { [held.platformSn]: keys.platform(1).certificatePem },
    /** The certificate after `simulator.wechat.rotateApiSecurity()`. */
    nextPlatformCertificates: { [next.platformSn]: keys.platform(2).certificatePem }
  }
}

/** A call that came encrypted and signed: its parameters, and what its response must become. */
export interface SecuredCall {
  readonly params: Readonly<Record<string, unknown>>
  seal(response: Response): Promise<Response>
}

/**
 * Opens a call in API security mode; `undefined` for a plain one that may be plain.
 *
 * @throws {Refusal} 40230 … 40240
 */
export function openSecuredCall(wx: WeChatState, state: AccountState, exchange: Exchange): SecuredCall | undefined {
  const { account, apiSecurity } = state
  const { headers } = exchange
  const signature = headers.get('wechatmp-signature')
  const isRequired = apiSecurity.requiredFor.has(exchange.path)
  if (!signature && !headers.get('wechatmp-serial')) {
    if (isRequired) throw new Refusal(40230)
    return undefined
  }
  if (!signature) throw new Refusal(40232)
  const timestamp = headers.get('wechatmp-timestamp')
  if (!timestamp) throw new Refusal(40231)
  const appId = headers.get('wechatmp-appid')
  if (!appId) throw new Refusal(40233)
  if (appId !== account.appId) throw new Refusal(40237)
  const keys = apiSecurityKeys(wx.context.keys, account, apiSecurity.generation)
  if (headers.get('wechatmp-serial') !== keys.accountSn) throw new Refusal(40239)
  if (Math.abs(wx.now / 1000 - Number(timestamp)) > WINDOW_SECONDS) throw new Refusal(40240)
  const scope = { url: ORIGIN + exchange.path, timestamp }
  const body = exchange.text()
  if (!isSignedByAccount(keys, scope, body, signature)) throw new Refusal(40234)
  const plain = openBody(keys, scope, body)
  if (plain === undefined) throw new Refusal(40235)
  const { _n, _appid, _timestamp, ...params } = JSON.parse(plain) as Record<string, unknown>
  if (typeof _n !== 'string' || _n.length < 16) throw new Refusal(40235)
  if (_appid !== account.appId || _timestamp !== Number(timestamp)) throw new Refusal(40235)
  exchange.verified('API security: signature, appid, time, encryption')
  return { params, seal: (response) => sealResponse(wx, state, keys, scope.url, response) }
}

async function sealResponse(
  wx: WeChatState,
  state: AccountState,
  keys: ApiSecurityKeys,
  url: string,
  response: Response
): Promise<Response> {
  if (!response.headers.get('content-type')?.includes('json')) return response
  const timestamp = String(wx.context.clock.seconds())
  const fields = {
    _n: wx.context.random.text(22),
    _appid: keys.appId,
    _timestamp: Number(timestamp),
    ...((await response.json()) as object)
  }
  const body = sealBody(keys, { url, timestamp }, JSON.stringify(fields), wx.context.random.bytes(12))
  const signed = {
    'content-type': 'application/json',
    'wechatmp-appid': keys.appId,
    'wechatmp-timestamp': timestamp,
    'wechatmp-serial': keys.platformSn,
    'wechatmp-signature': signByPlatform(keys, { url, timestamp }, body)
  }
  const { generation, overlap } = state.apiSecurity
  if (generation === 0 || !overlap) return new Response(body, { headers: signed })
  const old = apiSecurityKeys(wx.context.keys, state.account, generation - 1)
  return new Response(body, {
    headers: {
      ...signed,
      'wechatmp-serial-deprecated': old.platformSn,
      'wechatmp-signature-deprecated': signByPlatform(old, { url, timestamp }, body)
    }
  })
}
