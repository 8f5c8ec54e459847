import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, flag, httpUrl, integer, type OptionRules, optional, required, text } from '../core/options.ts'
import type { YunpianCaller } from './caller.ts'

/** A sign (签名) as an application sees it. */
export interface SignState {
  apply_state?: string
  sign: string
  check_status?: string
  enabled?: boolean
  industry_type?: string
  remark?: string
  [field: string]: unknown
}

export interface AddSignParams {
  /** 2 to 20 characters, without 【】. */
  sign: string
  /** Tell by message when the review is over; default true. */
  notify?: boolean
  apply_vip?: boolean
  is_only_global?: boolean
  industry_type?: string
  license_url?: string | URL
  license_base64?: string
}

/** Flags that are left out go back to their defaults. */
export interface UpdateSignParams extends Partial<AddSignParams> {
  old_sign: string
}

const sign = text(/^[^【】]{2,20}$/, '2 to 20 characters without 【】')
const FLAG_RULES: OptionRules = {
  notify: optional(flag),
  apply_vip: optional(flag),
  is_only_global: optional(flag),
  industry_type: optional(text()),
  license_url: optional(httpUrl),
  license_base64: optional(text())
}

/** Signs (签名). */
export class Signs {
  readonly #caller: YunpianCaller

  /** @internal */
  constructor(caller: YunpianCaller) {
    this.#caller = caller
  }

  async add(params: AddSignParams, options: RequestOptions = {}): Promise<SignState> {
    check('sign.add', params, { ...FLAG_RULES, sign: required(sign) })
    return (await this.#caller.call<{ sign: SignState }>('sign.add', fieldsOf(params), options)).sign
  }

  /** Possible only while the sign is under review or rejected. */
  async update(params: UpdateSignParams, options: RequestOptions = {}): Promise<SignState> {
    check('sign.update', params, { ...FLAG_RULES, old_sign: required(sign), sign: optional(sign) })
    return (await this.#caller.call<{ sign: SignState }>('sign.update', fieldsOf(params), options)).sign
  }

  async get(
    params: { sign?: string; page_num?: number; page_size?: number } = {},
    options: RequestOptions = {}
  ): Promise<{ total: number; sign: SignState[] }> {
    check('sign.get', params, {
      sign: optional(sign),
      page_num: optional(integer(1)),
      page_size: optional(integer(1, 100))
    })
    return this.#caller.call('sign.get', { ...params }, options)
  }
}

function fieldsOf({ license_url, ...rest }: Partial<UpdateSignParams>) {
  return { ...rest, license_url: license_url && String(license_url) }
}

function check(operation: string, params: unknown, rules: OptionRules): void {
  checkOptions(params, rules, { owner: operation, product: 'yunpian', of: 'params' })
}
