import type { FetchHandler } from '../core/fetch-handler.ts'
import {
  callback,
  checkOptions,
  integer,
  type OptionRules,
  objectWith,
  optional,
  required,
  text
} from '../core/options.ts'
import { readPushField, recordsOf } from './push-body.ts'
import type {
  PushHandlerOptions,
  ReplyHandlerOptions,
  StatusHandlerOptions,
  TemplateHandlerOptions,
  TemplateReview
} from './push-options.ts'
import { checkSecret, idOf, makeReceiver, malformed, type ReceiverContext } from './push-receiver.ts'
import { verifyReply } from './reply-sign.ts'
import type { StatusReport } from './sms-types.ts'

/** Longer than the redelivery schedule: 3 times in 5 minutes, 5 times in 1 minute. */
const REMEMBER_MS = 3_600_000
/** Their sign covers no date: anybody who has seen a push could replay it once it is forgotten. */
const REMEMBER_REPLIES_MS = 7 * 86_400_000
const STATUS_FIELDS = ['sms_status', 'voice_status', 'flow_status']

const COMMON_RULES: OptionRules = {
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  bodyLimitBytes: optional(integer(1)),
  onError: optional(callback)
}
const SECRET = required(text(/^[\w.~-]{16,}$/, 'at least 16 letters, digits, "-", "_", "." or "~"'))

/** Handles status reports of text messages, voice calls and data packages. */
export function makeStatusHandler(context: ReceiverContext, options: StatusHandlerOptions): FetchHandler {
  checkHandler('statusHandler', options, { ...COMMON_RULES, secret: SECRET, onStatus: required(callback) })
  return makeReceiver(context, options, {
    kind: 'status',
    rememberMs: REMEMBER_MS,
    guard: (request) => checkSecret(request, options.secret),
    // One report per number; carriers may report a long message in pieces, which only differ by their status.
    read: (body) =>
      recordsOf(readPushField(body, STATUS_FIELDS)).map((report) => [
        JSON.stringify([idOf(report, 'sid'), report.mobile, report.report_status]),
        () => options.onStatus(report as Record<string, unknown> & StatusReport)
      ])
  })
}

/** Replies (上行短信). */
export function makeReplyHandler(context: ReceiverContext, options: ReplyHandlerOptions): FetchHandler {
  checkHandler('replyHandler', options, { ...COMMON_RULES, onReply: required(callback) })
  return makeReceiver(context, options, {
    kind: 'reply',
    rememberMs: REMEMBER_REPLIES_MS,
    read: (body) => {
      // One object according to the document; a list is accepted completely or not at all.
      const items = recordsOf(readPushField(body, ['sms_reply']))
      if (items.length === 0) throw malformed('Expected a reply in the push.')
      const replies = items.map((item) => verifyReply(item, context.apiKey()))
      return replies.map((reply) => [idOf(reply, 'id'), () => options.onReply(reply)])
    }
  })
}

/** Results of template reviews. */
export function makeTemplateHandler(context: ReceiverContext, options: TemplateHandlerOptions): FetchHandler {
  checkHandler('templateHandler', options, { ...COMMON_RULES, secret: SECRET, onReviewed: required(callback) })
  return makeReceiver(context, options, {
    kind: 'template',
    rememberMs: REMEMBER_MS,
    guard: (request) => checkSecret(request, options.secret),
    read: (body) => {
      const form = new URLSearchParams(new TextDecoder().decode(body))
      const field = (name: string) => form.get(name) ?? ''
      const review: TemplateReview = {
        tpl_id: field('tpl_id'),
        tpl_content: field('tpl_content'),
        check_status: field('check_status'),
        reason: field('reason')
      }
      if (review.tpl_id === '') throw malformed('Expected a form with tpl_id.')
      return [[JSON.stringify(review), () => options.onReviewed(review)]]
    }
  })
}

function checkHandler(owner: string, options: PushHandlerOptions, rules: OptionRules): void {
  checkOptions(options, rules, { owner, product: 'yunpian' })
}
