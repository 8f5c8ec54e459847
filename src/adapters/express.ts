import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FetchHandler } from '../core/index.ts'
import { routeTargetOf } from '../core/route.ts'
import { HandlerError } from '../errors/index.ts'
import { type AdapterOptions, checkAdapterOptions, checkHandler } from './common/adapter-options.ts'
import { conversion } from './common/late-conversion.ts'
import { loadForRequest } from './common/load-for-request.ts'
import type { Incoming } from './incoming.ts'

export type { AdapterOptions } from './common/adapter-options.ts'

/** What this converter needs of an Express request, 4 or 5. `body` and `rawBody` are read as well. */
export type ExpressRequest = IncomingMessage & {
  originalUrl?: string
  app?: { get(setting: string): unknown }
}

/** Fits `app.use`, `app.all`, `router.post` … */
export type ExpressHandler = (req: ExpressRequest, res: ServerResponse, next: (error?: unknown) => void) => void

/**
 * Converts a handler for Express 4 and 5 (and Connect). A `route` calls `next()` for what it does not know.
 *
 * @param handler `gateway.handler`, a `route`, or any function from `Request` to `Response`.
 * @param options Without `onError` errors go to `next(error)`.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import express from 'express'
 * import { toExpressHandler } from 'weixin-kit/express'
 * import { MessageGateway } from 'weixin-kit/gateway'
 *
 * const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
 * const app = express()
 * app.use('/wechat', toExpressHandler(gateway.handler))
 * app.use(express.json())
 */
export function toExpressHandler(handler: FetchHandler, options: AdapterOptions = {}): ExpressHandler {
  checkHandler(handler, 'toExpressHandler')
  checkAdapterOptions(options, 'toExpressHandler')
  conversion.preload()
  return (req, res, next) => {
    const url = req.originalUrl ?? req.url ?? '/'
    if (!routeTargetOf(handler, req.method ?? 'GET', url)) {
      next()
      return
    }
    const { body, rawBody } = req as { body?: unknown; rawBody?: unknown }
    const incoming: Incoming = {
      framework: 'express',
      req,
      res,
      url,
      body,
      rawBody,
      trust: isProxyTrusted,
      context: req
    }
    serve(handler, incoming, options).catch(next)
  }
}

async function serve(handler: FetchHandler, incoming: Incoming, options: AdapterOptions): Promise<void> {
  const { req, res } = incoming
  try {
    const { runHandler, isByteResponse, writeBytes, writeAnswer } =
      conversion.loaded ?? (await loadForRequest(conversion, req))
    const answer = await runHandler(handler, incoming, options)
    if (isByteResponse(answer)) writeBytes(res, answer)
    else await writeAnswer(res, answer)
  } catch (error) {
    // A body that failed under way: Express could do no more than cut the connection, which is cut already.
    if (!options.onError || !(error instanceof HandlerError) || !res.headersSent) throw error
    await options.onError(error.cause, req)
  }
}

/** Express compiles every form of its setting `trust proxy` into a function of address and hop. */
function isProxyTrusted(context: unknown): boolean {
  const req = context as ExpressRequest
  const trust = req.app?.get('trust proxy fn')
  return typeof trust === 'function' && trust(req.socket.remoteAddress, 0) === true
}
