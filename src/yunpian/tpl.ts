import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, httpUrl, integer, type OptionRules, oneOf, optional, required, text } from '../core/options.ts'
import type { YunpianCaller } from './caller.ts'
import type { YunpianOperation } from './endpoints.ts'

/** A template of text or voice messages. */
export interface Template {
  tpl_id: number | string
  tpl_content: string
  check_status: 'CHECKING' | 'SUCCESS' | 'FAIL'
  reason: string | null
  lang?: string
  country_code?: string
  [field: string]: unknown
}

export interface AddTemplateParams {
  /** Begins with the 【sign】; variables as `#name#`. */
  tpl_content: string
  /** When to be told of the review: 0 always, 1 on failure, 2 on success, 3 never. */
  notify_type?: 0 | 1 | 2 | 3
  lang?: 'zh_cn' | 'en' | 'zh_tw' | 'ko' | 'ja'
  /** Where the result of the review is pushed; see `templateHandler`. */
  callback?: string | URL
  website?: string
  tplType?: number
}

export interface UpdateTemplateParams extends AddTemplateParams {
  tpl_id: number | string
}

export interface ListTemplatesParams {
  tpl_id?: number | string
  page_num?: number
  page_size?: number
}

const id = (value: unknown) => (/^\d{1,19}$/.test(String(value)) ? undefined : 'must be the number of a template')
const LIST_RULES: OptionRules = {
  tpl_id: optional(id),
  page_num: optional(integer(1)),
  page_size: optional(integer(1, 100))
}
const ADD_RULES: OptionRules = {
  tpl_content: required(text(/^【[^【】]+】/, 'a text that begins with 【sign】')),
  notify_type: optional(oneOf(0, 1, 2, 3)),
  lang: optional(oneOf('zh_cn', 'en', 'zh_tw', 'ko', 'ja')),
  callback: optional(httpUrl),
  website: optional(text()),
  tplType: optional(integer())
}
// A voice template has no sign to begin with.
const VOICE_RULES: OptionRules = { ...ADD_RULES, tpl_content: required(text()) }

/** Templates (模板). */
export class Templates {
  readonly #caller: YunpianCaller

  /** @internal */
  constructor(caller: YunpianCaller) {
    this.#caller = caller
  }

  /** Yunpian's own templates. */
  getDefault(params: { tpl_id?: number | string } = {}, options: RequestOptions = {}): Promise<Template[]> {
    return this.#list('tpl.getDefault', params, options)
  }

  /** Templates of the account. */
  get(params: ListTemplatesParams = {}, options: RequestOptions = {}): Promise<Template[]> {
    return this.#list('tpl.get', params, options)
  }

  add(params: AddTemplateParams, options: RequestOptions = {}): Promise<Template> {
    return this.#write('tpl.add', params, ADD_RULES, options)
  }

  update(params: UpdateTemplateParams, options: RequestOptions = {}): Promise<Template> {
    return this.#write('tpl.update', params, { ...ADD_RULES, tpl_id: required(id) }, options)
  }

  del(params: { tpl_id: number | string }, options: RequestOptions = {}): Promise<Template> {
    return this.#write('tpl.del', params, { tpl_id: required(id) }, options)
  }

  addVoiceNotify(params: AddTemplateParams, options: RequestOptions = {}): Promise<Template> {
    return this.#write('tpl.addVoiceNotify', params, VOICE_RULES, options)
  }

  updateVoiceNotify(params: UpdateTemplateParams, options: RequestOptions = {}): Promise<Template> {
    return this.#write('tpl.updateVoiceNotify', params, { ...VOICE_RULES, tpl_id: required(id) }, options)
  }

  // With tpl_id Yunpian answers one object in place of a list.
  async #list(operation: YunpianOperation, params: ListTemplatesParams, options: RequestOptions): Promise<Template[]> {
    checkOptions(params, LIST_RULES, { owner: operation, product: 'yunpian', of: 'params' })
    const answer = await this.#caller.call<Template | Template[]>(operation, { ...params }, options)
    return Array.isArray(answer) ? answer : [answer]
  }

  async #write(
    operation: YunpianOperation,
    params: Partial<UpdateTemplateParams>,
    rules: OptionRules,
    options: RequestOptions
  ): Promise<Template> {
    checkOptions(params, rules, { owner: operation, product: 'yunpian', of: 'params' })
    const { callback, ...rest } = params
    return this.#caller.call(operation, { ...rest, callback: callback && String(callback) }, options)
  }
}
