import type { HandlerRequest } from '../core/index.ts'
import type { GatewayMessage, MessageOf, Topic } from './messages/index.ts'
import type { MessageFormat } from './parse-message.ts'
import type { Reply, ReplyLike } from './replies.ts'

/** How the message was delivered. */
export type GatewayMode = 'plaintext' | 'compatible' | 'encrypted'

/** What handlers get besides the message. */
export interface MessageContext {
  /** The same message, with all its fields in a general type. */
  readonly message: GatewayMessage
  /** The plaintext, for storage or for fields whose exact spelling matters. */
  readonly raw: string
  readonly format: MessageFormat
  readonly mode: GatewayMode
  /** Identifier that all deliveries of this message share. */
  readonly key: string
  /** What the regular expression of `onKeyword`, `onMenu` or `onScene` matched. */
  readonly match: RegExpMatchArray | undefined
  /** Aborts when the response is due: what the handler returns from then on goes to `onLateReply`. */
  readonly signal: AbortSignal
}

/** Returns nothing, a text, or a typed reply. */
export type MessageHandler<M = GatewayMessage> = (message: M, context: MessageContext) => ReplyLike | Promise<ReplyLike>

/** A handler of one topic of `on`. */
export type TopicHandler<T extends Topic> = MessageHandler<MessageOf<T>>

/** Where an error occurred; with the message, if the request contained one. */
export interface GatewayErrorContext {
  readonly request: HandlerRequest
  readonly message?: GatewayMessage
  /** The message with which the failed handler was called. */
  readonly context?: MessageContext
}

/**
 * Called with errors of handlers, messages that cannot be read or may be lost, and faults of the server. A typed reply
 * that it returns for a failed handler is sent to the user; any other result is ignored.
 */
export type GatewayErrorHandler = (error: unknown, context: GatewayErrorContext) => unknown

/** Called with a reply that missed the deadline, to be sent as a customer-service message. */
export type LateReplyHandler = (reply: Reply | string, context: MessageContext) => unknown
