import { integer, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import { fen } from '../common/fen.ts'
import { type Methods, payout } from './endpoint.ts'
import { chars, type ParamProblem, utf8Bytes, type WireFields } from './params.ts'
import type {
  GroupRedPackParams,
  MiniProgramRedPackParams,
  QueriedRedPack,
  RedPack,
  RedPackParams
} from './red-pack-types.ts'
import { type ResultFields, toResult } from './result.ts'

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
/** Fen for one person without `scene_id`. (现金红包: 请求参数) */
const USUAL_MIN = 100
const USUAL_MAX = 20_000

/** Rules shared by all red packets. */
const SENT = {
  identity: 'redPack',
  check: checkAmount,
  echo: ['mch_billno', 'mch_id', 'wxappid', 're_openid', 'total_amount'],
  query: { method: 'redPacks.query', by: ['mch_billno'] },
  // Unlike for transfers, where SEND_FAILED leaves the outcome open. (现金红包: 错误码)
  outcomes: { SEND_FAILED: 'refused', PROCESSING: 'open' }
} as const

export const RED_PACKS = {
  /**
   * Sends a red packet to a follower of the Official Account (现金红包). Needs the merchant certificate. Closed to new merchants.
   *
   * @param params `total_amount` in fen: 100 to 20 000 unless `scene_id` is given
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `redPacks.query`; repeat only under the same `mch_billno`
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @returns `total_amount` in fen
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
  send: payout<RedPackParams, RedPack>('/mmpaymkttransfers/sendredpack', {
    ...SENT,
    rules: NORMAL,
    defaults: { total_num: 1 }
  }),

  /**
   * Sends a red packet for a group to share (裂变红包). The service ended on 2024-06-05 for most merchants. Needs the
   * merchant certificate.
   *
   * @param params `total_amount` in fen for all receivers together
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `redPacks.query`; repeat only under the same `mch_billno`
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @returns `total_amount` in fen
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
  sendGroup: payout<GroupRedPackParams, RedPack>('/mmpaymkttransfers/sendgroupredpack', {
    ...SENT,
    rules: GROUP,
    defaults: { amt_type: 'ALL_RAND' }
  }),

  /**
   * Prepares a red packet that the user opens in the Mini Program (小程序红包): pass `package` of the result through
   * `pay2.redPackParams` to `wx.sendBizRedPacket`. Needs the merchant certificate.
   *
   * @param params `total_amount` in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `redPacks.query`; repeat only under the same `mch_billno`
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @returns `total_amount` in fen, and the `package` for the client
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
  sendMiniProgram: payout<MiniProgramRedPackParams, RedPack & { package: string }>(
    '/mmpaymkttransfers/sendminiprogramhb',
    { ...SENT, rules: MINI_PROGRAM, defaults: { total_num: 1, notify_way: 'MINI_PROGRAM_JSAPI' } }
  ),

  /**
   * Queries a red packet of the last 30 days (查询红包记录).
   *
   * @param params your number of the red packet
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NOT_FOUND`
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns amounts in fen, times in Beijing time
   * @example
   * const { status, receivers } = await pay2.redPacks.query({ mch_billno: '1900000109202603010000000001' })
   */
  query: payout<{ mch_billno: string; appid?: string | undefined }, QueriedRedPack>('/mmpaymkttransfers/gethbinfo', {
    rules: { mch_billno: required(billNo) },
    defaults: { bill_type: 'MCHT' },
    identity: 'plain',
    retry: 'safe',
    lists: ['hbinfo'],
    echo: ['mch_id', 'mch_billno'],
    read: readReceivers
  })
}

/** Red packets (现金红包): `pay2.redPacks`. Closed to new merchants. */
export type RedPacks = Methods<typeof RED_PACKS>

function checkAmount({ total_amount, total_num, scene_id }: Readonly<WireFields>): ParamProblem | undefined {
  const each = Number(total_amount) / Number(total_num)
  if (scene_id !== undefined || (each >= USUAL_MIN && each <= USUAL_MAX)) return undefined
  return ['total_amount', `must be from ${USUAL_MIN} to ${USUAL_MAX} fen per recipient, unless scene_id is set`]
}

function readReceivers({ hblist, ...rest }: ResultFields): ResultFields {
  const items = (hblist as XmlObject | undefined)?.hbinfo
  const receivers = Array.isArray(items) ? items.map((item) => toResult(item as XmlObject, 'redPacks.query')) : []
  return { ...rest, receivers }
}
