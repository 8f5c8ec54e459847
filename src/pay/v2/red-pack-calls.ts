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
import { toResult } from './result.ts'

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

/** What `red-packs.ts` calls. */
export class RedPackCalls {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  async send(params: RedPackParams, options?: RequestOptions): Promise<RedPack> {
    const fields = checkParams(params, NORMAL, ENDPOINTS.redPack.operation)
    return this.#send(ENDPOINTS.redPack, { total_num: 1, ...fields }, options)
  }

  async sendGroup(params: GroupRedPackParams, options?: RequestOptions): Promise<RedPack> {
    const fields = checkParams(params, GROUP, ENDPOINTS.groupRedPack.operation)
    return this.#send(ENDPOINTS.groupRedPack, { amt_type: 'ALL_RAND', ...fields }, options)
  }

  async sendMiniProgram(
    params: MiniProgramRedPackParams,
    options?: RequestOptions
  ): Promise<RedPack & { package: string }> {
    const fields = checkParams(params, MINI_PROGRAM, ENDPOINTS.miniProgramRedPack.operation)
    const full = { total_num: 1, notify_way: 'MINI_PROGRAM_JSAPI', ...fields }
    return (await this.#send(ENDPOINTS.miniProgramRedPack, full, options)) as RedPack & { package: string }
  }

  async query(params: { mch_billno: string }, options?: RequestOptions): Promise<QueriedRedPack> {
    const endpoint = ENDPOINTS.redPackQuery
    const fields = checkParams(params, QUERY, endpoint.operation)
    const answer = await this.#caller.call(endpoint, { bill_type: 'MCHT', ...fields }, options)
    const { hblist, ...rest } = toResult(answer, endpoint.operation)
    return { ...rest, receivers: readReceivers(hblist, endpoint.operation) } as unknown as QueriedRedPack
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
      (answer) => toResult(answer, endpoint.operation) as unknown as RedPack
    )
  }
}

function readReceivers(hblist: unknown, operation: string): Record<string, unknown>[] {
  const items = (hblist as XmlObject | undefined)?.hbinfo
  return Array.isArray(items) ? items.map((item) => toResult(item as XmlObject, operation)) : []
}
