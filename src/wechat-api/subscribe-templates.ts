import type { RequestOptions } from '../core/client-options.ts'
import { integer } from '../core/options.ts'
import { characters, items, present } from './check-params.ts'
import { get, post } from './endpoint.ts'
import type { WeChatApiClient } from './wechat-api-client.ts'

/** A subscription template of the account. */
export interface SubscribeTemplate {
  priTmplId: string
  title: string
  content: string
  example: string
  /** 2 one-time, 3 long-term. */
  type: number
  keywordEnumValueList?: { keywordCode: string; enumValueList: string[] }[]
}

/** Parameters of `templates.add`. */
export interface AddSubscribeTemplate {
  /** Id of the title in the public library. */
  tid: number | string
  /** 2 to 5 keyword ids in the desired order. */
  kidList: number[]
  /** Up to 15 characters. */
  sceneDesc?: string | undefined
}

/** Title of a template in the public library. */
export interface PublicTemplateTitle {
  tid: number
  title: string
  type: number
  categoryId: string
}

/** Keyword of a template in the public library. */
export interface PublicTemplateKeyword {
  kid: number
  name: string
  example: string
  rule: string
}

const LIST = get<object, SubscribeTemplate[]>('subscribeTemplates.list', '/wxaapi/newtmpl/gettemplate', {
  picks: 'data'
})
const ADD = post<AddSubscribeTemplate, { priTmplId: string }>('subscribeTemplates.add', '/wxaapi/newtmpl/addtemplate', {
  rules: { kidList: items(5), 'sceneDesc?': characters(15) },
  returns: 'priTmplId'
})
const DELETE = post<{ priTmplId: string }>('subscribeTemplates.delete', '/wxaapi/newtmpl/deltemplate', {
  rules: { priTmplId: present },
  idempotent: true
})
const CATEGORIES = get<object, { id: number; name: string }[]>(
  'subscribeTemplates.categories',
  '/wxaapi/newtmpl/getcategory',
  { picks: 'data' }
)
const PUBLIC_TITLES = get<object, { count: number; data: PublicTemplateTitle[] }>(
  'subscribeTemplates.publicTitles',
  '/wxaapi/newtmpl/getpubtemplatetitles',
  { rules: { ids: items(1000), start: integer(0), limit: integer(1, 30) }, returns: 'data' }
)
const PUBLIC_KEYWORDS = get<{ tid: number | string }, { count: number; data: PublicTemplateKeyword[] }>(
  'subscribeTemplates.publicKeywords',
  '/wxaapi/newtmpl/getpubtemplatekeywords',
  { returns: 'data' }
)

/** Subscription templates (订阅消息模板) of the account and of the public library. */
export class SubscribeTemplates {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Lists the templates of the account (getMessageTemplateList).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  list(options?: RequestOptions): Promise<SubscribeTemplate[]> {
    return this.#api.call(LIST, {}, options)
  }

  /**
   * Adds a template of the public library to the account (addMessageTemplate).
   *
   * @param params `tid` of the title, `kidList` of 2 to 5 keyword ids in the desired order, `sceneDesc` up to 15
   * characters.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45026 (too many), 43106.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  add(params: AddSubscribeTemplate, options?: RequestOptions): Promise<{ priTmplId: string }> {
    return this.#api.call(ADD, params, options)
  }

  /**
   * Deletes a template of the account (deleteMessageTemplate).
   *
   * @param priTmplId Id of the template in the account.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  delete(priTmplId: string, options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE, { priTmplId }, options)
  }

  /**
   * Lists the categories of the account (getCategory).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  categories(options?: RequestOptions): Promise<{ id: number; name: string }[]> {
    return this.#api.call(CATEGORIES, {}, options)
  }

  /**
   * Lists titles of the public library (getPubTemplateTitleList).
   *
   * @param params `ids` of categories, `start` from 0, `limit` up to 30.
   * @param options Options of this call.
   * @returns `count` of all titles, and one page of them.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async publicTitles(
    params: { ids: readonly (number | string)[]; start: number; limit: number },
    options?: RequestOptions
  ): Promise<{ count: number; data: PublicTemplateTitle[] }> {
    this.#api.check(PUBLIC_TITLES, params)
    return this.#api.send(PUBLIC_TITLES, { query: { ...params, ids: params.ids.join(',') } }, options)
  }

  /**
   * Lists the keywords of a title of the public library (getPubTemplateKeyWordsById).
   *
   * @param tid Id of the title.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  publicKeywords(
    tid: number | string,
    options?: RequestOptions
  ): Promise<{ count: number; data: PublicTemplateKeyword[] }> {
    return this.#api.call(PUBLIC_KEYWORDS, { tid }, options)
  }
}
