import type { RequestOptions } from '../core/client-options.ts'
import type { GroupCalls } from './group-calls.ts'

export interface UploadParams {
  /** With its extension: jpg, jpeg, bmp, png (pdf, video where the document says so). */
  filename: string
  content: Uint8Array
}

/** Uploads. What is signed is the JSON of the `meta` part, not the body. (图片上传API) */
export class Media {
  readonly #calls: GroupCalls

  /** @internal */
  constructor(calls: GroupCalls) {
    this.#calls = calls
  }

  /**
   * Uploads an image or PDF for applications.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError}
   * @example
   * const { media_id } = await pay.media.uploadImage({ filename: 'licence.png', content: bytes })
   */
  async uploadImage(params: UploadParams, options?: RequestOptions): Promise<{ media_id: string }> {
    return (await this.#calls.upload('image', params, options)) as { media_id: string }
  }

  async uploadVideo(params: UploadParams, options?: RequestOptions): Promise<{ media_id: string }> {
    return (await this.#calls.upload('video', params, options)) as { media_id: string }
  }

  /** For coupons. */
  async uploadMarketingImage(params: UploadParams, options?: RequestOptions): Promise<{ media_url: string }> {
    return (await this.#calls.upload('marketing', params, options)) as { media_url: string }
  }

  /** For replies to complaints. */
  async uploadComplaintImage(params: UploadParams, options?: RequestOptions): Promise<{ media_id: string }> {
    return (await this.#calls.upload('complaint', params, options)) as { media_id: string }
  }
}
