import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ByteResponse } from '../core/byte-handler.ts'
import type { FetchHandler } from '../core/index.ts'
import { routeTargetOf } from '../core/route.ts'
import { type AdapterOptions, checkAdapterOptions, checkHandler } from './common/adapter-options.ts'
import { conversion } from './common/late-conversion.ts'
import { loadForRequest } from './common/load-for-request.ts'
import type { Incoming } from './incoming.ts'

export type { AdapterOptions } from './common/adapter-options.ts'

/** What this converter needs of a Koa context, 2 or 3. */
export interface KoaContext {
  req: IncomingMessage
  res: ServerResponse
  request: object
  originalUrl: string
  status: number
  body: unknown
  app: object
  set(name: string, value: string): void
  append(name: string, value: string): void
  remove(name: string): void
}

/** Fits `app.use`, `router.all` … */
export type KoaMiddleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<void>

/**
 * Converts a handler for Koa 2 and 3. A `route` calls `next()` for what it does not know.
 *
 * @param handler `gateway.handler`, a `route`, or any function from `Request` to `Response`.
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
 * app.use(toKoaMiddleware(route({ '/wechat': gateway.handler })))
 */
export function toKoaMiddleware(handler: FetchHandler, options: AdapterOptions = {}): KoaMiddleware {
  checkHandler(handler, 'toKoaMiddleware')
  checkAdapterOptions(options, 'toKoaMiddleware')
  conversion.preload()
  return async (context, next) => {
    const { req, res, originalUrl } = context
    if (!routeTargetOf(handler, req.method ?? 'GET', originalUrl)) {
      await next()
      return
    }
    const { body, rawBody } = context.request as { body?: unknown; rawBody?: unknown }
    const incoming: Incoming = {
      framework: 'koa',
      req,
      res,
      url: originalUrl,
      body,
      rawBody,
      trust: isProxyTrusted,
      context: context.app
    }
    const loaded = conversion.loaded ?? (await loadForRequest(conversion, req))
    answer(loaded, context, await loaded.runHandler(handler, incoming, options), options)
  }
}

const isProxyTrusted = (app: unknown) => (app as { proxy?: unknown }).proxy === true

/** Through Koa's own response, so that what other middleware adds or wraps (compression, logging) stays right. */
function answer(
  { discardBody, hasNoBody, isByteResponse, toBodyStream }: typeof import('./conversion.ts'),
  context: KoaContext,
  response: ByteResponse | Response,
  options: AdapterOptions
): void {
  context.status = response.status
  if (isByteResponse(response)) {
    for (const name of Object.keys(response.headers)) context.set(name, response.headers[name] ?? '')
  } else {
    for (const [name, value] of response.headers) if (name !== 'set-cookie') context.set(name, value)
    for (const cookie of response.headers.getSetCookie()) context.append('set-cookie', cookie)
  }
  if (hasNoBody(response.status)) discardBody(response.body)
  else if (isByteResponse(response)) context.body = response.body
  else
    context.body = response.body
      ? toBodyStream(response.body, response.headers.get('content-length'), context, options)
      : ''
}
