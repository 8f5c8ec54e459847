import type { FetchHandler } from '../../core/fetch-handler.ts'
import type { Logger } from '../../core/logger.ts'
import { readBody } from '../../core/read-body.ts'
import { runOnce } from '../../core/run-once.ts'
import type { Store } from '../../core/store.ts'
import { BodyError, DecryptError, SignatureError, UnexpectedResponseError, WeixinKitError } from '../../errors/index.ts'

/** A callback may run this long before another delivery may start it again, because its process is taken for dead. */
const RUNNING_TTL_MS = 120_000
/** WeChat Pay redelivers for a little over 24 hours. */
const DONE_TTL_MS = 3 * 24 * 3_600_000

/** Why a delivery was not acknowledged. */
export type NotificationRefusal = 'method' | 'too_large' | 'unverified' | 'running' | 'failed'

/** What the versions of WeChat Pay differ in; the rest of receiving a notification is the same. */
export interface NotificationFrame<T> {
  /** Name for the log, e.g. `notifyHandler`. */
  operation: string
  store: Store
  logger: Logger | undefined
  /** Verifies the raw bytes; throws for whatever is not genuine and for this account. */
  parse(body: Uint8Array, request: Request): T | Promise<T>
  /** Key of the event in the store: account, kind, number and state. Redeliveries have the same, other events never. */
  keyOf(notification: T): string
  run(notification: T): Promise<void>
  acknowledge(): Response
  /** `message` is safe to send: a word of ours, nothing of the error's. */
  refuse(refusal: NotificationRefusal, message: string): Response
  /** Told of every refusal but `running`. */
  onError?: ((error: unknown, request: Request) => void) | undefined
  /** A refusal that is as it should be (a signature probe): neither an error in the log nor told to `onError`. */
  isExpected?(error: unknown): boolean
}

/**
 * Makes the handler of a notification. Acknowledged is only what was verified and whose callback has resolved, now or at an
 * earlier delivery; everything else is refused, so that WeChat Pay delivers it again: at least once, never lost.
 */
export function createNotificationHandler<T>(frame: NotificationFrame<T>): FetchHandler {
  const report = (error: unknown, request: Request) => {
    const { code, message } = error instanceof WeixinKitError ? error : { code: undefined, message: String(error) }
    if (frame.isExpected?.(error)) {
      frame.logger?.debug?.(`${frame.operation}: ${message}`, { product: 'pay', code })
      return
    }
    frame.logger?.error?.(`${frame.operation}: ${message}`, { product: 'pay', code })
    try {
      frame.onError?.(error, request)
    } catch (thrown) {
      // A failing reporter must not decide what is answered.
      frame.logger?.error?.(`${frame.operation}: onError threw ${String(thrown)}`, { product: 'pay' })
    }
  }
  return async (request) => {
    if (request.method !== 'POST') return frame.refuse('method', 'POST expected')
    let notification: T
    try {
      notification = await frame.parse(await readBody(request), request)
    } catch (error) {
      report(error, request)
      // Of a missing dependency, a body that was read before or a mistake in code the sender knows nothing: it delivers again.
      if (!isFaultOfSender(error)) return frame.refuse('failed', 'FAIL')
      const isTooLarge = error instanceof BodyError && error.reason === 'too_large'
      // The same for all reasons: whoever can tell bad padding from bad contents decrypts with our key, block by block.
      return isTooLarge ? frame.refuse('too_large', 'TOO_LARGE') : frame.refuse('unverified', 'UNVERIFIED')
    }
    try {
      const { outcome } = await runOnce(
        frame.store,
        frame.keyOf(notification),
        async () => {
          await frame.run(notification)
          return ''
        },
        { runningTtlMs: RUNNING_TTL_MS, doneTtlMs: DONE_TTL_MS }
      )
      // Another delivery is being worked on and may yet fail: only its own success may be acknowledged.
      return outcome === 'running' ? frame.refuse('running', 'PROCESSING') : frame.acknowledge()
    } catch (error) {
      report(error, request)
      return frame.refuse('failed', 'FAIL')
    }
  }
}

function isFaultOfSender(error: unknown): boolean {
  if (error instanceof BodyError) return error.reason !== 'already_parsed'
  return error instanceof SignatureError || error instanceof DecryptError || error instanceof UnexpectedResponseError
}
