import type { RequestOptions } from '../core/client-options.ts'
import { httpUrl, integer, oneOf } from '../core/options.ts'
import { characters, present } from '../wechat-api/check-params.ts'
import { post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { WireId } from '../wechat-api/wire-types.ts'

/** 1 profile, 2 comment, 3 forum, 4 social log. */
type Scene = 1 | 2 | 3 | 4

/** Parameters of `security.msgSecCheck`. */
export interface TextCheckParams {
  /** Up to 2500 characters. */
  content: string
  scene: Scene
  /** openid of a user who was active in the last two hours. */
  openid: string
  title?: string | undefined
  nickname?: string | undefined
  /** With scene 1 only. */
  signature?: string | undefined
}

/** Response of `security.msgSecCheck`. */
export interface TextCheck {
  trace_id: string
  result: { suggest: 'risky' | 'pass' | 'review'; label: number }
  /** An entry counts only if its `errcode` is 0. */
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

/** Parameters of `security.mediaCheckAsync`. */
export interface MediaCheckParams {
  media_url: string
  /** 1 audio, 2 image. */
  media_type: 1 | 2
  scene: Scene
  openid: string
}

/** Parameters of `security.riskRank`. */
export interface RiskRankParams {
  openid: string
  /** 0 register, 1 marketing. */
  scene: 0 | 1
  client_ip: string
  mobile_no?: string | undefined
  email_address?: string | undefined
  extended_info?: string | undefined
  is_test?: boolean | undefined
}

/** Response of `security.riskRank`. */
export interface RiskRank {
  /** 0 (none) to 4 (highest). */
  risk_rank: number
  /** Id of this query (upstream's spelling). */
  unoin_id: WireId
}

interface Version {
  version: 2
}

const SCENE = oneOf(1, 2, 3, 4)

const MSG_SEC_CHECK = post<TextCheckParams & Version, TextCheck>('security.msgSecCheck', '/wxa/msg_sec_check', {
  rules: { content: characters(2500), scene: SCENE, openid: present },
  idempotent: true,
  returns: 'result'
})
const MEDIA_CHECK = post<MediaCheckParams & Version, { trace_id: string }>(
  'security.mediaCheckAsync',
  '/wxa/media_check_async',
  { rules: { media_url: httpUrl, media_type: oneOf(1, 2), scene: SCENE, openid: present }, returns: 'trace_id' }
)
const RISK_RANK = post<RiskRankParams & { appid: string }, RiskRank>('security.riskRank', '/wxa/getuserriskrank', {
  rules: { openid: present, scene: integer(0, 1), client_ip: present },
  idempotent: true,
  returns: 'risk_rank'
})

/** Content security (内容安全). */
export class Security {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Checks a text (msgSecCheck, version 2). Risky text is a result (`suggest`), not an error.
   *
   * @param params `content` up to 2500 characters; the user was active in the last two hours.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 43104 (openid of another account), 61010 (user not active).
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { result } = await mini.security.msgSecCheck({ content: 'Hello', scene: 2, openid: 'OPENID' })
   * const isFine = result.suggest === 'pass'
   */
  msgSecCheck(params: TextCheckParams, options?: RequestOptions): Promise<TextCheck> {
    return this.#api.call(MSG_SEC_CHECK, { ...params, version: 2 }, options)
  }

  /**
   * Submits a picture or sound for a check (mediaCheckAsync, version 2); the result arrives within 30 minutes as the
   * event `wxa_media_check` of the message gateway. Not retried automatically: every call creates another task.
   *
   * @param params `media_url` of a file of up to 10 MB.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 43104, 61010.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  mediaCheckAsync(params: MediaCheckParams, options?: RequestOptions): Promise<{ trace_id: string }> {
    return this.#api.call(MEDIA_CHECK, { ...params, version: 2 }, options)
  }

  /**
   * Returns the risk of a user (getUserRiskRank).
   *
   * @param params `client_ip` of the user; `scene` 0 register, 1 marketing.
   * @param options Options of this call.
   * @returns `risk_rank` 0 to 4, and `unoin_id` (upstream's spelling).
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 61010.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  riskRank(params: RiskRankParams, options?: RequestOptions): Promise<RiskRank> {
    return this.#api.call(RISK_RANK, { appid: this.#api.appId, ...params }, options)
  }
}
