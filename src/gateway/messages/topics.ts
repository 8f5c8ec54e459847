import type { AccountEventMap } from './account-events.ts'
import type { GatewayMessage } from './base.ts'
import type { CardEventMap } from './card-events.ts'
import type { MiniProgramEventMap } from './mini-program-events.ts'
import type { SharedEventMap } from './shared-events.ts'
import type { UserMessageMap } from './user-messages.ts'

/** Events by `Event`, in the spelling of the wire. */
export interface EventMap extends AccountEventMap, SharedEventMap, MiniProgramEventMap, CardEventMap {}

/** A `MsgType` that users can send. */
export type UserMessageType = keyof UserMessageMap
/** An `Event` with a type of its own. */
export type EventName = keyof EventMap

type EventOf<Name extends EventName> = EventMap[Name] & { readonly Event: Name }

/** What `gateway.on` listens to: a `MsgType`, `event.` and an `Event`, `event` for all events, `*` for everything. */
export type Topic = UserMessageType | `event.${EventName}` | 'event' | '*'

/** The message type that a handler of this topic gets. */
export type MessageOf<T extends Topic> = T extends UserMessageType
  ? UserMessageMap[T]
  : T extends `event.${infer Name extends EventName}`
    ? EventOf<Name>
    : T extends 'event'
      ? GatewayMessage & { MsgType: 'event'; Event: string }
      : GatewayMessage

/** `MsgType`s that `on` accepts; a table, because a handler of a misspelt one would never be called. */
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
 * Returns whether a message belongs to a topic, and narrows its type. Names of events are compared case-insensitively.
 *
 * @param message A message from `parseMessage`, `on('*')` or `onUnknown`.
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
