import { ConfigError } from '../errors/index.ts'
import type { MessageHandler } from './handler-types.ts'
import { USER_MESSAGE_TYPES } from './messages/index.ts'

/** Text that must be equal (spaces around it and case do not count), a regular expression, or several of them. */
export type Pattern = string | RegExp | readonly (string | RegExp)[]

/** What a message must be for a handler: of a type or `*`, an event, or one with such a text. */
export type Condition =
  | { readonly by: 'type'; readonly value: string }
  | { readonly by: 'event'; readonly value: string }
  | { readonly by: TextSource; readonly texts: ReadonlySet<string>; readonly expressions: readonly RegExp[] }

/** Which text of a message a pattern is for. */
export type TextSource = 'keyword' | 'menu' | 'scene'

/** A handler and the messages that it is for. */
export interface Entry {
  readonly condition: Condition
  readonly handler: MessageHandler
}

/** Whatever message it takes: that the entry matches is what makes it the right one. */
type AnyHandler = MessageHandler<never>

/** Handlers in the order of their registration. `run-handlers.ts` calls them, `matches.ts` says for which messages. */
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

  /** Handlers that are chosen by a text of the message. */
  onText(by: TextSource, pattern: Pattern, handler: AnyHandler): void {
    const patterns = (Array.isArray(pattern) ? pattern : [pattern]) as readonly (string | RegExp)[]
    if (patterns.length === 0 || patterns.some((item) => typeof item !== 'string' && !(item instanceof RegExp))) {
      throw invalid('pattern', 'a pattern must be text, a regular expression, or a list of them')
    }
    const texts = new Set(patterns.filter((item) => typeof item === 'string').map((item) => item.trim().toLowerCase()))
    // Without the flags that make a regular expression remember where it stopped.
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

/** Events of which people leave `event.` out; the others have an underscore. */
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
