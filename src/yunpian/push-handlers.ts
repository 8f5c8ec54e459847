import type { FetchHandler } from '../core/fetch-handler.ts'
import { Late } from '../core/late/late.ts'
import type { Logger } from '../core/logger.ts'
import { memoryStore } from '../core/memory-store.ts'
import { callback, checkOptions, type OptionRules, objectWith, optional, required, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { onFirstUse } from '../internal/on-first-use.ts'
import { type LateModule, latePart } from './late-part.ts'
import type { ReceiverContext } from './push-receivers.ts'
import type { SmsReply, StatusReport } from './sms-types.ts'

interface PushOptions {
  /** Remembers what was handled, so that a redelivery is not handled twice. Default: memory of this process. */
  store?: Store
}

export interface StatusHandlerOptions extends PushOptions {
  /**
   * Yunpian does not sign status reports. Put this secret (at least 16 characters) at the end of the address that you give
   * to Yunpian, as `?secret=…` or as the last part of the path; requests without it are refused.
   */
  secret: string
  /** Called once per report, a hundred of them at once. If it throws, Yunpian delivers again. */
  onStatus(report: StatusReport): unknown
}

export interface ReplyHandlerOptions extends PushOptions {
  /** Called once per reply, after its `_sign` was verified. If it throws, Yunpian delivers again. */
  onReply(reply: SmsReply): unknown
}

export interface TemplateHandlerOptions extends PushOptions {
  /** As for status reports: these pushes are not signed either. */
  secret: string
  onReviewed(review: { tpl_id: string; tpl_content: string; check_status: string; reason: string }): unknown
}

interface HandlerContext {
  apiKey: () => string
  clock: (() => number) | undefined
  logger: Logger | undefined
}

const rules = onFirstUse(() => ({
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  secret: required(text(/^[\w.~-]{16,}$/, 'at least 16 letters, digits, "-", "_", "." or "~"'))
}))

/** Status reports of text messages, voice calls and data packages. */
export function makeStatusHandler(context: HandlerContext, options: StatusHandlerOptions): FetchHandler {
  checkHandler('statusHandler', options, { ...rules(), onStatus: required(callback) })
  return lateHandler(context, options.store, (part, shared) => part.makeStatusReceiver(shared, options))
}

/** Replies (上行短信). */
export function makeReplyHandler(context: HandlerContext, options: ReplyHandlerOptions): FetchHandler {
  checkHandler('replyHandler', options, { store: rules().store, onReply: required(callback) })
  return lateHandler(context, options.store, (part, shared) => part.makeReplyReceiver(shared, options))
}

/** Results of template reviews. */
export function makeTemplateHandler(context: HandlerContext, options: TemplateHandlerOptions): FetchHandler {
  checkHandler('templateHandler', options, { ...rules(), onReviewed: required(callback) })
  return lateHandler(context, options.store, (part, shared) => part.makeTemplateReceiver(shared, options))
}

function checkHandler(owner: string, options: unknown, all: OptionRules): void {
  checkOptions(options, all, { owner, product: 'yunpian' })
}

/** A handler whose code is loaded by now or waited for by the first push. If it cannot be, the push is thrown back and comes again. */
function lateHandler(
  { apiKey, clock, logger }: HandlerContext,
  given: Store | undefined,
  make: (part: LateModule, context: ReceiverContext) => FetchHandler
): FetchHandler {
  const dedupe = given ? withStoreErrors(given) : memoryStore(clock ? { clock } : {})
  const late = new Late(latePart, (part) => make(part, { apiKey, store: dedupe, logger }))
  return (request) => late.run(undefined, undefined, (receive) => receive(request))
}
