import type { RequestOptions } from '../core/client-options.ts'
import type { PayApi } from './pay-api.ts'
import { type UploadParams, type UploadTarget, upload } from './upload.ts'

export type { UploadParams } from './upload.ts'

const MIB = 1024 * 1024
const IMAGE = /\.(jpe?g|bmp|png)$/i

const UPLOADS = {
  image: {
    operation: 'media.uploadImage',
    path: '/v3/merchant/media/upload',
    returns: 'media_id',
    extensions: /\.(jpe?g|bmp|png|pdf)$/i,
    maxBytes: 7.5 * MIB
  },
  video: {
    operation: 'media.uploadVideo',
    path: '/v3/merchant/media/video_upload',
    returns: 'media_id',
    extensions: /\.(avi|wmv|mpeg|mp4|mov|mkv|flv|f4v|m4v|rmvb)$/i,
    maxBytes: 5 * MIB
  },
  marketing: {
    operation: 'media.uploadMarketingImage',
    path: '/v3/marketing/favor/media/image-upload',
    returns: 'media_url',
    extensions: IMAGE,
    maxBytes: 2 * MIB
  },
  complaint: {
    operation: 'media.uploadComplaintImage',
    path: '/v3/merchant-service/images/upload',
    returns: 'media_id',
    extensions: IMAGE,
    maxBytes: 2 * MIB
  }
} as const satisfies Record<string, UploadTarget>

/** Uploads. The signature covers the JSON of the `meta` part, not the body. */
export class Media {
  /** @internal */
  static readonly rows: Readonly<Record<string, UploadTarget>> = UPLOADS
  readonly #api: PayApi

  /** @internal */
  constructor(api: PayApi) {
    this.#api = api
  }

  /**
   * Uploads an image or PDF of at most 7.5 MiB for applications. (图片上传)
   *
   * @param params name and bytes of the file
   * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   * @example
   * const { media_id } = await pay.media.uploadImage({ filename: 'licence.png', content: bytes })
   */
  async uploadImage(params: UploadParams, options?: RequestOptions): Promise<{ media_id: string }> {
    return { media_id: await upload(this.#api, UPLOADS.image, params, options) }
  }

  /**
   * Uploads a video of at most 5 MiB for applications. (视频上传)
   *
   * @param params name and bytes of the file
   * @throws as `uploadImage`
   */
  async uploadVideo(params: UploadParams, options?: RequestOptions): Promise<{ media_id: string }> {
    return { media_id: await upload(this.#api, UPLOADS.video, params, options) }
  }

  /**
   * Uploads an image of at most 2 MiB for coupons. (图片上传（营销专用）)
   *
   * @param params name and bytes of the file
   * @throws as `uploadImage`
   */
  async uploadMarketingImage(params: UploadParams, options?: RequestOptions): Promise<{ media_url: string }> {
    return { media_url: await upload(this.#api, UPLOADS.marketing, params, options) }
  }

  /**
   * Uploads an image of at most 2 MiB for a reply to a complaint. (商户上传反馈图片)
   *
   * @param params name and bytes of the file
   * @throws as `uploadImage`
   */
  async uploadComplaintImage(params: UploadParams, options?: RequestOptions): Promise<{ media_id: string }> {
    return { media_id: await upload(this.#api, UPLOADS.complaint, params, options) }
  }
}
