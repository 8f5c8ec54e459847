import type { RequestOptions } from '../core/client-options.ts'
import { httpUrl, integer, text } from '../core/options.ts'
import type { WeChatAccount } from '../wechat-api/account.ts'
import { checkFields, present } from '../wechat-api/check-params.ts'
import type { LateCalls } from './late-calls.ts'
import type {
  Industry,
  OneTimeMessage,
  OneTimePageParams,
  PrivateTemplate,
  TemplateMessage,
  TemplateMessageSent
} from './template-message-types.ts'

const PAGE_HOST = 'mp.weixin.qq.com'

/** Template messages (模板消息) and one-time subscriptions (一次性订阅消息). */
export class TemplateMessages {
  readonly #account: WeChatAccount
  readonly #late: LateCalls

  /** @internal Made by the client. */
  constructor(account: WeChatAccount, late: LateCalls) {
    this.#account = account
    this.#late = late
  }

  /**
   * Sends a template message to a follower (sendTemplateMessage). With `client_msg_id` a repeat within 10 minutes is sent
   * once, and the call is repeated by itself where that helps; without it, never.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 43004 (no follower), 40037, 47003 (names the field), 43019, 45009.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { msgid } = await mp.templateMessages.send({
   *   touser: 'OPENID',
   *   template_id: 'TEMPLATE_ID',
   *   data: { thing1: { value: 'Order shipped' } }
   * })
   */
  send(message: TemplateMessage, options?: RequestOptions): Promise<TemplateMessageSent> {
    return this.#late.call([message, options], (calls, args) => calls.templateMessages.send(...args))
  }

  /** Sets the industries of the account, once a month (setIndustry). */
  setIndustry(params: { industry_id1: string; industry_id2: string }, options?: RequestOptions): Promise<void> {
    return this.#late.call([params, options], (calls, args) => calls.templateMessages.setIndustry(...args))
  }

  /** The industries of the account (getIndustry). */
  industry(options?: RequestOptions): Promise<Industry> {
    return this.#late.call([options], (calls, args) => calls.templateMessages.industry(...args))
  }

  /**
   * Takes a template out of the library (addTemplate).
   *
   * @param params `template_id_short` of the library, e.g. `TM00015`; `keyword_name_list` for templates that want a choice.
   */
  addTemplate(
    params: { template_id_short: string; keyword_name_list?: readonly string[] },
    options?: RequestOptions
  ): Promise<{ template_id: string }> {
    return this.#late.call([params, options], (calls, args) => calls.templateMessages.addTemplate(...args))
  }

  /** The templates of the account (getAllTemplates). */
  templates(options?: RequestOptions): Promise<PrivateTemplate[]> {
    return this.#late.call([options], (calls, args) => calls.templateMessages.templates(...args))
  }

  /** Deletes a template of the account (deleteTemplate). */
  deleteTemplate(template_id: string, options?: RequestOptions): Promise<void> {
    return this.#late.call([template_id, options], (calls, args) => calls.templateMessages.deleteTemplate(...args))
  }

  /**
   * The page on which a user agrees to one message (One-time subscription). The browser comes back with `openid`,
   * `template_id`, `action` (`confirm` or `cancel`), `scene` and `reserved`.
   *
   * @param params `redirect_url` on a registered business domain, `scene` 0 to 10000, `reserved` up to 128 letters and digits
   *   that come back: check it against the browser's session.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  oneTimePageUrl(params: OneTimePageParams): URL {
    checkFields({ operation: 'templateMessages.oneTimePageUrl', product: this.#account.product }, params, {
      scene: integer(0, 10_000),
      template_id: present,
      redirect_url: httpUrl,
      reserved: text(/^[A-Za-z0-9]{1,128}$/, 'up to 128 letters and digits')
    })
    const query = {
      action: 'get_confirm',
      appid: this.#account.appId,
      scene: params.scene,
      template_id: params.template_id,
      redirect_url: String(new URL(params.redirect_url)),
      reserved: params.reserved
    }
    const url = this.#account.endpoints.pageUrl('/mp/subscribemsg', query, PAGE_HOST)
    url.hash = 'wechat_redirect'
    return url
  }

  /**
   * Sends the one message that a user agreed to (One-time subscription), follower or not.
   *
   * @param message `title` up to 15 characters, `data.content.value` up to 200.
   */
  sendOneTime(message: OneTimeMessage, options?: RequestOptions): Promise<void> {
    return this.#late.call([message, options], (calls, args) => calls.templateMessages.sendOneTime(...args))
  }
}
