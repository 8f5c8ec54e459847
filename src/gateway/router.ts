import { ConfigError } from '../errors/index.ts'
import type { MessageHandler } from './handler-types.ts'
import { USER_MESSAGE_TYPES } from './messages/index.ts'

/** Text that must be equal (ignoring case and surrounding spaces), a regular expression, or several of them. */
export type Pattern = string | RegExp | readonly (string | RegExp)[]

/** Condition of a handler: a message type or `*`, an event, or a matching text. */
export type Condition =
  | { readonly by: 'type'; readonly value: string }
  | { readonly by: 'event'; readonly value: string }
  | { readonly by: TextSource; readonly texts: ReadonlySet<string>; readonly expressions: readonly RegExp[] }

/** The text of a message to which a pattern applies. */
export type TextSource = 'keyword' | 'menu' | 'scene'

/** A handler and its condition. */
export interface Entry {
  readonly condition: Condition
  readonly handler: MessageHandler
}

/** Accepts any message: that the entry matches guarantees the right type. */
type AnyHandler = MessageHandler<never>

/** Handlers in order of registration. `run-handlers.ts` calls them, `matches.ts` decides for which messages. */
export class Router {
  readonly entries: Entry[] = []
  unknown: MessageHandler | undefined

  on(topic: string, handler: AnyHandler): void {
    if (typeof topic !== 'string') throw invalid('topic', 'a topic must be text, such as "text" or "event.subscribe"')
    const isEvent = topic.startsWith('event.') && topic.length > 'event.'.length
    if (!isEvent && topic !== '*' && topic !== 'event' && !(USER_MESSAGE_TYPES as readonly string[]).includes(topic)) {
      throw invalid(
        'topic',
        `"${topic}" is not a topic${isEventName(topic) ? `; did you mean "event.${topic}"? Topics are` : ': use'} ${USER_MESSAGE_TYPES.join(', ')}, event, event.<Event>, * or onType`
      )
    }
    if (isEvent) {
      this.onEvent(topic.slice('event.'.length), handler)
      return
    }
    this.#add({ by: 'type', value: topic }, handler)
  }

  onEvent(name: string, handler: AnyHandler): void {
    if (typeof name !== 'string' || name === '')
      throw invalid('name', 'the name of an event must be a non-empty string')
    this.#add({ by: 'event', value: name.toLowerCase() }, handler)
  }

  onType(name: string, handler: AnyHandler): void {
    if (typeof name !== 'string' || name === '') throw invalid('name', 'the name of a type must be a non-empty string')
    this.#add({ by: 'type', value: name }, handler)
  }

  /** Handlers that are selected by a text of the message. */
  onText(by: TextSource, pattern: Pattern, handler: AnyHandler): void {
    const patterns = (Array.isArray(pattern) ? pattern : [pattern]) as readonly (string | RegExp)[]
    if (patterns.length === 0 || patterns.some((item) => typeof item !== 'string' && !(item instanceof RegExp))) {
      throw invalid('pattern', 'a pattern must be text, a regular expression, or a list of them')
    }
    const texts = new Set(patterns.filter((item) => typeof item === 'string').map((item) => item.trim().toLowerCase()))
    // Without the flags that make a regular expression stateful.
    const expressions = patterns
      .filter((item) => item instanceof RegExp)
      .map((item) => new RegExp(item.source, item.flags.replace(/[gy]/g, '')))
    this.#add({ by, texts, expressions }, handler)
  }

  onUnknown(handler: AnyHandler): void {
    checkHandler(handler)
    this.unknown = handler as MessageHandler
  }

  #add(condition: Condition, handler: AnyHandler): void {
    checkHandler(handler)
    this.entries.push({ condition, handler: handler as MessageHandler })
  }
}

/** Events for which people forget `event.`; the others have an underscore. */
function isEventName(topic: string): boolean {
  return /^(un)?subscribe$|^(scan|click|view|location_select|templatesendjobfinish|masssendjobfinish)$|^\w+_\w+$/i.test(
    topic
  )
}

function checkHandler(handler: unknown): void {
  if (typeof handler !== 'function') throw invalid('handler', 'a handler must be a function')
}

function invalid(option: string, problem: string): ConfigError {
  return new ConfigError(`MessageGateway: ${problem}.`, { code: 'ERR_INVALID_PARAM', option, product: 'gateway' })
}
