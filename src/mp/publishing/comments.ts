import type { RequestOptions } from '../../core/client-options.ts'
import { integer, type OptionCheck, oneOf } from '../../core/options.ts'
import { given } from '../../internal/given.ts'
import { characters } from '../../wechat-api/check-params.ts'
import { post } from '../../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import type { WireId } from '../../wechat-api/wire-types.ts'

/** Which article: `msg_data_id` of the mass message, `index` from 0 (default the first). */
export interface CommentedArticle {
  msg_data_id: WireId
  index?: number | undefined
}

/** Which comment. */
export interface CommentRef extends CommentedArticle {
  user_comment_id: WireId
}

/** A comment. `create_time` in seconds. */
export interface ArticleComment {
  user_comment_id: WireId
  /** Absent for readers who did not write with their WeChat identity. */
  openid?: string
  /** Seconds since 1970. */
  create_time: number
  content: string
  /** 1: featured, shown to everybody. */
  comment_type: 0 | 1
  reply?: { content: string; create_time: number }
}

interface WireComment extends Omit<ArticleComment, 'reply'> {
  reply?: ArticleComment['reply'] | NonNullable<ArticleComment['reply']>[]
}

const id: OptionCheck = (value) =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value)) ? undefined : 'must be a number'
const article = { msg_data_id: id, 'index?': integer(0, 7) }
const comment = { ...article, user_comment_id: id }

const row = <P extends object>(operation: string, path: string, rules: Record<string, OptionCheck>) =>
  post<P>(operation, path, { rules, idempotent: true })

const OPEN = row<CommentedArticle>('comments.open', '/cgi-bin/comment/open', article)
const CLOSE = row<CommentedArticle>('comments.close', '/cgi-bin/comment/close', article)
const ELECT = row<CommentRef>('comments.elect', '/cgi-bin/comment/markelect', comment)
const UNELECT = row<CommentRef>('comments.unelect', '/cgi-bin/comment/unmarkelect', comment)
const DELETE = row<CommentRef>('comments.delete', '/cgi-bin/comment/delete', comment)
const REPLY = post<CommentRef & { content: string }>('comments.reply', '/cgi-bin/comment/reply/add', {
  rules: { ...comment, content: characters(600) }
})
const DELETE_REPLY = row<CommentRef>('comments.deleteReply', '/cgi-bin/comment/reply/delete', comment)
const LIST = post<
  CommentedArticle & { begin: number; count: number; type: 0 | 1 | 2 },
  { total: number; comment: WireComment[] }
>('comments.list', '/cgi-bin/comment/list', {
  rules: { ...article, begin: integer(), count: integer(1, 49), type: oneOf(0, 1, 2) },
  idempotent: true,
  returns: 'comment'
})

/** Comments on sent articles (留言管理), for verified accounts with permission for comments. */
export class Comments {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Opens the comments of an article (打开已群发文章留言 open).
   *
   * @param params The article.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 88000 (no permission for comments), 88001 (no such article)
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  open(params: CommentedArticle, options?: RequestOptions): Promise<void> {
    return this.#api.call(OPEN, params, options)
  }

  /**
   * Closes the comments of an article (关闭已群发文章留言 close).
   *
   * @param params The article.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 88000, 88001
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  close(params: CommentedArticle, options?: RequestOptions): Promise<void> {
    return this.#api.call(CLOSE, params, options)
  }

  /**
   * Lists a page of comments (查看指定文章的留言数据 list).
   *
   * @param params The article; `begin` is an offset, `count` 1 to 49 (default 20), `type` 0 all (default), 1 ordinary,
   * 2 featured.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 88000, 88001, 88010
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async list(
    params: CommentedArticle & { begin?: number | undefined; count?: number | undefined; type?: 0 | 1 | 2 | undefined },
    options?: RequestOptions
  ): Promise<{ total: number; comment: ArticleComment[] }> {
    const page = await this.#api.call(LIST, { begin: 0, count: 20, type: 0, ...given(params) }, options)
    // An object in the table of the document, a list of one in its sample.
    const oneReply = ({ reply, ...rest }: WireComment): ArticleComment => {
      const first = Array.isArray(reply) ? reply[0] : reply
      return first ? { ...rest, reply: first } : rest
    }
    return { ...page, comment: page.comment.map(oneReply) }
  }

  /**
   * Features a comment, so that everybody sees it (将留言标记精选 markelect).
   *
   * @param params The comment.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 88003 (limit), 88004 (deleted by its author), 88008
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  elect(params: CommentRef, options?: RequestOptions): Promise<void> {
    return this.#api.call(ELECT, params, options)
  }

  /**
   * Stops featuring a comment (将留言取消精选 unmarkelect).
   *
   * @param params The comment.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 88008
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  unelect(params: CommentRef, options?: RequestOptions): Promise<void> {
    return this.#api.call(UNELECT, params, options)
  }

  /**
   * Deletes a comment (删除留言 delete).
   *
   * @param params The comment.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 88008
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  delete(params: CommentRef, options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE, params, options)
  }

  /**
   * Replies to a comment, once (回复留言 reply/add).
   *
   * @param params The comment, and the text.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 88005 (already replied), 88007 (too long or empty), 88008
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  reply(params: CommentRef & { content: string }, options?: RequestOptions): Promise<void> {
    return this.#api.call(REPLY, params, options)
  }

  /**
   * Deletes a reply (删除回复 reply/delete).
   *
   * @param params The comment.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 88008, 88009 (no reply)
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  deleteReply(params: CommentRef, options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE_REPLY, params, options)
  }
}
