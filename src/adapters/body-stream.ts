import { Readable } from 'node:stream'
import { report } from '../core/report.ts'
import { cutOff } from './connection.ts'
import type { Incoming } from './incoming.ts'

/**
 * A response body as a stream, for frameworks that accept one. If it fails, the connection is cut, so that the client
 * does not take a partial body for a complete one.
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
          if (isWrong) stream.destroy(new RangeError('The length of the body differs from its content-length.'))
          else stream.push(done ? null : value)
        },
        (cause) => stream.destroy(cause instanceof Error ? cause : new Error('The body failed.', { cause }))
      )
    },
    // At once, even if nothing was read yet or the source is idle: nothing else closes the source of the body.
    destroy(error, done) {
      reader.cancel().catch(() => undefined)
      done(error)
    }
  })
  // A framework may not notice while the source is idle.
  res.once('close', () => stream.destroy())
  stream.on('error', (error) => {
    cutOff(res)
    void report(options.onError, error, { request: req })
  })
  return stream
}
