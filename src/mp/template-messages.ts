import type { RequestOptions } from '../core/client-options.ts'
import { httpUrl, integer, type OptionCheck, record, text } from '../core/options.ts'
import { characters, checkFields, present } from '../wechat-api/check-params.ts'
import { post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { Industries } from './industries.ts'
import { PrivateTemplates } from './private-templates.ts'
import type {
  OneTimeMessage,
  OneTimePageParams,
  TemplateMessage,
  TemplateMessageSent
} from './template-message-types.ts'

const PAGE_HOST = 'mp.weixin.qq.com'
const SCENE = integer(0, 10_000)

/** WeChat accepts plain text in place of `{ value }` but shows nothing. */
const values: OptionCheck = (value) => {
  const wrong = record(value)
  if (wrong) return wrong
  const other = Object.entries(value as object).find(([, entry]) => record(entry) !== undefined || !('value' in entry))
  return other && `must contain objects such as { value: "…" }; "${other[0].slice(0, 64)}" is not one`
}

const SEND = post<TemplateMessage, TemplateMessageSent>('templateMessages.send', '/cgi-bin/message/template/send', {
  rules: { touser: present, template_id: present, data: values, 'client_msg_id?': characters(32) },
  returns: 'msgid'
})
const SEND_ONCE_PER_ID = { ...SEND, idempotent: true }
const SEND_ONE_TIME = post<OneTimeMessage>('templateMessages.sendOneTime', '/cgi-bin/message/template/subscribe', {
  rules: { touser: present, template_id: present, scene: SCENE, title: characters(15), data: record }
})

/** Template messages (模板消息) and one-time subscriptions (一次性订阅消息). */
export class TemplateMessages {
  /** The templates of the account. */
  readonly templates: PrivateTemplates
  /** The industries of the account, which decide about its templates. */
  readonly industry: Industries
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.templates = new PrivateTemplates(api)
    this.industry = new Industries(api)
  }

  /**
   * Sends a template message to a follower (sendTemplateMessage). With `client_msg_id` WeChat sends a message that is
   * repeated within 10 minutes only once, and the call is retried automatically where that helps; without it, never.
   *
   * @param message The message; `data` by the names of the template's fields.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 43004 (not a follower), 40037, 47003 (names the field), 43019, 45009.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { msgid } = await mp.templateMessages.send({
   *   touser: 'OPENID',
   *   template_id: 'TEMPLATE_ID',
   *   data: { thing1: { value: 'Order shipped' } }
   * })
   */
  async send(message: TemplateMessage, options?: RequestOptions): Promise<TemplateMessageSent> {
    this.#api.check(SEND, message)
    return this.#api.call(message.client_msg_id ? SEND_ONCE_PER_ID : SEND, message, options)
  }

  /**
   * Returns the URL of the page on which a user agrees to one message (One-time subscription). WeChat redirects the
   * browser with `openid`, `template_id`, `action` (`confirm` or `cancel`), `scene` and `reserved`.
   *
   * @param params `redirect_url` on a registered business domain, `scene` 0 to 10000, `reserved` up to 128 letters and
   *   digits that are returned: check it against the browser's session.
   * @returns The URL to which to redirect the browser.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  oneTimePageUrl(params: OneTimePageParams): URL {
    checkFields({ operation: 'templateMessages.oneTimePageUrl', product: this.#api.product }, params, {
      scene: SCENE,
      template_id: present,
      redirect_url: httpUrl,
      reserved: text(/^[A-Za-z0-9]{1,128}$/, 'up to 128 letters and digits')
    })
    const query = {
      action: 'get_confirm',
      appid: this.#api.appId,
      scene: params.scene,
      template_id: params.template_id,
      redirect_url: String(new URL(params.redirect_url)),
      reserved: params.reserved
    }
    const url = this.#api.endpoints.pageUrl('/mp/subscribemsg', query, PAGE_HOST)
    url.hash = 'wechat_redirect'
    return url
  }

  /**
   * Sends the one message that a user agreed to (One-time subscription), whether or not the user is a follower.
   *
   * @param message `title` up to 15 characters, `data.content.value` up to 200.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 43101.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async sendOneTime(message: OneTimeMessage, options?: RequestOptions): Promise<void> {
    this.#api.check(SEND_ONE_TIME, message)
    const owner = { operation: SEND_ONE_TIME.operation, product: this.#api.product }
    checkFields(owner, message.data.content, { value: characters(200) })
    return this.#api.call(SEND_ONE_TIME, message, options)
  }
}
