import { BodyError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { parseXml } from '../internal/xml/index.ts'
import { EVENT_LISTS, LIST_FIELDS, LIST_HOLDERS, LIST_WRAPPERS, NUMBER_FIELDS } from './message-fields.ts'
import type { GatewayMessage } from './messages/index.ts'

/** `xml`, or `json`, which the console of a mini program offers. */
export type MessageFormat = 'xml' | 'json'

/** A decrypted message may fill its 64 KiB request; the wrapper never does. */
const MAX_BYTES = 1024 * 1024
const MAX_DEPTH = 16
const NUMBER = /^-?\d{1,16}(?:\.\d{1,20})?$/

/** By the first character that is not a space: headers are missing or wrong too often. */
export function formatOf(body: string): MessageFormat | undefined {
  const first = /[^\s\ufeff]/.exec(body)?.[0]
  return first === '<' ? 'xml' : first === '{' ? 'json' : undefined
}

/**
 * Parses a plaintext message or event, XML or JSON, into one shape: every leaf is text except the fields that the
 * documents describe as numbers, `MsgId` is always text, a list of one element is still a list, and an empty one an
 * empty list. CDATA is read as WeChat writes it, without splitting `]]>` in a text. DOCTYPE, entities and deep nesting
 * are refused.
 *
 * @param body The plaintext: the result of `decryptMessage`, or the body in plaintext mode after `verifySignature`.
 * @returns The message; `ToUserName`, `FromUserName` and `MsgType` are `''` and `CreateTime` is 0 if absent.
 * @throws {BodyError} ERR_BODY_MALFORMED, ERR_BODY_TOO_LARGE
 * @example
 * import { isMessage, parseMessage } from 'weixin-kit/gateway'
 *
 * const message = parseMessage(
 *   '<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1700000000</CreateTime>' +
 *     '<MsgType>text</MsgType><Content>hi</Content><MsgId>1</MsgId></xml>'
 * )
 * if (isMessage(message, 'text')) console.log(message.Content)
 */
export function parseMessage(body: string | Uint8Array): GatewayMessage {
  if (typeof body !== 'string' && !(body instanceof Uint8Array))
    throw malformed('The message is neither text nor bytes.')
  const text = typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
  return toMessage(parseFields(text, MAX_BYTES))
}

/** The fields as they appear in the document. */
export function parseFields(text: string, maxBytes: number): Record<string, unknown> {
  if (text.charCodeAt(0) === 60 || formatOf(text) === 'xml')
    return parseXml(text, { lists: LIST_FIELDS, maxBytes, isNaive: true })
  if (formatOf(text) !== 'json') {
    throw malformed(text.trim() === '' ? 'The message is empty.' : 'The message is neither XML nor JSON.')
  }
  return parseJson(text, { maxBytes, maxDepth: MAX_DEPTH }) as Record<string, unknown>
}

/**
 * Converts parsed fields to a {@link GatewayMessage}. Unknown fields pass through: payment events have no
 * `FromUserName`, messages of the open platform an `InfoType` in place of a `MsgType`.
 */
export function toMessage(fields: Record<string, unknown>): GatewayMessage {
  const message = normaliseObject(fields)
  for (const name of ['ToUserName', 'FromUserName', 'MsgType'] as const) {
    if (typeof message[name] !== 'string') message[name] = ''
  }
  if (typeof message.CreateTime !== 'number') message.CreateTime = 0
  if (message.Event !== undefined && typeof message.Event !== 'string') throw malformed('Event is not text.')
  if (message.MsgType === 'event') normaliseEvent(message)
  return message as GatewayMessage
}

function normaliseEvent(message: Record<string, unknown>): void {
  if (typeof message.Event !== 'string') throw malformed('The event has no Event.')
  const event = message.Event.toLowerCase()
  const list = own(EVENT_LISTS, event)
  const single = list === undefined ? undefined : message[list]
  if (list !== undefined && single !== undefined && !Array.isArray(single)) message[list] = [single]
  const wrapper = own(LIST_WRAPPERS, event)
  if (wrapper !== undefined && message.List !== undefined && message[wrapper] === undefined) {
    message[wrapper] = { List: message.List }
    delete message.List
  }
}

/** An event named `constructor` must not find a property that every object inherits. */
const own = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/** In place: the parser has just created the object and nothing else refers to it. */
function normaliseObject(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    if (typeof value === 'string' && value !== '' && !NUMBER_FIELDS.has(name)) {
      if (name === 'List' || name === 'item') fields[name] = [value]
      continue
    }
    const normal = value === '' && !NUMBER_FIELDS.has(name) ? emptyOf(name) : normalise(name, value)
    if (normal === undefined) delete fields[name]
    else fields[name] = LIST_FIELDS.includes(name) && !Array.isArray(normal) ? [normal] : normal
  }
  return fields
}

/** An element without children is parsed as empty text; where a list is expected it becomes an empty list. */
function emptyOf(name: string): unknown {
  if (LIST_FIELDS.includes(name)) return []
  const list = own(LIST_HOLDERS, name)
  return list === undefined ? '' : { [list]: [] }
}

function normalise(name: string, value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return NUMBER_FIELDS.has(name) ? toNumber(value) : value
    case 'number':
      return NUMBER_FIELDS.has(name) ? value : String(value)
    case 'object': {
      if (value === null) return undefined
      if (Array.isArray(value)) {
        const isList = LIST_FIELDS.includes(name)
        return value
          .map((item) => normalise(name, item))
          .filter((item) => item !== undefined && !(isList && item === ''))
      }
      const fields = normaliseObject(value as Record<string, unknown>)
      const list = own(LIST_HOLDERS, name)
      if (list !== undefined && fields[list] === undefined) fields[list] = []
      return fields
    }
    default:
      return value
  }
}

/** An empty field is treated as absent; a value that is not a number stays as received, so that nothing is lost. */
function toNumber(text: string): number | string | undefined {
  if (text === '') return undefined
  return NUMBER.test(text) ? Number(text) : text
}

function malformed(message: string): BodyError {
  return new BodyError('malformed', message, { product: 'gateway' })
}
