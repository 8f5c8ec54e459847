import { ConfigError } from '../errors/index.ts'
import type { FetchHandler } from './fetch-handler.ts'
import { readBody } from './read-body.ts'

/** The parts of a request that are known before its body is read; `onError` of a handler gets them. */
export interface HandlerRequest {
  readonly method: string
  /** The absolute URL, or path and query. */
  readonly url: string
  /** A header by its lower-case name. */
  header(name: string): string | undefined
}

/** A request as seen by a handler that needs only bytes. */
export interface ByteRequest extends HandlerRequest {
  /**
   * Returns the raw body, at most `limitBytes`; synchronously where a parser kept it.
   *
   * @throws {BodyAlreadyParsedError} ERR_BODY_ALREADY_PARSED; {BodyError} ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
   */
  readBody(limitBytes?: number): Uint8Array | Promise<Uint8Array>
  /** The same as a `Request`, for handlers that need one. */
  toRequest(): Promise<Request>
}

/** A response with plain headers and a text body. */
export interface ByteResponse {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

/**
 * A handler without `Request` and `Response` objects, which cost more than verifying a message. `undefined`: the
 * request is not for it (a route without such a path).
 */
export type ByteHandler = (
  request: ByteRequest
) => ByteResponse | Promise<ByteResponse> | Promise<ByteResponse | Response> | undefined

// Registered, so that an adapter of one copy of the package recognises a handler of another.
const BYTES = Symbol.for('weixin-kit:byte-handler')

/**
 * Makes a {@link FetchHandler} from a {@link ByteHandler}; adapters find the latter in it and call it directly.
 *
 * @param otherwise Responds where the handler returned `undefined`.
 */
export function toFetchHandler(handle: ByteHandler, otherwise?: (request: Request) => Response): FetchHandler {
  const handler: FetchHandler = (request) => {
    checkRequest(request)
    const response = handle(new FetchByteRequest(request))
    if (response instanceof Promise) return response.then(toResponse)
    return Promise.resolve(
      response ? toResponse(response) : (otherwise?.(request) ?? new Response(null, { status: 404 }))
    )
  }
  return Object.defineProperty(handler, BYTES, { value: handle })
}

/** The entry to any handler: its byte handler if it has one, else through a `Request`. */
export function byteHandlerOf(handler: FetchHandler): ByteHandler {
  return (handler as { [BYTES]?: ByteHandler })[BYTES] ?? (async (request) => handler(await request.toRequest()))
}

export function isByteResponse(response: ByteResponse | Response): response is ByteResponse {
  return typeof response.body === 'string'
}

class FetchByteRequest implements ByteRequest {
  readonly method: string
  readonly url: string
  readonly #request: Request

  constructor(request: Request) {
    this.#request = request
    // Read once: a Request checks and serialises them on every read.
    this.method = request.method
    this.url = request.url
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined
  }

  readBody(limitBytes?: number): Promise<Uint8Array> {
    return readBody(this.#request, limitBytes)
  }

  toRequest(): Promise<Request> {
    return Promise.resolve(this.#request)
  }
}

function toResponse(response: ByteResponse | Response): Response {
  if (!isByteResponse(response)) return response
  const { status, headers, body } = response
  return new Response(body === '' ? null : body, { status, headers })
}

/** @throws {ConfigError} ERR_INVALID_PARAM at once, with the adapter that is missing. */
export function checkRequest(request: unknown): void {
  if (request instanceof Request) return
  const given = (typeof request === 'object' && request !== null ? request : {}) as Record<string, unknown>
  if (typeof given.url === 'string' && typeof (given.headers as Headers | undefined)?.get === 'function') return
  const adapter = ADAPTERS.find(([signs]) => signs.every((sign) => sign in given))?.[1]
  throw new ConfigError(
    adapter
      ? `The handler expects a Request of the fetch standard but got one of a framework: wrap it in ${adapter}.`
      : 'The handler expects a Request of the fetch standard but got something else. In Hono: handler(c.req.raw).',
    { code: 'ERR_INVALID_PARAM', option: 'request' }
  )
}

/** Distinguishes the requests of frameworks; an Express request is also a Node request. */
const ADAPTERS: readonly (readonly [readonly string[], string])[] = [
  [['request', 'response', 'app'], 'toKoaMiddleware(…) of weixin-kit/koa'],
  [['raw', 'server'], 'toFastifyHandler(…) of weixin-kit/fastify'],
  [['rawHeaders', 'app'], 'toExpressHandler(…) of weixin-kit/express'],
  [['rawHeaders'], 'toNodeHandler(…) of weixin-kit/node']
]
