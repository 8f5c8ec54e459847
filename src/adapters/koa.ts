import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ByteResponse, byteHandlerOf, isByteResponse } from '../core/byte-handler.ts'
import { checkHandler } from '../core/handler-factory.ts'
import type { FetchHandler } from '../core/index.ts'
import { type AdapterOptions, checkAdapterOptions } from './adapter-options.ts'
import { toBodyStream } from './body-stream.ts'
import { callHandler } from './call-handler.ts'
import { Incoming } from './incoming.ts'
import { discardBody, hasNoBody } from './write-response.ts'

export type { AdapterOptions } from './adapter-options.ts'

/** What this adapter needs of a Koa context, 2 or 3. */
export interface KoaContext {
  req: IncomingMessage
  res: ServerResponse
  request: { body?: unknown; rawBody?: unknown }
  originalUrl: string
  status: number
  body: unknown
  app: object
  /**
   * Replaces a response header.
   *
   * @param name Name of the header.
   * @param value Its value.
   */
  set(name: string, value: string): void
  /**
   * Adds a response header.
   *
   * @param name Name of the header.
   * @param value Its value.
   */
  append(name: string, value: string): void
  /**
   * Removes a response header.
   *
   * @param name Name of the header.
   */
  remove(name: string): void
}

/** Fits `app.use`, `router.all` … */
export type KoaMiddleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<void>

/**
 * Adapts a handler to Koa 2 and 3. A `route` calls `next()` for unknown paths.
 *
 * @param handler `gateway.handler()`, a `route`, or any function from `Request` to `Response`.
 * @param options Without `onError` the middleware throws, so that Koa's `error` event and error middleware see it.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import Koa from 'koa'
 * import { route } from 'weixin-kit'
 * import { MessageGateway } from 'weixin-kit/gateway'
 * import { toKoaMiddleware } from 'weixin-kit/koa'
 *
 * const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
 * const app = new Koa()
 * app.use(toKoaMiddleware(route({ '/wechat': gateway.handler() })))
 */
export function toKoaMiddleware(handler: FetchHandler, options: AdapterOptions = {}): KoaMiddleware {
  checkHandler(handler, 'toKoaMiddleware')
  checkAdapterOptions(options, 'toKoaMiddleware')
  const handle = byteHandlerOf(handler)
  return async (context, next) => {
    const { req, res, originalUrl } = context
    const incoming = new Incoming('koa', req, res, originalUrl, context.request, isProxyTrusted, context.app, options)
    const response = callHandler(handle, incoming)
    if (response === undefined) await next()
    else answer(context, response instanceof Promise ? await response : response, incoming)
  }
}

const isProxyTrusted = (app: unknown) => (app as { proxy?: unknown }).proxy === true

/** Through Koa's own response, so that other middleware (compression, logging) keeps working. */
function answer(context: KoaContext, response: ByteResponse | Response, incoming: Incoming): void {
  context.status = response.status
  if (isByteResponse(response)) {
    for (const name of Object.keys(response.headers)) context.set(name, response.headers[name] ?? '')
  } else {
    for (const [name, value] of response.headers) if (name !== 'set-cookie') context.set(name, value)
    for (const cookie of response.headers.getSetCookie()) context.append('set-cookie', cookie)
  }
  if (hasNoBody(response.status)) discardBody(response.body)
  else if (isByteResponse(response)) context.body = response.body
  else {
    const length = response.headers.get('content-length')
    context.body = response.body ? toBodyStream(response.body, length, incoming) : ''
  }
}
