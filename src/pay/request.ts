import type { QueryValue } from '../core/endpoints.ts'
import { anything, checkOptions, flag, list, oneOf, optional, record, required, text } from '../core/options.ts'
import type { ResultQuery } from '../errors/index.ts'
import { invalid, toWire } from './check-params.ts'
import type { HttpMethod } from './endpoint.ts'
import type { PayCall } from './pay-call.ts'

/** Parameters of `pay.request`, for any API by its path. */
export interface PayRequest {
  method: HttpMethod
  /** With leading slash, encoded, without query: `/v3/pay/…`. */
  path: string
  query?: Readonly<Record<string, QueryValue>> | undefined
  /** Sent as JSON; `appid` and `mchid` are not filled in here. */
  body?: Readonly<Record<string, unknown>> | undefined
  /** Fields of the body to encrypt, e.g. `['contact_info.contact_name']`; `[]` stands for every entry of a list. */
  encrypt?: readonly string[] | undefined
  /** Fields of the response to decrypt. */
  decrypt?: readonly string[] | undefined
  /** Whether the client may retry the call. Default: `true` for GET. */
  idempotent?: boolean | undefined
  /** For a call that moves money: the query that settles its outcome. Any status but 200 is then an `UnknownResultError` with it. */
  resultQuery?: ResultQuery | undefined
}

const names = (value: unknown) =>
  list(value) ??
  ((value as unknown[]).every((name) => typeof name === 'string') ? undefined : 'must be a list of names')

/** @throws {ConfigError} ERR_INVALID_PARAM */
export function prepareRequest(request: PayRequest): PayCall {
  checkOptions(
    request,
    {
      method: required(oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
      path: required(text(/^\/[^\s?#\\]*$/, 'a path with leading slash, without query')),
      query: optional(record),
      body: optional(record),
      encrypt: optional(names),
      decrypt: optional(names),
      idempotent: optional(flag),
      resultQuery: optional(anything)
    },
    { owner: 'request', product: 'pay', of: 'params' }
  )
  const { method, path, query, body, encrypt, decrypt, resultQuery } = request
  const operation = `request ${path}`
  // URL parsers remove such segments, so another resource would be requested.
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(path)) throw invalid(operation, 'path', 'has a segment of dots')
  if (method === 'GET' && body !== undefined) throw invalid(operation, 'body', 'cannot be used with GET: use query')
  return {
    operation,
    method,
    path,
    query: query && copyQuery(operation, query),
    json: body === undefined ? undefined : toWire(operation, body),
    encrypted: encrypt,
    decrypted: decrypt,
    idempotent: request.idempotent ?? method === 'GET',
    money: resultQuery ? { open: 'any', query: resultQuery } : undefined
  }
}

/** Converted now, because the URL is built later; an object would be sent as `[object Object]`. */
function copyQuery(operation: string, query: NonNullable<PayRequest['query']>): NonNullable<PayRequest['query']> {
  const copy = { ...query }
  for (const [name, value] of Object.entries<unknown>(copy)) {
    const isSendable = value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)
    if (!isSendable) throw invalid(operation, `query.${name}`, 'must be text, a number or a flag')
  }
  return copy
}
