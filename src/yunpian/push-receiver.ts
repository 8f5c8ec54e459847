import { checkRequest } from '../core/byte-handler.ts'
import { CONSOLE_LOGGER } from '../core/console-logger.ts'
import { endHanging } from '../core/end-hanging.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import type { Logger } from '../core/logger.ts'
import { memoryStore } from '../core/memory-store.ts'
import { readBody } from '../core/read-body.ts'
import { report } from '../core/report.ts'
import { runOnce } from '../core/run-once.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { BodyAlreadyParsedError, BodyError, SignatureError, WeixinKitError } from '../errors/index.ts'
import { equalsConstantTime, hashHex } from '../internal/hash.ts'
import type { PushHandlerOptions } from './push-options.ts'

/** State shared by the handlers of one account. */
export interface ReceiverContext {
  apiKey: () => string
  clock: (() => number) | undefined
  logger: Logger | undefined
}

/** What differs between the pushes. */
export interface PushKind {
  kind: 'status' | 'reply' | 'template'
  rememberMs: number
  /** Refuses a request before its body is read. */
  guard?: (request: Request) => void
  /** Reads and verifies a body, and returns the identity of each item and the application's work on it. */
  read: (body: Uint8Array) => (readonly [id: string, work: () => unknown])[]
}

const BODY_LIMIT_BYTES = 1024 * 1024

/** Makes a handler that verifies pushes and passes on each item once. */
export function makeReceiver(
  { apiKey, clock, logger }: ReceiverContext,
  options: PushHandlerOptions,
  { kind, rememberMs, guard, read }: PushKind
): FetchHandler {
  const store = options.store ? withStoreErrors(options.store) : memoryStore(clock ? { clock } : {})
  const once = async (id: string, work: () => unknown): Promise<void> => {
    const account = hashHex('sha256', apiKey()).slice(0, 16)
    const key = `weixin-kit:yunpian:${account}:${kind}:${hashHex('sha256', id)}`
    const run = async () => {
      await endHanging(work, `${kind} push`, 'yunpian')
      return ''
    }
    const { outcome } = await runOnce(store, key, run, { runningTtlMs: 15_000, renewMs: 5_000, doneTtlMs: rememberMs })
    // Not acknowledged: the other delivery may still fail.
    if (outcome === 'running') throw new Error(`The ${kind} push is being handled by another delivery.`)
  }
  const refuse = async (request: Request, error: unknown, status: number): Promise<Response> => {
    const code = error instanceof WeixinKitError ? error.code : 'failed'
    const log = logger ?? (options.onError ? undefined : CONSOLE_LOGGER)
    log?.error?.(`A push of Yunpian (${kind}) was not accepted: ${String(error)}`, { product: 'yunpian', code })
    await report(options.onError, error, { request, status })
    return respond(status, code)
  }
  return async (request) => {
    checkRequest(request)
    if (request.method !== 'POST') return respond(405, 'POST only')
    let items: ReturnType<PushKind['read']>
    try {
      guard?.(request)
      items = read(await readBody(request, options.bodyLimitBytes ?? BODY_LIMIT_BYTES))
    } catch (error) {
      // A wiring mistake in the application, which nobody would notice in a response to Yunpian.
      if (error instanceof BodyAlreadyParsedError) throw error
      return refuse(request, error, statusOf(error))
    }
    // All of them, so that one failure does not leave others running after the response.
    const results = await Promise.allSettled([...new Map(items)].map(([id, work]) => once(id, work)))
    const failed = results.find((result) => result.status === 'rejected')
    // Errors of the application, even a refused signature of something else, are not the sender's fault.
    return failed ? refuse(request, failed.reason, 500) : respond(200, 'SUCCESS')
  }
}

/** Returns the text of a field that identifies an item. */
export function idOf(item: object, name: string): string {
  const id: unknown = Object.hasOwn(item, name) ? (item as Record<string, unknown>)[name] : undefined
  if (typeof id === 'string' && id !== '') return id
  throw malformed(`Expected ${name} in every item of the push.`)
}

/** Compares the secret at the end of the URL. */
export function checkSecret(request: Request, expected: string): void {
  const url = new URL(request.url)
  const given = url.searchParams.get('secret') ?? url.pathname.split('/').pop() ?? ''
  if (equalsConstantTime(given, expected)) return
  throw new SignatureError(
    given === '' ? 'missing' : 'mismatch',
    'The URL of the push does not contain the secret: register the URL with ?secret=… at its end with Yunpian.',
    { product: 'yunpian' }
  )
}

/** Makes the error for a body that is not a push. */
export function malformed(message: string): BodyError {
  return new BodyError('malformed', message, { product: 'yunpian' })
}

/** Only a refused signature and an unreadable body are the sender's fault. */
function statusOf(error: unknown): number {
  if (error instanceof SignatureError) return 401
  if (error instanceof BodyError) return error.reason === 'too_large' ? 413 : 400
  return 500
}

function respond(status: number, body: string): Response {
  return new Response(body, { status, headers: { 'content-type': 'text/plain;charset=utf-8' } })
}
