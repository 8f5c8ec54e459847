import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, flag, httpUrl, integer, type OptionRules, optional, required, text } from '../core/options.ts'
import type { Fields, YunpianCaller } from './caller.ts'
import { checkText } from './check-text.ts'
import { beijingTime, encodeTemplateValues, encodeTexts, invalid } from './field-encoding.ts'
import type { normalizeMobile } from './mobile.ts'
import { errorOf } from './read-answer.ts'
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
const BEIJING = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/

const SEND_RULES: OptionRules = {
  extend: optional(text(/^\d+$/, 'digits')),
  uid: optional((value) =>
    typeof value === 'string' && value.length > 0 && value.length <= 256 ? undefined : 'must have 1 to 256 characters'
  ),
  callback_url: optional(httpUrl)
}
const TPL_RULES: OptionRules = {
  ...SEND_RULES,
  mobile: required(anyValue),
  tpl_id: required((value) => (/^\d{1,19}$/.test(String(value)) ? undefined : 'must be the number of a template')),
  tpl_value: required((value) => (typeof value === 'object' && value !== null ? undefined : 'must be an object'))
}
const TEXT_RULES: OptionRules = { ...SEND_RULES, mobile: required(anyValue), text: required(anyValue) }
const time = (value: unknown) =>
  (value instanceof Date && !Number.isNaN(value.getTime())) || (typeof value === 'string' && BEIJING.test(value))
    ? undefined
    : 'must be a Date or "yyyy-MM-dd HH:mm:ss" in Beijing time'
const PAGE_RULES: OptionRules = { page_size: optional(integer(1, 100)) }
const PERIOD_RULES: OptionRules = {
  ...PAGE_RULES,
  start_time: required(time),
  end_time: required(time),
  mobile: optional(text()),
  page_num: optional(integer(1))
}

/**
 * Text messages. Sends are never repeated once they may have been sent: after a timeout look with `getRecord` (by `uid`),
 * or rely on Yunpian's refusal of the same text within 30 seconds (code 8).
 */
export class Sms {
  readonly #caller: YunpianCaller

  /** @internal */
  constructor(caller: YunpianCaller) {
    this.#caller = caller
  }

