import { BodyError, type Product } from '../errors/index.ts'

/** Far above every response that is read as a whole; files are streams. */
export const RESPONSE_LIMIT_BYTES = 64 * 1024 * 1024

export interface ResponseLimit {
  product: Product
  operation: string
  /** Default 64 MiB. */
  limitBytes?: number
}

/**
 * The text of a response. `Response.text()` has no bound, and ten compressed megabytes can be ten gigabytes: what is counted
 * here are the bytes that come out.
 *
 * @throws {BodyError} ERR_BODY_TOO_LARGE; the rest is not read.
 */
export async function readResponseText(response: Response, limit: ResponseLimit): Promise<string> {
  // A stub of `fetch` may have nothing but the text; a stream of its own would be no web stream.
  if (hasBoundedLength(response, limit) || typeof response.body?.getReader !== 'function') return response.text()
  const text = (await collect(response, limit)).toString('utf8')
  // As `text()` does it.
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** Whether the length is known and small enough. Of a compressed response it says nothing about what comes out. */
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
      // Ends the connection and the decompression; whether that succeeds changes nothing.
      reader.cancel().catch(() => undefined)
      const message = `${operation}: the response is larger than ${limitBytes} bytes (decompressed), which no document describes. A proxy in between, or a wrong baseUrl?`
      throw new BodyError('too_large', message, { product })
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks, length)
}
