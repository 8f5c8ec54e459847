import type { RequestOptions } from '../core/client-options.ts'
import { present } from '../wechat-api/check-params.ts'
import type { DownloadedFile } from '../wechat-api/downloaded-file.ts'
import { get, post } from '../wechat-api/endpoint.ts'
import { createForm, type UploadFile } from '../wechat-api/file-upload.ts'
import { readFile } from '../wechat-api/read-file.ts'
import type { ResponseContext } from '../wechat-api/read-response.ts'
import { TemporaryMedia } from '../wechat-api/temporary-media.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

const ARTICLE_IMAGE_LIMIT_BYTES = 1024 * 1024

const GET_HD_VOICE = get<{ media_id: string }, DownloadedFile>('media.getHdVoice', '/cgi-bin/media/get/jssdk', {
  rules: { media_id: present }
})
const UPLOAD_IMAGE = post<object, { url: string }>('media.uploadImage', '/cgi-bin/media/uploadimg', { returns: 'url' })

/** Temporary material (临时素材) of an Official Account, and pictures for articles. */
export class Media extends TemporaryMedia {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    super(api)
    this.#api = api
  }

  /**
   * Downloads a recording of the JS-SDK (getHDVoice): speex at 16 kHz, where `get` returns amr at 8 kHz.
   *
   * @param media_id The `serverId` of `wx.uploadVoice`.
   * @param options Options of this call. `timeoutMs` covers the time until the first bytes.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async getHdVoice(media_id: string, options?: RequestOptions): Promise<DownloadedFile> {
    this.#api.check(GET_HD_VOICE, { media_id })
    const read = (response: Response, context: ResponseContext) => readFile(response, context, media_id)
    return this.#api.send(GET_HD_VOICE, { query: { media_id }, read }, options)
  }

  /**
   * Uploads a picture for the text of an article (uploadImage); it uses no material quota.
   *
   * @param file A jpg or png below 1 MB.
   * @param options Options of this call.
   * @returns A URL that works only inside articles.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40005, 40009.
   * @throws {BodyError} ERR_BODY_TOO_LARGE before anything is sent.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async uploadImage(file: UploadFile, options?: RequestOptions): Promise<{ url: string }> {
    const owner = { operation: UPLOAD_IMAGE.operation, product: this.#api.product }
    const body = await createForm(owner, file, ARTICLE_IMAGE_LIMIT_BYTES)
    return this.#api.send(UPLOAD_IMAGE, { body }, options)
  }
}
