import { toFetchHandler } from '../core/byte-handler.ts'
import { CONSOLE_LOGGER } from '../core/console-logger.ts'
import { markFactory } from '../core/handler-factory.ts'
import type { FetchHandler } from '../core/index.ts'
import { checkOptions } from '../core/options.ts'
import { safeLogger } from '../core/safe-logger.ts'
import { ConfigError } from '../errors/index.ts'
import { type Account, GATEWAY_OPTION_RULES, type MessageGatewayOptions, PREVIOUS_RULES } from './gateway-options.ts'
import type { LateReplyHandler, MessageHandler, TopicHandler } from './handler-types.ts'
import { createMessageKey } from './message-key.ts'
import type { ClickEvent, EventBase, GatewayMessage, TextMessage, Topic, VoiceMessage } from './messages/index.ts'
import { Receiver } from './receiver.ts'
import { type Pattern, Router } from './router.ts'
import type { Handlers } from './run-handlers.ts'

/**
 * Receives the messages and events of one Official Account or Mini Program: verifies, decrypts, parses, deduplicates
 * and routes them, and encrypts the reply. Document: "Message push" (消息推送).
 *
 * @example
 * import { MessageGateway, reply } from 'weixin-kit/gateway'
 *
 * const gateway = new MessageGateway({
 *   appId: 'wx0123456789abcdef',
 *   token: 'token',
 *   encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
 * })
 * gateway.on('event.subscribe', () => 'Welcome!')
 * gateway.on('text', (message) => reply.text(`You said: ${message.Content}`))
 *
 * export const handler = gateway.handler()
 */
export class MessageGateway {
  /** AppID of the account. */
  readonly appId: string
  readonly #receiver: Receiver
  readonly #handlers: Omit<Handlers, 'keepForNext'>

  /**
   * @param options See {@link MessageGatewayOptions}.
   * @throws {ConfigError} ERR_CONFIG naming the option.
   */
  constructor(options: MessageGatewayOptions) {
    checkOptions(options, GATEWAY_OPTION_RULES, { owner: 'MessageGateway', product: 'gateway' })
    const previous = options.previous ?? {}
    checkOptions(previous, PREVIOUS_RULES, { owner: 'MessageGateway previous', product: 'gateway' })
    if (previous.encodingAESKey !== undefined && options.encodingAESKey === undefined) {
      throw new ConfigError('MessageGateway: previous.encodingAESKey requires the current encodingAESKey as well.', {
        option: 'previous.encodingAESKey',
        product: 'gateway'
      })
    }
    this.appId = options.appId
    const present = <T>(...items: readonly (T | undefined)[]) => items.filter((item): item is T => item !== undefined)
    const account: Account = {
      appId: options.appId,
      originalId: options.originalId,
      tokens: present(options.token, previous.token),
      keys: present(options.encodingAESKey, previous.encodingAESKey).map(createMessageKey)
    }
    this.#handlers = {
      router: new Router(),
      onError: options.onError,
      onLateReply: undefined,
      logger: safeLogger(options.logger ?? CONSOLE_LOGGER),
      longText: options.longText ?? 'cut'
    }
    this.#receiver = new Receiver(options, account, this.#handlers)
  }

  static {
    markFactory(MessageGateway.prototype.handler, 'gateway.handler()')
  }

  /**
   * Makes the handler for GET (the console's URL check) and POST (messages). Pass it to a framework or an adapter. All
   * handlers of one gateway share the record of delivered messages.
   *
   * @param nothing Takes no argument: an argument means that the method was passed as a handler without being called.
   * @throws {ConfigError} ERR_INVALID_PARAM if called with a request, or detached from the gateway.
   */
  handler(...nothing: readonly never[]): FetchHandler {
    // A method detached from its object has no `this` at all.
    if (this === undefined || !(#receiver in this) || nothing.length > 0) {
      throw new ConfigError(
        'gateway.handler() makes a handler and takes no argument: call it once, and pass its result to the framework.',
        { code: 'ERR_INVALID_PARAM', option: 'handler', product: 'gateway' }
      )
    }
    return toFetchHandler((request) => this.#receiver.handle(request))
  }

  /**
   * Listens to a message type or event. Handlers are called in order of registration until one returns a reply.
   *
   * @param topic `text`, `image`, …, `event.subscribe`, `event.CLICK`, …, `event` for all events, `*` for everything.
   * @param handler Returns nothing, a text, or a typed reply.
   * @throws {ConfigError} ERR_INVALID_PARAM for an unknown topic.
   */
  on<T extends Topic>(topic: T, handler: TopicHandler<T>): this {
    this.#handlers.router.on(topic, handler)
    return this
  }

  /**
   * Listens to an event for which `on` has no type yet.
   *
   * @param name `Event` as on the wire, in any case.
   * @param handler Gets the fields as received.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  onEvent(name: string, handler: MessageHandler<GatewayMessage & { Event: string }>): this {
    this.#handlers.router.onEvent(name, handler)
    return this
  }

  /**
   * Listens to a `MsgType` that `on` does not list (`device_text`, `hardware`), or to an `InfoType` of the open platform
   * (`component_verify_ticket`, `unauthorized`).
   *
   * @param name `MsgType` or `InfoType` as on the wire.
   * @param handler Gets the fields as received.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  onType(name: string, handler: MessageHandler): this {
    this.#handlers.router.onType(name, handler)
    return this
  }

  /**
   * Listens to the text of text messages, or the recognised text of voice messages.
   *
   * @param pattern Text that must be equal (ignoring case and surrounding spaces), a regular expression
   * (`context.match`), or a list.
   * @param handler As with {@link on}.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  onKeyword(pattern: Pattern, handler: MessageHandler<TextMessage | VoiceMessage>): this {
    this.#handlers.router.onText('keyword', pattern, handler)
    return this
  }

  /**
   * Listens to a menu button (`CLICK`) or an entry of a `msgmenu` customer-service message, by its key.
   *
   * @param pattern As with {@link onKeyword}.
   * @param handler As with {@link on}.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  onMenu(pattern: Pattern, handler: MessageHandler<(ClickEvent & { Event: 'CLICK' }) | TextMessage>): this {
    this.#handlers.router.onText('menu', pattern, handler)
    return this
  }

  /**
   * Listens to the scene of a scanned QR code, for new followers (`subscribe`) and existing ones (`SCAN`).
   *
   * @param pattern As with {@link onKeyword}; the scene has no `qrscene_` prefix.
   * @param handler As with {@link on}.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  onScene(pattern: Pattern, handler: MessageHandler<EventBase & { EventKey: string; Ticket: string }>): this {
    this.#handlers.router.onText('scene', pattern, handler)
    return this
  }

  /**
   * Listens to messages that only match handlers of `*`, or none.
   *
   * @param handler As with {@link on}.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  onUnknown(handler: MessageHandler): this {
    this.#handlers.router.onUnknown(handler)
    return this
  }

  /**
   * Registers a callback for replies that missed the deadline, to be sent as customer-service messages (客服消息).
   *
   * @param handler A rejection goes to `onError`.
   */
  onLateReply(handler: LateReplyHandler): this {
    this.#handlers.onLateReply = handler
    return this
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `MessageGateway { appId: '${this.appId}' }`
  }

  /** Only the appid, so that no key reaches a log. */
  toJSON(): object {
    return { appId: this.appId }
  }
}
