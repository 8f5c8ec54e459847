import type { RequestOptions } from '../core/client-options.ts'
import { integer } from '../core/options.ts'
import { bytes, checkFields, items, present } from '../wechat-api/check-params.ts'
import { get, post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { eachOpenid, type OpenidPage } from '../wechat-api/wire-types.ts'

/** A tag and up to 50 followers. */
export interface TagMembers {
  tagid: number
  openid_list: readonly string[]
}

/** A tag of an account. 0, 1 and 2 are system tags. */
export interface Tag {
  id: number
  name: string
}

const NAME = bytes(30)
const MEMBERS = { tagid: integer(), openid_list: items(50) }

const CREATE = post<{ tag: { name: string } }, Tag>('tags.create', '/cgi-bin/tags/create', { picks: 'tag' })
const LIST = get<object, (Tag & { count: number })[]>('tags.list', '/cgi-bin/tags/get', { picks: 'tags' })
const UPDATE = post<{ tag: Tag }>('tags.update', '/cgi-bin/tags/update', { idempotent: true })
const DELETE = post<{ tag: { id: number } }>('tags.delete', '/cgi-bin/tags/delete', { idempotent: true })
const USERS = post<{ tagid: number; next_openid?: string | undefined }, OpenidPage>(
  'tags.users',
  '/cgi-bin/user/tag/get',
  {
    rules: { tagid: integer() },
    idempotent: true,
    returns: 'count'
  }
)
const TAG_USERS = post<TagMembers>('tags.tagUsers', '/cgi-bin/tags/members/batchtagging', {
  rules: MEMBERS,
  idempotent: true
})
const UNTAG_USERS = post<TagMembers>('tags.untagUsers', '/cgi-bin/tags/members/batchuntagging', {
  rules: MEMBERS,
  idempotent: true
})
const OF_USER = post<{ openid: string }, number[]>('tags.ofUser', '/cgi-bin/tags/getidlist', {
  rules: { openid: present },
  idempotent: true,
  picks: 'tagid_list'
})

/** Tags of followers (标签管理): up to 100 per account and 20 per follower. */
export class Tags {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Creates a tag (createTag).
   *
   * @param name Up to 30 bytes: 10 Chinese characters.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45157 (already exists), 45158, 45056 (too many).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async create(name: string, options?: RequestOptions): Promise<Tag> {
    this.#check(CREATE, { name }, { name: NAME })
    return this.#api.call(CREATE, { tag: { name } }, options)
  }

  /**
   * Lists all tags with the number of their followers (getTags).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  list(options?: RequestOptions): Promise<(Tag & { count: number })[]> {
    return this.#api.call(LIST, {}, options)
  }

  /**
   * Renames a tag (updateTag).
   *
   * @param tag `id`, and the new name of up to 30 bytes.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45157, 45158, 45058 (system tag).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async update(tag: Tag, options?: RequestOptions): Promise<void> {
    this.#check(UPDATE, tag, { id: integer(), name: NAME })
    return this.#api.call(UPDATE, { tag }, options)
  }

  /**
   * Deletes a tag (deleteTag).
   *
   * @param id Id of the tag.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45058 (system tag), 45057 (more than 100,000 followers: untag them first).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async delete(id: number, options?: RequestOptions): Promise<void> {
    this.#check(DELETE, { id }, { id: integer() })
    return this.#api.call(DELETE, { tag: { id } }, options)
  }

  /**
   * Returns a page of the followers that have a tag (getTagFans).
   *
   * @param params `next_openid` of the previous page; absent for the first.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45159.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  users(params: { tagid: number; next_openid?: string | undefined }, options?: RequestOptions): Promise<OpenidPage> {
    return this.#api.call(USERS, params, options)
  }

  /**
   * Iterates over all followers that have a tag, page by page (getTagFans).
   *
   * @param tagid Id of the tag.
   * @param options Options of each call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45159.
   */
  eachUser(tagid: number, options?: RequestOptions): AsyncGenerator<string> {
    return eachOpenid((next) => this.users({ tagid, ...(next ? { next_openid: next } : {}) }, options))
  }

  /**
   * Adds a tag to up to 50 followers (batchTagging).
   *
   * @param params The tag and the openids.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 45159, 45059 (too many tags).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  tagUsers(params: TagMembers, options?: RequestOptions): Promise<void> {
    return this.#api.call(TAG_USERS, params, options)
  }

  /**
   * Removes a tag from up to 50 followers (batchUntagging).
   *
   * @param params The tag and the openids.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 45159.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  untagUsers(params: TagMembers, options?: RequestOptions): Promise<void> {
    return this.#api.call(UNTAG_USERS, params, options)
  }

  /**
   * Returns the ids of a follower's tags (getTagidList).
   *
   * @param openid openid of the follower.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  ofUser(openid: string, options?: RequestOptions): Promise<number[]> {
    return this.#api.call(OF_USER, { openid }, options)
  }

  #check({ operation }: { operation: string }, fields: object, rules: Parameters<typeof checkFields>[2]): void {
    checkFields({ operation, product: this.#api.product }, fields, rules)
  }
}
