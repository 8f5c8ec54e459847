import { checkHandler } from '../core/handler-factory.ts'
import type { FetchHandler } from '../core/index.ts'
import { callback, checkOptions, optional } from '../core/options.ts'
import { report } from '../core/report.ts'
import { BodyError, ConfigError } from '../errors/index.ts'
import { NO_REQUEST_METHODS, statusOf } from './call-handler.ts'
import { absoluteUrl } from './request-url.ts'

type Params = Readonly<Record<string, string | undefined>> | null
type MultiParams = Readonly<Record<string, readonly string[] | undefined>> | null

/**
 * The fields of an event that this adapter reads: API Gateway (REST, version 1, and HTTP, version 2), function URLs,
 * load balancers, and HTTP triggers of other clouds that use the same format.
 */
export interface LambdaEvent {
  version?: string
  httpMethod?: string
  path?: string
  rawPath?: string
  rawQueryString?: string
  queryStringParameters?: Params
  multiValueQueryStringParameters?: MultiParams
  /** Alibaba Cloud Function Compute. */
  queryParameters?: Params
  headers?: Params
  multiValueHeaders?: MultiParams
  cookies?: readonly string[]
  requestContext?: {
    readonly http?: { readonly method?: string; readonly path?: string }
    readonly elb?: unknown
    /** Of API Gateway; not read. Without it AWS's type for version 1 would have no field in common with this one. */
    readonly stage?: string
  }
  body?: string | null
  isBase64Encoded?: boolean
}

/** What the function returns. */
export interface LambdaResult {
  statusCode: number
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
  cookies?: string[]
  body: string
  isBase64Encoded: boolean
}

/** Options of {@link toLambdaHandler}. */
export interface LambdaOptions {
  /**
   * Called with what the handler threw, or with the error for an event that is not a request; the client gets a 500
   * without details. Without it the invocation fails.
   */
  onError?: ((error: unknown, context: { event: LambdaEvent }) => unknown) | undefined
}

/** Fits `export const handler = …` of a function. */
export type LambdaHandler = (event: LambdaEvent) => Promise<LambdaResult>

/**
 * Adapts a handler to serverless functions with AWS-style events. The raw body reaches signature checks byte for byte, whether
 * or not the platform encoded it (`isBase64Encoded`).
 *
 * @param handler `gateway.handler()`, `pay.notifyHandler(…)`, a `route`, or any function from `Request` to `Response`.
 * @param options Without `onError` the invocation rejects with the error.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import { MessageGateway } from 'weixin-kit/gateway'
 * import { toLambdaHandler } from 'weixin-kit/lambda'
 *
 * const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
 * export const handler = toLambdaHandler(gateway.handler())
 */
export function toLambdaHandler(handler: FetchHandler, options: LambdaOptions = {}): LambdaHandler {
  checkHandler(handler, 'toLambdaHandler')
  checkOptions(options, { onError: optional(callback) }, { owner: 'toLambdaHandler', product: 'adapter' })
  return async (event) => {
    const method = methodOf(event)
    try {
      if (NO_REQUEST_METHODS.has(method)) return await toResult(new Response(null, { status: 405 }), event)
      return await toResult(await handler(toRequest(event, method)), event)
    } catch (error) {
      const status = statusOf(error)
      if (status !== undefined) return toResult(new Response(null, { status }), event)
      if (!options.onError) throw error
      await report(options.onError, error, { event })
      return toResult(new Response(null, { status: 500 }), event)
    }
  }
}

const methodOf = (event: LambdaEvent): string => event?.httpMethod ?? event?.requestContext?.http?.method ?? ''

function toRequest(event: LambdaEvent, method: string): Request {
  const path = event?.rawPath ?? event?.path ?? event?.requestContext?.http?.path
  if (!method || !path) {
    throw new ConfigError(
      'toLambdaHandler: the event has neither httpMethod and path nor rawPath and requestContext.http: it is not an event of an HTTP ' +
        'trigger. Is the function behind API Gateway, a load balancer or a function URL?',
      { code: 'ERR_INVALID_PARAM', option: 'event', product: 'adapter' }
    )
  }
  const body =
    typeof event.body === 'string' ? Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8') : null
  const query = queryOf(event)
  try {
    const headers = headersOf(event)
    const url = absoluteUrl({ protocol: 'https', host: headers.get('host') || 'localhost' }, encodedPath(path))
    const init = { method, headers, body: method === 'GET' || method === 'HEAD' ? null : body }
    return new Request(query ? `${url}?${query}` : url, init)
  } catch (error) {
    // A header or a method with characters that it cannot have; the message would quote them.
    throw error instanceof TypeError
      ? new BodyError('malformed', 'The event holds a header or a method that no HTTP request can have.')
      : error
  }
}

/**
 * An HTTP API of API Gateway decodes the path; REST APIs, function URLs and load balancers leave it as sent. What cannot stand in an
 * encoded path is encoded again: a `?` or `#` would begin a query of its own.
 */
const encodedPath = (path: string): string =>
  path.replace(/[?#\\]|%(?![0-9a-f]{2})/gi, (character) => encodeURIComponent(character))

function headersOf({ headers, multiValueHeaders, cookies }: LambdaEvent): Headers {
  const result = new Headers()
  for (const [name, value] of Object.entries(headers ?? {}))
    if (typeof value === 'string') result.set(name, byteText(value))
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    if (values && values.length > 0) {
      result.set(name, byteText(values.join(name.toLowerCase() === 'cookie' ? '; ' : ', ')))
    }
  }
  if (cookies && cookies.length > 0) result.set('cookie', byteText(cookies.join('; ')))
  return result
}

/** Platforms decode headers as UTF-8, but `Headers` takes bytes: encode them as Node.js would have received them. */
function byteText(value: string): string {
  return /[^\0-\xff]/.test(value) ? Buffer.from(value).toString('latin1') : value
}

function queryOf(event: LambdaEvent): string {
  if (event.rawQueryString !== undefined) return event.rawQueryString
  const single = Object.entries(event.queryStringParameters ?? event.queryParameters ?? {})
  const multi = Object.entries(event.multiValueQueryStringParameters ?? {})
  const pairs = (multi.length > 0 ? multi : single).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : (values ?? [])).map((value): [string, string] => [name, value])
  )
  // A load balancer passes names and values on as sent; API Gateway decodes them.
  if (event.requestContext?.elb !== undefined) return pairs.map(([name, value]) => `${name}=${value}`).join('&')
  return new URLSearchParams(pairs).toString()
}

const TEXT = /^(?:text\/|application\/(?:json|xml|javascript|x-www-form-urlencoded|[\w.+-]+\+(?:json|xml))\b)/i

async function toResult(response: Response, event: LambdaEvent): Promise<LambdaResult> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const isText = bytes.length === 0 || TEXT.test(response.headers.get('content-type') ?? '')
  const cookies = response.headers.getSetCookie()
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'))
  const result: LambdaResult = {
    statusCode: response.status,
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText
  }
  // Each format has its own way to return several cookies.
  if (event.multiValueHeaders) {
    const lists = Object.entries(headers).map(([name, value]): [string, string[]] => [name, [value]])
    return {
      ...result,
      multiValueHeaders: { ...Object.fromEntries(lists), ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}) }
    }
  }
  if (event.version === '2.0' || cookies.length === 0)
    return { ...result, headers, ...(cookies.length > 0 ? { cookies } : {}) }
  return { ...result, headers: { ...headers, 'set-cookie': cookies[0] ?? '' } }
}
