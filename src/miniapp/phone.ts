import type { RequestOptions } from '../core/client-options.ts'
import { DecryptError } from '../errors/index.ts'
import { present } from '../wechat-api/check-params.ts'
import { post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { Watermark } from './open-data.ts'

/** A phone number that the user confirmed. */
export interface PhoneInfo {
  /** With country code for foreign numbers. */
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string
  watermark: Watermark
}

const GET = post<{ code: string; openid?: string }, PhoneInfo>('phone.get', '/wxa/business/getuserphonenumber', {
  rules: { code: present, 'openid?': present },
  picks: 'phone_info'
})

/** Phone numbers (手机号快速验证). */
export class Phone {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Exchanges the code of a `getPhoneNumber` button (getPhoneNumber), which is not the code of `wx.login`; single-use,
   * expires after 5 minutes. The number comes from WeChat over TLS, so it is authenticated: use this, not `decrypt`,
   * wherever a phone number identifies a user.
   *
   * @param code From `event.detail.code`.
   * @param options `openid` lets WeChat check that the code belongs to this user.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40029 (invalid or used), 40013 (another mini program), 45011.
   * @throws {DecryptError} ERR_DECRYPT_APPID if the watermark of the response belongs to another mini program.
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { phoneNumber } = await mini.phone.get('CODE')
   */
  async get(code: string, options?: RequestOptions & { openid?: string | undefined }): Promise<PhoneInfo> {
    const { openid, ...requestOptions } = options ?? {}
    const info = await this.#api.call(GET, openid === undefined ? { code } : { code, openid }, requestOptions)
    if (info?.watermark?.appid !== this.#api.appId) {
      throw new DecryptError(
        'appid',
        `phone.get: the number in the response is for another appid than ${this.#api.appId}.`,
        {
          product: this.#api.product
        }
      )
    }
    return info
  }
}
