import type { RequestOptions } from '../core/client-options.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'
import { randomNonce } from '../internal/random.ts'
import type { Caller } from './caller.ts'
import { invalid } from './check-params.ts'
import { MEDIA_ENDPOINTS, type MediaKind, type UploadEndpoint } from './endpoints/media.ts'
import type { UploadParams } from './media.ts'
import { checkAnswer } from './read-answer.ts'

/** Uploads a file. What is signed is the JSON of the `meta` part, not the body. (图片上传API) */
export async function upload(
  caller: Caller,
  kind: MediaKind,
  params: object,
  options?: RequestOptions
): Promise<unknown> {
  const endpoint = MEDIA_ENDPOINTS[kind]
  const { filename, content } = checkUpload(endpoint, params as UploadParams)
  const meta = JSON.stringify({ filename, sha256: nodeCrypto().createHash('sha256').update(content).digest('hex') })
  const { body, contentType } = multipart(meta, filename, content)
  const { operation, method, path, repeat } = endpoint
  const idempotent = repeat === 'safe'
  return caller.run(
    { operation, method, path, body, contentType, signedBody: meta, idempotent },
    (value) => checkAnswer(endpoint, {}, value),
    options
  )
}

function checkUpload(upload: UploadEndpoint, params: UploadParams): UploadParams {
  const { filename, content } = params ?? {}
  // The name goes into a header line: a quote or line break would end it.
  if (typeof filename !== 'string' || !/^[^"\\\r\n\0/]{1,128}$/.test(filename) || !upload.extensions.test(filename)) {
    throw invalid(upload.operation, 'filename', `must be a plain name that ends in ${upload.extensions.source}`)
  }
  if (!(content instanceof Uint8Array) || content.byteLength === 0 || content.byteLength > upload.maxBytes) {
    throw invalid(upload.operation, 'content', `must be 1 to ${upload.maxBytes} bytes`)
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
  mp4: 'video/mp4'
}

function typeOf(filename: string): string {
  return TYPES[filename.slice(filename.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'
}
