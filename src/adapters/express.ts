import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ByteResponse, byteHandlerOf } from '../core/byte-handler.ts'
import { checkHandler } from '../core/handler-factory.ts'
import type { FetchHandler } from '../core/index.ts'
import { report } from '../core/report.ts'
import { type AdapterOptions, checkAdapterOptions } from './adapter-options.ts'
import { callHandler } from './call-handler.ts'
import { Incoming } from './incoming.ts'
import { writeTo } from './write-response.ts'

export type { AdapterOptions } from './adapter-options.ts'

/** What this adapter needs of an Express request, 4 or 5. `body` and `rawBody` are read as well. */
export type ExpressRequest = IncomingMessage & {
  originalUrl?: string | undefined
  app?: { get(setting: string): unknown } | undefined
}

/** Fits `app.use`, `app.all`, `router.post` … */
export type ExpressHandler = (req: ExpressRequest, res: ServerResponse, next: (error?: unknown) => void) => void

/**
 * Adapts a handler to Express 4 and 5 (and Connect). A `route` calls `next()` for unknown paths.
 *
 * @param handler `gateway.handler()`, a `route`, or any function from `Request` to `Response`.
 * @param options Without `onError` errors go to `next(error)`.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import express from 'express'
 * import { toExpressHandler } from 'weixin-kit/express'
 * import { MessageGateway } from 'weixin-kit/gateway'
 *
 * const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
 * const app = express()
 * app.use('/wechat', toExpressHandler(gateway.handler()))
 * app.use(express.json())
 */
export function toExpressHandler(handler: FetchHandler, options: AdapterOptions = {}): ExpressHandler {
  checkHandler(handler, 'toExpressHandler')
  checkAdapterOptions(options, 'toExpressHandler')
  const handle = byteHandlerOf(handler)
  return (req, res, next) => {
    const incoming = new Incoming(
      'express',
      req,
      res,
      req.originalUrl ?? req.url ?? '/',
      req,
      isProxyTrusted,
      req,
      options
    )
    const response = callHandler(handle, incoming)
    if (response === undefined) next()
    else serve(response, incoming).catch(next)
  }
}

async function serve(response: ByteResponse | Promise<ByteResponse | Response>, incoming: Incoming): Promise<void> {
  const { req, res, options } = incoming
  const answer = await response
  try {
    await writeTo(res, answer)
  } catch (error) {
    // The body failed while it was sent: Express could only cut the connection, which is already cut.
    if (!options.onError) throw error
    await report(options.onError, error, { request: req })
  }
}

/** Express compiles every form of its setting `trust proxy` into a function of address and hop. */
function isProxyTrusted(context: unknown): boolean {
  const req = context as ExpressRequest
  const trust = req.app?.get('trust proxy fn')
  return typeof trust === 'function' && trust(req.socket.remoteAddress, 0) === true
}
