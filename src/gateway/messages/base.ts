/** Fields of every inbound message. */
export interface MessageBase {
  /** Original id (`gh_…`) of the receiving account. */
  ToUserName: string
  /** openid of the sender. */
  FromUserName: string
  /** Seconds since 1970. */
  CreateTime: number
  MsgType: string
}

/**
 * Any message, known or not: every leaf is text, except the fields that the documents describe as numbers.
 * Narrow it with `isMessage`.
 */
export interface GatewayMessage extends MessageBase {
  /** 64 bits, as text. Messages have it, events do not. */
  MsgId?: string | undefined
  Event?: string | undefined
  EventKey?: string | undefined
  [field: string]: unknown
}

/** Messages that a user wrote. */
export interface UserMessageBase extends MessageBase {
  /** 64 bits, as text. */
  MsgId: string
  /** Present if the user acted on an article card. */
  MsgDataId?: string | undefined
  /** Number of the article in the card, from 1. */
  Idx?: number | undefined
}

/** Fields that every event carries. */
export interface EventBase extends MessageBase {
  MsgType: 'event'
  Event: string
}
