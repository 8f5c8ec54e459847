import type { RequestOptions } from '../core/client-options.ts'
import { flag, integer, oneOf, text } from '../core/options.ts'
import { characters } from '../wechat-api/check-params.ts'
import { type EndpointSpec, post } from '../wechat-api/endpoint.ts'
import { type Picture, readPicture } from '../wechat-api/read-picture.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** Appearance of a code, and the version that it opens. */
export interface CodeStyle {
  /** Default `release`. */
  env_version?: 'release' | 'trial' | 'develop' | undefined
  /** Pixels, default 430. WeChat limits it to 280 to 1280; this client does the same, with a warning in the log. */
  width?: number | undefined
  auto_color?: boolean | undefined
  line_color?: { r: number | string; g: number | string; b: number | string } | undefined
  /** Transparent background; the picture is then a PNG. */
  is_hyaline?: boolean | undefined
}

/** Parameters of `wxacode.limited`. */
export interface LimitedCodeParams extends CodeStyle {
  /** Page with query, up to 1024 characters. */
  path: string
}

/** Parameters of `wxacode.unlimited`. */
export interface UnlimitedCodeParams extends CodeStyle {
  /** 1 to 32 of digits, letters and `!#$&'()*+,/:;=?@-._~`; arrives as `query.scene`. */
  scene: string
  /** Without leading slash and query; default the main page. */
  page?: string | undefined
  /** Default `true`: the page must exist in the released version. */
  check_path?: boolean | undefined
}

const STYLE = {
  'env_version?': oneOf('release', 'trial', 'develop'),
  'width?': integer(1),
  'auto_color?': flag,
  'is_hyaline?': flag
}
const SCENE = text(
  /^[\w!#$&'()*+,/:;=?@\-.~]{1,32}$/,
  "1 to 32 of digits, letters and !#$&'()*+,/:;=?@-._~; keep anything else in your database and send its short id"
)
const PAGE = text(/^[^/?][^?]*$/, 'a page such as pages/index/index, without leading slash and query')

const PICTURE: EndpointSpec<Picture> = { idempotent: true, read: readPicture }
const LIMITED = post<LimitedCodeParams, Picture>('wxacode.limited', '/wxa/getwxacode', {
  ...PICTURE,
  rules: { path: characters(1024), ...STYLE }
})
const UNLIMITED = post<UnlimitedCodeParams, Picture>('wxacode.unlimited', '/wxa/getwxacodeunlimit', {
  ...PICTURE,
  rules: { scene: SCENE, 'page?': PAGE, 'check_path?': flag, ...STYLE }
})
const QRCODE = post<{ path: string; width?: number | undefined }, Picture>(
  'wxacode.qrcode',
  '/cgi-bin/wxaapp/createwxaqrcode',
  {
    ...PICTURE,
    rules: { path: characters(128), 'width?': integer(1) }
  }
)

/** Mini program codes (小程序码) as pictures. */
export class MiniProgramCodes {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Creates a code for a path (getQRCode). Together with `qrcode` limited to 100 000 in total (45029): prefer
   * `unlimited`.
   *
   * @param params `path` with query, up to 1024 characters; `width` 280 to 1280 pixels.
   * @param options Options of this call.
   * @returns A JPEG, or a PNG with `is_hyaline`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40159, 45029, 45009.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  limited(params: LimitedCodeParams, options?: RequestOptions): Promise<Picture> {
    return this.#api.call(LIMITED, this.#fit(LIMITED.operation, params), options)
  }

  /**
   * Creates a code for a scene (getUnlimitedQRCode): unlimited in number, 5000 a minute.
   *
   * @param params `scene` up to 32 characters; `width` 280 to 1280 pixels.
   * @param options Options of this call.
   * @returns A JPEG, or a PNG with `is_hyaline`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 41030 (page not released), 40169, 40129, 45009.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { bytes, contentType } = await mini.wxacode.unlimited({ scene: 'id=42', page: 'pages/card/card' })
   */
  unlimited(params: UnlimitedCodeParams, options?: RequestOptions): Promise<Picture> {
    return this.#api.call(UNLIMITED, this.#fit(UNLIMITED.operation, params), options)
  }

  /**
   * Creates a square QR code for a path (createQRCode), which shares the limit of `limited`.
   *
   * @param params `path` up to 128 characters; `width` 280 to 1280 pixels.
   * @param options Options of this call.
   * @returns A JPEG.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45029, 40159.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  qrcode(params: { path: string; width?: number | undefined }, options?: RequestOptions): Promise<Picture> {
    return this.#api.call(QRCODE, this.#fit(QRCODE.operation, params), options)
  }

  #fit<Params extends { width?: number | undefined }>(operation: string, params: Params): Params {
    const width = params?.width
    if (!Number.isSafeInteger(width) || (width as number) < 1) return params
    const fitting = Math.min(Math.max(width as number, 280), 1280)
    if (fitting === width) return params
    this.#api.warn(
      `${operation}: width ${width} was changed to ${fitting}; WeChat creates codes of 280 to 1280 pixels.`
    )
    return { ...params, width: fitting }
  }
}
