import { integer, optional, text } from '../core/options.ts'
import { command, type Methods, query } from './endpoint.ts'

/** The account. */
export interface YunpianUser {
  nick: string
  /** Beijing time. */
  gmt_created: string
  mobile: string
  email: string
  ip_whitelist: string | null
  api_version: string
  /** Yuan. */
  balance: number
  /** Yuan. Below this balance Yunpian warns the emergency contact. */
  alarm_balance: number
  emergency_contact: string
  emergency_mobile: string
  [field: string]: unknown
}

/** Changes of `user.set`. */
export interface SetUserParams {
  emergency_contact?: string | undefined
  emergency_mobile?: string | undefined
  /** Yuan. */
  alarm_balance?: number | undefined
}

/** The account: balance and contacts. */
export const USER = {
  /**
   * Returns the account with its balance in yuan. Official document: "查账户信息".
   *
   * @throws {YunpianError} ERR_YUNPIAN
   */
  get: query<undefined, YunpianUser>('/v2/user/get.json'),

  /**
   * Changes contacts and the balance that triggers a warning. Official document: "修改账户信息".
   *
   * @param params The changes; `alarm_balance` in yuan.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  set: command<SetUserParams, YunpianUser>('/v2/user/set.json', {
    rules: {
      emergency_contact: optional(text()),
      emergency_mobile: optional(text()),
      alarm_balance: optional(integer())
    }
  })
}

/** Methods of `yunpian.user`. */
export type Users = Methods<typeof USER>
