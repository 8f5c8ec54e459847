import type { RequestOptions } from '../core/client-options.ts'
import { DecryptError } from '../errors/index.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { checkFields, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { Watermark } from './decrypt.ts'

/** A phone number that the user confirmed. */
export interface PhoneInfo {
  /** With country code for foreign numbers. */
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string
  watermark: Watermark
}

const CALLS = {
  get: { method: 'POST', path: '/wxa/business/getuserphonenumber', idempotent: false, answersWith: 'phone_info' }
} as const satisfies CallTable

/** Phone numbers (手机号快速验证). */
export class Phone {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'phone', CALLS)
  }

  /**
   * Exchanges the code of a `getPhoneNumber` button (getPhoneNumber), which is not the code of `wx.login`; good for one time
   * and 5 minutes. The watermark of the answer is checked.
   *
   * @param code From `event.detail.code`.
   * @param options `openid` lets WeChat check that the code belongs to this user.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40029 (invalid or used), 40013 (another mini program), 45011.
   * @throws {DecryptError} ERR_DECRYPT_APPID when the answer is for another mini program.
   * @example
   * const { phoneNumber } = await mini.phone.get('CODE')
   */
  async get(code: string, options: RequestOptions & { openid?: string } = {}): Promise<PhoneInfo> {
    const { openid, ...requestOptions } = options ?? {}
    checkFields(
      { operation: 'phone.get', product: this.#api.product },
      { code, openid },
      { code: present, 'openid?': present }
    )
    const json = openid === undefined ? { code } : { code, openid }
    const { phone_info } = await this.#call<{ phone_info: PhoneInfo }>('get', { json }, requestOptions)
    if (phone_info?.watermark?.appid !== this.#api.appId) {
      throw new DecryptError(
        'appid',
        `phone.get: WeChat answered with a number for another appid than ${this.#api.appId}.`,
        { product: this.#api.product }
      )
    }
    return phone_info
  }
}
