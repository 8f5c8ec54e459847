import { createHash } from 'node:crypto'
import type { RequestOptions } from '../../core/client-options.ts'
import { randomNonce } from '../../internal/random.ts'
import type { Caller } from './caller.ts'
import { invalid } from './check-params.ts'
import { unexpected } from './transport.ts'

export interface V3UploadParams {
  /** With its extension: jpg, jpeg, bmp, png (pdf, video where the document says so). */
  filename: string
  content: Uint8Array
}

interface Upload {
  readonly operation: string
  readonly path: string
  readonly answer: 'media_id' | 'media_url'
  readonly extensions: RegExp
  readonly maxBytes: number
}

const MIB = 1024 * 1024
const IMAGE = /\.(jpe?g|bmp|png)$/i

const UPLOADS = {
  image: {
    operation: 'media.uploadImage',
    path: '/v3/merchant/media/upload',
    answer: 'media_id',
    extensions: /\.(jpe?g|bmp|png|pdf)$/i,
    maxBytes: 7.5 * MIB
  },
  video: {
    operation: 'media.uploadVideo',
    path: '/v3/merchant/media/video_upload',
    answer: 'media_id',
    extensions: /\.(avi|wmv|mpeg|mp4|mov|mkv|flv|f4v|m4v|rmvb)$/i,
    maxBytes: 5 * MIB
  },
  marketing: {
    operation: 'media.uploadMarketingImage',
    path: '/v3/marketing/favor/media/image-upload',
    answer: 'media_url',
    extensions: IMAGE,
    maxBytes: 2 * MIB
  },
  complaint: {
    operation: 'media.uploadComplaintImage',
    path: '/v3/merchant-service/images/upload',
    answer: 'media_id',
    extensions: IMAGE,
    maxBytes: 2 * MIB
  }
} as const satisfies Record<string, Upload>

/** Uploads. What is signed is the JSON of the `meta` part, not the body. (图片上传API) */
export class V3Media {
  readonly #caller: Caller

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller
  }

  /**
   * Uploads an image or PDF for applications.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError}
   * @example
   * const { media_id } = await pay.media.uploadImage({ filename: 'licence.png', content: bytes })
   */
  async uploadImage(params: V3UploadParams, options?: RequestOptions): Promise<{ media_id: string }> {
    return { media_id: await this.#upload(UPLOADS.image, params, options) }
  }

  async uploadVideo(params: V3UploadParams, options?: RequestOptions): Promise<{ media_id: string }> {
    return { media_id: await this.#upload(UPLOADS.video, params, options) }
  }

  /** For coupons. */
  async uploadMarketingImage(params: V3UploadParams, options?: RequestOptions): Promise<{ media_url: string }> {
    return { media_url: await this.#upload(UPLOADS.marketing, params, options) }
  }

  /** For replies to complaints. */
  async uploadComplaintImage(params: V3UploadParams, options?: RequestOptions): Promise<{ media_id: string }> {
    return { media_id: await this.#upload(UPLOADS.complaint, params, options) }
  }

  async #upload(upload: Upload, params: V3UploadParams, options?: RequestOptions): Promise<string> {
    const { filename, content } = checkUpload(upload, params)
    const meta = JSON.stringify({ filename, sha256: createHash('sha256').update(content).digest('hex') })
    const { body, contentType } = multipart(meta, filename, content)
    return this.#caller.run(
      {
        operation: upload.operation,
        method: 'POST',
        path: upload.path,
        body,
        contentType,
        signedBody: meta,
        isSafeToRepeat: true
      },
      (value) => {
        const id = (value as Record<string, unknown> | undefined)?.[upload.answer]
        if (typeof id !== 'string' || id === '') {
          throw unexpected(upload.operation, `the answer lacks ${upload.answer}.`, 200)
        }
        return id
      },
      options
    )
  }
}

function checkUpload(upload: Upload, params: V3UploadParams): V3UploadParams {
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
