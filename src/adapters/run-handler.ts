import { type ByteRequest, type ByteResponse, byteHandlerOf } from '../core/byte-handler.ts'
import type { FetchHandler } from '../core/index.ts'
import { DEFAULT_BODY_LIMIT_BYTES } from '../core/read-body.ts'
import { routeTargetOf } from '../core/route.ts'
import { BodyAlreadyParsedError, BodyError, HandlerError } from '../errors/index.ts'
import type { AdapterOptions } from './common/adapter-options.ts'
import type { Incoming } from './incoming.ts'
import { readRawBody } from './raw-body.ts'
import { incomingToRequest } from './to-request.ts'

/** The fetch standard forbids them: `new Request` throws. */
const NO_REQUEST_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * Calls a handler for an incoming request. Handlers of this library that need bytes only are spared `Request` and `Response`.
 *
 * @throws {HandlerError} ERR_HANDLER around what the handler threw, unless `onError` took it.
 * @throws {BodyAlreadyParsedError} ERR_BODY_ALREADY_PARSED
 */
export async function runHandler(
  handler: FetchHandler,
  incoming: Incoming,
  options: AdapterOptions
): Promise<ByteResponse | Response> {
  const { req } = incoming
  try {
    const target = routeTargetOf(handler, req.method ?? 'GET', incoming.url) ?? handler
    const bytes = byteHandlerOf(target)
    if (bytes) return await bytes(new IncomingByteRequest(incoming, options.limitBytes))
    if (NO_REQUEST_METHODS.has(req.method ?? 'GET')) return { status: 405, headers: {}, body: '' }
    const response = await target(await incomingToRequest(incoming, options))
    if (!isResponse(response)) throw new TypeError('The handler returned no Response.')
    checkSendable(response)
    return response
  } catch (error) {
    if (error instanceof BodyError && !(error instanceof BodyAlreadyParsedError)) {
      return { status: error.reason === 'too_large' ? 413 : 400, headers: {}, body: '' }
    }
    if (!options.onError) throw error instanceof BodyAlreadyParsedError ? error : handlerFailure(error)
    try {
      await options.onError(error, req)
    } catch (second) {
      throw handlerFailure(second)
    }
    return { status: 500, headers: {}, body: '' }
  }
}

function handlerFailure(cause: unknown): HandlerError {
  const message = 'A handler failed; the error is in `cause`, or pass `onError` to the converter.'
  return new HandlerError(message, { cause, product: 'adapter' })
}

class IncomingByteRequest implements ByteRequest {
  readonly method: string
  readonly url: string
  readonly #incoming: Incoming
  readonly #limitBytes: number | undefined

  constructor(incoming: Incoming, limitBytes: number | undefined) {
    this.method = incoming.req.method ?? 'GET'
    this.url = incoming.url
    this.#incoming = incoming
    this.#limitBytes = limitBytes
  }

  header(name: string): string | undefined {
    const value = this.#incoming.req.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  readBody(limitBytes: number = DEFAULT_BODY_LIMIT_BYTES): Promise<Uint8Array> {
    return readRawBody(
      this.#incoming,
      this.#limitBytes === undefined ? limitBytes : Math.min(limitBytes, this.#limitBytes)
    )
  }
}

/** Anything but a tab, and what is printable or beyond ASCII: `Headers` takes it and Node does not. */
const CONTROL = /[^\t\x20-\x7e\x80-\xff]/

/** Found before anything is written: a mistake of the handler must not become one of the framework. */
function checkSendable(response: Response): void {
  if (response.bodyUsed || response.body?.locked) {
    throw new TypeError(
      'The handler returned a Response whose body was read or sent before: make a new one per request.'
    )
  }
  if (response.status < 200) throw new RangeError(`The handler returned a Response with the status ${response.status}.`)
  for (const [name, value] of response.headers) {
    if (CONTROL.test(value)) throw new TypeError(`The header "${name}" of the Response has a control character.`)
  }
}

/** By shape: the `Response` of another implementation of fetch is one too. */
function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value && 'body' in value
}
