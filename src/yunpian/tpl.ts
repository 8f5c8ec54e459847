import { httpUrl, integer, type OptionRules, oneOf, optional, required, text } from '../core/options.ts'
import { command, type Fields, type Methods, query } from './endpoint.ts'
import { PAGE_NUM, PAGE_SIZE, templateId } from './param-rules.ts'

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

/** Parameters of `tpl.add`. */
export interface AddTemplateParams {
  /** Begins with the 【sign】; variables as `#name#`. */
  tpl_content: string
  /** When Yunpian notifies about the review: 0 always, 1 on failure, 2 on success, 3 never. */
  notify_type?: 0 | 1 | 2 | 3 | undefined
  lang?: 'zh_cn' | 'en' | 'zh_tw' | 'ko' | 'ja' | undefined
  /** URL to which the result of the review is pushed; see `templateHandler`. */
  callback?: string | URL | undefined
  website?: string | undefined
  tplType?: number | undefined
}

/** Parameters of `tpl.update`. */
export interface UpdateTemplateParams extends AddTemplateParams {
  tpl_id: number | string
}

/** Parameters of `tpl.get`. */
export interface ListTemplatesParams {
  tpl_id?: number | string | undefined
  /** From 1. */
  page_num?: number | undefined
  /** 1 to 100. */
  page_size?: number | undefined
}

const ADD_RULES: OptionRules = {
  tpl_content: required(text(/^【[^【】]+】/, 'a text that begins with 【sign】')),
  notify_type: optional(oneOf(0, 1, 2, 3)),
  lang: optional(oneOf('zh_cn', 'en', 'zh_tw', 'ko', 'ja')),
  callback: optional(httpUrl),
  website: optional(text()),
  tplType: optional(integer())
}
const ID_RULES: OptionRules = { tpl_id: required(templateId) }
// A voice template does not begin with a sign.
const VOICE_RULES: OptionRules = { ...ADD_RULES, tpl_content: required(text()) }
const LIST_RULES: OptionRules = { tpl_id: optional(templateId), page_num: PAGE_NUM, page_size: PAGE_SIZE }

/** Templates (模板). */
export const TPL = {
  /**
   * Lists Yunpian's own templates. Official document: "获取默认模板".
   *
   * @param params `tpl_id` for one of them.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  getDefault: query<{ tpl_id?: number | string | undefined }, Template[]>('/v2/tpl/get_default.json', {
    rules: LIST_RULES,
    decode: asList
  }),

  /**
   * Lists templates of the account. Official document: "获取模板".
   *
   * @param params `tpl_id` for one of them, or a page.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  get: query<ListTemplatesParams, Template[]>('/v2/tpl/get.json', { rules: LIST_RULES, decode: asList }),

  /**
   * Adds a template, which is then reviewed. Official document: "添加模板".
   *
   * @param params The text with its 【sign】 and variables.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  add: command<AddTemplateParams, Template>('/v2/tpl/add.json', { rules: ADD_RULES, encode: withUrlText }),

  /**
   * Changes a template, which is then reviewed again. Official document: "修改模板".
   *
   * @param params The template and its new text.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  update: command<UpdateTemplateParams, Template>('/v2/tpl/update.json', {
    rules: { ...ADD_RULES, ...ID_RULES },
    encode: withUrlText
  }),

  /**
   * Deletes a template. Official document: "删除模板".
   *
   * @param params The template.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  del: command<{ tpl_id: number | string }, Template>('/v2/tpl/del.json', { rules: ID_RULES }),

  /**
   * Adds a template for voice notices. Official document: "添加语音通知模板".
   *
   * @param params The text with its variables.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  addVoiceNotify: command<AddTemplateParams, Template>('/v2/tpl/add_voice_notify.json', {
    rules: VOICE_RULES,
    encode: withUrlText
  }),

  /**
   * Changes a template for voice notices. Official document: "修改语音通知模板".
   *
   * @param params The template and its new text.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  updateVoiceNotify: command<UpdateTemplateParams, Template>('/v2/tpl/update_voice_notify.json', {
    rules: { ...VOICE_RULES, ...ID_RULES },
    encode: withUrlText
  })
}

/** Methods of `yunpian.tpl`. */
export type Templates = Methods<typeof TPL>

// With tpl_id Yunpian returns one object in place of a list.
function asList(body: unknown): Template[] {
  return Array.isArray(body) ? (body as Template[]) : [body as Template]
}

function withUrlText({ callback, ...rest }: AddTemplateParams): Fields {
  return { ...rest, callback: callback && String(callback) }
}