  /**
   * Sends one text to one number.
   *
   * @throws {YunpianError} ERR_YUNPIAN; see `upstreamCode`, `kind` and `hint`
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent: number, characters
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT; with `requestSent` the message may be on its way
   */
  async singleSend(params: SingleSendParams, options: RequestOptions = {}): Promise<SentMessage> {
    const operation = 'sms.singleSend'
    check(operation, params, { ...TEXT_RULES, register: optional(flag), mobile_stat: optional(flag) })
    checkText(operation, params.text, this.#caller.inspectText)
    return this.#caller.call(
      operation,
      { ...sendFields(params), mobile: this.#caller.normalizeMobile(params.mobile) },
      options
    )
  }

  /** Sends one text to many numbers. The call succeeds even when some failed: look at each item's `error`. */
  async batchSend(params: BatchSendParams, options: RequestOptions = {}): Promise<BatchResult> {
    const operation = 'sms.batchSend'
    check(operation, params, TEXT_RULES)
    checkText(operation, params.text, this.#caller.inspectText)
    const mobile = joinMobiles(operation, params.mobile, this.#caller.normalizeMobile)
    return this.#batch(operation, { ...sendFields({ ...params, mobile }) }, options)
  }

  /** Sends each number a text of its own; mainland China only. Look at each item's `error`. */
  async multiSend(params: MultiSendParams, options: RequestOptions = {}): Promise<BatchResult> {
    const operation = 'sms.multiSend'
    check(operation, params, TEXT_RULES)
    const mobile = joinMobiles(operation, params.mobile, this.#caller.normalizeMobile)
    // Normalised, all others begin with a +.
    if (mobile.includes('+')) throw invalid(operation, 'mobile', 'has a number outside of mainland China')
    if (!Array.isArray(params.text) || params.text.length !== params.mobile.length)
      throw invalid(operation, 'text', 'must have one text per number')
    for (const one of params.text) checkText(operation, one, this.#caller.inspectText)
    return this.#batch(operation, { ...sendFields({ ...params, mobile, text: encodeTexts(params.text) }) }, options)
  }

  /** Sends a template to one number. Yunpian prefers `singleSend` with the whole text. */
  async tplSingleSend(params: TplSingleSendParams, options: RequestOptions = {}): Promise<SentMessage> {
    const operation = 'sms.tplSingleSend'
    check(operation, params, TPL_RULES)
    const tpl_value = encodeTemplateValues(operation, params.tpl_value)
    const mobile = this.#caller.normalizeMobile(params.mobile)
    return this.#caller.call(operation, { ...sendFields({ ...params, mobile, tpl_value }) }, options)
  }

  /** Sends a template to many numbers. Look at each item's `error`. */
  async tplBatchSend(params: TplBatchSendParams, options: RequestOptions = {}): Promise<BatchResult> {
    const operation = 'sms.tplBatchSend'
    check(operation, params, TPL_RULES)
    const tpl_value = encodeTemplateValues(operation, params.tpl_value)
    const mobile = joinMobiles(operation, params.mobile, this.#caller.normalizeMobile)
    return this.#batch(operation, { ...sendFields({ ...params, mobile, tpl_value }) }, options)
  }

  /**
   * Takes status reports from the queue: what was returned is gone. Never repeated, use one puller, dedupe by `sid`. Off by
   * default in the console; pushes to `statusHandler` are the alternative.
   */
  async pullStatus(params: { page_size?: number } = {}, options: RequestOptions = {}): Promise<StatusReport[]> {
    check('sms.pullStatus', params, PAGE_RULES)
    return this.#caller.call('sms.pullStatus', { ...params }, options)
  }

  /** Takes replies from the queue: what was returned is gone. Never repeated. */
  async pullReply(params: { page_size?: number } = {}, options: RequestOptions = {}): Promise<SmsReply[]> {
    check('sms.pullReply', params, PAGE_RULES)
    return this.#caller.call('sms.pullReply', { ...params }, options)
  }

  /** Replies of a period. */
  async getReply(params: PeriodParams, options: RequestOptions = {}): Promise<SmsReply[]> {
    check('sms.getReply', params, PERIOD_RULES)
    return this.#caller.call(
      'sms.getReply',
      { page_num: 1, page_size: 20, ...periodFields(params, this.#caller.normalizeMobile) },
      options
    )
  }

  /** Messages of a period with their state. */
  async getRecord(
    params: PeriodParams & { type?: string | number },
    options: RequestOptions = {}
  ): Promise<SmsRecord[]> {
    check('sms.getRecord', params, { ...PERIOD_RULES, type: optional(anyValue) })
    return this.#caller.call('sms.getRecord', periodFields(params, this.#caller.normalizeMobile), options)
  }

  /** Number of messages in a period. */
  async count(params: PeriodParams, options: RequestOptions = {}): Promise<{ total: number }> {
    check('sms.count', params, PERIOD_RULES)
    return this.#caller.call('sms.count', periodFields(params, this.#caller.normalizeMobile), options)
  }

  /** Blocked words in a text. */
  async getBlackWord(params: { text: string }, options: RequestOptions = {}): Promise<string[]> {
    check('sms.getBlackWord', params, { text: required(text()) })
    const answer = await this.#caller.call<unknown>('sms.getBlackWord', { text: params.text }, options)
    const words = Array.isArray(answer) ? answer : [answer]
    return words.flatMap((word: unknown) => {
      const found = typeof word === 'object' && word !== null && 'black_word' in word ? word.black_word : word
      return typeof found === 'string' && found !== '' ? [found] : []
    })
  }

  /** What was spent on a day (`yyyy-MM-dd`). */
  async getTotalFee(params: { date: string }, options: RequestOptions = {}): Promise<unknown> {
    check('sms.getTotalFee', params, { date: required(text(/^\d{4}-\d\d-\d\d$/, 'yyyy-MM-dd')) })
    return this.#caller.call('sms.getTotalFee', { date: params.date }, options)
  }

  /** Tells Yunpian that the owner of a number has registered. */
  async regComplete(params: { mobile: string; time?: string | Date }, options: RequestOptions = {}): Promise<void> {
    check('sms.regComplete', params, { mobile: required(text()), time: optional(time) })
    const fields = {
      mobile: this.#caller.normalizeMobile(params.mobile),
      time: params.time && beijingTime(params.time)
    }
    await this.#caller.call('sms.regComplete', fields, options)
  }

  async #batch(
    operation: 'sms.batchSend' | 'sms.multiSend' | 'sms.tplBatchSend',
    fields: Fields,
    options: RequestOptions
  ): Promise<BatchResult> {
    const result = await this.#caller.call<BatchResult>(operation, fields, options)
    const data = (Array.isArray(result.data) ? result.data : []).map((item) => {
      const error = errorOf(item, operation, 200)
      return error ? { ...item, error } : item
    })
    return { ...result, data }
  }
}

function anyValue(): undefined {
  return undefined
}

function check(operation: string, params: unknown, rules: OptionRules): void {
  checkOptions(params, rules, { owner: operation, product: 'yunpian', of: 'params' })
}

function sendFields(params: object): Fields {
  const { callback_url, ...rest } = params as { callback_url?: string | URL } & Fields
  return callback_url === undefined ? rest : { ...rest, callback_url: String(callback_url) }
}

function periodFields(
  { start_time, end_time, mobile, ...rest }: PeriodParams & { type?: string | number },
  normalize: typeof normalizeMobile
): Fields {
  return {
    ...rest,
    start_time: beijingTime(start_time),
    end_time: beijingTime(end_time),
    mobile: mobile === undefined ? undefined : normalize(mobile)
  }
}

function joinMobiles(operation: string, mobiles: readonly string[], normalize: typeof normalizeMobile): string {
  if (!Array.isArray(mobiles) || mobiles.length === 0 || mobiles.length > MAX_NUMBERS)
    throw invalid(operation, 'mobile', `must be a list of 1 to ${MAX_NUMBERS} numbers`)
  return mobiles.map((mobile) => normalize(mobile)).join(',')
}
