import { BodyError, type Product } from '../errors/index.ts'

/** Far above any response that is read as a whole; files are streams. */
export const RESPONSE_LIMIT_BYTES = 64 * 1024 * 1024

export interface ResponseLimit {
  product: Product
  operation: string
  /** Default 64 MiB. */
  limitBytes?: number
}

/**
 * Reads the text of a response. `Response.text()` has no limit, and ten compressed megabytes can be ten gigabytes:
 * decompressed bytes are counted here.
 *
 * @throws {BodyError} ERR_BODY_TOO_LARGE; the rest is not read.
 */
export async function readResponseText(response: Response, limit: ResponseLimit): Promise<string> {
  // A stub of `fetch` may have only `text()`, or a stream that is not a web stream.
  if (hasBoundedLength(response, limit) || typeof response.body?.getReader !== 'function') return response.text()
  const text = (await collect(response, limit)).toString('utf8')
  // Like `text()`.
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** Whether the length is known and small enough. For a compressed response it does not give the decompressed size. */
function hasBoundedLength({ headers }: Response, { limitBytes = RESPONSE_LIMIT_BYTES }: ResponseLimit): boolean {
  const length = headers.get('content-length')
  return length !== null && Number(length) <= limitBytes && !headers.has('content-encoding')
}

async function collect(response: Response, limit: ResponseLimit): Promise<Buffer> {
  const { product, operation, limitBytes = RESPONSE_LIMIT_BYTES } = limit
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined
  const chunks: Uint8Array[] = []
  let length = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.byteLength
    if (length > limitBytes) {
      // Ends the connection and the decompression; whether that succeeds makes no difference.
      reader.cancel().catch(() => undefined)
      const message = `${operation}: the response is larger than ${limitBytes} bytes (decompressed), which no document describes. Check baseUrl and any proxy in between.`
      throw new BodyError('too_large', message, { product })
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks, length)
}
