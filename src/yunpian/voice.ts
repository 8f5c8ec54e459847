import { httpUrl, oneOf, optional, required, text } from '../core/options.ts'
import { command, type Methods } from './endpoint.ts'
import { encodeTemplateValues, invalid, type TemplateValues } from './field-encoding.ts'
import { normalizeMobile } from './mobile.ts'
import { PAGE_SIZE, TEMPLATE_VALUES, templateId } from './param-rules.ts'
import type { StatusReport } from './sms-types.ts'

/** Parameters of `voice.send`. */
export interface VoiceSendParams {
  /** Mobile, or a landline with its area code. */
  mobile: string
  /** 4 to 6 digits, spoken. */
  code: string
  /** URL to which the status report is pushed, in place of the console's setting. */
  callback_url?: string | URL | undefined
  /** The caller number that is displayed. */
  display_num?: string | undefined
}

/** Parameters of `voice.tplNotify`. */
export interface VoiceNotifyParams {
  /** Mobile, or a landline with its area code. */
  mobile: string
  tpl_id: number | string
  /** Values by name, without `#`. */
  tpl_value: TemplateValues
  /** URL to which the status report is pushed, in place of the console's setting. */
  callback_url?: string | URL | undefined
}

/** An accepted call or purchase. */
export interface AcceptedCall {
  /** Charged units. */
  count: number
  /** Yuan. */
  fee: number
  sid: string
}

/** Status report of a call. */
export interface VoiceReport extends StatusReport {
  /** Seconds. */
  duration?: number
}

const LANDLINE = /^0\d{9,11}$/
const VOICE = 'voice' as const

/** Voice calls with a code or a notice. Never retried once they may have been placed. */
export const VOICE_CALLS = {
  /**
   * Calls a number and reads out a verification code. Official document: "发送语音验证码".
   *
   * @param params Number and code.
   * @returns `fee` in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT; with `requestSent` the call may have been placed
   */
  send: command<VoiceSendParams, AcceptedCall>('/v2/voice/send.json', {
    host: VOICE,
    rules: {
      mobile: required(text()),
      code: required(text(/^\d{4,6}$/, '4 to 6 digits')),
      callback_url: optional(httpUrl),
      display_num: optional(text())
    },
    encode: ({ mobile, callback_url, ...rest }) => ({
      ...rest,
      mobile: dialable(mobile),
      callback_url: callback_url && String(callback_url)
    })
  }),

  /**
   * Calls a number and reads out a template. Official document: "发送语音通知".
   *
   * @param params Number, template and its values.
   * @returns `fee` in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT; with `requestSent` the call may have been placed
   */
  tplNotify: command<VoiceNotifyParams, AcceptedCall>('/v2/voice/tpl_notify.json', {
    host: VOICE,
    rules: {
      mobile: required(text()),
      tpl_id: required(templateId),
      tpl_value: TEMPLATE_VALUES,
      callback_url: optional(httpUrl)
    },
    encode: ({ mobile, tpl_id, tpl_value, callback_url }, operation) => ({
      mobile: dialable(mobile),
      tpl_id,
      tpl_value: encodeTemplateValues(operation, tpl_value),
      callback_url: callback_url && String(callback_url)
    })
  }),

  /**
   * Takes reports from the queue, which removes them. Never retried. Official document: "获取状态报告 (语音)".
   *
   * @param params `page_size`: maximum number of reports, 1 to 100; `type`: 1 codes, 2 notices.
   * @returns Reports; `duration` in seconds.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  pullStatus: command<{ page_size?: number | undefined; type?: 1 | 2 | undefined }, VoiceReport[]>(
    '/v2/voice/pull_status.json',
    {
      host: VOICE,
      rules: { page_size: PAGE_SIZE, type: optional(oneOf(1, 2)) }
    }
  )
}

/** Methods of `yunpian.voice`. */
export type Voice = Methods<typeof VOICE_CALLS>

function dialable(number: string): string {
  const digits = number.replace(/[\s()-]/g, '')
  if (LANDLINE.test(digits)) return digits
  try {
    return normalizeMobile(number)
  } catch {
    throw invalid('voice', 'mobile', 'is neither a mobile number nor a landline with its area code')
  }
}
