import type { RequestOptions } from '../core/client-options.ts'
import { oneOf } from '../core/options.ts'
import { present } from '../wechat-api/check-params.ts'
import { checkSubscribeData, type SubscribeData } from '../wechat-api/check-subscribe-data.ts'
import { post } from '../wechat-api/endpoint.ts'
import { SubscribeTemplates } from '../wechat-api/subscribe-templates.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** A subscription message of a mini program. */
export interface SubscribeMessage {
  /** openid of a user who accepted the template. */
  touser: string
  template_id: string
  /** Page with query to open on a tap. */
  page?: string | undefined
  data: SubscribeData
  /** Default `formal`. */
  miniprogram_state?: 'developer' | 'trial' | 'formal' | undefined
  /** Default `zh_CN`. */
  lang?: 'zh_CN' | 'en_US' | 'zh_HK' | 'zh_TW' | undefined
}

// Not idempotent: each success uses up one consent of the user.
const SEND = post<SubscribeMessage>('subscribeMessages.send', '/cgi-bin/message/subscribe/send', {
  rules: {
    touser: present,
    template_id: present,
    'miniprogram_state?': oneOf('developer', 'trial', 'formal'),
    'lang?': oneOf('zh_CN', 'en_US', 'zh_HK', 'zh_TW')
  }
})

/** Subscription messages (订阅消息). */
export class SubscribeMessages {
  /** Templates of the account and of the public library. */
  readonly templates: SubscribeTemplates
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.templates = new SubscribeTemplates(api)
  }

  /**
   * Sends a subscription message (sendMessage). Values are checked against the limits of their types before anything is
   * sent: `thing` 20 characters, `phrase` 5, `amount` 10 digits … Not retried automatically.
   *
   * @param message The message.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 43101 (not accepted, or used up), 40037 (template), 47003 (value), 41030 (page).
   * @throws {ConfigError} ERR_INVALID_PARAM naming the value
   * @example
   * await mini.subscribeMessages.send({ touser: 'OPENID', template_id: 'TEMPLATE', data: { thing1: { value: 'Tea' } } })
   */
  async send(message: SubscribeMessage, options?: RequestOptions): Promise<void> {
    this.#api.check(SEND, message)
    checkSubscribeData({ operation: SEND.operation, product: this.#api.product }, message.data)
    return this.#api.call(SEND, message, options)
  }
}
