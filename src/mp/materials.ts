import type { RequestOptions } from '../core/client-options.ts'
import { integer, oneOf } from '../core/options.ts'
import { UnexpectedResponseError } from '../errors/index.ts'
import { readBinaryAnswer } from '../wechat-api/binary-answer.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields, present } from '../wechat-api/check-params.ts'
import { DownloadedFile } from '../wechat-api/downloaded-file.ts'
import { createForm, type UploadFile } from '../wechat-api/file-upload.ts'
import type { AnswerContext } from '../wechat-api/read-answer.ts'
import type { MediaType } from '../wechat-api/temporary-media.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type {
  AddedMaterial,
  MaterialCount,
  MaterialList,
  NewsArticle,
  PermanentMaterial,
  VideoDescription
} from './material-types.ts'

/** Largest file by type, in bytes (Adding permanent assets). */
const LIMIT_BYTES: Readonly<Record<MediaType, number>> = {
  image: 10 * 1024 * 1024,
  voice: 2 * 1024 * 1024,
  video: 10 * 1024 * 1024,
  thumb: 64 * 1024
}

const CALLS = {
  add: { method: 'POST', path: '/cgi-bin/material/add_material', idempotent: false, answersWith: 'media_id' },
  get: { method: 'POST', path: '/cgi-bin/material/get_material', idempotent: true },
  delete: { method: 'POST', path: '/cgi-bin/material/del_material', idempotent: true },
  count: {
    method: 'GET',
    path: '/cgi-bin/material/get_materialcount',
    idempotent: true,
    answersWith: 'image_count'
  },
  list: { method: 'POST', path: '/cgi-bin/material/batchget_material', idempotent: true, answersWith: 'item' }
} as const satisfies CallTable

/** Permanent material (永久素材): 100,000 pictures and articles, 1,000 of the other kinds. */
export class Materials {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'materials', CALLS)
  }

  /**
   * Adds a file (addMaterial). Not repeated by itself: every call makes another id.
   *
   * @param params `image` up to 10 MB, `voice` 2 MB and 60 s, `thumb` 64 KB, `video` 10 MB with a title and an introduction.
   * @returns `url` for pictures.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40005, 40006, 45034 (store full).
   * @throws {BodyError} ERR_BODY_TOO_LARGE before anything is sent.
   */
  async add(
    params: UploadFile & ({ type: Exclude<MediaType, 'video'> } | ({ type: 'video' } & VideoDescription)),
    options?: RequestOptions
  ): Promise<AddedMaterial> {
    const owner = { operation: 'materials.add', product: this.#api.product }
    checkFields(owner, params, { type: oneOf('image', 'voice', 'video', 'thumb') })
    const fields: Record<string, string> = {}
    if (params.type === 'video') {
      checkFields(owner, params, { title: characters(64), introduction: characters(1000) })
      fields.description = JSON.stringify({ title: params.title, introduction: params.introduction })
    }
    const body = await createForm(owner, params, LIMIT_BYTES[params.type], fields)
    return this.#call('add', { query: { type: params.type }, body }, options)
  }

  /**
   * Gets material (getMaterial): a file, a video's address, or the articles of a news item.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007.
   */
  async get(media_id: string, options?: RequestOptions): Promise<PermanentMaterial> {
    checkFields(this.#owner('get'), { media_id }, { media_id: present })
    const read = (response: Response, context: AnswerContext) => readMaterial(response, context, media_id)
    return this.#call('get', { json: { media_id }, read }, options)
  }

  /** Deletes material (delMaterial). */
  async delete(media_id: string, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('delete'), { media_id }, { media_id: present })
    await this.#call('delete', { json: { media_id } }, options)
  }

  /** Counts by type (getMaterialCount). */
  count(options?: RequestOptions): Promise<MaterialCount> {
    return this.#call('count', {}, options)
  }

  /**
   * A page of the list (batchGetMaterial).
   *
   * @param params `offset` from 0, `count` 1 to 20.
   */
  async list(
    params: { type: 'image' | 'voice' | 'video' | 'news'; offset: number; count: number },
    options?: RequestOptions
  ): Promise<MaterialList> {
    checkFields(this.#owner('list'), params, {
      type: oneOf('image', 'voice', 'video', 'news'),
      offset: integer(0),
      count: integer(1, 20)
    })
    return this.#call('list', { json: params }, options)
  }

  #owner(name: string) {
    return { operation: `materials.${name}`, product: this.#api.product }
  }
}

async function readMaterial(response: Response, context: AnswerContext, media_id: string): Promise<PermanentMaterial> {
  const answer = await readBinaryAnswer(response, context)
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
