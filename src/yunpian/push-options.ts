import type { Store } from '../core/store.ts'
import type { SmsReply, StatusReport } from './sms-types.ts'

/** Options of every handler for Yunpian's pushes. */
export interface PushHandlerOptions {
  /** Stores dedupe records, so that a redelivery is not handled twice. Default: memory of this process. */
  store?: Store | undefined
  /** Maximum body size in bytes, default 1 048 576: up to 100 reports, encoded twice. */
  bodyLimitBytes?: number | undefined
  /**
   * Called for refused and failed requests. `status` is the response to Yunpian: 401 and 400 are the sender's fault,
   * 413 is a body above `bodyLimitBytes`, 500 is ours and leads to a redelivery.
   */
  onError?: ((error: unknown, context: { request: Request; status: number }) => unknown) | undefined
}

/** Options of `yunpian.statusHandler`. */
export interface StatusHandlerOptions extends PushHandlerOptions {
  /**
   * Yunpian does not sign status reports. Append this secret (at least 16 characters) to the URL that you register with
   * Yunpian, as `?secret=…` or as the last part of the path; requests without it are refused.
   */
  secret: string
  /** Called once per report, up to a hundred concurrently. If it throws, Yunpian redelivers. */
  onStatus(report: StatusReport): unknown
}

/** Options of `yunpian.replyHandler`. */
export interface ReplyHandlerOptions extends PushHandlerOptions {
  /** Called once per reply, after its `_sign` is verified. If it throws, Yunpian redelivers. */
  onReply(reply: SmsReply): unknown
}

/** The result of a template review, as Yunpian pushes it. */
export interface TemplateReview {
  tpl_id: string
  tpl_content: string
  /** `CHECKING`, `SUCCESS` or `FAIL`. */
  check_status: string
  reason: string
}

/** Options of `yunpian.templateHandler`. */
export interface TemplateHandlerOptions extends PushHandlerOptions {
  /** As for status reports: these pushes are not signed either. */
  secret: string
  /** Called once per review. If it throws, Yunpian redelivers. */
  onReviewed(review: TemplateReview): unknown
}
