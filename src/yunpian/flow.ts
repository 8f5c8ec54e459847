import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, httpUrl, integer, oneOf, optional, required, text } from '../core/options.ts'
import type { YunpianCaller } from './caller.ts'
import type { StatusReport } from './sms-types.ts'
import type { AcceptedCall } from './voice.ts'

/** A package of mobile data. */
export interface FlowPackage {
  sn: string | number
  /** Yuan. */
  carrier_price: number
  discount: number
  /** MB. */
  capacity: number
  carrier: string
  name: string
}

/** Mobile data (流量). */
export class Flow {
  readonly #caller: YunpianCaller

  /** @internal */
  constructor(caller: YunpianCaller) {
    this.#caller = caller
  }

  /** Packages, of one carrier by its service number. */
  async getPackage(
    params: { carrier?: '10086' | '10010' | '10000' } = {},
    options: RequestOptions = {}
  ): Promise<FlowPackage[]> {
    check('flow.getPackage', params, { carrier: optional(oneOf('10086', '10010', '10000')) })
    return this.#caller.call('flow.getPackage', { ...params }, options)
  }

  /** Buys a package for a number. Costs money, and is never repeated once it may have been sent. */
  async recharge(
    params: { mobile: string; sn: string | number; callback_url?: string | URL },
    options: RequestOptions = {}
  ): Promise<AcceptedCall> {
    check('flow.recharge', params, {
      mobile: required(text()),
      sn: required((value) => (/^\d+$/.test(String(value)) ? undefined : 'must be the number of a package')),
      callback_url: optional(httpUrl)
    })
    const { mobile, sn, callback_url } = params
    const fields = {
      mobile: this.#caller.normalizeMobile(mobile),
      sn,
      callback_url: callback_url && String(callback_url)
    }
    return this.#caller.call('flow.recharge', fields, options)
  }

  /** Takes reports from the queue: what was returned is gone. Never repeated. */
  async pullStatus(params: { page_size?: number } = {}, options: RequestOptions = {}): Promise<StatusReport[]> {
    check('flow.pullStatus', params, { page_size: optional(integer(1, 100)) })
    return this.#caller.call('flow.pullStatus', { ...params }, options)
  }
}

function check(operation: string, params: unknown, rules: Parameters<typeof checkOptions>[1]): void {
  checkOptions(params, rules, { owner: operation, product: 'yunpian', of: 'params' })
}
