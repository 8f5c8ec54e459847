import type { Readable } from 'node:stream'
import { HandlerError } from '../errors/index.ts'
import type { AdapterOptions } from './adapter-options.ts'
import type { Incoming } from './incoming.ts'

/**
 * A response body as a stream for frameworks that take one. When it fails, the connection is cut, because the client must not take
 * what it has for the whole; the framework is told no more than the client may know.
 */
export function toBodyStream(
  body: ReadableStream<Uint8Array>,
  { req, res }: Pick<Incoming, 'req' | 'res'>,
  { onError }: AdapterOptions
): Readable {
  const stream = process.getBuiltinModule('node:stream').Readable.from(readAll(body), { objectMode: false })
  stream.on('error', (error) => {
    res.destroy()
    onError?.(error.cause ?? error, req)
  })
  return stream
}

async function* readAll(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  let isDone = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isDone = done
      if (done) return
      yield value
    }
  } catch (cause) {
    isDone = true
    throw streamFailure(cause)
  } finally {
    if (!isDone) await reader.cancel().catch(() => undefined)
  }
}

export function streamFailure(cause: unknown): HandlerError {
  return new HandlerError('The body of a Response failed while it was sent; the error is in `cause`.', {
    cause,
    product: 'adapter'
  })
}
