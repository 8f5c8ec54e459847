import { BodyError, ConfigError } from '../errors/index.ts'
import { type ParamOwner, paramError } from './check-params.ts'

/**
 * A file to send. `await fs.openAsBlob(path)` streams from disk without loading the file; a stream is collected in memory
 * first, because WeChat refuses forms without content-length (41005).
 */
export interface UploadFile {
  data: Blob | Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>
  /** With an extension, from which WeChat derives the type, e.g. `cat.jpg`. */
  fileName: string
  /** Default: from the extension of the name. */
  contentType?: string | undefined
}

const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  bmp: 'image/bmp',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
  amr: 'audio/amr',
  wav: 'audio/wav',
  wma: 'audio/x-ms-wma',
  speex: 'audio/speex',
  spx: 'audio/speex',
  mp4: 'video/mp4'
}

/** The usual extension of a content type, with dot; empty if unknown. */
export function extensionOf(contentType: string): string {
  const plain = contentType
    .split(';')[0]
    ?.trim()
    .toLowerCase()
    .replace('voice/', 'audio/')
    .replace('image/jpg', 'image/jpeg')
  const [extension] = Object.entries(TYPES).find(([, type]) => type === plain) ?? []
  return extension === undefined ? '' : `.${extension}`
}

/**
 * Returns a function that makes a new form for each attempt.
 *
 * @param limitBytes Larger files are not sent.
 * @param fields Additional parts of the form.
 * @throws {ConfigError} ERR_INVALID_PARAM
 * @throws {BodyError} ERR_BODY_TOO_LARGE
 */
export async function createForm(
  owner: ParamOwner,
  file: UploadFile,
  limitBytes: number,
  fields: Readonly<Record<string, string>> = {}
): Promise<() => FormData> {
  if (typeof file === 'string' || file instanceof Uint8Array || file instanceof Blob) {
    throw paramError(
      owner,
      'file',
      'must be { data, fileName }: the bytes or await fs.openAsBlob(path), and a name with extension'
    )
  }
  if (typeof file?.fileName !== 'string' || !/^[^/\\\r\n\0]{1,200}$/.test(file.fileName)) {
    throw new ConfigError(`${owner.operation}: fileName must be a plain name with extension, e.g. "cat.jpg".`, {
      code: 'ERR_INVALID_PARAM',
      option: 'fileName',
      product: owner.product
    })
  }
  const type =
    file.contentType ?? TYPES[/\.(\w+)$/.exec(file.fileName)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'
  const blob = await toBlob(owner, file.data, type, limitBytes)
  if (blob.size > limitBytes) throw tooLarge(owner, limitBytes)
  if (blob.size === 0) {
    const message = `${owner.operation}: the file "data" is empty. Nothing was sent.`
    throw new ConfigError(message, { code: 'ERR_INVALID_PARAM', option: 'data', product: owner.product })
  }
  return () => {
    const form = new FormData()
    form.append('media', blob, file.fileName)
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    return form
  }
}

async function toBlob(owner: ParamOwner, data: UploadFile['data'], type: string, limitBytes: number): Promise<Blob> {
  // slice keeps a file-backed blob on disk and gives it the type.
  if (data instanceof Blob) return data.type === type ? data : data.slice(0, data.size, type)
  if (data instanceof Uint8Array) return new Blob([data as Uint8Array<ArrayBuffer>], { type })
  if (typeof data !== 'object' || data === null || !(Symbol.asyncIterator in data)) {
    throw new ConfigError(
      `${owner.operation}: data must be a Blob (await fs.openAsBlob(path)), Uint8Array or stream of bytes.`,
      {
        code: 'ERR_INVALID_PARAM',
        option: 'data',
        product: owner.product
      }
    )
  }
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const chunk of data as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    if (!(chunk instanceof Uint8Array)) throw paramError(owner, 'data', 'must be a stream of bytes, not of text')
    length += chunk.byteLength
    if (length > limitBytes) throw tooLarge(owner, limitBytes)
    chunks.push(chunk)
  }
  return new Blob(chunks, { type })
}

function tooLarge({ operation, product }: ParamOwner, limitBytes: number): BodyError {
  return new BodyError(
    'too_large',
    `${operation}: the file is larger than the ${limitBytes} bytes that WeChat accepts.`,
    {
      product
    }
  )
}
