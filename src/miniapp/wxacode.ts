import type { RequestOptions } from '../core/client-options.ts'
import { flag, integer, oneOf, text } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields } from '../wechat-api/check-params.ts'
import { type Picture, readPicture } from '../wechat-api/read-picture.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** How a code looks and which version it opens. */
export interface CodeStyle {
  /** Default `release`. */
  env_version?: 'release' | 'trial' | 'develop'
  /** Pixels, 280 to 1280, default 430. */
  width?: number
  auto_color?: boolean
  line_color?: { r: number | string; g: number | string; b: number | string }
  /** Transparent background; the picture is a PNG then. */
  is_hyaline?: boolean
}

export interface LimitedCodeParams extends CodeStyle {
  /** Page with query, up to 1024 characters. */
  path: string
}

export interface UnlimitedCodeParams extends CodeStyle {
  /** 1 to 32 of digits, letters and `!#$&'()*+,/:;=?@-._~`; arrives as `query.scene`. */
  scene: string
  /** Without leading slash and query; default the main page. */
  page?: string
  /** Default `true`: the page must exist in the released version. */
  check_path?: boolean
}

const CALLS = {
  limited: { method: 'POST', path: '/wxa/getwxacode', idempotent: true },
  unlimited: { method: 'POST', path: '/wxa/getwxacodeunlimit', idempotent: true },
  qrcode: { method: 'POST', path: '/cgi-bin/wxaapp/createwxaqrcode', idempotent: true }
} as const satisfies CallTable

const STYLE = {
  'env_version?': oneOf('release', 'trial', 'develop'),
  'width?': integer(280, 1280),
  'auto_color?': flag,
  'is_hyaline?': flag
}
const SCENE = text(/^[\w!#$&'()*+,/:;=?@\-.~]{1,32}$/, "1 to 32 of digits, letters and !#$&'()*+,/:;=?@-._~")
const PAGE = text(/^[^/?][^?]*$/, 'a page such as pages/index/index, without leading slash and query')

/** Mini program codes (小程序码) as pictures. */
export class Wxacode {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'wxacode', CALLS)
  }

  /**
   * A code for a path (getQRCode). Together with `qrcode` 100 000 for ever (45029): prefer `unlimited`.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 40159, 45029, 45009.
   */
  async limited(params: LimitedCodeParams, options?: RequestOptions): Promise<Picture> {
    this.#check('limited', params, { path: characters(1024), ...STYLE })
    return this.#call('limited', { json: params, read: readPicture }, options)
  }

  /**
   * A code for a scene (getUnlimitedQRCode): as many as you like, 5000 a minute.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 41030 (page not released), 40169, 40129, 45009.
   * @example
   * const { bytes, contentType } = await mini.wxacode.unlimited({ scene: 'id=42', page: 'pages/card/card' })
   */
  async unlimited(params: UnlimitedCodeParams, options?: RequestOptions): Promise<Picture> {
    this.#check('unlimited', params, { scene: SCENE, 'page?': PAGE, 'check_path?': flag, ...STYLE })
    return this.#call('unlimited', { json: params, read: readPicture }, options)
  }

  /**
   * A square QR code for a path (createQRCode), which shares the limit of `limited`.
   *
   * @param params `path` up to 128 characters; `width` 280 to 1280 pixels.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45029, 40159.
   */
  async qrcode(params: { path: string; width?: number }, options?: RequestOptions): Promise<Picture> {
    this.#check('qrcode', params, { path: characters(128), 'width?': integer(280, 1280) })
    return this.#call('qrcode', { json: params, read: readPicture }, options)
  }

  #check(name: string, params: object, checks: Parameters<typeof checkFields>[2]): void {
    checkFields({ operation: `wxacode.${name}`, product: this.#api.product }, params, checks)
  }
}
