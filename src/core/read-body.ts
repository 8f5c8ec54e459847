import { BodyAlreadyParsedError, BodyError } from '../errors/index.ts'

/** More than WeChat's messages and notifications ever need. */
export const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024

/**
 * Reads the raw bytes of a request, at most `limitBytes`.
 *
 * @throws {BodyAlreadyParsedError} ERR_BODY_ALREADY_PARSED when something consumed the stream before.
 * @throws {BodyError} ERR_BODY_TOO_LARGE; the rest is not read. ERR_BODY_MALFORMED when the body is incomplete.
 */
export async function readBody(request: Request, limitBytes = DEFAULT_BODY_LIMIT_BYTES): Promise<Uint8Array> {
  if (request.bodyUsed) {
    throw new BodyAlreadyParsedError(
      'The body of this Request has already been read. Signatures cover the raw bytes: pass the unread Request (or request.clone()) to the handler.'
    )
  }
  const tooLarge = () => new BodyError('too_large', `The body is larger than ${limitBytes} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw tooLarge()
  if (!request.body) return new Uint8Array(0)
  // An explicit reader: iterating over the stream would cost half as much again as everything else.
  const reader = request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.byteLength
      if (length > limitBytes) break
      chunks.push(value)
    }
  } catch (cause) {
    throw new BodyError('malformed', 'The body ended before it was complete.', { cause })
  }
  if (length > limitBytes) {
    void reader.cancel().catch(() => undefined)
    throw tooLarge()
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)
}
