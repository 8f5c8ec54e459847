import type { RequestOptions } from '../core/client-options.ts'
import { present } from '../wechat-api/check-params.ts'
import { get, post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { Industry } from './template-message-types.ts'

const GET = get<object, Industry>('templateMessages.industry.get', '/cgi-bin/template/get_industry', { returns: '*' })
const SET = post<{ industry_id1: string; industry_id2: string }>(
  'templateMessages.industry.set',
  '/cgi-bin/template/api_set_industry',
  {
    rules: { industry_id1: present, industry_id2: present },
    idempotent: true
  }
)

/** The two industries of the account (所属行业). */
export class Industries {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Returns the industries of the account (getIndustry).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  get(options?: RequestOptions): Promise<Industry> {
    return this.#api.call(GET, {}, options)
  }

  /**
   * Sets the industries of the account, once a month (setIndustry).
   *
   * @param params Numbers of WeChat's table of industries, as text.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 43100 (once a month).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  set(params: { industry_id1: string; industry_id2: string }, options?: RequestOptions): Promise<void> {
    return this.#api.call(SET, params, options)
  }
}
