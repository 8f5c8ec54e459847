import type { RequestOptions } from '../core/client-options.ts'
import { integer, record } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type {
  Industry,
  OneTimeMessage,
  PrivateTemplate,
  TemplateMessage,
  TemplateMessageSent
} from './template-message-types.ts'

const CALLS = {
  send: { method: 'POST', path: '/cgi-bin/message/template/send', idempotent: false, answersWith: 'msgid' },
  setIndustry: { method: 'POST', path: '/cgi-bin/template/api_set_industry', idempotent: true },
  industry: { method: 'GET', path: '/cgi-bin/template/get_industry', idempotent: true },
  addTemplate: {
    method: 'POST',
    path: '/cgi-bin/template/api_add_template',
    idempotent: false,
    answersWith: 'template_id'
  },
  templates: {
    method: 'GET',
    path: '/cgi-bin/template/get_all_private_template',
    idempotent: true,
    answersWith: 'template_list'
  },
  deleteTemplate: { method: 'POST', path: '/cgi-bin/template/del_private_template', idempotent: true },
  sendOneTime: { method: 'POST', path: '/cgi-bin/message/template/subscribe', idempotent: false }
} as const satisfies CallTable

const SCENE = integer(0, 10_000)

/** The calls of {@link TemplateMessages}. */
export class TemplateMessageCalls {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'templateMessages', CALLS)
  }

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

  async setIndustry(params: { industry_id1: string; industry_id2: string }, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('setIndustry'), params, { industry_id1: present, industry_id2: present })
    await this.#call('setIndustry', { json: params }, options)
  }

  industry(options?: RequestOptions): Promise<Industry> {
    return this.#call('industry', {}, options)
  }

  async addTemplate(
    params: { template_id_short: string; keyword_name_list?: readonly string[] },
    options?: RequestOptions
  ): Promise<{ template_id: string }> {
    checkFields(this.#owner('addTemplate'), params, { template_id_short: present })
    return this.#call('addTemplate', { json: params }, options)
  }

  async templates(options?: RequestOptions): Promise<PrivateTemplate[]> {
    return (await this.#call<{ template_list: PrivateTemplate[] }>('templates', {}, options)).template_list
  }

  async deleteTemplate(template_id: string, options?: RequestOptions): Promise<void> {
    checkFields(this.#owner('deleteTemplate'), { template_id }, { template_id: present })
    await this.#call('deleteTemplate', { json: { template_id } }, options)
  }

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
    return createCaller(this.#api, 'templateMessages', { send: { ...CALLS.send, idempotent: true } })
  }

  #owner(name: string) {
    return { operation: `templateMessages.${name}`, product: this.#api.product }
  }
}
