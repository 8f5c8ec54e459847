import type { RequestOptions } from '../../core/client-options.ts'
import { type OptionCheck, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { formatBeijingDate } from '../common/beijing-time.ts'
import type { Bill } from '../common/bill.ts'
import type { Caller } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import { checkParams } from './params.ts'

interface BillParams {
  /** The day in Beijing: a `Date`, or `yyyyMMdd`. Within the last three months; ready about 10:00 of the next day. */
  bill_date: Date | string
  /** `GZIP` has it sent compressed; it is decompressed by itself. */
  tar_type?: 'GZIP'
}

export interface TradeBillParams extends BillParams {
  /** Default `ALL`. */
  bill_type?: 'ALL' | 'SUCCESS' | 'REFUND' | 'RECHARGE_REFUND'
}

export interface FundFlowBillParams extends BillParams {
  account_type: 'Basic' | 'Operation' | 'Fees'
}

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

/** Bills of API v2: `pay2.bills`. */
export class Bills {
  readonly #caller: Caller

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller
  }

  /**
   * Downloads the bill of the orders and refunds of a day (下载交易账单).
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `No Bill Exist`, `Bill Creating`
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const bill = await pay2.bills.trade({ bill_date: '20260301', tar_type: 'GZIP' })
   * const { rows, summary } = await bill.readAll()
   * console.log(rows.length, summary['总交易单数'])
   */
  trade(params: TradeBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#download(ENDPOINTS.tradeBill, params, TRADE, options, { bill_type: 'ALL' })
  }

  /**
   * Downloads the bill of the movements of an account (下载资金账单). Needs the merchant certificate.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NO_BILL_EXIST`, `BILL_CREATING`
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const bill = await pay2.bills.fundFlow({ bill_date: '20260301', account_type: 'Basic' })
   * for await (const row of bill.rows()) console.log(row['业务名称'])
   */
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
