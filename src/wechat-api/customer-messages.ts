import type { RequestOptions } from '../core/client-options.ts'
import { oneOf } from '../core/options.ts'
import { checkFields, items, paramError, present } from './check-params.ts'
import { post } from './endpoint.ts'
import type { WeChatApiClient } from './wechat-api-client.ts'

/** Fields of every customer-service message. */
export interface CustomerMessageBase {
  /** openid of the recipient, who was active in the last 48 hours. */
  touser: string
}

/** `Typing` shows the user that somebody is typing; `CancelTyping` ends it. */
export type TypingCommand = 'Typing' | 'CancelTyping'

const SEND = post<object>('customerService.send', '/cgi-bin/message/custom/send')
const TYPING = post<{ touser: string; command: TypingCommand }>(
  'customerService.typing',
  '/cgi-bin/message/custom/typing',
  { rules: { touser: present, command: oneOf('Typing', 'CancelTyping') } }
)

/** Payload fields without which WeChat refuses the message, by `msgtype`. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  text: ['content'],
  image: ['media_id'],
  voice: ['media_id'],
  video: ['media_id', 'thumb_media_id'],
  music: ['musicurl', 'hqmusicurl', 'thumb_media_id'],
  news: ['articles'],
  mpnews: ['media_id'],
  mpnewsarticle: ['article_id'],
  msgmenu: ['list'],
  wxcard: ['card_id'],
  miniprogrampage: ['title', 'pagepath', 'thumb_media_id'],
  link: ['title', 'description', 'url', 'thumb_url']
}

/** Customer-service messages (客服消息) of an account; `Message` is the union of the messages that it may send. */
export class CustomerMessages<Message extends CustomerMessageBase & { msgtype: string }> {
  readonly #api: WeChatApiClient
  readonly #types: readonly string[]

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient, types: readonly Message['msgtype'][]) {
    this.#api = api
    this.#types = types
  }

  /**
   * Sends a message to a user who was active in the last 48 hours (sendCustomMessage). Not retried automatically: the
   * user could get the message twice.
   *
   * @param message `msgtype` selects the payload field.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45015 (window closed), 45047 (too many), 40003, 45008, 48002.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * await mp.customerService.send({ touser: 'OPENID', msgtype: 'text', text: { content: 'Hello' } })
   */
  async send(message: Message, options?: RequestOptions): Promise<void> {
    const owner = { operation: 'customerService.send', product: this.#api.product }
    checkFields(owner, message, { touser: present, msgtype: oneOf(...this.#types) })
    const payload = (message as unknown as Record<string, unknown>)[message.msgtype]
    if (typeof payload !== 'object' || payload === null) {
      throw paramError(owner, message.msgtype, `is required: the payload of msgtype "${message.msgtype}"`)
    }
    for (const name of REQUIRED[message.msgtype] ?? []) {
      const value = (payload as Record<string, unknown>)[name]
      if (value === undefined || value === '') throw paramError(owner, `${message.msgtype}.${name}`, 'is required')
    }
    if (message.msgtype === 'news') checkFields(owner, payload, { articles: items(1) })
    await this.#api.call(SEND, message, options)
  }

  /**
   * Shows the typing state for at most 15 s, or ends it (typing).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 45080 (no contact in the last 30 s), 45081 (already on).
   */
  typing(params: { touser: string; command: TypingCommand }, options?: RequestOptions): Promise<void> {
    return this.#api.call(TYPING, params, options)
  }
}
