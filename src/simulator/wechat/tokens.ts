import type { Exchange } from '../framework/exchange.ts'
import type { Route } from '../framework/service.ts'
import { answerJson, api, authorise, guarded, jsonBody, text } from './api.ts'
import { chinaDay, clearCalls, countCall, quotaOf, useQuotaClear } from './call-quota.ts'
import { Refusal } from './errcodes.ts'
import type { TokenRecord } from './records.ts'
import type { AccountState, WeChatState } from './state.ts'

const LIFE_MS = 7_200_000
const GRACE_MS = 300_000
const FORCE_GAP_MS = 30_000
const FORCE_PER_DAY = 20
const RID_LIFE_MS = 7 * 86_400_000

const CALLBACK_IPS = ['127.0.0.1', '::1', '101.226.103.0/25']

/** Checks app id, secret and source address of a call that carries them. */
export function authenticate(
  wx: WeChatState,
  exchange: Exchange,
  appId: unknown,
  secret: unknown,
  missing = { appId: 41002, secret: 41004 }
): AccountState {
  const id = text(appId, missing.appId)
  const given = text(secret, missing.secret)
  const state = wx.of(id)
  if (!state) throw new Refusal(40013)
  exchange.account = id
  if (given !== state.account.appSecret) throw new Refusal(40125)
  if (state.secretFrozen) throw new Refusal(40243)
  exchange.verified('appid and secret')
  return state
}

function checkAddress(state: AccountState, exchange: Exchange): void {
  const address = exchange.remoteAddress.replace(/^::ffff:/, '')
  const { ipAllowList } = state.account
  if (ipAllowList.length > 0 && !ipAllowList.includes(address)) {
    throw new Refusal(40164, `invalid ip ${address} ipv6 ::ffff:${address}, not in whitelist`)
  }
}

function issue(wx: WeChatState, appId: string, kind: TokenRecord['kind']): TokenRecord {
  const record: TokenRecord = {
    // Real ones are longer than 128 characters now and then: a store that cuts them must be noticed.
    token: `${wx.context.random.digits(2)}_${wx.context.random.text(133)}`,
    appId,
    kind,
    issuedAt: wx.now,
    expiresAt: wx.now + LIFE_MS,
    invalidFrom: undefined
  }
  wx.tokens.set(record.token, record)
  wx.currentTokens.set(`${appId}\n${kind}`, record.token)
  return record
}

function current(wx: WeChatState, appId: string, kind: TokenRecord['kind']): TokenRecord | undefined {
  const record = wx.tokens.get(wx.currentTokens.get(`${appId}\n${kind}`) ?? '')
  if (!record || record.expiresAt <= wx.now) return undefined
  return record.invalidFrom !== undefined && record.invalidFrom <= wx.now ? undefined : record
}

function stable(wx: WeChatState, state: AccountState, force: boolean): TokenRecord {
  const { appId } = state.account
  const old = current(wx, appId, 'stable')
  if (!force) return old && old.expiresAt - wx.now > GRACE_MS ? old : issue(wx, appId, 'stable')
  const day = chinaDay(wx.now)
  const known = wx.forced.get(appId)
  const forced = known?.day === day ? known : { day, count: 0, at: Number.NEGATIVE_INFINITY }
  if (old && wx.now - forced.at < FORCE_GAP_MS) return old
  if (forced.count >= FORCE_PER_DAY) throw new Refusal(45009)
  wx.forced.set(appId, { day, count: forced.count + 1, at: wx.now })
  if (old) old.invalidFrom = wx.now
  return issue(wx, appId, 'stable')
}

const printed = (wx: WeChatState, record: TokenRecord) =>
  answerJson({ access_token: record.token, expires_in: Math.round((record.expiresAt - wx.now) / 1000) })

/** A call of the documents by GET that the platform also takes by POST, with its fields in the query or in a form. */
function alsoByPost(
  wx: WeChatState,
  path: string,
  handler: (exchange: Exchange, query: URLSearchParams) => Response | Readonly<Record<string, unknown>>
): Route[] {
  const byPost = (exchange: Exchange) => {
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(exchange.headers.get('content-type') ?? '')
    exchange.hint ??= 'this call is GET in its document; the platform takes POST, too'
    return handler(exchange, new URLSearchParams([...exchange.query, ...(isForm ? exchange.form() : [])]))
  }
  return [guarded(wx, 'GET', path, (exchange) => handler(exchange, exchange.query)), guarded(wx, 'POST', path, byPost)]
}

