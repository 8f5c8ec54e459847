import type { GatewayMessage } from './messages/index.ts'
import type { Condition, TextSource } from './router.ts'
import { sceneOf } from './scene.ts'

const MATCHES = { match: undefined }

/** `undefined` if the message does not meet the condition; otherwise the match of a regular expression. */
export function matches(
  condition: Condition,
  message: GatewayMessage
): { match: RegExpMatchArray | undefined } | undefined {
  if (condition.by === 'type') return isAny(condition) || typeOf(message) === condition.value ? MATCHES : undefined
  if (condition.by === 'event') {
    return message.MsgType === 'event' && message.Event?.toLowerCase() === condition.value ? MATCHES : undefined
  }
  const text = condition.by === 'scene' ? sceneOf(message) : TEXTS[condition.by](message)
  if (typeof text !== 'string' || text === '') return undefined
  if (condition.texts.has(text.trim().toLowerCase())) return MATCHES
  for (const expression of condition.expressions) {
    const match = expression.exec(text)
    if (match) return { match }
  }
  return undefined
}

/** Messages of the open platform have an InfoType and no MsgType. */
const typeOf = ({ MsgType, InfoType }: GatewayMessage) => (MsgType === '' ? InfoType : MsgType)

/** `*` sees everything but does not make a message known. */
export function isAny(condition: Condition): boolean {
  return condition.by === 'type' && condition.value === '*'
}

const TEXTS: Readonly<Record<Exclude<TextSource, 'scene'>, (message: GatewayMessage) => unknown>> = {
  /** The text of a text message, or the recognised text of a voice message. */
  keyword: ({ MsgType, Content, Recognition }) =>
    MsgType === 'text' ? Content : MsgType === 'voice' ? Recognition : undefined,
  /** The key of a clicked menu button, or of a clicked entry of a `msgmenu` message. */
  menu: ({ MsgType, bizmsgmenuid, Event, EventKey }) =>
    MsgType === 'text' ? bizmsgmenuid : Event?.toLowerCase() === 'click' ? EventKey : undefined
}
