import { anything, flag, httpUrl, type OptionRules, optional, required, text } from '../core/options.ts'
import { given } from '../internal/given.ts'
import { checkText } from './check-text.ts'
import { command, type Fields, type Methods, query } from './endpoint.ts'
import { beijingTime, encodeTemplateValues, encodeTexts, invalid } from './field-encoding.ts'
import { normalizeMobile } from './mobile.ts'
import { beijingOrDate, MOBILE, PAGE_NUM, PAGE_SIZE, TEMPLATE_VALUES, templateId } from './param-rules.ts'
import { errorOf } from './read-response.ts'
import type {
  BatchResult,
  BatchSendParams,
  MultiSendParams,
  PeriodParams,
  SentMessage,
  SingleSendParams,
  SmsRecord,
  SmsReply,
  StatusReport,
  TplBatchSendParams,
  TplSingleSendParams
} from './sms-types.ts'

const MAX_NUMBERS = 1000

const SEND_RULES: OptionRules = {
  extend: optional(text(/^\d+$/, 'digits')),
  uid: optional((value) =>
    typeof value === 'string' && value.length > 0 && value.length <= 256 ? undefined : 'must have 1 to 256 characters'
  ),
  callback_url: optional(httpUrl)
}
const TEXT_RULES: OptionRules = { ...SEND_RULES, mobile: MOBILE, text: required(anything) }
const TPL_RULES: OptionRules = {
  ...SEND_RULES,
  mobile: MOBILE,
  tpl_id: required(templateId),
  tpl_value: TEMPLATE_VALUES
}
const PERIOD_RULES: OptionRules = {
  start_time: required(beijingOrDate),
  end_time: required(beijingOrDate),
  mobile: optional(text()),
  page_num: PAGE_NUM,
  page_size: PAGE_SIZE
}

/**
 * Text messages. Sends are never retried once they may have been sent: after a timeout check with `getRecord` (by
 * `uid`), or rely on Yunpian's refusal of the same text within 30 seconds (code 8).
 */
