import type { GatewayMessage, MessageOf, Topic } from './messages/index.ts'
import type { MessageFormat } from './parse-message.ts'
import type { Reply, ReplyLike } from './replies.ts'

/** How the message came. */
export type GatewayMode = 'plaintext' | 'compatible' | 'encrypted'

export interface MessageContext {
  /** The same message, with all its fields in a general type. */
  readonly message: GatewayMessage
  /** The plaintext, to be stored or for fields that need their exact spelling. */
  readonly raw: string
  readonly format: MessageFormat
  readonly mode: GatewayMode
  /** What all deliveries of this message have in common. */
  readonly key: string
  /** What the regular expression of `onKeyword`, `onMenu` or `onScene` matched. */
  readonly match: RegExpMatchArray | undefined
  /** Aborts when the answer was due: what the handler returns from now on goes to `onLateReply`. */
  readonly signal: AbortSignal
}

export type MessageHandler<M = GatewayMessage> = (message: M, context: MessageContext) => ReplyLike | Promise<ReplyLike>

export type TopicHandler<T extends Topic> = MessageHandler<MessageOf<T>>

/** Sees what a handler threw; may return a reply for the user. */
export type ErrorHandler = (error: unknown, context: MessageContext) => ReplyLike | Promise<ReplyLike>

/** Is given a reply that came after the answer was due, to be sent as a customer-service message. */
export type LateReplyHandler = (reply: Reply | string, context: MessageContext) => unknown
