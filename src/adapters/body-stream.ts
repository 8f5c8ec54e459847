import type { Readable } from 'node:stream'
import { HandlerError } from '../errors/index.ts'
import type { AdapterOptions } from './common/adapter-options.ts'
import { cutOff } from './connection.ts'
import type { Incoming } from './incoming.ts'

/**
 * A response body as a stream for frameworks that take one. When it fails, the connection is cut, because the client must not take
 * what it has for the whole; the framework is told no more than the client may know.
 */
export function toBodyStream(
  body: ReadableStream<Uint8Array>,
  length: string | null,
  { req, res }: Pick<Incoming, 'req' | 'res'>,
  { onError }: AdapterOptions
): Readable {
  const { Readable } = process.getBuiltinModule('node:stream')
  const reader = body.getReader()
  let sent = 0
  const stream = new Readable({
    read() {
      reader.read().then(
        ({ done, value }) => {
          sent += value?.byteLength ?? 0
          const isWrong = length !== null && (done ? sent !== Number(length) : sent > Number(length))
          if (isWrong) stream.destroy(streamFailure(new RangeError('The body is not as long as its content-length.')))
          else stream.push(done ? null : value)
        },
        (cause) => stream.destroy(streamFailure(cause))
      )
    },
    // At once, also when nothing was read yet or the source is silent: nobody else ends what stands behind the body.
    destroy(error, done) {
      reader.cancel().catch(() => undefined)
      done(error)
    }
  })
  // A framework may not notice while the source is silent.
  res.once('close', () => stream.destroy())
  stream.on('error', (error) => {
    cutOff(res)
    onError?.(error.cause ?? error, req)
  })
  return stream
}

export function streamFailure(cause: unknown): HandlerError {
  return new HandlerError('The body of a Response failed while it was sent; the error is in `cause`.', {
    cause,
    product: 'adapter'
  })
}
