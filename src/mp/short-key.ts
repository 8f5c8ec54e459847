import type { RequestOptions } from '../core/client-options.ts'
import { integer } from '../core/options.ts'
import { given } from '../internal/given.ts'
import { bytes, present } from '../wechat-api/check-params.ts'
import { post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** Parameters of `shortKey.create`. */
export interface ShortKeyParams {
  /** Up to 4 KB. */
  long_data: string
  /** Seconds, up to 2592000 (30 days), which is the default. */
  expire_seconds?: number | undefined
}

/** Response of `shortKey.fetch`. */
export interface ShortKeyData {
  long_data: string
  /** Seconds since 1970. */
  create_time: number
  /** Seconds left. */
  expire_seconds: number
}

const LONGEST_SECONDS = 2_592_000

const CREATE = post<ShortKeyParams, { short_key: string }>('shortKey.create', '/cgi-bin/shorten/gen', {
  rules: { long_data: bytes(4096), 'expire_seconds?': integer(1, LONGEST_SECONDS) },
  idempotent: true,
  returns: 'short_key'
})
const FETCH = post<{ short_key: string }, ShortKeyData>('shortKey.fetch', '/cgi-bin/shorten/fetch', {
  rules: { short_key: present },
  idempotent: true,
  returns: 'long_data'
})

/** Short keys (短 key 托管) for text that does not fit in a QR code or scene. */
export class ShortKey {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Stores a text on WeChat's servers (genShortKey).
   *
   * @param params `long_data` up to 4 KB, `expire_seconds` up to 2592000 (30 days), which is the default.
   * @param options Options of this call.
   * @returns A key of 15 letters and digits.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  create(params: ShortKeyParams, options?: RequestOptions): Promise<{ short_key: string }> {
    return this.#api.call(CREATE, { expire_seconds: LONGEST_SECONDS, ...given(params) }, options)
  }

  /**
   * Returns a stored text (fetchShorten).
   *
   * @param short_key Key from `create`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  fetch(short_key: string, options?: RequestOptions): Promise<ShortKeyData> {
    return this.#api.call(FETCH, { short_key }, options)
  }
}
