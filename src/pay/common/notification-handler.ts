import { type ByteHandler, type ByteResponse, type HandlerRequest, toFetchHandler } from '../../core/byte-handler.ts'
import { CONSOLE_LOGGER } from '../../core/console-logger.ts'
import { endHanging } from '../../core/end-hanging.ts'
import type { FetchHandler } from '../../core/fetch-handler.ts'
import type { Logger } from '../../core/logger.ts'
import { runOnce } from '../../core/run-once.ts'
import type { Store } from '../../core/store.ts'
import { BodyError, DecryptError, SignatureError, UnexpectedResponseError, WeixinKitError } from '../../errors/index.ts'

/** A mark renews itself while its callback runs, so that a process that died is soon noticed. */
const RUNNING_TTL_MS = 15_000
const RENEW_MS = 5_000
/** WeChat Pay redelivers for a little over 24 hours. */
const DONE_TTL_MS = 3 * 24 * 3_600_000

/** Why a delivery was not acknowledged. */
export type NotificationRefusal = 'method' | 'too_large' | 'malformed' | 'unverified' | 'running' | 'failed'

/**
 * Called for refused and failed requests, e.g. for a log or an alert. Its result, or an error it throws, is ignored.
 */
export type NotificationErrorHandler = (error: unknown, context: { readonly request: HandlerRequest }) => unknown

/** Differences between the API versions in receiving a notification. */
export interface NotificationFrame<T> {
  /** Name for the log, e.g. `notifyHandler`. */
  operation: string
  store: Store
  logger: Logger | undefined
  bodyLimitBytes?: number | undefined
  /** Verifies the raw bytes; throws unless they are genuine and for this account. */
  parse(body: Uint8Array, request: HandlerRequest): T | Promise<T>
  /**
   * Key of the event in the store: account, kind, number and state. Redeliveries have the same key, other events never.
   */
  keyOf(notification: T): string
  /** Its result is stored, for {@link acknowledge} of redeliveries. */
  run(notification: T): Promise<string>
  acknowledge(result: string, notification: T): ByteResponse
  /** `message` is safe to send: it is our own text, not that of the error. */
  refuse(refusal: NotificationRefusal, message: string): ByteResponse
  /** Called for every refusal except `running`. */
  onError?: NotificationErrorHandler | undefined
  /** An intended refusal (a signature probe): neither logged as an error nor passed to `onError`. */
  isExpected?(error: unknown): boolean
}

/**
 * Makes the handler of a notification. A notification is acknowledged only if it is verified and its callback has
 * resolved, now or in an earlier delivery; everything else is refused, so that WeChat Pay redelivers it: at least once,
 * never lost.
 */
export function createNotificationHandler<T>(frame: NotificationFrame<T>): FetchHandler {
  return toFetchHandler(handle(frame))
}

function handle<T>(frame: NotificationFrame<T>): ByteHandler {
  return async (request) => {
    if (request.method !== 'POST') return frame.refuse('method', 'POST expected')
    let notification: T
    try {
      notification = await frame.parse(await request.readBody(frame.bodyLimitBytes), request)
    } catch (error) {
      await reportError(frame, error, request)
      return refuseUnread(frame, error)
    }
    const onStoreError = (error: unknown) => reportError(frame, error, request)
    const options = { runningTtlMs: RUNNING_TTL_MS, renewMs: RENEW_MS, doneTtlMs: DONE_TTL_MS, onStoreError }
    try {
      const run = () => endHanging(() => frame.run(notification), frame.operation, 'pay')
      const done = await runOnce(frame.store, frame.keyOf(notification), run, options)
      // Another delivery is being handled and may still fail: only its own success may be acknowledged.
      if (done.outcome === 'running') return frame.refuse('running', 'PROCESSING')
      return frame.acknowledge(done.value, notification)
    } catch (error) {
      await reportError(frame, error, request)
      return frame.refuse('failed', 'FAIL')
    }
  }
}

/** Only faults of the sender are a 4xx: a fault of this server is a 5xx. */
function refuseUnread<T>(frame: NotificationFrame<T>, error: unknown): ByteResponse {
  if (error instanceof BodyError) {
    if (error.reason === 'too_large') return frame.refuse('too_large', 'TOO_LARGE')
    if (unreadable.has(error)) return frame.refuse('malformed', 'MALFORMED')
  }
  // The same for all reasons: if bad padding could be distinguished from bad content, an attacker could decrypt with
  // our key, block by block.
  return isFaultOfSender(error) ? frame.refuse('unverified', 'UNVERIFIED') : frame.refuse('failed', 'FAIL')
}

function isFaultOfSender(error: unknown): boolean {
  if (error instanceof BodyError) return error.reason !== 'already_parsed'
  return error instanceof SignatureError || error instanceof DecryptError || error instanceof UnexpectedResponseError
}

const unreadable = new WeakSet<BodyError>()

/** A body that is recognised as another protocol before anything is verified. */
export function unreadableBody(message: string): BodyError {
  const error = new BodyError('malformed', message, { product: 'pay' })
  unreadable.add(error)
  return error
}

async function reportError(
  frame: Pick<NotificationFrame<never>, 'operation' | 'logger' | 'onError' | 'isExpected'>,
  error: unknown,
  request: HandlerRequest
): Promise<void> {
  const { operation, onError } = frame
  const logger = frame.logger ?? (onError ? undefined : CONSOLE_LOGGER)
  const { code, message } = error instanceof WeixinKitError ? error : { code: undefined, message: String(error) }
  const line = message.startsWith(operation) ? message : `${operation}: ${message}`
  if (frame.isExpected?.(error)) {
    logger?.debug?.(line, { product: 'pay', code })
    return
  }
  logger?.error?.(line, { product: 'pay', code })
  try {
    await onError?.(error, { request })
  } catch (thrown) {
    // A failing `onError` must not change the response.
    logger?.error?.(`${operation}: onError threw ${String(thrown)}`, { product: 'pay' })
  }
}
