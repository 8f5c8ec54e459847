import type { RequestOptions } from '../core/client-options.ts'
import { integer } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from './call-table.ts'
import { characters, checkFields, items, present } from './check-params.ts'
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

const CALLS = {
  list: { method: 'GET', path: '/wxaapi/newtmpl/gettemplate', idempotent: true, answersWith: 'data' },
  add: { method: 'POST', path: '/wxaapi/newtmpl/addtemplate', idempotent: false, answersWith: 'priTmplId' },
  delete: { method: 'POST', path: '/wxaapi/newtmpl/deltemplate', idempotent: true },
  categories: { method: 'GET', path: '/wxaapi/newtmpl/getcategory', idempotent: true, answersWith: 'data' },
  publicTitles: {
    method: 'GET',
    path: '/wxaapi/newtmpl/getpubtemplatetitles',
    idempotent: true,
    answersWith: 'data'
  },
  publicKeywords: {
    method: 'GET',
    path: '/wxaapi/newtmpl/getpubtemplatekeywords',
    idempotent: true,
    answersWith: 'data'
  }
} as const satisfies CallTable

/** Subscription templates (订阅消息模板) of the account and of the public library. */
export class SubscribeTemplates {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'subscribeTemplates', CALLS)
  }

  /** The templates of the account (getMessageTemplateList). */
  async list(options?: RequestOptions): Promise<SubscribeTemplate[]> {
    return (await this.#call<{ data: SubscribeTemplate[] }>('list', {}, options)).data
  }

  /**
   * Takes a template out of the public library (addMessageTemplate).
   *
   * @param params `tid` of the title, `kidList` of 2 to 5 keyword ids in the order wanted, `sceneDesc` up to 15 characters.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45026 (too many), 43106.
   */
  async add(
    params: { tid: number | string; kidList: number[]; sceneDesc?: string },
    options?: RequestOptions
  ): Promise<{ priTmplId: string }> {
    const owner = { operation: 'subscribeTemplates.add', product: this.#api.product }
    checkFields(owner, params, { kidList: items(5), 'sceneDesc?': characters(15) })
    return this.#call('add', { json: params }, options)
  }

  /** Deletes a template of the account (deleteMessageTemplate). */
  async delete(priTmplId: string, options?: RequestOptions): Promise<void> {
    checkFields(
      { operation: 'subscribeTemplates.delete', product: this.#api.product },
      { priTmplId },
      { priTmplId: present }
    )
    await this.#call('delete', { json: { priTmplId } }, options)
  }

  /** The categories of the account (getCategory). */
  async categories(options?: RequestOptions): Promise<{ id: number; name: string }[]> {
    return (await this.#call<{ data: { id: number; name: string }[] }>('categories', {}, options)).data
  }

  /**
   * Titles of the public library (getPubTemplateTitleList).
   *
   * @param params `ids` of categories, `start` from 0, `limit` up to 30.
   */
  async publicTitles(
    params: { ids: readonly (number | string)[]; start: number; limit: number },
    options?: RequestOptions
  ): Promise<{ count: number; data: PublicTemplateTitle[] }> {
    const owner = { operation: 'subscribeTemplates.publicTitles', product: this.#api.product }
    checkFields(owner, params, { ids: items(1000), start: integer(0), limit: integer(1, 30) })
    return this.#call('publicTitles', { query: { ...params, ids: params.ids.join(',') } }, options)
  }

  /** Keywords of a title of the public library (getPubTemplateKeyWordsById). */
  publicKeywords(
    tid: number | string,
    options?: RequestOptions
  ): Promise<{ count: number; data: PublicTemplateKeyword[] }> {
    return this.#call('publicKeywords', { query: { tid } }, options)
  }
}
