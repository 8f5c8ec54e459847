import type { RequestOptions } from '../../core/client-options.ts'
import type { LateCaller } from './late-caller.ts'
import type {
  GroupRedPackParams,
  MiniProgramRedPackParams,
  QueriedRedPack,
  RedPack,
  RedPackParams
} from './red-pack-types.ts'

/** Red packets (现金红包): `pay2.redPacks`. Closed to new merchants. */
export class RedPacks {
  readonly #caller: LateCaller

  /** @internal */
  constructor(caller: LateCaller) {
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
  send(params: RedPackParams, options?: RequestOptions): Promise<RedPack> {
    return this.#caller.run(params, options, ({ redPacks }, ...given) => redPacks.send(...given))
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
  sendGroup(params: GroupRedPackParams, options?: RequestOptions): Promise<RedPack> {
    return this.#caller.run(params, options, ({ redPacks }, ...given) => redPacks.sendGroup(...given))
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
  sendMiniProgram(params: MiniProgramRedPackParams, options?: RequestOptions): Promise<RedPack & { package: string }> {
    return this.#caller.run(params, options, ({ redPacks }, ...given) => redPacks.sendMiniProgram(...given))
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
  query(params: { mch_billno: string }, options?: RequestOptions): Promise<QueriedRedPack> {
    return this.#caller.run(params, options, ({ redPacks }, ...given) => redPacks.query(...given))
  }
}
