import type { RequestOptions } from '../core/client-options.ts'
import { present } from '../wechat-api/check-params.ts'
import { checkSubscribeData, type SubscribeData } from '../wechat-api/check-subscribe-data.ts'
import { post } from '../wechat-api/endpoint.ts'
import { SubscribeTemplates } from '../wechat-api/subscribe-templates.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** Parameters of `subscribeMessages.send` of an Official Account. */
export interface SubscriptionNotice {
  /** openid of a user who agreed. */
  touser: string
  template_id: string
  /** Web page to open on a tap. */
  page?: string | undefined
  /** Mini program to open on a tap; it must be linked to the account. */
  miniprogram?: { appid: string; pagepath: string } | undefined
  /** The limits of the values are those of `checkSubscribeData`: `thing` 20 characters, `number` 32 digits … */
  data: SubscribeData
}

const SEND = post<SubscriptionNotice>('subscribeMessages.send', '/cgi-bin/message/subscribe/bizsend', {
  rules: { touser: present, template_id: present }
})

/** Subscription notices (订阅通知) of an Official Account. */
export class SubscribeMessages {
  /** Templates of the account and the public library. */
  readonly templates: SubscribeTemplates
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.templates = new SubscribeTemplates(api)
  }

  /**
   * Sends a notice to a user who agreed (sendNewSubscribeMsg). Each success uses up one consent, so it is not retried
   * automatically.
   *
   * @param message The notice.
   * @param options Options of this call.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 43101 (user refused, or consent used up), 40037, 47003 (names the field).
   * @throws {ConfigError} ERR_INVALID_PARAM if a value exceeds its limit; nothing was sent.
   */
  async send(message: SubscriptionNotice, options?: RequestOptions): Promise<void> {
    this.#api.check(SEND, message)
    checkSubscribeData({ operation: SEND.operation, product: this.#api.product }, message.data)
    return this.#api.call(SEND, message, options)
  }
}
