import type { RequestOptions } from '../core/client-options.ts'
import { UnexpectedResponseError } from '../errors/index.ts'
import { readBinaryAnswer } from './binary-answer.ts'
import { type Caller, type CallTable, createCaller } from './call-table.ts'
import { checkFields, present } from './check-params.ts'
import { DownloadedFile } from './downloaded-file.ts'
import { createForm, type UploadFile } from './file-upload.ts'
import type { AnswerContext } from './read-answer.ts'
import type { WeChatApiClient } from './wechat-api-client.ts'

/** Kinds of material that WeChat keeps for three days. */
export type MediaType = 'image' | 'voice' | 'video' | 'thumb'

/** Answer of `media.upload`. */
export interface UploadedMedia {
  type: MediaType
  /** Absent for `thumb`. */
  media_id?: string
  /** For `thumb` only. */
  thumb_media_id?: string
  /** Seconds since 1970; the id lives three days from then. */
  created_at: number
}

/** Answer of `media.get`: a file, or for videos the address of one. */
export type TemporaryMaterial = { kind: 'file'; file: DownloadedFile } | { kind: 'video'; video_url: string }

/** Largest file by type, in bytes. The documents contradict each other below it: WeChat decides. */
export const MEDIA_LIMIT_BYTES: Readonly<Record<MediaType, number>> = {
  image: 10 * 1024 * 1024,
  voice: 2 * 1024 * 1024,
  video: 10 * 1024 * 1024,
  thumb: 64 * 1024
}

const CALLS = {
  upload: { method: 'POST', path: '/cgi-bin/media/upload', idempotent: false, answersWith: 'type' },
  get: { method: 'GET', path: '/cgi-bin/media/get', idempotent: true }
} as const satisfies CallTable

/** Temporary material (临时素材), which lives three days. */
export class TemporaryMedia<Type extends MediaType = MediaType> {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'media', CALLS)
  }

  /**
   * Uploads temporary material (uploadTempMedia). Not repeated by itself: every upload makes another id.
   *
   * @param params `image` up to 10 MB (png, jpeg, gif), `voice` 2 MB and 60 s (amr, mp3), `video` 10 MB (mp4), `thumb` 64 KB (jpg).
   * @throws {WeChatApiError} ERR_WECHAT_API: 40004, 40005, 40006, 40009, 45001.
   * @throws {BodyError} ERR_BODY_TOO_LARGE before anything is sent.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { media_id } = await mp.media.upload({ type: 'image', data: await openAsBlob('cat.jpg'), fileName: 'cat.jpg' })
   */
  async upload(params: UploadFile & { type: Type }, options?: RequestOptions): Promise<UploadedMedia> {
    const owner = { operation: 'media.upload', product: this.#api.product }
    checkFields(owner, params, {
      type: (value) =>
        Object.hasOwn(MEDIA_LIMIT_BYTES, String(value)) ? undefined : 'must be image, voice, video or thumb'
    })
    const body = await createForm(owner, params, MEDIA_LIMIT_BYTES[params.type])
    return this.#call<UploadedMedia>('upload', { query: { type: params.type }, body }, options)
  }

  /**
   * Downloads temporary material (getTempMedia). `timeoutMs` counts until the first bytes; abort `signal` to end the rest.
   *
   * @param media_id From an upload, a user's message, or the JS-SDK.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007 when the id is wrong or older than three days.
   * @example
   * const material = await mp.media.get('MEDIA_ID')
   * if (material.kind === 'file') await writeFile(material.file.fileName, await material.file.bytes())
   */
  async get(media_id: string, options?: RequestOptions): Promise<TemporaryMaterial> {
    checkFields({ operation: 'media.get', product: this.#api.product }, { media_id }, { media_id: present })
    return this.#call(
      'get',
      { query: { media_id }, read: (response, context) => readMaterial(response, context, media_id) },
      options
    )
  }
}

/** Reads a file, or the address of a video in its place. */
export async function readMaterial(
  response: Response,
  context: AnswerContext,
  media_id: string
): Promise<TemporaryMaterial> {
  const answer = await readBinaryAnswer(response, context)
  if ('binary' in answer) {
    return { kind: 'file', file: new DownloadedFile(answer.binary, media_id, context.product) }
  }
  if (typeof answer.json.video_url === 'string') return { kind: 'video', video_url: answer.json.video_url }
  throw new UnexpectedResponseError(`${context.operation}: WeChat sent neither a file nor a video_url.`, {
    product: context.product,
    status: response.status
  })
}
