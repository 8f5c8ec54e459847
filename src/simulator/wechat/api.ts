import { createHash } from 'node:crypto'
import type { WeChatAccount } from '../framework/accounts.ts'
import type { Exchange } from '../framework/exchange.ts'
import { type Route, route } from '../framework/service.ts'
import { textResponse } from '../framework/text-response.ts'
import { upstreamJson } from '../framework/upstream-json.ts'
import { openSecuredCall, type SecuredCall } from './api-security.ts'
import { countCall } from './call-quota.ts'
import { ERRMSG, Refusal } from './errcodes.ts'
import type { AccountState, WeChatState } from './state.ts'

// The platform refuses long before; what is kept of a body must stay small.
const MAX_JSON_BYTES = 2 * 1024 * 1024

/** A call with a valid access token. */
export interface ApiCall {
  readonly exchange: Exchange
  readonly wx: WeChatState
  readonly state: AccountState
  readonly account: WeChatAccount
  readonly query: URLSearchParams
  /** The JSON body; empty for GET and multipart. */
  readonly body: Readonly<Record<string, unknown>>
}

type Fields = Readonly<Record<string, unknown>>
/** Answers a call with fields beside `errcode: 0`, with a whole response, or with nothing more than success. */
export type ApiHandler = (call: ApiCall) => unknown
type Kinds = readonly WeChatAccount['kind'][]

export interface ApiOptions {
  /** Kinds of account that have the call; others get 48001. */
  readonly kinds?: Kinds
  /** An empty body is taken for `{}`: the call has all it needs in its query. */
  readonly mayBeEmpty?: boolean
  /** The body is multipart, not JSON. */
  readonly multipart?: boolean
  /** What a body that is not JSON is answered with, 47001 by default. */
  readonly notJson?: number
  /** The call reads its body as it is written: what any `\u` escape is answered with, also `\u0026` for `&` (as Go writes it). */
  readonly escaped?: number
}

export function answerJson(value: unknown, contentType = 'application/json; encoding=utf-8'): Response {
  return textResponse(upstreamJson(value), ['content-type', contentType])
}

/** An error as the platform prints it, with a trace id at the end. */
export function answerRefusal(wx: WeChatState, exchange: Exchange, refusal: Refusal): Response {
  const { random } = wx.context
  const rid = `${random.hex(8)}-${random.hex(8)}-${random.hex(8)}`
  const text = refusal.detail ?? ERRMSG[refusal.errcode] ?? 'unknown'
  wx.rids.set(rid, { time: wx.now, appId: exchange.account ?? '', path: exchange.path, errcode: refusal.errcode })
  return answerJson({ errcode: refusal.errcode, errmsg: `${text} rid: ${rid}`, ...refusal.extra })
}

/** Wraps a handler that throws {@link Refusal}. */
export function guarded(
  wx: WeChatState,
  method: string,
  path: string,
  handler: (exchange: Exchange) => Promise<Fields | Response> | Fields | Response
): Route {
  const answered = (result: Fields | Response) => (result instanceof Response ? result : answerJson(result))
  return route(method, path, (exchange) => {
    const refused = (error: unknown) => {
      if (error instanceof Refusal) return answerRefusal(wx, exchange, error)
      throw error
    }
    try {
      const result = handler(exchange)
      return result instanceof Promise ? result.then(answered).catch(refused) : answered(result)
    } catch (error) {
      return refused(error)
    }
  })
}

/** The account behind `access_token`. */
export function authorise(
  wx: WeChatState,
  exchange: Exchange,
  token: string | null = exchange.query.get('access_token')
): AccountState {
  if (!token) throw new Refusal(41001)
  const record = wx.tokens.get(token)
  const state = record && wx.of(record.appId)
  if (!record || !state) throw new Refusal(/^[\w-]{20,512}$/.test(token) ? 40001 : 40014)
  exchange.account = record.appId
  if (wx.now >= record.expiresAt) throw new Refusal(42001)
  if (record.invalidFrom !== undefined && wx.now >= record.invalidFrom) throw new Refusal(40001)
  exchange.verified(`access_token (${record.kind}, ${Math.floor((record.expiresAt - wx.now) / 1000)} s left)`)
  return state
}

