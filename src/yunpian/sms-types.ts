import type { YunpianError } from '../errors/index.ts'
import type { TemplateValues } from './field-encoding.ts'

/** Parameters shared by all sends. */
export interface SendOptions {
  /** Sub-number (扩展号), digits; by permission. */
  extend?: string | undefined
  /** Your own id, at most 256 characters; returned in reports. By permission. */
  uid?: string | undefined
  /** URL to which the status report is pushed, in place of the console's setting. */
  callback_url?: string | URL | undefined
}

/** One text to one number. */
export interface SingleSendParams extends SendOptions {
  mobile: string
  /** The complete text, as in an approved template, with the 【sign】 at its start. */
  text: string
  /** Whether to count conversions of registrations; by permission. */
  register?: boolean | undefined
  /** Statistics of the short links per number. */
  mobile_stat?: boolean | undefined
}

/** One text to many numbers. */
export interface BatchSendParams extends SendOptions {
  /** At most 1000. */
  mobile: readonly string[]
  text: string
}

/** A different text to each of many numbers. */
export interface MultiSendParams extends SendOptions {
  /** At most 1000, mainland China only. */
  mobile: readonly string[]
  /** One per number, in the same order. */
  text: readonly string[]
}

/** A template to one number. */
export interface TplSingleSendParams extends SendOptions {
  mobile: string
  tpl_id: number | string
  /** Values by name, without `#`. */
  tpl_value: TemplateValues
}

/** A template to many numbers. */
export interface TplBatchSendParams extends Omit<TplSingleSendParams, 'mobile'> {
  /** At most 1000. */
  mobile: readonly string[]
}

/** An accepted message. */
export interface SentMessage {
  code: 0
  msg: string
  /** Charged segments. */
  count: number
  /** Yuan. */
  fee: number
  unit: string
  mobile: string
  sid: string
}

/** Result for one number of many. */
export interface BatchItem extends Omit<SentMessage, 'code'> {
  code: number
  /** For every code except 0. */
  error?: YunpianError
}

/** Result of sending to many numbers; check each `code`. */
export interface BatchResult {
  total_count: number
  /** Yuan. */
  total_fee: number
  unit: string
  data: BatchItem[]
}

/** Delivery status of a message (状态报告). */
export interface StatusReport {
  sid: string
  uid: string | null
  mobile: string
  /** Beijing time. */
  user_receive_time: string
  report_status: 'SUCCESS' | 'FAIL'
  /** The carrier's code, e.g. `DB:0103`. */
  error_msg: string
  error_detail?: string
}

/** A reply from a recipient (上行). */
export interface SmsReply {
  id: string
  mobile: string
  text: string
  /** Beijing time. */
  reply_time: string
  extend: string
  base_extend: string
  _sign?: string | null | undefined
}

/** A message in the history (查短信发送记录). */
export interface SmsRecord extends Omit<StatusReport, 'report_status'> {
  text: string
  /** Beijing time, `yyyy-MM-dd HH:mm:ss`. */
  send_time: string
  send_status?: string
  report_status: string
  /** Yuan. */
  fee: number
}

/** Beijing time; a `Date` is converted. */
export interface PeriodParams {
  start_time: string | Date
  end_time: string | Date
  mobile?: string | undefined
  page_num?: number | undefined
  page_size?: number | undefined
}
