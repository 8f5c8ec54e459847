import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, httpUrl, integer, type OptionRules, oneOf, optional, required, text } from '../core/options.ts'
import type { YunpianCaller } from './caller.ts'
import { encodeTemplateValues, invalid, type TemplateValues } from './field-encoding.ts'
import type { normalizeMobile } from './mobile.ts'
import type { StatusReport } from './sms-types.ts'

export interface VoiceSendParams {
  /** Mobile, or a landline with its area code. */
  mobile: string
  /** 4 to 6 digits, spoken. */
  code: string
  callback_url?: string | URL
  display_num?: string
}

export interface VoiceNotifyParams {
  mobile: string
  tpl_id: number | string
  tpl_value: TemplateValues
  callback_url?: string | URL
}

export interface AcceptedCall {
  count: number
  /** Yuan. */
  fee: number
  sid: string
}

export interface VoiceReport extends StatusReport {
  /** Seconds. */
  duration?: number
}

const LANDLINE = /^0\d{9,11}$/

/** Voice calls that speak a code or a notice. Never repeated once they may have been placed. */
export class Voice {
  readonly #caller: YunpianCaller

  /** @internal */
  constructor(caller: YunpianCaller) {
    this.#caller = caller
  }

  /** Calls a number and speaks a verification code. */
  async send(params: VoiceSendParams, options: RequestOptions = {}): Promise<AcceptedCall> {
    check('voice.send', params, {
      mobile: required(text()),
      code: required(text(/^\d{4,6}$/, '4 to 6 digits')),
      callback_url: optional(httpUrl),
      display_num: optional(text())
    })
    const { mobile, callback_url, ...rest } = params
    const fields = {
      ...rest,
      mobile: dialable(mobile, this.#caller.normalizeMobile),
      callback_url: callback_url && String(callback_url)
    }
    return this.#caller.call('voice.send', fields, options)
  }

  /** Calls a number and speaks a template. */
  async tplNotify(params: VoiceNotifyParams, options: RequestOptions = {}): Promise<AcceptedCall> {
    const operation = 'voice.tplNotify'
    check(operation, params, {
      mobile: required(text()),
      tpl_id: required((value) => (/^\d{1,19}$/.test(String(value)) ? undefined : 'must be the number of a template')),
      tpl_value: required((value) => (typeof value === 'object' && value !== null ? undefined : 'must be an object')),
      callback_url: optional(httpUrl)
    })
    const { mobile, tpl_id, tpl_value, callback_url } = params
    const fields = {
      mobile: dialable(mobile, this.#caller.normalizeMobile),
      tpl_id,
      tpl_value: encodeTemplateValues(operation, tpl_value),
      callback_url: callback_url && String(callback_url)
    }
    return this.#caller.call(operation, fields, options)
  }

  /** Takes reports from the queue: what was returned is gone. Never repeated. `type`: 1 codes, 2 notices. */
  async pullStatus(
    params: { page_size?: number; type?: 1 | 2 } = {},
    options: RequestOptions = {}
  ): Promise<VoiceReport[]> {
    check('voice.pullStatus', params, { page_size: optional(integer(1, 100)), type: optional(oneOf(1, 2)) })
    return this.#caller.call('voice.pullStatus', { ...params }, options)
  }
}

function dialable(number: string, normalize: typeof normalizeMobile): string {
  const digits = number.replace(/[\s()-]/g, '')
  if (LANDLINE.test(digits)) return digits
  try {
    return normalize(number)
  } catch {
    throw invalid('voice', 'mobile', 'is neither a mobile number nor a landline with its area code')
  }
}

function check(operation: string, params: unknown, rules: OptionRules): void {
  checkOptions(params, rules, { owner: operation, product: 'yunpian', of: 'params' })
}
