import { flag, httpUrl, type OptionRules, optional, required, text } from '../core/options.ts'
import { command, type Fields, type Methods, query } from './endpoint.ts'
import { PAGE_NUM, PAGE_SIZE, sign } from './param-rules.ts'

/** A sign (签名) and its review. */
export interface SignState {
  apply_state?: string
  sign: string
  check_status?: string
  enabled?: boolean
  industry_type?: string
  remark?: string
  [field: string]: unknown
}

/** Parameters of `sign.add`. */
export interface AddSignParams {
  /** 2 to 20 characters, without 【】. */
  sign: string
  /** Whether to notify by message when the review is complete; default `true`. */
  notify?: boolean | undefined
  /** Whether to apply for a separate channel; default `false`. */
  apply_vip?: boolean | undefined
  /** Whether it is only for numbers outside mainland China; default `false`. */
  is_only_global?: boolean | undefined
  industry_type?: string | undefined
  /** URL of the licence's picture. */
  license_url?: string | URL | undefined
  /** The licence's picture, base64. */
  license_base64?: string | undefined
}

/** Parameters of `sign.update`. Omitted flags are reset to their defaults. */
export interface UpdateSignParams extends Partial<AddSignParams> {
  old_sign: string
}

/** Parameters of `sign.get`. */
export interface ListSignsParams {
  sign?: string | undefined
  /** From 1. */
  page_num?: number | undefined
  /** 1 to 100. */
  page_size?: number | undefined
}

const FLAG_RULES: OptionRules = {
  notify: optional(flag),
  apply_vip: optional(flag),
  is_only_global: optional(flag),
  industry_type: optional(text()),
  license_url: optional(httpUrl),
  license_base64: optional(text())
}

/** Signs (签名). */
export const SIGN = {
  /**
   * Applies for a sign. Official document: "添加签名".
   *
   * @param params The sign, and documents for its review.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  add: command<AddSignParams, SignState>('/v2/sign/add.json', {
    rules: { ...FLAG_RULES, sign: required(sign) },
    encode: withUrlText,
    decode: signOf
  }),

  /**
   * Changes a sign, which is possible only while it is under review or rejected. Official document: "修改签名".
   *
   * @param params The old sign and the changes.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  update: command<UpdateSignParams, SignState>('/v2/sign/update.json', {
    rules: { ...FLAG_RULES, old_sign: required(sign), sign: optional(sign) },
    encode: withUrlText,
    decode: signOf
  }),

  /**
   * Lists signs of the account. Official document: "获取签名".
   *
   * @param params One sign, or a page.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  get: query<ListSignsParams, { total: number; sign: SignState[] }>('/v2/sign/get.json', {
    rules: { sign: optional(sign), page_num: PAGE_NUM, page_size: PAGE_SIZE }
  })
}

/** Methods of `yunpian.sign`. */
export type Signs = Methods<typeof SIGN>

function withUrlText({ license_url, ...rest }: Partial<UpdateSignParams>): Fields {
  return { ...rest, license_url: license_url && String(license_url) }
}

function signOf(body: unknown): SignState {
  return (body as { sign: SignState }).sign
}
