import type { RequestOptions } from '../core/client-options.ts'
import { UnexpectedResponseError } from '../errors/index.ts'
import { readBinaryResponse } from './binary-response.ts'
import { present } from './check-params.ts'
import { DownloadedFile } from './downloaded-file.ts'
import { get, post } from './endpoint.ts'
import { createForm, type UploadFile } from './file-upload.ts'
import type { ResponseContext } from './read-response.ts'
import type { WeChatApiClient } from './wechat-api-client.ts'

/** Kinds of material that WeChat keeps for three days. */
export type MediaType = 'image' | 'voice' | 'video' | 'thumb'

/** Response of `media.upload`. */
export interface UploadedMedia {
  type: MediaType
  /** Absent for `thumb`. */
  media_id?: string
  /** For `thumb` only. */
  thumb_media_id?: string
  /** Seconds since 1970; the id expires three days later. */
  created_at: number
}

/** Result of `media.get`: a file, or for videos its URL. */
export type TemporaryMaterial = { kind: 'file'; file: DownloadedFile } | { kind: 'video'; video_url: string }

/** Maximum file size by type, in bytes. The documents contradict each other on lower limits: WeChat decides. */
export const MEDIA_LIMIT_BYTES: Readonly<Record<MediaType, number>> = {
  image: 10 * 1024 * 1024,
  voice: 2 * 1024 * 1024,
  video: 10 * 1024 * 1024,
  thumb: 64 * 1024
}

const UPLOAD = post<{ type: MediaType }, UploadedMedia>('media.upload', '/cgi-bin/media/upload', {
  rules: {
    type: (value) =>
      Object.hasOwn(MEDIA_LIMIT_BYTES, String(value)) ? undefined : 'must be image, voice, video or thumb'
  },
  returns: 'type'
})
const GET = get<{ media_id: string }, TemporaryMaterial>('media.get', '/cgi-bin/media/get', {
  rules: { media_id: present }
})

/** Temporary material (临时素材), which expires after three days. */
export class TemporaryMedia<Type extends MediaType = MediaType> {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Uploads temporary material (uploadTempMedia). Not retried automatically: every upload creates another id.
   *
   * @param params `image` up to 10 MB (png, jpeg, gif), `voice` 2 MB and 60 s (amr, mp3), `video` 10 MB (mp4), `thumb` 64 KB (jpg).
   * @throws {WeChatApiError} ERR_WECHAT_API: 40004, 40005, 40006, 40009, 45001.
   * @throws {BodyError} ERR_BODY_TOO_LARGE before anything is sent.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { media_id } = await mp.media.upload({ type: 'image', data: await openAsBlob('cat.jpg'), fileName: 'cat.jpg' })
   */
  async upload(params: UploadFile & { type: Type }, options?: RequestOptions): Promise<UploadedMedia> {
    this.#api.check(UPLOAD, params)
    const owner = { operation: 'media.upload', product: this.#api.product }
    const body = await createForm(owner, params, MEDIA_LIMIT_BYTES[params.type])
    return this.#api.send(UPLOAD, { query: { type: params.type }, body }, options)
  }

  /**
   * Downloads temporary material (getTempMedia). `timeoutMs` covers the time until the first bytes; abort `signal` to
   * stop after that.
   *
   * @param media_id From an upload, a user's message, or the JS-SDK.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007 if the id is wrong or older than three days.
   * @example
   * const material = await mp.media.get('MEDIA_ID')
   * if (material.kind === 'file') await writeFile(material.file.fileName, await material.file.bytes())
   */
  async get(media_id: string, options?: RequestOptions): Promise<TemporaryMaterial> {
    this.#api.check(GET, { media_id })
    const read = (response: Response, context: ResponseContext) => readMaterial(response, context, media_id)
    return this.#api.send(GET, { query: { media_id }, read }, options)
  }
}

/** Reads a file, or the URL of a video in its place. */
export async function readMaterial(
  response: Response,
  context: ResponseContext,
  media_id: string
): Promise<TemporaryMaterial> {
  const answer = await readBinaryResponse(response, context)
  if ('binary' in answer) {
    return { kind: 'file', file: new DownloadedFile(answer.binary, media_id, context.product) }
  }
  if (typeof answer.json.video_url === 'string') return { kind: 'video', video_url: answer.json.video_url }
  throw new UnexpectedResponseError(`${context.operation}: WeChat sent neither a file nor a video_url.`, {
    product: context.product,
    status: response.status
  })
}
