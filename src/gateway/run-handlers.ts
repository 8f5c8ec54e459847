import { checkReply } from './build-reply.ts'
import { isVirtualPayment } from './dedupe-key.ts'
import type { Outcome } from './delivery.ts'
import { describeError } from './describe-error.ts'
import { dispatch, knows } from './dispatch.ts'
import { explainReply } from './explain-reply.ts'
import type { Answer, Flight } from './flight.ts'
import { HandlerContext, type Received } from './handler-context.ts'
import type { Handlers } from './handlers.ts'
import type { AcknowledgementReply, Reply, ReplyLike } from './replies.ts'

/** Calls the handlers. Never rejects: whatever happens, the platform gets an answer that it knows. */
export async function runHandlers(handlers: Handlers, received: Received, flight: Flight): Promise<Outcome> {
  try {
    const reply = await dispatch(handlers, received, flight)
    if (!isReply(reply)) return isVirtualPayment(received.message) ? settlePayment(handlers, received) : NOTHING
    examine(reply, handlers, received)
    return { answer: reply, isFailed: false, sendLate: lateSender(reply, handlers, received, flight) }
  } catch (error) {
    const answer = await reportError(error, handlers, received, flight)
    return {
      answer: answer ?? (isVirtualPayment(received.message) ? REFUSED : undefined),
      isFailed: true
    }
  }
}

const NOTHING: Outcome = { answer: undefined, isFailed: false }
const ACCEPTED: AcknowledgementReply = { ErrCode: 0, ErrMsg: 'success' }
/** The platform comes again. */
export const REFUSED: AcknowledgementReply = { ErrCode: -1, ErrMsg: 'fail' }

function settlePayment(handlers: Handlers, { message }: Received): Outcome {
  if (knows(handlers, message)) return { answer: ACCEPTED, isFailed: false }
  handlers.logger.warn?.(
    `weixin-kit gateway: no handler is registered for ${message.Event}; it was refused, so that it comes again`
  )
  return { answer: REFUSED, isFailed: true }
}

/** @throws {ConfigError} ERR_INVALID_PARAM for what is no reply. */
function examine(reply: Reply | string, { logger }: Handlers, { message, format, key }: Received): void {
  if (typeof reply !== 'string') checkReply(reply)
  const doubt = explainReply(reply, message, format)
  if (doubt) logger.warn?.(`weixin-kit gateway: ${doubt}`, { key })
}

function lateSender(
  reply: Reply | string,
  handlers: Handlers,
  received: Received,
  flight: Flight
): (() => Promise<void>) | undefined {
  const { onLateReply } = handlers
  if (!onLateReply) return undefined
  return async () => {
    try {
      await onLateReply(reply, new HandlerContext(received, flight))
    } catch (error) {
      await reportError(error, handlers, received, flight)
    }
  }
}

async function reportError(error: unknown, handlers: Handlers, received: Received, flight: Flight): Promise<Answer> {
  const { logger, onError } = handlers
  const { key } = received
  const title = 'weixin-kit gateway: a handler failed'
  if (!onError) {
    logger.error?.(title, { key, ...describeError(error) })
    return undefined
  }
  try {
    const reply = await onError(error, new HandlerContext(received, flight))
    if (!isReply(reply)) return undefined
    examine(reply, handlers, received)
    return reply
  } catch (second) {
    logger.error?.(title, { key, ...describeError(error) })
    logger.error?.('weixin-kit gateway: onError failed as well', { key, ...describeError(second) })
    return undefined
  }
}

function isReply(reply: ReplyLike): reply is Reply | string {
  return reply !== undefined && reply !== null && reply !== ''
}
