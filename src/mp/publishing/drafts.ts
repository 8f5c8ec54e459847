import type { RequestOptions } from '../../core/client-options.ts'
import { integer } from '../../core/options.ts'
import { given } from '../../internal/given.ts'
import { checkFields, items, present } from '../../wechat-api/check-params.ts'
import { get, post } from '../../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import { checkArticle, PAGE_RULES } from './article-rules.ts'
import type { ArticlePage, ArticlePageParams, DraftArticle, StoredArticle } from './article-types.ts'

const ADD = post<{ articles: readonly DraftArticle[] }, string>('drafts.add', '/cgi-bin/draft/add', {
  picks: 'media_id'
})
const GET = post<{ media_id: string }, StoredArticle[]>('drafts.get', '/cgi-bin/draft/get', {
  rules: { media_id: present },
  idempotent: true,
  picks: 'news_item'
})
const UPDATE = post<{ media_id: string; index: number; articles: DraftArticle }>(
  'drafts.update',
  '/cgi-bin/draft/update',
  { rules: { media_id: present, index: integer(0, 7) }, idempotent: true }
)
const DELETE = post<{ media_id: string }>('drafts.delete', '/cgi-bin/draft/delete', { rules: { media_id: present } })
const COUNT = get<object, number>('drafts.count', '/cgi-bin/draft/count', { picks: 'total_count' })
const LIST = post<ArticlePageParams, ArticlePage<'media_id'>>('drafts.list', '/cgi-bin/draft/batchget', {
  rules: PAGE_RULES,
  idempotent: true,
  returns: 'item'
})

/** Drafts (草稿箱): articles before they are published or sent. */
export class Drafts {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Creates a draft of 1 to 8 articles (新增草稿 draft_add).
   *
   * @param articles Sizes, counts and pictures are checked before anything is sent.
   * @param options Options of this call.
   * @returns The media id of the draft.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007 (a picture is not permanent), 45003, 45004, 45008, 45166, 88000 (no
   * permission for comments)
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const media_id = await mp.drafts.add([{ title: 'Tea', content: '<p>…</p>', thumb_media_id: 'MEDIA_ID' }])
   */
  async add(articles: readonly DraftArticle[], options?: RequestOptions): Promise<string> {
    const owner = this.#owner(ADD.operation)
    checkFields(owner, { articles }, { articles: items(8) })
    for (const article of articles) checkArticle(owner, article)
    return this.#api.call(ADD, { articles }, options)
  }

  /**
   * Returns the articles of a draft (获取草稿详情 draft_get).
   *
   * @param media_id Id of the draft.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007 (gone: published drafts leave the list)
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  get(media_id: string, options?: RequestOptions): Promise<StoredArticle[]> {
    return this.#api.call(GET, { media_id }, options)
  }

  /**
   * Replaces one article of a draft (更新草稿 draft_update).
   *
   * @param params `index` counts from 0.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async update(
    params: { media_id: string; index: number; article: DraftArticle },
    options?: RequestOptions
  ): Promise<void> {
    const { media_id, index, article } = params ?? {}
    checkArticle(this.#owner(UPDATE.operation), article)
    // One object, not a list, despite its name.
    await this.#api.call(UPDATE, { media_id, index, articles: article }, options)
  }

  /**
   * Permanently deletes a draft (删除草稿 draft_delete).
   *
   * @param media_id Id of the draft.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  delete(media_id: string, options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE, { media_id }, options)
  }

  /**
   * Returns the number of drafts (获取草稿的总数 draft_count).
   *
   * @param options Options of this call.
   * @returns The number of drafts.
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  count(options?: RequestOptions): Promise<number> {
    return this.#api.call(COUNT, {}, options)
  }

  /**
   * Lists a page of drafts (获取草稿列表 draft_batchget).
   *
   * @param params `count` 1 to 20, default 20; `no_content` 1 leaves out the texts.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  list(params: ArticlePageParams = {}, options?: RequestOptions): Promise<ArticlePage<'media_id'>> {
    return this.#api.call(LIST, { offset: 0, count: 20, ...given(params) }, options)
  }

  #owner(operation: string) {
    return { operation, product: this.#api.product }
  }
}
