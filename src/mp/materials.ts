import type { RequestOptions } from '../core/client-options.ts'
import { integer, oneOf } from '../core/options.ts'
import { UnexpectedResponseError } from '../errors/index.ts'
import { readBinaryResponse } from '../wechat-api/binary-response.ts'
import { characters, checkFields, present } from '../wechat-api/check-params.ts'
import { DownloadedFile } from '../wechat-api/downloaded-file.ts'
import { get, post } from '../wechat-api/endpoint.ts'
import { createForm, type UploadFile } from '../wechat-api/file-upload.ts'
import type { ResponseContext } from '../wechat-api/read-response.ts'
import type { MediaType } from '../wechat-api/temporary-media.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { writeJson } from '../wechat-api/write-json.ts'
import type {
  AddedMaterial,
  MaterialCount,
  MaterialList,
  MaterialListParams,
  NewsArticle,
  PermanentMaterial,
  VideoDescription
} from './material-types.ts'

/** Maximum file size by type, in bytes (Adding permanent assets). */
const LIMIT_BYTES: Readonly<Record<MediaType, number>> = {
  image: 10 * 1024 * 1024,
  voice: 2 * 1024 * 1024,
  video: 10 * 1024 * 1024,
  thumb: 64 * 1024
}

const ADD = post<{ type: MediaType }, AddedMaterial>('materials.add', '/cgi-bin/material/add_material', {
  rules: { type: oneOf('image', 'voice', 'video', 'thumb') },
  returns: 'media_id'
})
const GET = post<{ media_id: string }, PermanentMaterial>('materials.get', '/cgi-bin/material/get_material', {
  rules: { media_id: present },
  idempotent: true
})
const DELETE = post<{ media_id: string }>('materials.delete', '/cgi-bin/material/del_material', {
  rules: { media_id: present },
  idempotent: true
})
const COUNT = get<object, MaterialCount>('materials.count', '/cgi-bin/material/get_materialcount', {
  returns: 'image_count'
})
const LIST = post<MaterialListParams, MaterialList>('materials.list', '/cgi-bin/material/batchget_material', {
  rules: { type: oneOf('image', 'voice', 'video', 'news'), offset: integer(0), count: integer(1, 20) },
  idempotent: true,
  returns: 'item'
})

/** Permanent material (永久素材): 100,000 pictures and articles, 1,000 of the other kinds. */
export class Materials {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Adds a file (addMaterial). Not retried automatically: every call creates another id.
   *
   * @param params `image` up to 10 MB, `voice` 2 MB and 60 s, `thumb` 64 KB, `video` 10 MB with a title and an introduction.
   * @param options Options of this call.
   * @returns `url` for pictures.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40005, 40006, 45034 (store full).
   * @throws {BodyError} ERR_BODY_TOO_LARGE before anything is sent.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async add(
    params: UploadFile & ({ type: Exclude<MediaType, 'video'> } | ({ type: 'video' } & VideoDescription)),
    options?: RequestOptions
  ): Promise<AddedMaterial> {
    this.#api.check(ADD, params)
    const owner = { operation: ADD.operation, product: this.#api.product }
    const fields: Record<string, string> = {}
    if (params.type === 'video') {
      const { title, introduction } = params
      checkFields(owner, params, { title: characters(64), introduction: characters(1000) })
      fields.description = writeJson({ title, introduction }, owner.operation, owner.product)
    }
    const body = await createForm(owner, params, LIMIT_BYTES[params.type], fields)
    return this.#api.send(ADD, { query: { type: params.type }, body }, options)
  }

  /**
   * Gets material (getMaterial): a file, the URL of a video, or the articles of a news item.
   *
   * @param media_id Id of the material.
   * @param options Options of this call. `timeoutMs` covers the time until the first bytes of a file.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async get(media_id: string, options?: RequestOptions): Promise<PermanentMaterial> {
    this.#api.check(GET, { media_id })
    const read = (response: Response, context: ResponseContext) => readMaterial(response, context, media_id)
    return this.#api.send(GET, { json: { media_id }, read }, options)
  }

  /**
   * Deletes material (delMaterial).
   *
   * @param media_id Id of the material.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  delete(media_id: string, options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE, { media_id }, options)
  }

  /**
   * Returns the number of items by type (getMaterialCount).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  count(options?: RequestOptions): Promise<MaterialCount> {
    return this.#api.call(COUNT, {}, options)
  }

  /**
   * Lists a page of material (batchGetMaterial).
   *
   * @param params `offset` from 0, `count` 1 to 20.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  list(params: MaterialListParams, options?: RequestOptions): Promise<MaterialList> {
    return this.#api.call(LIST, params, options)
  }
}

async function readMaterial(
  response: Response,
  context: ResponseContext,
  media_id: string
): Promise<PermanentMaterial> {
  const answer = await readBinaryResponse(response, context)
  if ('binary' in answer) return { kind: 'file', file: new DownloadedFile(answer.binary, media_id, context.product) }
  const { json } = answer
  if (Array.isArray(json.news_item)) return { kind: 'news', news_item: json.news_item as NewsArticle[] }
  if (typeof json.down_url === 'string') {
    const {
      title = '',
      description = '',
      down_url
    } = json as { title?: string; description?: string; down_url: string }
    return { kind: 'video', title, description, down_url }
  }
  throw new UnexpectedResponseError(`${context.operation}: WeChat sent neither a file nor a video nor articles.`, {
    product: context.product,
    status: response.status
  })
}
