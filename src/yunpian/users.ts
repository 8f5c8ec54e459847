import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, integer, optional, text } from '../core/options.ts'
import type { YunpianCaller } from './caller.ts'

/** The account. */
export interface YunpianUser {
  nick: string
  gmt_created: string
  mobile: string
  email: string
  ip_whitelist: string | null
  api_version: string
  /** Yuan. */
  balance: number
  alarm_balance: number
  emergency_contact: string
  emergency_mobile: string
  [field: string]: unknown
}

/** The account: balance and contacts. */
export class Users {
  readonly #caller: YunpianCaller

  /** @internal */
  constructor(caller: YunpianCaller) {
    this.#caller = caller
  }

  get(options: RequestOptions = {}): Promise<YunpianUser> {
    return this.#caller.call('user.get', {}, options)
  }

  async set(
    params: { emergency_contact?: string; emergency_mobile?: string; alarm_balance?: number },
    options: RequestOptions = {}
  ): Promise<YunpianUser> {
    checkOptions(
      params,
      { emergency_contact: optional(text()), emergency_mobile: optional(text()), alarm_balance: optional(integer()) },
      { owner: 'user.set', product: 'yunpian', of: 'params' }
    )
    return this.#caller.call('user.set', { ...params }, options)
  }
}
