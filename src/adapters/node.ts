import type { IncomingMessage, ServerResponse } from 'node:http'
import { byteHandlerOf } from '../core/byte-handler.ts'
import { checkHandler } from '../core/handler-factory.ts'
import type { FetchHandler } from '../core/index.ts'
import { report } from '../core/report.ts'
import { type AdapterOptions, checkAdapterOptions } from './adapter-options.ts'
import { callHandler } from './call-handler.ts'
import { Incoming } from './incoming.ts'
import { writeTo } from './write-response.ts'

export type { AdapterOptions } from './adapter-options.ts'

/** Listener for `http.createServer`, and for everything else that takes one. */
export type NodeHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

const trustsNobody = () => false

function incomingOf(req: IncomingMessage, res: ServerResponse, options: AdapterOptions): Incoming {
  const { originalUrl } = req as { originalUrl?: string }
  return new Incoming('node', req, res, originalUrl ?? req.url ?? '/', req, trustsNobody, undefined, options)
}

/**
 * Adapts a handler to `node:http`, `node:https` and the compatibility API of `node:http2`.
 *
 * @param handler `gateway.handler()`, a `route`, or any function from `Request` to `Response`.
 * @param options `onError` is called with what handlers throw; default `console.error`. The client gets an empty 500.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import { createServer } from 'node:http'
 * import { MessageGateway } from 'weixin-kit/gateway'
 * import { toNodeHandler } from 'weixin-kit/node'
 *
 * const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
 * const server = createServer(toNodeHandler(gateway.handler()))
 */
export function toNodeHandler(handler: FetchHandler, options: AdapterOptions = {}): NodeHandler {
  checkHandler(handler, 'toNodeHandler')
  checkAdapterOptions(options, 'toNodeHandler')
  const handle = byteHandlerOf(handler)
  const onError = options.onError ?? ((error: unknown) => console.error(error))
  const settings = { ...options, onError }
  return async (req, res) => {
    try {
      const incoming = incomingOf(req, res, settings)
      // Unknown paths of a `route` get its 404 or 405.
      const response =
        callHandler(handle, incoming) ?? callHandler((request) => request.toRequest().then(handler), incoming)
      if (response) await writeTo(res, response instanceof Promise ? await response : response)
    } catch (error) {
      if (!res.headersSent) res.writeHead(500).end()
      await report(onError, error, { request: req })
    }
  }
}

/**
 * A `Request` with the raw bytes of an incoming message; its signal aborts when the client goes away.
 *
 * @param req Not read yet, or with its bytes in `rawBody` or `body`.
 * @param res The response that belongs to it.
 * @param options `bodyLimitBytes`, `trustProxy`.
 * @throws {BodyAlreadyParsedError} ERR_BODY_ALREADY_PARSED
 * @throws {BodyError} ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
 * @example
 * import { createServer } from 'node:http'
 * import { toRequest, writeResponse } from 'weixin-kit/node'
 *
 * createServer(async (req, res) => {
 *   const request = await toRequest(req, res)
 *   await writeResponse(res, new Response(await request.text()))
 * })
 */
export async function toRequest(
  req: IncomingMessage,
  res: ServerResponse,
  options: Pick<AdapterOptions, 'bodyLimitBytes' | 'trustProxy'> = {}
): Promise<Request> {
  checkAdapterOptions(options, 'toRequest')
  return incomingOf(req, res, options).toRequest()
}

/**
 * Writes a `Response`: several `set-cookie`, a stream no faster than the client reads, no body for HEAD.
 *
 * @param res Nothing was written to it yet.
 * @param response Its body is consumed.
 * @throws what the stream of the body failed with; the connection is cut then.
 */
export async function writeResponse(res: ServerResponse, response: Response): Promise<void> {
  await writeTo(res, response)
}
