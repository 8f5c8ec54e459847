import type { RequestOptions } from '../../core/client-options.ts'
import { type OptionCheck, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { formatBeijingDate } from '../common/beijing-time.ts'
import type { Bill } from '../common/bill.ts'
import type { Caller } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import { checkParams } from './params.ts'

const billDate: OptionCheck = (value) =>
  value instanceof Date
    ? Number.isNaN(value.getTime())
      ? 'must be a valid Date'
      : undefined
    : typeof value === 'string' && /^20\d{6}$/.test(value)
      ? undefined
      : 'must be a day of Beijing: a Date, or text such as "20260301"'

const TRADE: OptionRules = {
  bill_date: required(billDate),
  bill_type: optional(oneOf('ALL', 'SUCCESS', 'REFUND', 'RECHARGE_REFUND')),
  tar_type: optional(oneOf('GZIP'))
}

const FUND_FLOW: OptionRules = {
  bill_date: required(billDate),
  account_type: required(oneOf('Basic', 'Operation', 'Fees')),
  tar_type: optional(oneOf('GZIP'))
}

import type { FundFlowBillParams, TradeBillParams } from './bills.ts'

/** What `bills.ts` calls. */
export class BillCalls {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  trade(params: TradeBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#download(ENDPOINTS.tradeBill, params, TRADE, options, { bill_type: 'ALL' })
  }

  fundFlow(params: FundFlowBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#download(ENDPOINTS.fundFlowBill, params, FUND_FLOW, options)
  }

  async #download(
    endpoint: (typeof ENDPOINTS)['tradeBill' | 'fundFlowBill'],
    params: TradeBillParams | FundFlowBillParams,
    rules: OptionRules,
    options: RequestOptions | undefined,
    defaults: Readonly<Record<string, string>> = {}
  ): Promise<Bill> {
    const fields = checkParams(params, rules, endpoint.operation)
    if (params.bill_date instanceof Date) fields.bill_date = formatBeijingDate(params.bill_date)
    return this.#caller.download(endpoint, { ...defaults, ...fields }, options)
  }
}
