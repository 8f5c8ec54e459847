import { Readable } from 'node:stream'
import { cutOff } from './connection.ts'
import type { Incoming } from './incoming.ts'

/**
 * A response body as a stream for frameworks that take one. When it fails, the connection is cut, because the client must not take
 * what it has for the whole.
 */
export function toBodyStream(
  body: ReadableStream<Uint8Array>,
  length: string | null,
  { req, res, options }: Incoming
): Readable {
  const reader = body.getReader()
  let sent = 0
  const stream = new Readable({
    read() {
      reader.read().then(
        ({ done, value }) => {
          sent += value?.byteLength ?? 0
          const isWrong = length !== null && (done ? sent !== Number(length) : sent > Number(length))
          if (isWrong) stream.destroy(new RangeError('The body is not as long as its content-length.'))
          else stream.push(done ? null : value)
        },
        (cause) => stream.destroy(cause instanceof Error ? cause : new Error('The body failed.', { cause }))
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
    options.onError?.(error, { request: req })
  })
  return stream
}
