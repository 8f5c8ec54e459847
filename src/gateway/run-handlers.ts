import { endHanging } from '../core/end-hanging.ts'
import type { Logger } from '../core/index.ts'
import { describeError } from './describe-error.ts'
import { HandlerContext, type Received } from './handler-context.ts'
import type { GatewayErrorHandler, LateReplyHandler } from './handler-types.ts'
import { isPayment } from './identity.ts'
import type { InFlight } from './in-flight.ts'
import { isAny, matches } from './matches.ts'
import type { Answer, Outcome } from './outcome.ts'
import { type PrepareOptions, prepareReply } from './prepare-reply.ts'
import type { AcknowledgementReply, Reply, ReplyLike } from './replies.ts'
import type { Router } from './router.ts'

/** Handlers and callbacks registered with a gateway. */
export interface Handlers extends PrepareOptions {
  readonly router: Router
  readonly onError: GatewayErrorHandler | undefined
  onLateReply: LateReplyHandler | undefined
  readonly logger: Logger
  /** Keeps a reply that no delivery could carry for the next message of that user. */
  readonly keepForNext: ((reply: Reply | string, received: Received) => Promise<void>) | undefined
}

const NOTHING: Outcome = { answer: undefined, isFailed: false }
const ACCEPTED: AcknowledgementReply = { ErrCode: 0, ErrMsg: 'success' }
/** Makes the platform redeliver. */
export const REFUSED: AcknowledgementReply = { ErrCode: -1, ErrMsg: 'fail' }

/** Calls the handlers, synchronously if they do not await. Never rejects: the platform always gets a valid response. */
export function runHandlers(handlers: Handlers, received: Received, flight: InFlight): Outcome | Promise<Outcome> {
  try {
    const reply = dispatch(handlers, received, new HandlerContext(received, flight), 0, false)
    if (!(reply instanceof Promise)) return conclude(handlers, received, flight, reply)
    // Payments come again for hours, other messages only twice.
    const running = isPayment(received.message)
      ? endHanging(() => reply, received.message.Event ?? '', 'gateway')
      : reply
    return running
      .then((value) => conclude(handlers, received, flight, value))
      .catch((error) => failed(error, handlers, received, flight))
  } catch (error) {
    return failed(error, handlers, received, flight)
  }
}

/** Calls the handlers that match a message in order of registration, until one returns a reply. */
function dispatch(
  handlers: Handlers,
  received: Received,
  context: HandlerContext,
  from: number,
  wasKnown: boolean
): ReplyLike | Promise<ReplyLike> {
  const { entries, unknown } = handlers.router
  const { message } = received
  let isKnown = wasKnown
  for (let index = from; index < entries.length; index++) {
    const entry = entries[index]
    const found = entry && matches(entry.condition, message)
    if (!entry || !found) continue
    isKnown ||= !isAny(entry.condition)
    const reply = entry.handler(message, found.match ? context.with(found.match) : context)
    if (isThenable(reply)) {
      const known = isKnown
      return Promise.resolve(reply).then((value) => value ?? dispatch(handlers, received, context, index + 1, known))
    }
    if (reply !== undefined && reply !== null) return reply
  }
  return isKnown || !unknown ? undefined : unknown(message, context)
}

/** Whether a handler other than those of `*` would be called. */
function knows({ router }: Handlers, { message }: Received): boolean {
  return router.entries.some(({ condition }) => !isAny(condition) && matches(condition, message) !== undefined)
}

function conclude(handlers: Handlers, received: Received, flight: InFlight, reply: ReplyLike): Outcome {
  const { onLateReply, keepForNext, logger } = handlers
  const hasLateWay = handlers.longText === 'cut' || onLateReply !== undefined
  const { answer, late } = prepareReply(reply, received, hasLateWay ? handlers : { logger, longText: 'cut' })
  const onlyLate = late !== undefined && answer === undefined
  const send =
    late === undefined
      ? undefined
      : async () => {
          try {
            if (keepForNext && !onlyLate) await keepForNext(late, received)
            else if (onLateReply) await onLateReply(late, new HandlerContext(received, flight))
            else logger.error?.(LOST, { key: received.key })
          } catch (error) {
            await reportError(error, handlers, received, flight)
          }
        }
  if (onlyLate) void send?.()
  if (answer !== undefined) return { answer, isFailed: false, sendLate: send }
  return isPayment(received.message) ? settlePayment(handlers, received) : NOTHING
}

const LOST =
  'weixin-kit gateway: a reply missed the deadline and was not sent. Send it as a customer-service message with gateway.onLateReply(…); without that API set late: "wait-for-repeat"'

function settlePayment(handlers: Handlers, received: Received): Outcome {
  if (knows(handlers, received)) return { answer: ACCEPTED, isFailed: false }
  handlers.logger.warn?.(
    `weixin-kit gateway: no handler is registered for ${received.message.Event}; it was refused so that WeChat redelivers it`
  )
  return { answer: REFUSED, isFailed: true }
}

async function failed(error: unknown, handlers: Handlers, received: Received, flight: InFlight): Promise<Outcome> {
  const answer = await reportError(error, handlers, received, flight)
  return { answer: answer ?? (isPayment(received.message) ? REFUSED : undefined), isFailed: true }
}

/**
 * Passes an error to `onError`, else to the logger. A typed reply that `onError` returns is sent; any other result is
 * ignored.
 */
export async function reportError(
  error: unknown,
  handlers: Pick<Handlers, 'logger' | 'onError' | 'longText'>,
  received: Received,
  flight?: InFlight,
  title = 'a handler failed'
): Promise<Answer> {
  const { logger, onError } = handlers
  const { key, message, request } = received
  if (!onError) {
    logger.error?.(`weixin-kit gateway: ${title}`, { key, ...describeError(error) })
    return undefined
  }
  try {
    const context = flight && new HandlerContext(received, flight)
    const reply = await onError(error, { request, message, ...(context && { context }) })
    return isTypedReply(reply) ? prepareReply(reply, received, handlers).answer : undefined
  } catch (second) {
    logger.error?.(`weixin-kit gateway: ${title}`, { key, ...describeError(error) })
    logger.error?.('weixin-kit gateway: onError failed as well', { key, ...describeError(second) })
    return undefined
  }
}

/** Text does not count: error reporters return ids and the like. */
function isTypedReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && ('MsgType' in value || 'ErrCode' in value)
}

function isThenable(value: unknown): value is PromiseLike<ReplyLike> {
  return typeof value === 'object' && value !== null && 'then' in value
}