/** Access tokens, tickets, quotas and the addresses of the platform. */
export function tokenRoutes(wx: WeChatState): Route[] {
  return [
    ...alsoByPost(wx, '/cgi-bin/token', (exchange, query) => {
      if (query.get('grant_type') !== 'client_credential') throw new Refusal(40002)
      const state = authenticate(wx, exchange, query.get('appid'), query.get('secret'))
      checkAddress(state, exchange)
      const { appId } = state.account
      countCall(wx, appId, exchange.path)
      const old = current(wx, appId, 'plain')
      if (old) old.invalidFrom ??= wx.now + GRACE_MS
      return printed(wx, issue(wx, appId, 'plain'))
    }),
    guarded(wx, 'POST', '/cgi-bin/stable_token', (exchange) => {
      // A form body reads as a JSON without fields: the platform reports the first missing one.
      const body = exchange.json() === undefined ? {} : jsonBody(exchange)
      const state = authenticate(wx, exchange, body.appid, body.secret)
      if (body.grant_type !== 'client_credential') throw new Refusal(40002)
      checkAddress(state, exchange)
      countCall(wx, state.account.appId, exchange.path)
      return printed(wx, stable(wx, state, body.force_refresh === true))
    }),
    ...alsoByPost(wx, '/cgi-bin/ticket/getticket', (exchange, query) => {
      const { account } = authorise(wx, exchange, query.get('access_token'))
      countCall(wx, account.appId, exchange.path)
      const type = query.get('type') ?? ''
      if (type !== 'jsapi' && type !== 'wx_card') throw new Refusal(40097)
      const ticket = `${wx.context.random.text(42)}-${wx.context.random.text(43)}`
      wx.tickets.set(ticket, { appId: account.appId, type, expiresAt: wx.now + LIFE_MS })
      return { errcode: 0, errmsg: 'ok', ticket, expires_in: LIFE_MS / 1000 }
    }),
    api(wx, 'POST', '/cgi-bin/clear_quota', ({ account, body }) => {
      if (body.appid !== account.appId) throw new Refusal(40013)
      useQuotaClear(wx, account.appId)
      clearCalls(wx, account.appId)
    }),
    guarded(wx, 'POST', '/cgi-bin/clear_quota/v2', (exchange) => {
      const body = exchange.json() === undefined ? Object.fromEntries(exchange.form()) : jsonBody(exchange)
      const { account } = authenticate(wx, exchange, body.appid, body.appsecret)
      useQuotaClear(wx, account.appId)
      clearCalls(wx, account.appId)
      return { errcode: 0, errmsg: 'ok' }
    }),
    api(wx, 'POST', '/cgi-bin/openapi/quota/get', ({ account, body }) => {
      const path = cgiPath(body.cgi_path)
      return { quota: quotaOf(wx, account.appId, path), rate_limit: { call_count: 0, refresh_second: 60 } }
    }),
    api(wx, 'POST', '/cgi-bin/openapi/quota/clear', ({ account, body }) => {
      const path = cgiPath(body.cgi_path)
      useQuotaClear(wx, account.appId)
      clearCalls(wx, account.appId, path)
    }),
    api(wx, 'POST', '/cgi-bin/openapi/rid/get', ({ account, body }) => {
      const rid = text(body.rid, 76002)
      if (!/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/.test(rid)) throw new Refusal(76002)
      const found = wx.rids.get(rid)
      if (!found || wx.now - found.time > RID_LIFE_MS) throw new Refusal(76001)
      if (found.appId !== account.appId) throw new Refusal(76003)
      return {
        request: {
          invoke_time: Math.floor(found.time / 1000),
          cost_in_ms: 1,
          request_url: found.path,
          request_body: '',
          response_body: JSON.stringify({ errcode: found.errcode }),
          client_ip: '127.0.0.1'
        }
      }
    }),
    api(wx, 'GET', '/cgi-bin/get_api_domain_ip', () => ({ ip_list: CALLBACK_IPS.slice(0, 2) })),
    // No errcode beside the list, as in its example.
    api(wx, 'GET', '/cgi-bin/getcallbackip', () => answerJson({ ip_list: CALLBACK_IPS })),
    api(wx, 'POST', '/cgi-bin/callback/check', ({ body }) => {
      if (!['all', 'dns', 'ping'].includes(String(body.action))) throw new Refusal(40097)
      if (!['DEFAULT', 'CHINANET', 'UNICOM', 'CAP'].includes(String(body.check_operator ?? 'DEFAULT')))
        throw new Refusal(40097)
      const dns = [{ ip: '127.0.0.1', real_operator: 'CAP' }]
      const ping = [{ ip: '127.0.0.1', from_operator: 'CAP', package_loss: '0%', time: '1.000ms' }]
      return { ...(body.action !== 'ping' ? { dns } : {}), ...(body.action !== 'dns' ? { ping } : {}) }
    })
  ]
}

function cgiPath(value: unknown): string {
  const path = text(value, 76021)
  if (!path.startsWith('/')) throw new Refusal(76021)
  return path
}
