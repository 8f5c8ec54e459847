import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FetchHandler } from '../core/index.ts'
import { HandlerError } from '../errors/index.ts'
import { type AdapterOptions, checkAdapterOptions, checkHandler } from './common/adapter-options.ts'
import { conversion } from './common/late-conversion.ts'
import { loadForRequest } from './common/load-for-request.ts'
import type { Incoming } from './incoming.ts'

export type { AdapterOptions } from './common/adapter-options.ts'

/** Listener of `http.createServer`, and of everything that takes one. */
export type NodeHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

const trustsNobody = () => false

function incomingOf(req: IncomingMessage, res: ServerResponse): Incoming {
  const { body, rawBody, originalUrl } = req as { body?: unknown; rawBody?: unknown; originalUrl?: string }
  return {
    framework: 'node',
    req,
    res,
    url: originalUrl ?? req.url ?? '/',
    body,
    rawBody,
    trust: trustsNobody,
    context: undefined
  }
}

/**
 * Converts a handler for `node:http`, `node:https` and the compatibility API of `node:http2`.
 *
 * @param handler `gateway.handler`, a `route`, or any function from `Request` to `Response`.
 * @param options `onError` sees what handlers throw; by default it goes to `console.error`. The client gets an empty 500.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import { createServer } from 'node:http'
 * import { MessageGateway } from 'weixin-kit/gateway'
 * import { toNodeHandler } from 'weixin-kit/node'
 *
 * const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
 * const server = createServer(toNodeHandler(gateway.handler))
 */
export function toNodeHandler(handler: FetchHandler, options: AdapterOptions = {}): NodeHandler {
  checkHandler(handler, 'toNodeHandler')
  checkAdapterOptions(options, 'toNodeHandler')
  conversion.preload()
  const onError = options.onError ?? ((error: unknown) => console.error(error))
  const settings = { ...options, onError }
  return async (req, res) => {
    try {
      const incoming = incomingOf(req, res)
      const { runHandler, isByteResponse, writeBytes, writeAnswer } =
        conversion.loaded ?? (await loadForRequest(conversion, req))
      const answer = await runHandler(handler, incoming, settings)
      if (isByteResponse(answer)) writeBytes(res, answer)
      else await writeAnswer(res, answer)
    } catch (error) {
      if (!res.headersSent) res.writeHead(500).end()
      try {
        await onError(error instanceof HandlerError ? error.cause : error, req)
      } catch (second) {
        console.error(second)
      }
    }
  }
}

/**
 * A `Request` with the raw bytes of an incoming message; its signal aborts when the client goes away.
 *
 * @param req Not read yet, or with its bytes in `rawBody` or `body`.
 * @param res The response that belongs to it.
 * @param options `limitBytes`, `trustProxy`.
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
  options: Pick<AdapterOptions, 'limitBytes' | 'trustProxy'> = {}
): Promise<Request> {
  checkAdapterOptions(options, 'toRequest')
  const incoming = incomingOf(req, res)
  const { incomingToRequest } = conversion.loaded ?? (await loadForRequest(conversion, req))
  return incomingToRequest(incoming, options)
}

/**
 * Writes a `Response`: several `set-cookie`, a stream no faster than the client reads, no body for HEAD.
 *
 * @param res Not answered yet.
 * @param response Its body is consumed.
 * @throws {HandlerError} ERR_HANDLER when the body failed while it was sent; the connection is cut then.
 */
export async function writeResponse(res: ServerResponse, response: Response): Promise<void> {
  const { writeAnswer } = conversion.loaded ?? (await conversion.load())
  await writeAnswer(res, response)
}
