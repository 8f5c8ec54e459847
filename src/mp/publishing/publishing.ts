import type { RequestOptions } from '../../core/client-options.ts'
import { integer } from '../../core/options.ts'
import { given } from '../../internal/given.ts'
import { present } from '../../wechat-api/check-params.ts'
import { post } from '../../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import type { WireId } from '../../wechat-api/wire-types.ts'
import { PAGE_RULES } from './article-rules.ts'
import type { ArticlePage, ArticlePageParams, StoredArticle } from './article-types.ts'

/** An accepted publication, which is not published yet. */
export interface PublishJob {
  publish_id: WireId
  msg_data_id?: WireId
}

/** Result of a publication. */
export interface PublishResult {
  publish_id: WireId
  /**
   * 0 published, 1 in progress, 2 refused by the originality check, 3 failed, 4 refused in review, 5 later deleted by
   * the account, 6 later banned by the platform.
   */
  publish_status: 0 | 1 | 2 | 3 | 4 | 5 | 6
  /** With status 0. */
  article_id?: string
  article_detail?: { count: number; item: { idx: number; article_url: string }[] }
  /** With status 2 and 4: numbers of the refused articles, from 1. */
  fail_idx?: number[]
}

const SUBMIT = post<{ media_id: string }, PublishJob>('publishing.submit', '/cgi-bin/freepublish/submit', {
  rules: { media_id: present },
  returns: 'publish_id'
})
const GET = post<{ publish_id: WireId }, PublishResult>('publishing.get', '/cgi-bin/freepublish/get', {
  idempotent: true,
  returns: 'publish_status'
})
const DELETE = post<{ article_id: string; index?: number | undefined }>(
  'publishing.delete',
  '/cgi-bin/freepublish/delete',
  {
    rules: { article_id: present, 'index?': integer(0, 8) }
  }
)
const ARTICLE = post<{ article_id: string }, StoredArticle[]>('publishing.article', '/cgi-bin/freepublish/getarticle', {
  rules: { article_id: present },
  idempotent: true,
  picks: 'news_item'
})
const LIST = post<ArticlePageParams, ArticlePage<'article_id'>>('publishing.list', '/cgi-bin/freepublish/batchget', {
  rules: PAGE_RULES,
  idempotent: true,
  returns: 'item'
})

/** Publishing (发布能力): drafts become articles with a URL. Followers are not notified. */
export class Publishing {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Publishes a draft (发布草稿 freepublish_submit). Success only means *accepted*; `get` or the event `PUBLISHJOBFINISH`
   * reports the result.
   *
   * @param media_id Of the draft.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007 (no such draft), 48001 (personal accounts have lost this
   * permission), 53503, 53504, 53505
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  submit(media_id: string, options?: RequestOptions): Promise<PublishJob> {
    return this.#api.call(SUBMIT, { media_id }, options)
  }

  /**
   * Returns the result of a publication (发布状态轮询 freepublish_get).
   *
   * @param publish_id Id from `submit`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  get(publish_id: WireId, options?: RequestOptions): Promise<PublishResult> {
    return this.#api.call(GET, { publish_id }, options)
  }

  /**
   * Permanently deletes published articles (删除发布 freepublish_delete).
   *
   * @param params `index` counts from 1; without it, or with 0, all articles are deleted.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 53600 (no such article)
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  delete(params: { article_id: string; index?: number | undefined }, options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE, params, options)
  }

  /**
   * Returns the articles of a publication (通过 article_id 获取已发布文章 freepublish_getarticle).
   *
   * @param article_id Id from `get` or the event.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 53600
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  article(article_id: string, options?: RequestOptions): Promise<StoredArticle[]> {
    return this.#api.call(ARTICLE, { article_id }, options)
  }

  /**
   * Lists a page of published articles (获取成功发布列表 freepublish_batchget).
   *
   * @param params `count` 1 to 20, default 20; `no_content` 1 leaves out the texts.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  list(params: ArticlePageParams = {}, options?: RequestOptions): Promise<ArticlePage<'article_id'>> {
    return this.#api.call(LIST, { offset: 0, count: 20, ...given(params) }, options)
  }
}
