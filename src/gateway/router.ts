import { ConfigError } from '../errors/index.ts'
import type { MessageHandler } from './handler-types.ts'
import { type GatewayMessage, USER_MESSAGE_TYPES } from './messages/index.ts'

/** Text that must be equal (spaces around it and case do not count), a regular expression, or several of them. */
export type Pattern = string | RegExp | readonly (string | RegExp)[]

export interface Entry {
  /** `undefined`: does not fit; otherwise what a regular expression matched. */
  fits(message: GatewayMessage): { match: RegExpMatchArray | undefined } | undefined
  /** `*` sees everything and makes nothing known. */
  isSpecific: boolean
  handler: MessageHandler
}

/** Whatever message it takes: that the entry fits is what makes it the right one. */
type AnyHandler = MessageHandler<never>

const FITS = { match: undefined }

/** Handlers in the order of their registration. `dispatch.ts` calls them. */
export class Router {
  readonly entries: Entry[] = []
  unknown: MessageHandler | undefined

  on(topic: string, handler: AnyHandler): void {
    if (typeof topic !== 'string') throw invalid('topic', 'a topic must be text, such as "text" or "event.subscribe"')
    const isEvent = topic.startsWith('event.') && topic.length > 'event.'.length
    if (!isEvent && topic !== '*' && topic !== 'event' && !(USER_MESSAGE_TYPES as readonly string[]).includes(topic)) {
      throw invalid('topic', `"${topic}" is no topic: use ${USER_MESSAGE_TYPES.join(', ')}, event, event.<Event> or *`)
    }
    if (isEvent) {
      this.onEvent(topic.slice('event.'.length), handler)
      return
    }
    this.#add({
      fits: (message) => (topic === '*' || message.MsgType === topic ? FITS : undefined),
      isSpecific: topic !== '*',
      handler: handler as MessageHandler
    })
  }

  onEvent(name: string, handler: AnyHandler): void {
    if (typeof name !== 'string' || name === '')
      throw invalid('name', 'the name of an event must be a non-empty string')
    const event = name.toLowerCase()
    const fits = (message: GatewayMessage) =>
      message.MsgType === 'event' && message.Event?.toLowerCase() === event ? FITS : undefined
    this.#add({ fits, isSpecific: true, handler: handler as MessageHandler })
  }

  /** Handlers that are chosen by a text of the message. */
  onText(read: (message: GatewayMessage) => string | undefined, pattern: Pattern, handler: AnyHandler): void {
    const patterns = (Array.isArray(pattern) ? pattern : [pattern]) as readonly (string | RegExp)[]
    if (patterns.length === 0 || patterns.some((item) => typeof item !== 'string' && !(item instanceof RegExp))) {
      throw invalid('pattern', 'a pattern must be text, a regular expression, or a list of them')
    }
    const plain = new Set(patterns.filter((item) => typeof item === 'string').map(normalise))
    // Without the flags that make a regular expression remember where it stopped.
    const expressions = patterns
      .filter((item) => item instanceof RegExp)
      .map((item) => new RegExp(item.source, item.flags.replace(/[gy]/g, '')))
    const fits = (message: GatewayMessage) => {
      const text = read(message)
      if (text === undefined) return undefined
      if (plain.has(normalise(text))) return FITS
      for (const expression of expressions) {
        const match = expression.exec(text)
        if (match) return { match }
      }
      return undefined
    }
    this.#add({ fits, isSpecific: true, handler: handler as MessageHandler })
  }

  onUnknown(handler: AnyHandler): void {
    checkHandler(handler)
    this.unknown = handler as MessageHandler
  }

  #add(entry: Entry): void {
    checkHandler(entry.handler)
    this.entries.push(entry)
  }
}

/** The words of a text message, or what speech recognition made of a voice message. */
export const keywordOf = (message: GatewayMessage): string | undefined =>
  message.MsgType === 'text'
    ? textIn(message.Content)
    : message.MsgType === 'voice'
      ? textIn(message.Recognition)
      : undefined

/** The key of a clicked menu button, or of a clicked entry of a `msgmenu` message. */
export const menuKeyOf = (message: GatewayMessage): string | undefined => {
  if (message.MsgType === 'text') return textIn(message.bizmsgmenuid)
  return message.Event?.toLowerCase() === 'click' ? textIn(message.EventKey) : undefined
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const normalise = (text: string): string => text.trim().toLowerCase()

function checkHandler(handler: unknown): void {
  if (typeof handler !== 'function') throw invalid('handler', 'a handler must be a function')
}

function invalid(option: string, problem: string): ConfigError {
  return new ConfigError(`MessageGateway: ${problem}.`, { code: 'ERR_INVALID_PARAM', option, product: 'gateway' })
}
