import type { RequestOptions } from '../core/client-options.ts'
import type { WeChatAccount } from '../wechat-api/account.ts'
import { checkFields, present } from '../wechat-api/check-params.ts'
import type { LateCalls } from './late-calls.ts'

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

const PICTURE_HOST = 'mp.weixin.qq.com'

/** QR codes that lead to the account (带参二维码). A scan sends the event `subscribe` or `SCAN` with the scene. */
export class QrCode {
  readonly #account: WeChatAccount
  readonly #late: LateCalls

  /** @internal Made by the client. */
  constructor(account: WeChatAccount, late: LateCalls) {
    this.#account = account
    this.#late = late
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
  createTemporary(params: QrScene & { expire_seconds?: number }, options?: RequestOptions): Promise<QrCodeTicket> {
    return this.#late.call([params, options], (calls, args) => calls.qrCode.createTemporary(...args))
  }

  /**
   * Makes a code that stays (createQRCode); an account has 100,000 of them for ever.
   *
   * @param params `scene_id` 1 to 100000 or `scene_str` 1 to 64 characters.
   */
  createPermanent(params: QrScene, options?: RequestOptions): Promise<QrCodeTicket> {
    return this.#late.call([params, options], (calls, args) => calls.qrCode.createPermanent(...args))
  }

  /** The address of the picture (jpg); needs no token, so that a page can show it. */
  imageUrl(ticket: string): URL {
    checkFields({ operation: 'qrCode.imageUrl', product: this.#account.product }, { ticket }, { ticket: present })
    return this.#account.endpoints.pageUrl('/cgi-bin/showqrcode', { ticket }, PICTURE_HOST)
  }
}
