import type { FetchHandler } from './fetch-handler.ts'
import { readBody } from './read-body.ts'

/** A request as a handler sees it that needs nothing but bytes. */
export interface ByteRequest {
  readonly method: string
  /** The absolute URL, or path and query. */
  readonly url: string
  header(name: string): string | undefined
  /**
   * The raw body, at most `limitBytes`.
   *
   * @throws {BodyAlreadyParsedError} ERR_BODY_ALREADY_PARSED; {BodyError} ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
   */
  readBody(limitBytes?: number): Promise<Uint8Array>
}

export interface ByteResponse {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

/** A handler without the cost of `Request` and `Response` objects, which exceeds that of verifying a message. */
export type ByteHandler = (request: ByteRequest) => Promise<ByteResponse>

// Registered, so that a handler of one copy of the package is recognised by the converter of another.
const BYTES = Symbol.for('weixin-kit:byte-handler')

/** A {@link FetchHandler} from a {@link ByteHandler}; converters for frameworks find the latter in it and call it directly. */
export function toFetchHandler(handle: ByteHandler): FetchHandler {
  const handler: FetchHandler = async (request) => {
    const { status, headers, body } = await handle({
      method: request.method,
      url: request.url,
      header: (name) => request.headers.get(name) ?? undefined,
      readBody: (limitBytes) => readBody(request, limitBytes)
    })
    return new Response(body === '' ? null : body, { status, headers })
  }
  return withByteHandler(handler, handle)
}

/** Puts the {@link ByteHandler} into a handler that does the same. */
export function withByteHandler(handler: FetchHandler, handle: ByteHandler): FetchHandler {
  return Object.defineProperty(handler, BYTES, { value: handle })
}

/** The {@link ByteHandler} inside a handler; `undefined` for one that needs a `Request`. */
export function byteHandlerOf(handler: FetchHandler): ByteHandler | undefined {
  return (handler as { [BYTES]?: ByteHandler })[BYTES]
}
