import type { RequestOptions } from '../core/client-options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { checkFields, present } from '../wechat-api/check-params.ts'
import type { DownloadedFile } from '../wechat-api/downloaded-file.ts'
import { createForm, type UploadFile } from '../wechat-api/file-upload.ts'
import { readFile } from '../wechat-api/read-file.ts'
import { TemporaryMedia } from '../wechat-api/temporary-media.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

const ARTICLE_IMAGE_LIMIT_BYTES = 1024 * 1024

const CALLS = {
  getHdVoice: { method: 'GET', path: '/cgi-bin/media/get/jssdk', idempotent: true },
  uploadImage: { method: 'POST', path: '/cgi-bin/media/uploadimg', idempotent: false, answersWith: 'url' }
} as const satisfies CallTable

/** Temporary material (临时素材) of an Official Account, and pictures for articles. */
export class Media extends TemporaryMedia {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    super(api)
    this.#api = api
    this.#call = createCaller(api, 'media', CALLS)
  }

  /**
   * Downloads a voice that the JS-SDK recorded (getHDVoice): speex at 16 kHz, where `get` gives amr at 8 kHz.
   *
   * @param media_id The `serverId` of `wx.uploadVoice`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007.
   */
  async getHdVoice(media_id: string, options?: RequestOptions): Promise<DownloadedFile> {
    checkFields({ operation: 'media.getHdVoice', product: this.#api.product }, { media_id }, { media_id: present })
    const read = (response: Response, context: Parameters<typeof readFile>[1]) => readFile(response, context, media_id)
    return this.#call('getHdVoice', { query: { media_id }, read }, options)
  }

  /**
   * Uploads a picture for the text of an article (uploadImage): jpg or png below 1 MB; costs no material quota.
   *
   * @returns An address that works inside articles only.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40005, 40009.
   * @throws {BodyError} ERR_BODY_TOO_LARGE before anything is sent.
   */
  async uploadImage(file: UploadFile, options?: RequestOptions): Promise<{ url: string }> {
    const owner = { operation: 'media.uploadImage', product: this.#api.product }
    const body = await createForm(owner, file, ARTICLE_IMAGE_LIMIT_BYTES)
    return this.#call('uploadImage', { body }, options)
  }
}
