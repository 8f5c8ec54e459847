import { createHash } from 'node:crypto'
import type { RequestOptions } from '../core/client-options.ts'
import { randomNonce } from '../internal/random.ts'
import { invalid, valuesAt } from './check-params.ts'
import type { PayApi } from './pay-api.ts'
import { unexpected } from './read-response.ts'

/** A file to upload. */
export interface UploadParams {
  /** With its extension: jpg, jpeg, bmp, png (pdf, video where the document says so). */
  filename: string
  content: Uint8Array
}

/** Endpoint for a kind of file. */
export interface UploadTarget {
  readonly operation: string
  readonly path: string
  /** Field of the response with the file's id. */
  readonly returns: 'media_id' | 'media_url'
  readonly extensions: RegExp
  readonly maxBytes: number
}

/** Uploads a file and returns its id. The signature covers the JSON of the `meta` part, not the body. (图片上传) */
export async function upload(
  api: PayApi,
  target: UploadTarget,
  params: UploadParams,
  options?: RequestOptions
): Promise<string> {
  const { operation, path, returns } = target
  const { filename, content } = checkUpload(target, params)
  const meta = JSON.stringify({ filename, sha256: createHash('sha256').update(content).digest('hex') })
  const { body, contentType } = multipart(meta, filename, content)
  // A retry creates a second file, which is harmless.
  const call = { operation, method: 'POST', path, body, contentType, signedBody: meta, idempotent: true } as const
  const read = (value: unknown) => {
    const name = valuesAt(value, returns)[0]?.[1]
    if (typeof name === 'string' && name !== '') return name
    throw unexpected(operation, `the response has no text field ${returns}.`, 200)
  }
  return api.send(call, read, options)
}

function checkUpload({ operation, extensions, maxBytes }: UploadTarget, params: UploadParams): UploadParams {
  const { filename, content } = params ?? {}
  // The name is part of a header line: a quote or line break would end it.
  if (typeof filename !== 'string' || !/^[^"\\\r\n\0/]{1,128}$/.test(filename) || !extensions.test(filename)) {
    throw invalid(operation, 'filename', `must be a plain name that ends in ${extensions.source}`)
  }
  if (!(content instanceof Uint8Array) || content.byteLength === 0 || content.byteLength > maxBytes) {
    throw invalid(operation, 'content', `must be 1 to ${maxBytes} bytes`)
  }
  return { filename, content }
}

/** Built by hand, so that every attempt sends the same bytes. */
function multipart(meta: string, filename: string, content: Uint8Array): { body: Buffer; contentType: string } {
  const boundary = `weixin-kit-${randomNonce()}`
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="meta"',
    'Content-Type: application/json',
    '',
    meta,
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${filename}"`,
    `Content-Type: ${typeOf(filename)}`,
    '',
    ''
  ].join('\r\n')
  const body = Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { body, contentType: `multipart/form-data; boundary=${boundary}` }
}

const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  bmp: 'image/bmp',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  m4v: 'video/x-m4v',
  f4v: 'video/x-f4v',
  mov: 'video/quicktime',
  avi: 'video/x-msvideo',
  wmv: 'video/x-ms-wmv',
  mpeg: 'video/mpeg',
  mkv: 'video/x-matroska',
  flv: 'video/x-flv',
  rmvb: 'video/vnd.rn-realvideo'
}

function typeOf(filename: string): string {
  return TYPES[filename.slice(filename.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'
}
