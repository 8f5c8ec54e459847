import type { RequestOptions } from '../core/client-options.ts'
import { integer } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { bytes, checkFields, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** Answer of `shortKey.fetch`. */
export interface ShortKeyData {
  long_data: string
  /** Seconds since 1970. */
  create_time: number
  /** Seconds left. */
  expire_seconds: number
}

const CALLS = {
  create: { method: 'POST', path: '/cgi-bin/shorten/gen', idempotent: true, answersWith: 'short_key' },
  fetch: { method: 'POST', path: '/cgi-bin/shorten/fetch', idempotent: true, answersWith: 'long_data' }
} as const satisfies CallTable

/** Short keys (短 key 托管) for texts that do not fit into a QR code or scene. */
export class ShortKey {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'shortKey', CALLS)
  }

  /**
   * Stores a text at WeChat (genShortKey).
   *
   * @param params `long_data` up to 4 KB, `expire_seconds` up to 2592000 (30 days), which is the default.
   * @returns A key of 15 letters and digits.
   */
  async create(
    params: { long_data: string; expire_seconds?: number },
    options?: RequestOptions
  ): Promise<{ short_key: string }> {
    const owner = { operation: 'shortKey.create', product: this.#api.product }
    checkFields(owner, params, { long_data: bytes(4096), 'expire_seconds?': integer(1, 2_592_000) })
    return this.#call('create', { json: { expire_seconds: 2_592_000, ...params } }, options)
  }

  /** Gets a text back (fetchShorten). */
  async fetch(short_key: string, options?: RequestOptions): Promise<ShortKeyData> {
    checkFields({ operation: 'shortKey.fetch', product: this.#api.product }, { short_key }, { short_key: present })
    return this.#call('fetch', { json: { short_key } }, options)
  }
}