export const SMS = {
  /**
   * Sends one text to one number. Official document: "单条发送".
   *
   * @param params Number, and the complete text with its 【sign】.
   * @returns The accepted message: `count` in charged segments, `fee` in yuan.
   * @throws {YunpianError} ERR_YUNPIAN; see `upstreamCode`, `kind` and `hint`
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent: number, characters
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT; with `requestSent` the message may have been sent
   */
  singleSend: command<SingleSendParams, SentMessage>('/v2/sms/single_send.json', {
    rules: { ...TEXT_RULES, register: optional(flag), mobile_stat: optional(flag) },
    encode: (params, operation) => {
      checkText(operation, params.text)
      return { ...withUrlText(params), mobile: normalizeMobile(params.mobile) }
    }
  }),

  /**
   * Sends one text to many numbers. Resolves even if some failed: check each item's `error`. Official document: "批量发送".
   *
   * @param params At most 1000 numbers, and the text.
   * @returns One item per number; fees in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT; with `requestSent` messages may have been sent
   */
  batchSend: command<BatchSendParams, BatchResult>('/v2/sms/batch_send.json', {
    rules: TEXT_RULES,
    encode: (params, operation) => {
      checkText(operation, params.text)
      return { ...withUrlText(params), mobile: joinMobiles(operation, params.mobile) }
    },
    decode: withItemErrors
  }),

  /**
   * Sends each number a separate text; mainland China only. Check each item's `error`. Official document: "个性化发送".
   *
   * @param params At most 1000 numbers, and as many texts in the same order.
   * @returns One item per number; fees in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT; with `requestSent` messages may have been sent
   */
  multiSend: command<MultiSendParams, BatchResult>('/v2/sms/multi_send.json', {
    rules: TEXT_RULES,
    encode: (params, operation) => {
      const mobile = joinMobiles(operation, params.mobile)
      // Normalised, all others begin with a +.
      if (mobile.includes('+')) throw invalid(operation, 'mobile', 'has a number outside mainland China')
      if (!Array.isArray(params.text) || params.text.length !== params.mobile.length)
        throw invalid(operation, 'text', 'must have one text per number')
      for (const one of params.text) checkText(operation, one)
      return { ...withUrlText(params), mobile, text: encodeTexts(params.text) }
    },
    decode: withItemErrors
  }),

  /**
   * Sends a template to one number. Yunpian recommends `singleSend` with the complete text instead. Official document:
   * "指定模板单发".
   *
   * @param params Number, template and its values.
   * @returns The accepted message: `count` in charged segments, `fee` in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT; with `requestSent` the message may have been sent
   */
  tplSingleSend: command<TplSingleSendParams, SentMessage>('/v2/sms/tpl_single_send.json', {
    rules: TPL_RULES,
    encode: (params, operation) => {
      const tpl_value = encodeTemplateValues(operation, params.tpl_value)
      return { ...withUrlText(params), mobile: normalizeMobile(params.mobile), tpl_value }
    }
  }),

  /**
   * Sends a template to many numbers. Check each item's `error`. Official document: "指定模板群发".
   *
   * @param params At most 1000 numbers, template and its values.
   * @returns One item per number; fees in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT; with `requestSent` messages may have been sent
   */
  tplBatchSend: command<TplBatchSendParams, BatchResult>('/v2/sms/tpl_batch_send.json', {
    rules: TPL_RULES,
    encode: (params, operation) => {
      const tpl_value = encodeTemplateValues(operation, params.tpl_value)
      return { ...withUrlText(params), mobile: joinMobiles(operation, params.mobile), tpl_value }
    },
    decode: withItemErrors
  }),

  /**
   * Takes status reports from the queue, which removes them. Never retried; use a single consumer and dedupe by `sid`.
   * Off by default in the console; pushes to `statusHandler` are the alternative. Official document: "获取状态报告".
   *
   * @param params `page_size`: maximum number of reports, 1 to 100, default 20.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  pullStatus: command<{ page_size?: number | undefined }, StatusReport[]>('/v2/sms/pull_status.json', {
    rules: { page_size: PAGE_SIZE }
  }),

  /**
   * Takes replies from the queue, which removes them. Never retried. Official document: "获取回复短信".
   *
   * @param params `page_size`: maximum number of replies, 1 to 100, default 20.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  pullReply: command<{ page_size?: number | undefined }, SmsReply[]>('/v2/sms/pull_reply.json', {
    rules: { page_size: PAGE_SIZE }
  }),

  /**
   * Lists the replies of a period. Official document: "查回复短信".
   *
   * @param params Period in Beijing time; `page_size` 1 to 100, default 20.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  getReply: query<PeriodParams, SmsReply[]>('/v2/sms/get_reply.json', {
    rules: PERIOD_RULES,
    encode: (params) => ({ page_num: 1, page_size: 20, ...given(periodFields(params)) })
  }),

  /**
   * Lists the messages of a period with their status. Official document: "查短信发送记录".
   *
   * @param params Period in Beijing time; `page_size` 1 to 100, default 20.
   * @returns `fee` in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  getRecord: query<PeriodParams & { type?: string | number | undefined }, SmsRecord[]>('/v2/sms/get_record.json', {
    rules: { ...PERIOD_RULES, type: optional(anything) },
    encode: periodFields
  }),

  /**
   * Returns the number of messages in a period. Official document: "统计短信条数".
   *
   * @param params Period in Beijing time.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  count: query<PeriodParams, { total: number }>('/v2/sms/count.json', { rules: PERIOD_RULES, encode: periodFields }),

  /**
   * Returns the blocked words in a text. Official document: "查屏蔽词".
   *
   * @param params The text to check.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  getBlackWord: query<{ text: string }, string[]>('/v2/sms/get_black_word.json', {
    rules: { text: required(text()) },
    decode: (body) => {
      const words: readonly unknown[] = Array.isArray(body) ? body : [body]
      return words.flatMap((word) => {
        const found = typeof word === 'object' && word !== null && 'black_word' in word ? word.black_word : word
        return typeof found === 'string' && found !== '' ? [found] : []
      })
    }
  }),

  /**
   * Returns the amount spent on a day. Official document: "日消费金额".
   *
   * @param params `date` as `yyyy-MM-dd`.
   * @returns Yunpian's response, unchanged; amounts in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  getTotalFee: query<{ date: string }, unknown>('/v2/sms/get_total_fee.json', {
    rules: { date: required(text(/^\d{4}-\d\d-\d\d$/, 'yyyy-MM-dd')) }
  }),

  /**
   * Reports to Yunpian that the owner of a number has registered. Official document: "注册成功回调".
   *
   * @param params The number, and when it registered.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  regComplete: command<{ mobile: string; time?: string | Date | undefined }, void>('/v2/sms/reg_complete.json', {
    rules: { mobile: required(text()), time: optional(beijingOrDate) },
    encode: ({ mobile, time }) => ({ mobile: normalizeMobile(mobile), time: time && beijingTime(time) }),
    decode: () => undefined
  })
}

/** Methods of `yunpian.sms`. */
export type Sms = Methods<typeof SMS>

function withUrlText(params: object): Fields {
  const { callback_url, ...rest } = params as { callback_url?: string | URL } & Fields
  return callback_url === undefined ? rest : { ...rest, callback_url: String(callback_url) }
}

function periodFields({
  start_time,
  end_time,
  mobile,
  ...rest
}: PeriodParams & { type?: string | number | undefined }): Fields {
  return {
    ...rest,
    start_time: beijingTime(start_time),
    end_time: beijingTime(end_time),
    mobile: mobile === undefined ? undefined : normalizeMobile(mobile)
  }
}

function joinMobiles(operation: string, mobiles: readonly string[]): string {
  if (!Array.isArray(mobiles) || mobiles.length === 0 || mobiles.length > MAX_NUMBERS)
    throw invalid(operation, 'mobile', `must be a list of 1 to ${MAX_NUMBERS} numbers`)
  return mobiles.map((mobile: string) => normalizeMobile(mobile)).join(',')
}

function withItemErrors(body: unknown, operation: string): BatchResult {
  const result = body as BatchResult
  const data = (Array.isArray(result.data) ? result.data : []).map((item) => {
    const error = errorOf(item, operation, 200)
    return error ? { ...item, error } : item
  })
  return { ...result, data }
}
