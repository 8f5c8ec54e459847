import type { RequestOptions } from '../core/client-options.ts'
import { integer } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { bytes, checkFields, items, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { eachOpenid, type OpenidPage } from '../wechat-api/wire-types.ts'

/** A tag of an account. 0, 1 and 2 belong to the system. */
export interface Tag {
  id: number
  name: string
}

const CALLS = {
  create: { method: 'POST', path: '/cgi-bin/tags/create', idempotent: false, answersWith: 'tag' },
  list: { method: 'GET', path: '/cgi-bin/tags/get', idempotent: true, answersWith: 'tags' },
  update: { method: 'POST', path: '/cgi-bin/tags/update', idempotent: true },
  delete: { method: 'POST', path: '/cgi-bin/tags/delete', idempotent: true },
  users: { method: 'POST', path: '/cgi-bin/user/tag/get', idempotent: true, answersWith: 'count' },
  tagUsers: { method: 'POST', path: '/cgi-bin/tags/members/batchtagging', idempotent: true },
  untagUsers: { method: 'POST', path: '/cgi-bin/tags/members/batchuntagging', idempotent: true },
  ofUser: { method: 'POST', path: '/cgi-bin/tags/getidlist', idempotent: true, answersWith: 'tagid_list' }
} as const satisfies CallTable

const NAME = bytes(30)

/** Tags of followers (标签管理): 100 for an account, 20 for a follower. */
export class Tags {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'tags', CALLS)
  }

  /**
   * Makes a tag (createTag).
   *
   * @param name Up to 30 bytes: 10 Chinese characters.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45157 (exists), 45158, 45056 (too many).
   */
  async create(name: string, options?: RequestOptions): Promise<Tag> {
    checkFields(this.#owner('create'), { name }, { name: NAME })
    return (await this.#call<{ tag: Tag }>('create', { json: { tag: { name } } }, options)).tag
  }

  /** All tags with the number of their followers (getTags). */
  async list(options?: RequestOptions): Promise<(Tag & { count: number })[]> {
    return (await this.#call<{ tags: (Tag & { count: number })[] }>('list', {}, options)).tags
  }

  /** Renames a tag (updateTag). */
  async update(tag: Tag, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('update'), tag, { id: integer(), name: NAME })
    await this.#call('update', { json: { tag } }, options)
  }

  /**
   * Deletes a tag (deleteTag).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 45058 (system tag), 45057 (more than 100,000 followers: untag them first).
   */
  async delete(id: number, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('delete'), { id }, { id: integer() })
    await this.#call('delete', { json: { tag: { id } } }, options)
  }

  /** A page of the followers that have a tag (getTagFans). */
  async users(params: { tagid: number; next_openid?: string }, options?: RequestOptions): Promise<OpenidPage> {
    checkFields(this.#owner('users'), params, { tagid: integer() })
    return this.#call('users', { json: params }, options)
  }

  /** All followers that have a tag, page by page. */
  eachUser(tagid: number, options?: RequestOptions): AsyncGenerator<string> {
    return eachOpenid((next) => this.users({ tagid, ...(next ? { next_openid: next } : {}) }, options))
  }

  /** Gives a tag to up to 50 followers (batchTagging). */
  async tagUsers(params: { tagid: number; openid_list: readonly string[] }, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('tagUsers'), params, { tagid: integer(), openid_list: items(50) })
    await this.#call('tagUsers', { json: params }, options)
  }

  /** Takes a tag from up to 50 followers (batchUntagging). */
  async untagUsers(params: { tagid: number; openid_list: readonly string[] }, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('untagUsers'), params, { tagid: integer(), openid_list: items(50) })
    await this.#call('untagUsers', { json: params }, options)
  }

  /** The ids of the tags of a follower (getTagidList). */
  async ofUser(openid: string, options?: RequestOptions): Promise<number[]> {
    checkFields(this.#owner('ofUser'), { openid }, { openid: present })
    return (await this.#call<{ tagid_list: number[] }>('ofUser', { json: { openid } }, options)).tagid_list
  }

  #owner(name: string) {
    return { operation: `tags.${name}`, product: this.#api.product }
  }
}
