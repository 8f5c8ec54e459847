import { BodyAlreadyParsedError, BodyError } from '../errors/index.ts'

/** What WeChat's messages and notifications need at most, with room to spare. */
export const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024

/**
 * Reads the raw bytes of a request, at most `limitBytes`.
 *
 * @throws {BodyAlreadyParsedError} ERR_BODY_ALREADY_PARSED when something consumed the stream before.
 * @throws {BodyError} ERR_BODY_TOO_LARGE; the rest is not read. ERR_BODY_MALFORMED when the body broke off.
 */
export async function readBody(request: Request, limitBytes = DEFAULT_BODY_LIMIT_BYTES): Promise<Uint8Array> {
  if (request.bodyUsed) {
    throw new BodyAlreadyParsedError(
      'The body of this Request was read before. Signatures cover the raw bytes: pass the untouched Request (or request.clone()) to the handler.'
    )
  }
  const tooLarge = () => new BodyError('too_large', `The body is larger than ${limitBytes} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw tooLarge()
  if (!request.body) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength
      if (length > limitBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof BodyError) throw cause
    throw new BodyError('malformed', 'The body broke off before its end.', { cause })
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)
}
