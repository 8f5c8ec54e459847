import { httpUrl, oneOf, optional, required, text } from '../core/options.ts'
import { command, type Methods, query } from './endpoint.ts'
import { normalizeMobile } from './mobile.ts'
import { PAGE_SIZE } from './param-rules.ts'
import type { StatusReport } from './sms-types.ts'
import type { AcceptedCall } from './voice.ts'

/** A package of mobile data. */
export interface FlowPackage {
  sn: string | number
  /** Yuan. */
  carrier_price: number
  /** Factor on `carrier_price` (yuan), e.g. 0.95. */
  discount: number
  /** MB. */
  capacity: number
  carrier: string
  name: string
}

/** Parameters of `flow.recharge`. */
export interface RechargeParams {
  mobile: string
  /** Number of the package. */
  sn: string | number
  /** URL to which the status report is pushed, in place of the console's setting. */
  callback_url?: string | URL | undefined
}

const host = 'flow' as const

/** Mobile data (流量). */
export const FLOW = {
  /**
   * Lists packages, of one carrier by its service number or of all. Official document: "查询流量包".
   *
   * @param params `carrier`: 10086 China Mobile, 10010 China Unicom, 10000 China Telecom; default: all.
   * @returns Prices in yuan, capacities in MB.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  getPackage: query<{ carrier?: '10086' | '10010' | '10000' | undefined }, FlowPackage[]>('/v2/flow/get_package.json', {
    host,
    rules: { carrier: optional(oneOf('10086', '10010', '10000')) }
  }),

  /**
   * Buys a package for a number. Costs money, and is never retried once it may have been sent. Official document: "充值流量".
   *
   * @param params Number and package.
   * @returns `fee` in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT; with `requestSent` the package may have been bought
   */
  recharge: command<RechargeParams, AcceptedCall>('/v2/flow/recharge.json', {
    host,
    rules: {
      mobile: required(text()),
      sn: required((value) => (/^\d+$/.test(String(value)) ? undefined : 'must be the number of a package')),
      callback_url: optional(httpUrl)
    },
    encode: ({ mobile, sn, callback_url }) => ({
      mobile: normalizeMobile(mobile),
      sn,
      callback_url: callback_url && String(callback_url)
    })
  }),

  /**
   * Takes reports from the queue, which removes them. Never retried. Official document: "获取状态报告 (流量)".
   *
   * @param params `page_size`: maximum number of reports, 1 to 100, default 20.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  pullStatus: command<{ page_size?: number | undefined }, StatusReport[]>('/v2/flow/pull_status.json', {
    host,
    rules: { page_size: PAGE_SIZE }
  })
}

/** Methods of `yunpian.flow`. */
export type Flow = Methods<typeof FLOW>
