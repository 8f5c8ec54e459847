import type { Logger } from '../core/index.ts'
import { buildReply } from './build-reply.ts'
import { isVirtualPayment } from './dedupe-key.ts'
import type { Outcome } from './delivery.ts'
import { describeError } from './describe-error.ts'
import type { Flight } from './flight.ts'
import type { ErrorHandler, LateReplyHandler, MessageContext } from './handler-types.ts'
import type { GatewayMessage } from './messages/index.ts'
import type { MessageFormat } from './parse-message.ts'
import { explainReply, type Reply, type ReplyLike } from './replies.ts'
import type { Router } from './router.ts'

export interface Round {
  context: Pick<MessageContext, 'message' | 'raw' | 'format' | 'mode' | 'key'>
  flight: Flight
  router: Router
  onError: ErrorHandler | undefined
  onLateReply: LateReplyHandler | undefined
  logger: Logger
  nowSeconds: () => number
}

/** Calls the handlers and writes their reply. Never rejects: whatever happens, the platform gets an answer that it knows. */
export async function runHandlers(round: Round): Promise<Outcome> {
  const { message, format } = round.context
  const isPayment = isVirtualPayment(message)
  const contextWith = (match?: RegExpMatchArray): MessageContext => new Context(round.context, round.flight, match)
  try {
    const reply = await round.router.dispatch(message, contextWith)
    if (isPayment && !isReply(reply)) {
      if (round.router.knows(message)) return { reply: acknowledgement(message, format, 0), isFailed: false }
      round.logger.warn?.(
        `weixin-kit gateway: no handler is registered for ${message.Event}; it was refused, so that it comes again`
      )
      return { reply: acknowledgement(message, format, -1), isFailed: true }
    }
    return { reply: write(reply, round), isFailed: false, sendLate: lateSender(reply, round, contextWith) }
  } catch (error) {
    const reply = await reportError(error, round, contextWith)
    return { reply: isPayment && reply === '' ? acknowledgement(message, format, -1) : reply, isFailed: true }
  }
}

/** The answer that virtual payment asks for, in the format of the push. */
export function acknowledgement(message: GatewayMessage, format: MessageFormat, ErrCode: number): string {
  return buildReply(message, { ErrCode, ErrMsg: ErrCode === 0 ? 'success' : 'fail' }, { format })
}

function write(reply: ReplyLike, { context, logger, nowSeconds }: Round): string {
  if (!isReply(reply)) return ''
  const { message, format } = context
  const doubt = explainReply(reply, message, format)
  if (doubt) logger.warn?.(`weixin-kit gateway: ${doubt}`, { key: context.key })
  return buildReply(message, reply, { format, createTime: nowSeconds() })
}

function lateSender(
  reply: ReplyLike,
  round: Round,
  contextWith: () => MessageContext
): (() => Promise<void>) | undefined {
  const { onLateReply } = round
  if (!isReply(reply) || !onLateReply) return undefined
  return async () => {
    try {
      await onLateReply(reply, contextWith())
    } catch (error) {
      await reportError(error, round, contextWith)
    }
  }
}

async function reportError(error: unknown, round: Round, contextWith: () => MessageContext): Promise<string> {
  const { logger, onError, context } = round
  const title = 'weixin-kit gateway: a handler failed'
  if (!onError) {
    logger.error?.(title, { key: context.key, ...describeError(error) })
    return ''
  }
  try {
    return write(await onError(error, contextWith()), round)
  } catch (second) {
    logger.error?.(title, { key: context.key, ...describeError(error) })
    logger.error?.('weixin-kit gateway: onError failed as well', { key: context.key, ...describeError(second) })
    return ''
  }
}

function isReply(reply: ReplyLike): reply is Reply | string {
  return reply !== undefined && reply !== null && reply !== ''
}

class Context implements MessageContext {
  readonly message: GatewayMessage
  readonly raw: string
  readonly format: MessageFormat
  readonly mode: MessageContext['mode']
  readonly key: string
  readonly match: RegExpMatchArray | undefined
  readonly #flight: Flight

  constructor(context: Round['context'], flight: Flight, match: RegExpMatchArray | undefined) {
    this.message = context.message
    this.raw = context.raw
    this.format = context.format
    this.mode = context.mode
    this.key = context.key
    this.match = match
    this.#flight = flight
  }

  get signal(): AbortSignal {
    return this.#flight.signal
  }
}
