import type { FetchHandler } from '../core/fetch-handler.ts'
import type { Logger } from '../core/logger.ts'
import { readBody } from '../core/read-body.ts'
import { runOnce } from '../core/run-once.ts'
import type { Store } from '../core/store.ts'
import { BodyAlreadyParsedError, BodyError, SignatureError, WeixinKitError } from '../errors/index.ts'
import { equalsConstantTime, hashHex } from '../internal/hash.ts'
import { readPushField, recordsOf } from './push-body.ts'
import type { ReplyHandlerOptions, StatusHandlerOptions, TemplateHandlerOptions } from './push-handlers.ts'
import { verifyReplySign } from './reply-sign.ts'
import type { SmsReply, StatusReport } from './sms-types.ts'

export interface ReceiverContext {
  apiKey: () => string
  /** Remembers what was handled. */
  store: Store
  logger: Logger | undefined
}

/** Up to 100 reports, encoded twice. */
const BODY_LIMIT_BYTES = 1024 * 1024
/** Longer than the schedule of redeliveries: 3 times in 5 minutes, 5 times in 1 minute. */
const REMEMBER_MS = 3_600_000
/** Their sign has no date: whoever saw a push could send it again as soon as it is forgotten. */
const REMEMBER_REPLIES_MS = 7 * 86_400_000
const STATUS_FIELDS = ['sms_status', 'voice_status', 'flow_status']

/** Status reports of text messages, voice calls and data packages. */
export function makeStatusReceiver(context: ReceiverContext, options: StatusHandlerOptions): FetchHandler {
  return makeReceiver(context, 'status', async (request, once) => {
    checkSecret(request, options.secret)
    const reports = recordsOf(readPushField(await readBody(request, BODY_LIMIT_BYTES), STATUS_FIELDS))
    // One report per number; carriers may report a long message in pieces, which only differ by their status.
    const unique = new Map(reports.map((report) => [statusIdentity(report), report as unknown as StatusReport]))
    await allOf([...unique].map(([id, report]) => once(id, () => options.onStatus(report))))
  })
}

/** Replies (上行短信). */
export function makeReplyReceiver(context: ReceiverContext, options: ReplyHandlerOptions): FetchHandler {
  return makeReceiver(context, 'reply', async (request, once) => {
    // One object by the document; a list is taken whole or not at all.
    const replies = recordsOf(readPushField(await readBody(request, BODY_LIMIT_BYTES), ['sms_reply']))
    if (replies.length === 0) throw new BodyError('malformed', 'Expected a reply in the push.', { product: 'yunpian' })
    for (const reply of replies) verifyReplySign(reply, context.apiKey())
    const unique = new Map(replies.map((reply) => [idOf(reply, 'id'), reply as unknown as SmsReply]))
    await allOf([...unique].map(([id, reply]) => once(id, () => options.onReply(reply))))
  })
}

/** Results of template reviews. */
export function makeTemplateReceiver(context: ReceiverContext, options: TemplateHandlerOptions): FetchHandler {
  return makeReceiver(context, 'template', async (request, once) => {
    checkSecret(request, options.secret)
    const form = new URLSearchParams(new TextDecoder().decode(await readBody(request, BODY_LIMIT_BYTES)))
    const field = (name: string) => form.get(name) ?? ''
    const review = {
      tpl_id: field('tpl_id'),
      tpl_content: field('tpl_content'),
      check_status: field('check_status'),
      reason: field('reason')
    }
    if (review.tpl_id === '') throw new BodyError('malformed', 'Expected a form with tpl_id.', { product: 'yunpian' })
    await once(JSON.stringify(review), () => options.onReviewed(review))
  })
}

type Once = (id: string, task: () => unknown) => Promise<void>

function makeReceiver(
  { apiKey, store, logger }: ReceiverContext,
  kind: string,
  handle: (request: Request, once: Once) => Promise<void>
): FetchHandler {
  const doneTtlMs = kind === 'reply' ? REMEMBER_REPLIES_MS : REMEMBER_MS
  const once: Once = async (id, task) => {
    const account = hashHex('sha256', apiKey()).slice(0, 16)
    const key = `weixin-kit:yunpian:${account}:${kind}:${hashHex('sha256', id)}`
    const run = async () => {
      await task()
      return ''
    }
    const { outcome } = await runOnce(store, key, run, { runningTtlMs: 60_000, doneTtlMs })
    // Not answered with success: whoever runs it may still fail.
    if (outcome === 'running') throw new Error(`${kind} is being handled by another delivery`)
  }
  return async (request) => {
    if (request.method !== 'POST') return answer(405, 'POST only')
    try {
      await handle(request, once)
      return answer(200, 'SUCCESS')
    } catch (error) {
      // A mistake in the wiring of the application, which nobody would find in an answer to Yunpian.
      if (error instanceof BodyAlreadyParsedError) throw error
      const code = error instanceof WeixinKitError ? error.code : 'failed'
      logger?.error?.(`A push of Yunpian (${kind}) was not accepted: ${String(error)}`, { product: 'yunpian', code })
      if (error instanceof SignatureError) return answer(401, code)
      if (error instanceof BodyError) return answer(error.reason === 'too_large' ? 413 : 400, code)
      return answer(500, code)
    }
  }
}

/** Waits for all, so that one failure does not leave others running behind the answer. */
async function allOf(tasks: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(tasks)).find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

function statusIdentity(report: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([idOf(report, 'sid'), report.mobile, report.report_status])
}

function idOf(item: Readonly<Record<string, unknown>>, name: string): string {
  const id = item[name]
  if (typeof id === 'string' && id !== '') return id
  throw new BodyError('malformed', `Expected ${name} in every item of the push.`, { product: 'yunpian' })
}

function checkSecret(request: Request, expected: string): void {
  const url = new URL(request.url)
  const given = url.searchParams.get('secret') ?? url.pathname.split('/').pop() ?? ''
  if (equalsConstantTime(given, expected)) return
  throw new SignatureError(
    given === '' ? 'missing' : 'mismatch',
    'The address of the push does not carry the secret: give Yunpian the address with ?secret=… at its end.',
    { product: 'yunpian' }
  )
}

function answer(status: number, body: string): Response {
  return new Response(body, { status, headers: { 'content-type': 'text/plain;charset=utf-8' } })
}
