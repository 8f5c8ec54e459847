import { toFetchHandler } from '../core/byte-handler.ts'
import { CONSOLE_LOGGER } from '../core/console-logger.ts'
import { markFactory } from '../core/handler-factory.ts'
import type { FetchHandler } from '../core/index.ts'
import { checkOptions } from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import { type Account, GATEWAY_OPTION_RULES, type MessageGatewayOptions, PREVIOUS_RULES } from './gateway-options.ts'
import type { LateReplyHandler, MessageHandler, TopicHandler } from './handler-types.ts'
import { createMessageKey } from './message-key.ts'
import type { ClickEvent, EventBase, GatewayMessage, TextMessage, Topic, VoiceMessage } from './messages/index.ts'
import { Receiver } from './receiver.ts'
import { type Pattern, Router } from './router.ts'
import type { Handlers } from './run-handlers.ts'

/**
 * Receives the messages and events of one Official Account or Mini Program: verifies, decrypts, types, deduplicates and routes
 * them, and encrypts the reply. Document: "Message push" (消息推送).
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
      throw new ConfigError(
        'MessageGateway: previous.encodingAESKey needs encodingAESKey, the current one, beside it.',
        {
          option: 'previous.encodingAESKey',
          product: 'gateway'
        }
      )
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
      logger: options.logger ?? CONSOLE_LOGGER,
      longText: options.longText ?? 'cut'
    }
    this.#receiver = new Receiver(options, account, this.#handlers)
  }

  static {
    markFactory(MessageGateway.prototype.handler, 'gateway.handler()')
  }

  /**
   * Makes the handler that takes GET (the console's URL check) and POST (messages). Give it to a framework or an adapter. All handlers of
   * one gateway share what they know of delivered messages.
   *
   * @param nothing Takes no argument: one that is given is a handler passed without being called.
   * @throws {ConfigError} ERR_INVALID_PARAM when it is called with a request, or detached from the gateway.
   */
  handler(...nothing: readonly never[]): FetchHandler {
    // A method that was taken off its object has no `this` at all.
    if (this === undefined || !(#receiver in this) || nothing.length > 0) {
      throw new ConfigError(
        'gateway.handler() makes a handler and takes nothing: call it once, and give what it returns to the framework.',
        { code: 'ERR_INVALID_PARAM', option: 'handler', product: 'gateway' }
      )
    }
    return toFetchHandler((request) => this.#receiver.handle(request))
  }

  /**
   * Listens to a message type or event. Handlers are called in the order of their registration until one returns a reply.
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
   * Listens to an event that `on` has no type for yet.
   *
   * @param name `Event` as on the wire, in any case.
   * @param handler Gets the fields as they came.
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
   * @param handler Gets the fields as they came.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  onType(name: string, handler: MessageHandler): this {
    this.#handlers.router.onType(name, handler)
    return this
  }

  /**
   * Listens to the words of a text message, or to those that speech recognition found in a voice message.
   *
   * @param pattern Text that must be equal except for case and outer spaces, a regular expression (`context.match`), or a list.
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
   * Listens to the scene of a scanned QR code, of new followers (`subscribe`) and present ones (`SCAN`).
   *
   * @param pattern As with {@link onKeyword}; the scene comes without `qrscene_`.
   * @param handler As with {@link on}.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  onScene(pattern: Pattern, handler: MessageHandler<EventBase & { EventKey: string; Ticket: string }>): this {
    this.#handlers.router.onText('scene', pattern, handler)
    return this
  }

  /**
   * Called with messages that no handler but those of `*` is for.
   *
   * @param handler As with {@link on}.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  onUnknown(handler: MessageHandler): this {
    this.#handlers.router.onUnknown(handler)
    return this
  }

  /**
   * Called with replies that missed the deadline, to be sent as a customer-service message (客服消息).
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

  /** Only the appid: no key reaches a log. */
  toJSON(): object {
    return { appId: this.appId }
  }
}
