import type { RequestOptions } from '../../core/client-options.ts'
import { integer, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import type { Caller } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import { invalid } from './invalid.ts'
import { chars, checkParams, ipAddress } from './params.ts'
import { toResult } from './result.ts'

const tradeNo = chars(32, /^[0-9A-Za-z]{1,32}$/, 'letters and digits, at most 32')

const TRANSFER: OptionRules = {
  partner_trade_no: required(tradeNo),
  openid: required(chars(64)),
  check_name: required(oneOf('NO_CHECK', 'FORCE_CHECK')),
  re_user_name: optional(chars(64)),
  amount: required(fen(30)),
  desc: required(chars(100)),
  spbill_create_ip: optional(ipAddress),
  device_info: optional(chars(32)),
  scene: optional(chars(32)),
  brand_id: optional(integer(1)),
  finder_template_id: optional(chars(128))
}

const QUERY: OptionRules = { partner_trade_no: required(tradeNo) }

import type { QueriedTransfer, Transfer, TransferParams } from './transfers.ts'

/** What `transfers.ts` calls. */
export class TransferCalls {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  async create(params: TransferParams, options?: RequestOptions): Promise<Transfer> {
    const endpoint = ENDPOINTS.transfer
    const fields = checkParams(params, TRANSFER, endpoint.operation)
    if (fields.check_name === 'FORCE_CHECK' && fields.re_user_name === undefined) {
      throw invalid(endpoint.operation, 're_user_name', 'is required with check_name FORCE_CHECK')
    }
    return this.#caller.callFor(
      endpoint,
      fields,
      options,
      (answer) => toResult(answer, endpoint.operation) as unknown as Transfer
    )
  }

  async query(params: { partner_trade_no: string }, options?: RequestOptions): Promise<QueriedTransfer> {
    const endpoint = ENDPOINTS.transferQuery
    const fields = checkParams(params, QUERY, endpoint.operation)
    const answer = await this.#caller.call(endpoint, fields, options)
    return toResult(answer, endpoint.operation) as unknown as QueriedTransfer
  }
}
