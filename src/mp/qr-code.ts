import type { RequestOptions } from '../core/client-options.ts'
import { integer } from '../core/options.ts'
import { characters, checkFields, type ParamOwner, paramError, present } from '../wechat-api/check-params.ts'
import { post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { createQrLoginFlow, type QrLoginFlow, type QrLoginOptions } from './qr-login/qr-login.ts'

/** The scene that the event of a scan contains: either a number or a text. */
export type QrScene = { scene_id: number; scene_str?: never } | { scene_str: string; scene_id?: never }

/** Response of `qrCode.createTemporary` and `qrCode.createPermanent`. */
export interface QrCodeTicket {
  /** For `qrCode.imageUrl`. */
  ticket: string
  /** Seconds; temporary codes only. */
  expire_seconds?: number
  /** The content of the code, to draw your own picture. */
  url: string
}

const PICTURE_HOST = 'mp.weixin.qq.com'
const LONGEST_SECONDS = 2_592_000

const CREATE = post<object, QrCodeTicket>('qrCode.create', '/cgi-bin/qrcode/create', { returns: 'ticket' })

/** QR codes that lead to the account (带参二维码). A scan sends the event `subscribe` or `SCAN` with the scene. */
export class QrCode {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Creates a code that expires (createQRCode).
   *
   * @param params `scene_id` 1 to 4294967295 or `scene_str` 1 to 64 characters; `expire_seconds` up to 2592000 (30 days),
   *   default 60.
   * @param options Options of this call.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatApiError} ERR_WECHAT_API: 40053.
   * @example
   * const { ticket } = await mp.qrCode.createTemporary({ scene_str: 'order-42', expire_seconds: 3600 })
   * const picture = mp.qrCode.imageUrl(ticket)
   */
  async createTemporary(
    params: QrScene & { expire_seconds?: number | undefined },
    options?: RequestOptions
  ): Promise<QrCodeTicket> {
    const owner = this.#owner('createTemporary')
    checkFields(owner, params, { 'expire_seconds?': integer(1, LONGEST_SECONDS) })
    const scene = sceneOf(owner, params, 0xffffffff)
    const action_name = 'scene_id' in scene ? 'QR_SCENE' : 'QR_STR_SCENE'
    const { expire_seconds = 60 } = params
    return this.#api.call(CREATE, { expire_seconds, action_name, action_info: { scene } }, options)
  }

  /**
   * Creates a permanent code (createQRCode); an account can have 100,000 in total.
   *
   * @param params `scene_id` 1 to 100000 or `scene_str` 1 to 64 characters.
   * @param options Options of this call.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatApiError} ERR_WECHAT_API: 40053.
   */
  async createPermanent(params: QrScene, options?: RequestOptions): Promise<QrCodeTicket> {
    const scene = sceneOf(this.#owner('createPermanent'), params, 100_000)
    const action_name = 'scene_id' in scene ? 'QR_LIMIT_SCENE' : 'QR_LIMIT_STR_SCENE'
    return this.#api.call(CREATE, { action_name, action_info: { scene } }, options)
  }

  /**
   * Returns the URL of the picture, a jpg. It needs no token, so a page can show it (showqrcode).
   *
   * @param ticket Ticket of a created code.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  imageUrl(ticket: string): URL {
    checkFields(this.#owner('imageUrl'), { ticket }, { ticket: present })
    return this.#api.endpoints.pageUrl('/cgi-bin/showqrcode', { ticket }, PICTURE_HOST)
  }

  /**
   * Makes a login on a web page by scanning a code of this account (扫码登录): a random scene, bound to the browser that
   * requested it, used once.
   *
   * @param options `onLogin` creates the session.
   * @returns Two handlers for the site, and `scanned` for the events `SCAN` and `subscribe` of the message gateway.
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const login = mp.qrCode.loginFlow({
   *   onLogin: ({ openid }) => ({ headers: { 'set-cookie': `session=${openid}; HttpOnly; Secure` } })
   * })
   */
  loginFlow(options: QrLoginOptions): QrLoginFlow {
    return createQrLoginFlow(this.#api, this, options)
  }

  #owner(name: string): ParamOwner {
    return { operation: `qrCode.${name}`, product: this.#api.product }
  }
}

function sceneOf(owner: ParamOwner, params: QrScene, max: number) {
  const { scene_id, scene_str } = params ?? {}
  if ((scene_id === undefined) === (scene_str === undefined)) {
    throw paramError(owner, 'scene_id', 'or scene_str is required, but not both')
  }
  checkFields(owner, params, { 'scene_id?': integer(1, max), 'scene_str?': characters(64) })
  return scene_id === undefined ? { scene_str } : { scene_id }
}
