import { BodyError, type Product } from '../errors/index.ts'
import type { BinaryResponse } from './binary-response.ts'
import { fileNameOf } from './content-disposition.ts'
import { extensionOfBytes } from './file-signature.ts'
import { extensionOf } from './file-upload.ts'

const DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024

/**
 * A file from WeChat that is not read yet. Read `body` or call `bytes()`, only one of them and only once; otherwise
 * call `cancel()`.
 */
export class DownloadedFile {
  /** The bytes of the file, as a stream that can be read once. */
  readonly body: ReadableStream<Uint8Array>
  /** As sent, in lower case, e.g. `image/jpeg`. */
  readonly contentType: string
  /** From Content-Disposition, else made from the id, with an extension by content type or first bytes. A plain name without directories. */
  readonly fileName: string
  /** Size in bytes; absent if WeChat sent no Content-Length. */
  readonly contentLength: number | undefined
  readonly #product: Product

  /** @internal Created by the client. */
  constructor(answer: BinaryResponse, fallbackName: string, product: Product) {
    this.body = answer.body
    this.contentType = answer.contentType
    this.contentLength = answer.contentLength
    this.#product = product
    const plain = fallbackName.replace(/[^\w-]/g, '_').slice(0, 128)
    // WeChat labels many a picture text/plain and names it not at all.
    const extension = () => extensionOf(answer.contentType) || extensionOfBytes(answer.head)
    this.fileName = fileNameOf(answer.contentDisposition) ?? `${plain}${extension()}`
  }

  /**
   * Reads the whole file into memory.
   *
   * @param limitBytes Default 64 MiB.
   * @throws {BodyError} ERR_BODY_TOO_LARGE, ERR_BODY_ALREADY_PARSED
   * @throws {ConnectionError} ERR_CONNECTION if the connection fails before the end of the file.
   */
  async bytes(limitBytes = DEFAULT_LIMIT_BYTES): Promise<Uint8Array> {
    if (this.body.locked || isDisturbed(this.body)) {
      throw new BodyError('already_parsed', 'This file has already been read; a download can be read only once.', {
        product: this.#product
      })
    }
    const chunks: Uint8Array[] = []
    let length = 0
    // Leaving the loop early cancels the stream and with it the connection.
    for await (const chunk of this.body as unknown as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength
      if (length > limitBytes) {
        throw new BodyError('too_large', `The file is larger than ${limitBytes} bytes; read \`body\` as a stream.`, {
          product: this.#product
        })
      }
      chunks.push(chunk)
    }
    return new Uint8Array(Buffer.concat(chunks, length))
  }

  /**
   * Releases the connection without reading the file.
   *
   * @throws {TypeError} if a reader holds the stream.
   */
  cancel(): Promise<void> {
    return this.body.cancel()
  }
}

// The method also accepts web streams, although its type does not say so.
function isDisturbed(stream: ReadableStream<Uint8Array>): boolean {
  const { Readable } = process.getBuiltinModule('node:stream')
  return Readable.isDisturbed(stream as unknown as import('node:stream').Readable)
}
