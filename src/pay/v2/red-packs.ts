import type { RequestOptions } from '../../core/client-options.ts'
import { integer, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import { fen } from '../common/fen.ts'
import type { Caller } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import { invalid } from './invalid.ts'
import { chars, checkParams, utf8Bytes, type WireFields } from './params.ts'
import type {
  GroupRedPackParams,
  MiniProgramRedPackParams,
  QueriedRedPack,
  RedPack,
  RedPackParams
} from './red-pack-types.ts'

const billNo = chars(28, /^[0-9A-Za-z]{1,28}$/, 'letters and digits, at most 28')

const COMMON: OptionRules = {
  mch_billno: required(billNo),
  send_name: required(chars(32)),
  re_openid: required(chars(32)),
  total_amount: required(fen()),
  wishing: required(chars(128)),
  act_name: required(chars(32)),
  remark: required(chars(256)),
  scene_id: optional(oneOf(...Array.from({ length: 8 }, (_, index) => `PRODUCT_${index + 1}`))),
  risk_info: optional(utf8Bytes(128)),
  consume_mch_id: optional(chars(32)),
  msgappid: optional(chars(32))
}

const NORMAL: OptionRules = {
  ...COMMON,
  client_ip: required(chars(15, /^\d{1,3}(?:\.\d{1,3}){3}$/, 'an IPv4 address')),
  total_num: optional(oneOf(1))
}
const GROUP: OptionRules = { ...COMMON, total_num: required(integer(3, 20)), amt_type: optional(oneOf('ALL_RAND')) }
const MINI_PROGRAM: OptionRules = {
  ...COMMON,
  total_num: optional(oneOf(1)),
  notify_way: optional(oneOf('MINI_PROGRAM_JSAPI'))
}
const QUERY: OptionRules = { mch_billno: required(billNo) }

/** Fen for one person without `scene_id`. (现金红包: 请求参数) */
const USUAL_MIN = 100
const USUAL_MAX = 20_000

/** Red packets (现金红包): `pay2.redPacks`. Closed to new merchants. */
export class RedPacks {
  readonly #caller: Caller

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller
  }

  /**
   * Sends a red packet to a follower of the Official Account. Needs the merchant certificate.
   *
   * @param params `total_amount` in fen: 100 to 20 000 unless `scene_id` is given
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `redPacks.query`; repeat only under the same `mch_billno`
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @example
   * const pack = await pay2.redPacks.send({
   *   mch_billno: '1900000109202603010000000001',
   *   send_name: 'Example',
   *   re_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
   *   total_amount: 100,
   *   wishing: 'Happy new year',
   *   client_ip: '203.0.113.7',
   *   act_name: 'New year',
   *   remark: 'Thank you'
   * })
   */
  async send(params: RedPackParams, options?: RequestOptions): Promise<RedPack> {
    const fields = checkParams(params, NORMAL, ENDPOINTS.redPack.operation)
    return this.#send(ENDPOINTS.redPack, { total_num: 1, ...fields }, options)
  }

  /**
   * Sends a red packet that a group shares (裂变红包). The service ended on 2024-06-05 for most merchants. See {@link send}.
   *
   * @param params `total_amount` in fen for all receivers together
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @example
   * const pack = await pay2.redPacks.sendGroup({
   *   mch_billno: '1900000109202603010000000002',
   *   send_name: 'Example',
   *   re_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
   *   total_amount: 300,
   *   total_num: 3,
   *   wishing: 'Happy new year',
   *   act_name: 'New year',
   *   remark: 'Thank you'
   * })
   */
  async sendGroup(params: GroupRedPackParams, options?: RequestOptions): Promise<RedPack> {
    const fields = checkParams(params, GROUP, ENDPOINTS.groupRedPack.operation)
    return this.#send(ENDPOINTS.groupRedPack, { amt_type: 'ALL_RAND', ...fields }, options)
  }

  /**
   * Prepares a red packet that the user opens in the Mini Program: pass `package` of the result through
   * `pay2.redPackParams` to `wx.sendBizRedPacket`. See {@link send}.
   *
   * @param params `total_amount` in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @example
   * const sent = await pay2.redPacks.sendMiniProgram({
   *   mch_billno: '1900000109202603010000000003',
   *   send_name: 'Example',
   *   re_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
   *   total_amount: 100,
   *   wishing: 'Happy new year',
   *   act_name: 'New year',
   *   remark: 'Thank you'
   * })
   * const parameters = pay2.redPackParams(sent.package)
   */
  async sendMiniProgram(
    params: MiniProgramRedPackParams,
    options?: RequestOptions
  ): Promise<RedPack & { package: string }> {
    const fields = checkParams(params, MINI_PROGRAM, ENDPOINTS.miniProgramRedPack.operation)
    const full = { total_num: 1, notify_way: 'MINI_PROGRAM_JSAPI', ...fields }
    return (await this.#send(ENDPOINTS.miniProgramRedPack, full, options)) as RedPack & { package: string }
  }

  /**
   * Queries a red packet of the last 30 days.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NOT_FOUND`
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const { status, receivers } = await pay2.redPacks.query({ mch_billno: '1900000109202603010000000001' })
   */
  async query(params: { mch_billno: string }, options?: RequestOptions): Promise<QueriedRedPack> {
    const endpoint = ENDPOINTS.redPackQuery
    const fields = checkParams(params, QUERY, endpoint.operation)
    const answer = await this.#caller.call(endpoint, { bill_type: 'MCHT', ...fields }, options)
    const { hblist, ...rest } = this.#caller.known.toResult(answer, endpoint.operation)
    return { ...rest, receivers: this.#receivers(hblist, endpoint.operation) } as unknown as QueriedRedPack
  }

  async #send(
    endpoint: (typeof ENDPOINTS)['redPack' | 'groupRedPack' | 'miniProgramRedPack'],
    fields: WireFields,
    options: RequestOptions | undefined
  ): Promise<RedPack> {
    const each = Number(fields.total_amount) / Number(fields.total_num)
    if (fields.scene_id === undefined && (each < USUAL_MIN || each > USUAL_MAX)) {
      throw invalid(
        endpoint.operation,
        'total_amount',
        `must be from ${USUAL_MIN} to ${USUAL_MAX} fen for each receiver, unless scene_id says what it is for`
      )
    }
    return this.#caller.callFor(
      endpoint,
      fields,
      options,
      (answer) => this.#caller.known.toResult(answer, endpoint.operation) as unknown as RedPack
    )
  }

  #receivers(hblist: unknown, operation: string): Record<string, unknown>[] {
    const items = (hblist as XmlObject | undefined)?.hbinfo
    const { toResult } = this.#caller.known
    return Array.isArray(items) ? items.map((item) => toResult(item as XmlObject, operation)) : []
  }
}
