import type { RequestOptions } from '../core/client-options.ts'
import { present } from '../wechat-api/check-params.ts'
import { get, post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { AddPrivateTemplate, PrivateTemplate } from './template-message-types.ts'

const LIST = get<object, PrivateTemplate[]>(
  'templateMessages.templates.list',
  '/cgi-bin/template/get_all_private_template',
  {
    picks: 'template_list'
  }
)
const ADD = post<AddPrivateTemplate, { template_id: string }>(
  'templateMessages.templates.add',
  '/cgi-bin/template/api_add_template',
  {
    rules: { template_id_short: present },
    returns: 'template_id'
  }
)
const DELETE = post<{ template_id: string }>(
  'templateMessages.templates.delete',
  '/cgi-bin/template/del_private_template',
  {
    rules: { template_id: present },
    idempotent: true
  }
)

/** The templates of the account (我的模板). */
export class PrivateTemplates {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Lists the templates of the account (getAllTemplates).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  list(options?: RequestOptions): Promise<PrivateTemplate[]> {
    return this.#api.call(LIST, {}, options)
  }

  /**
   * Adds a library template to the account (addTemplate).
   *
   * @param params `template_id_short` of the library, e.g. `TM00015`; `keyword_name_list` for templates that require a
   * choice.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45026 (too many).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  add(params: AddPrivateTemplate, options?: RequestOptions): Promise<{ template_id: string }> {
    return this.#api.call(ADD, params, options)
  }

  /**
   * Deletes a template of the account (deleteTemplate).
   *
   * @param template_id Id from `list` or `add`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40037.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  delete(template_id: string, options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE, { template_id }, options)
  }
}
