import type { AccountEventMap } from './account-events.ts'
import type { GatewayMessage } from './base.ts'
import type { CardEventMap } from './card-events.ts'
import type { MiniProgramEventMap } from './mini-program-events.ts'
import type { SharedEventMap } from './shared-events.ts'
import type { UserMessageMap } from './user-messages.ts'

/** Events by `Event`, in the spelling of the wire. */
export interface EventMap extends AccountEventMap, SharedEventMap, MiniProgramEventMap, CardEventMap {}

/** A `MsgType` that a person can send. */
export type UserMessageType = keyof UserMessageMap
/** An `Event` that has a type here. */
export type EventName = keyof EventMap

type EventOf<Name extends EventName> = EventMap[Name] & { readonly Event: Name }

/** What `gateway.on` listens to: a `MsgType`, `event.` and an `Event`, `event` for all events, `*` for everything. */
export type Topic = UserMessageType | `event.${EventName}` | 'event' | '*'

/** The message that a handler of this topic is given. */
export type MessageOf<T extends Topic> = T extends UserMessageType
  ? UserMessageMap[T]
  : T extends `event.${infer Name extends EventName}`
    ? EventOf<Name>
    : T extends 'event'
      ? GatewayMessage & { MsgType: 'event'; Event: string }
      : GatewayMessage

/** `MsgType`s that `on` knows; a table, because a misspelt one would wait for ever. */
export const USER_MESSAGE_TYPES: readonly UserMessageType[] = [
  'text',
  'image',
  'voice',
  'video',
  'shortvideo',
  'location',
  'link',
  'file',
  'miniprogrampage'
]

/**
 * Whether a message belongs to a topic; narrows its type. Names of events are compared without regard to case.
 *
 * @param message What `parseMessage`, `on('*')` or `onUnknown` gave.
 * @param topic `text`, `event.subscribe`, …
 * @example
 * import { isMessage, parseMessage } from 'weixin-kit/gateway'
 *
 * const message = parseMessage('<xml>…</xml>')
 * if (isMessage(message, 'event.SCAN')) console.log(message.Ticket)
 */
export function isMessage<T extends Topic>(
  message: GatewayMessage,
  topic: T
): message is GatewayMessage & MessageOf<T> {
  if (typeof message !== 'object' || message === null) return false
  if (topic === '*') return true
  if (topic === 'event' || !topic.startsWith('event.')) return message.MsgType === topic
  return message.MsgType === 'event' && message.Event?.toLowerCase() === topic.slice('event.'.length).toLowerCase()
}
