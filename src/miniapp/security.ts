import type { RequestOptions } from '../core/client-options.ts'
import { httpUrl, integer, oneOf } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { WireId } from '../wechat-api/wire-types.ts'

/** 1 profile, 2 comment, 3 forum, 4 social log. */
type Scene = 1 | 2 | 3 | 4

export interface TextCheckParams {
  /** Up to 2500 characters. */
  content: string
  scene: Scene
  /** Of a user who was active in the last two hours. */
  openid: string
  title?: string
  nickname?: string
  /** With scene 1 only. */
  signature?: string
}

/** Answer of `security.msgSecCheck`. */
export interface TextCheck {
  trace_id: string
  result: { suggest: 'risky' | 'pass' | 'review'; label: number }
  /** An entry counts only when its `errcode` is 0. */
  detail: {
    strategy: string
    errcode: number
    suggest?: string
    label?: number
    prob?: number
    level?: number
    keyword?: string
  }[]
}

export interface MediaCheckParams {
  media_url: string
  /** 1 audio, 2 image. */
  media_type: 1 | 2
  scene: Scene
  openid: string
}

export interface RiskRankParams {
  openid: string
  /** 0 register, 1 marketing. */
  scene: 0 | 1
  client_ip: string
  mobile_no?: string
  email_address?: string
  extended_info?: string
  is_test?: boolean
}

const CALLS = {
  msgSecCheck: { method: 'POST', path: '/wxa/msg_sec_check', idempotent: true, answersWith: 'result' },
  mediaCheckAsync: { method: 'POST', path: '/wxa/media_check_async', idempotent: false, answersWith: 'trace_id' },
  riskRank: { method: 'POST', path: '/wxa/getuserriskrank', idempotent: true, answersWith: 'risk_rank' }
} as const satisfies CallTable

const VERSION = 2
const SCENE = oneOf(1, 2, 3, 4)

/** Content security (内容安全). */
export class Security {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'security', CALLS)
  }

  /**
   * Checks a text (msgSecCheck, version 2). Risky text is a result (`suggest`), not an error.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 43104 (openid of another account), 61010 (user not active).
   * @example
   * const { result } = await mini.security.msgSecCheck({ content: 'Hello', scene: 2, openid: 'OPENID' })
   * const isFine = result.suggest === 'pass'
   */
  async msgSecCheck(params: TextCheckParams, options?: RequestOptions): Promise<TextCheck> {
    this.#check('msgSecCheck', params, { content: characters(2500), scene: SCENE, openid: present })
    return this.#call('msgSecCheck', { json: { ...params, version: VERSION } }, options)
  }

  /**
   * Has a picture or sound of up to 10 MB checked (mediaCheckAsync, version 2); the result comes within 30 minutes as the
   * event `wxa_media_check` of the message gateway. Every call is another task.
   */
  async mediaCheckAsync(params: MediaCheckParams, options?: RequestOptions): Promise<{ trace_id: string }> {
    this.#check('mediaCheckAsync', params, {
      media_url: httpUrl,
      media_type: oneOf(1, 2),
      scene: SCENE,
      openid: present
    })
    return this.#call('mediaCheckAsync', { json: { ...params, version: VERSION } }, options)
  }

  /**
   * Risk of a user (getUserRiskRank): `risk_rank` 0 to 4.
   *
   * @returns With `unoin_id`, spelt so upstream.
   */
  async riskRank(params: RiskRankParams, options?: RequestOptions): Promise<{ risk_rank: number; unoin_id: WireId }> {
    this.#check('riskRank', params, { openid: present, scene: integer(0, 1), client_ip: present })
    return this.#call('riskRank', { json: { appid: this.#api.appId, ...params } }, options)
  }

  #check(name: string, params: object, checks: Parameters<typeof checkFields>[2]): void {
    checkFields({ operation: `security.${name}`, product: this.#api.product }, params, checks)
  }
}