/** The JSON body of a call. */
export function jsonBody(
  exchange: Exchange,
  { notJson = 47001, escaped }: Pick<ApiOptions, 'notJson' | 'escaped'> = {}
): Readonly<Record<string, unknown>> {
  if (exchange.body.length === 0) throw new Refusal(44002)
  if (exchange.body.length > MAX_JSON_BYTES) throw new Refusal(45002)
  const text = exchange.text()
  const body = exchange.json()
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal(notJson)
  // Escaped CJK text ends up as literal \uxxxx in menus and messages; the platform refuses it.
  if (/(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9a-f]{4}/i.test(text)) throw new Refusal(40033)
  if (escaped !== undefined && /(?<!\\)(?:\\\\)*\\u/.test(text)) throw new Refusal(escaped)
  return body as Readonly<Record<string, unknown>>
}

/** A row for a call that needs an access token. Adds `errcode: 0` to what the handler returns. */
export function api(
  wx: WeChatState,
  method: 'GET' | 'POST',
  path: string,
  handler: ApiHandler,
  options: ApiOptions = {}
): Route {
  return guarded(wx, method, path, (exchange) => {
    const state = authorise(wx, exchange)
    const { account } = state
    if (options.kinds && !options.kinds.includes(account.kind)) throw new Refusal(48001)
    countCall(wx, account.appId, path)
    const secured = method === 'POST' ? openSecuredCall(wx, state, exchange) : undefined
    const isEmpty = options.mayBeEmpty === true && exchange.body.length === 0
    const given = method === 'POST' && !options.multipart && !secured && !isEmpty
    const body = secured?.params ?? (given ? jsonBody(exchange, options) : {})
    const query = secured ? withParams(exchange.query, secured.params) : exchange.query
    const call = { exchange, wx, state, account, query, body }
    if (secured) return answerSecured(secured, handler, call)
    const result = handler(call)
    return result instanceof Promise ? result.then(success) : success(result)
  })
}

const success = (result: unknown): Response =>
  result instanceof Response ? result : answerJson({ errcode: 0, errmsg: 'ok', ...(result as Fields | undefined) })

async function answerSecured(secured: SecuredCall, handler: ApiHandler, call: ApiCall): Promise<Response> {
  try {
    return await secured.seal(success(await handler(call)))
  } catch (error) {
    // Behind the decryption a refusal is encrypted like every other response.
    if (error instanceof Refusal) return secured.seal(answerRefusal(call.wx, call.exchange, error))
    throw error
  }
}

/** Encrypted, the parameters of the query come in the body. */
function withParams(query: URLSearchParams, params: Fields): URLSearchParams {
  const merged = new URLSearchParams(query)
  for (const [name, value] of Object.entries(params)) if (typeof value !== 'object') merged.set(name, String(value))
  return merged
}

/** A non-empty text field, or the refusal of this code. */
export function text(value: unknown, errcode: number, detail?: string): string {
  if (typeof value !== 'string' || value === '') throw new Refusal(errcode, detail)
  return value
}

export function integer(value: unknown, errcode: number, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) throw new Refusal(errcode)
  return value
}

export function object(value: unknown, errcode: number, detail?: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(errcode, detail)
  return value as Readonly<Record<string, unknown>>
}

/** The openid of a person that this account knows. */
export function knownOpenid(call: ApiCall, value: unknown, missing = 40003): string {
  const openid = text(value, missing)
  if (!call.wx.context.users.byOpenid(call.account.appId, openid)) throw new Refusal(40003)
  return openid
}

export function sha1(data: string | Uint8Array): string {
  return createHash('sha1').update(data).digest('hex')
}
