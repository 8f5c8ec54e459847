import type { RequestOptions } from '../core/client-options.ts'
import { httpUrl, integer, record, text } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type {
  Industry,
  OneTimeMessage,
  OneTimePageParams,
  PrivateTemplate,
  TemplateMessage,
  TemplateMessageSent
} from './template-message-types.ts'

const CALLS = {
  send: { method: 'POST', path: '/cgi-bin/message/template/send', isSafeToRepeat: false, answersWith: 'msgid' },
  setIndustry: { method: 'POST', path: '/cgi-bin/template/api_set_industry', isSafeToRepeat: true },
  industry: { method: 'GET', path: '/cgi-bin/template/get_industry', isSafeToRepeat: true },
  addTemplate: {
    method: 'POST',
    path: '/cgi-bin/template/api_add_template',
    isSafeToRepeat: false,
    answersWith: 'template_id'
  },
  templates: {
    method: 'GET',
    path: '/cgi-bin/template/get_all_private_template',
    isSafeToRepeat: true,
    answersWith: 'template_list'
  },
  deleteTemplate: { method: 'POST', path: '/cgi-bin/template/del_private_template', isSafeToRepeat: true },
  sendOneTime: { method: 'POST', path: '/cgi-bin/message/template/subscribe', isSafeToRepeat: false }
} as const satisfies CallTable

const PAGE_HOST = 'mp.weixin.qq.com'
const SCENE = integer(0, 10_000)

/** Template messages (模板消息) and one-time subscriptions (一次性订阅消息). */
export class TemplateMessages {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'templateMessages', CALLS)
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
  async send(message: TemplateMessage, options?: RequestOptions): Promise<TemplateMessageSent> {
    checkFields(this.#owner('send'), message, {
      touser: present,
      template_id: present,
      data: record,
      'client_msg_id?': characters(32)
    })
    const call = message.client_msg_id ? this.#repeatable : this.#call
    return call('send', { json: message }, options)
  }

  /** Sets the industries of the account, once a month (setIndustry). */
  async setIndustry(params: { industry_id1: string; industry_id2: string }, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('setIndustry'), params, { industry_id1: present, industry_id2: present })
    await this.#call('setIndustry', { json: params }, options)
  }

  /** The industries of the account (getIndustry). */
  industry(options?: RequestOptions): Promise<Industry> {
    return this.#call('industry', {}, options)
  }

  /**
   * Takes a template out of the library (addTemplate).
   *
   * @param params `template_id_short` of the library, e.g. `TM00015`; `keyword_name_list` for templates that want a choice.
   */
  async addTemplate(
    params: { template_id_short: string; keyword_name_list?: readonly string[] },
    options?: RequestOptions
  ): Promise<{ template_id: string }> {
    checkFields(this.#owner('addTemplate'), params, { template_id_short: present })
    return this.#call('addTemplate', { json: params }, options)
  }

  /** The templates of the account (getAllTemplates). */
  async templates(options?: RequestOptions): Promise<PrivateTemplate[]> {
    return (await this.#call<{ template_list: PrivateTemplate[] }>('templates', {}, options)).template_list
  }

  /** Deletes a template of the account (deleteTemplate). */
  async deleteTemplate(template_id: string, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('deleteTemplate'), { template_id }, { template_id: present })
    await this.#call('deleteTemplate', { json: { template_id } }, options)
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
    checkFields(this.#owner('oneTimePageUrl'), params, {
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
   * Sends the one message that a user agreed to (One-time subscription), follower or not.
   *
   * @param message `title` up to 15 characters, `data.content.value` up to 200.
   */
  async sendOneTime(message: OneTimeMessage, options?: RequestOptions): Promise<void> {
    const owner = this.#owner('sendOneTime')
    checkFields(owner, message, {
      touser: present,
      template_id: present,
      scene: SCENE,
      title: characters(15),
      data: record
    })
    checkFields(owner, message.data.content, { value: characters(200) })
    await this.#call('sendOneTime', { json: message }, options)
  }

  get #repeatable(): Caller<'send'> {
    return createCaller(this.#api, 'templateMessages', { send: { ...CALLS.send, isSafeToRepeat: true } })
  }

  #owner(name: string) {
    return { operation: `templateMessages.${name}`, product: this.#api.product }
  }
}
