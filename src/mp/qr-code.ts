import type { RequestOptions } from '../core/client-options.ts'
import { integer } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields, invalidParam, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** What comes back when the code is scanned: a number or a text, one of them. */
export type QrScene = { scene_id: number; scene_str?: never } | { scene_str: string; scene_id?: never }

/** Answer of `qrCode.createTemporary` and `qrCode.createPermanent`. */
export interface QrCodeTicket {
  /** For `qrCode.imageUrl`. */
  ticket: string
  /** Temporary codes only. */
  expire_seconds?: number
  /** What the picture encodes, for a picture of your own. */
  url: string
}

const CALLS = {
  create: { method: 'POST', path: '/cgi-bin/qrcode/create', isSafeToRepeat: false, answersWith: 'ticket' }
} as const satisfies CallTable

const PICTURE_HOST = 'mp.weixin.qq.com'
const LONGEST_SECONDS = 2_592_000

/** QR codes that lead to the account (带参二维码). A scan sends the event `subscribe` or `SCAN` with the scene. */
export class QrCode {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'qrCode', CALLS)
  }

  /**
   * Makes a code that expires (createQRCode).
   *
   * @param params `scene_id` 1 to 4294967295 or `scene_str` 1 to 64 characters; `expire_seconds` up to 2592000 (30 days),
   *   default 60.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatApiError} ERR_WECHAT_API: 40053.
   * @example
   * const { ticket } = await mp.qrCode.createTemporary({ scene_str: 'order-42', expire_seconds: 3600 })
   * const picture = mp.qrCode.imageUrl(ticket)
   */
  async createTemporary(
    params: QrScene & { expire_seconds?: number },
    options?: RequestOptions
  ): Promise<QrCodeTicket> {
    const owner = this.#owner('createTemporary')
    checkFields(owner, params, { 'expire_seconds?': integer(1, LONGEST_SECONDS) })
    const scene = this.#scene(owner, params, 0xffffffff)
    const action_name = 'scene_id' in scene ? 'QR_SCENE' : 'QR_STR_SCENE'
    const { expire_seconds = 60 } = params
    return this.#call('create', { json: { expire_seconds, action_name, action_info: { scene } } }, options)
  }

  /**
   * Makes a code that stays (createQRCode); an account has 100,000 of them for ever.
   *
   * @param params `scene_id` 1 to 100000 or `scene_str` 1 to 64 characters.
   */
  async createPermanent(params: QrScene, options?: RequestOptions): Promise<QrCodeTicket> {
    const scene = this.#scene(this.#owner('createPermanent'), params, 100_000)
    const action_name = 'scene_id' in scene ? 'QR_LIMIT_SCENE' : 'QR_LIMIT_STR_SCENE'
    return this.#call('create', { json: { action_name, action_info: { scene } } }, options)
  }

  /** The address of the picture (jpg); needs no token, so that a page can show it. */
  imageUrl(ticket: string): URL {
    checkFields(this.#owner('imageUrl'), { ticket }, { ticket: present })
    return this.#api.endpoints.pageUrl('/cgi-bin/showqrcode', { ticket }, PICTURE_HOST)
  }

  #scene(owner: { operation: string; product: 'mp' }, params: QrScene, max: number) {
    const { scene_id, scene_str } = (params ?? {}) as { scene_id?: unknown; scene_str?: unknown }
    if ((scene_id === undefined) === (scene_str === undefined)) {
      throw invalidParam(owner, 'scene_id', 'or scene_str is required, one of them')
    }
    checkFields(owner, params, { 'scene_id?': integer(1, max), 'scene_str?': characters(64) })
    return scene_id === undefined ? { scene_str } : { scene_id }
  }

  #owner(name: string) {
    return { operation: `qrCode.${name}`, product: 'mp' as const }
  }
}
