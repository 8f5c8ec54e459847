import type { RequestOptions } from '../core/client-options.ts'
import { integer } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields, paramError } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { QrCodeTicket, QrScene } from './qr-code.ts'

const CALLS = {
  create: { method: 'POST', path: '/cgi-bin/qrcode/create', idempotent: false, answersWith: 'ticket' }
} as const satisfies CallTable

const LONGEST_SECONDS = 2_592_000

/** The calls of {@link QrCode}. */
export class QrCodeCalls {
  readonly #call: Caller<keyof typeof CALLS>

  constructor(api: WeChatApiClient) {
    this.#call = createCaller(api, 'qrCode', CALLS)
  }

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

  async createPermanent(params: QrScene, options?: RequestOptions): Promise<QrCodeTicket> {
    const scene = this.#scene(this.#owner('createPermanent'), params, 100_000)
    const action_name = 'scene_id' in scene ? 'QR_LIMIT_SCENE' : 'QR_LIMIT_STR_SCENE'
    return this.#call('create', { json: { action_name, action_info: { scene } } }, options)
  }

  #scene(owner: { operation: string; product: 'mp' }, params: QrScene, max: number) {
    const { scene_id, scene_str } = (params ?? {}) as { scene_id?: unknown; scene_str?: unknown }
    if ((scene_id === undefined) === (scene_str === undefined)) {
      throw paramError(owner, 'scene_id', 'or scene_str is required, one of them')
    }
    checkFields(owner, params, { 'scene_id?': integer(1, max), 'scene_str?': characters(64) })
    return scene_id === undefined ? { scene_str } : { scene_id }
  }

  #owner(name: string) {
    return { operation: `qrCode.${name}`, product: 'mp' as const }
  }
}
