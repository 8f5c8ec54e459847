import { type OptionCheck, oneOf, optional, required } from '../../core/options.ts'
import { bill, type Methods } from './endpoint.ts'
import type { AccountParams } from './identity.ts'
import type { WireFields } from './params.ts'

interface BillParams extends AccountParams {
  /** The day in Beijing: a `Date`, or `yyyyMMdd`. Within the last three months; ready about 10:00 of the next day. */
  bill_date: Date | string
  /** `GZIP` requests a compressed bill, which is decompressed automatically. */
  tar_type?: 'GZIP' | undefined
}

/** Parameters of `bills.trade`. */
export interface TradeBillParams extends BillParams {
  /** Default `ALL`. */
  bill_type?: 'ALL' | 'SUCCESS' | 'REFUND' | 'RECHARGE_REFUND' | undefined
}

/** Parameters of `bills.fundFlow`. */
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
      : 'must be a day in Beijing: a Date, or text such as "20260301"'

const COMMON = { bill_date: required(billDate), tar_type: optional(oneOf('GZIP')) }

export const BILLS = {
  /**
   * Downloads the bill of the orders and refunds of a day (下载交易账单).
   *
   * @param params the day in Beijing time
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `No Bill Exist`, `Bill Creating`
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns the bill, whose bytes are read while you read it; amounts are text in yuan
   * @example
   * const bill = await pay2.bills.trade({ bill_date: '20260301', tar_type: 'GZIP' })
   * const { rows, summary } = await bill.readAll()
   * console.log(rows.length, summary['总交易单数'])
   */
  trade: bill<TradeBillParams>('/pay/downloadbill', {
    rules: { ...COMMON, bill_type: optional(oneOf('ALL', 'SUCCESS', 'REFUND', 'RECHARGE_REFUND')) },
    defaults: { bill_type: 'ALL' },
    write: writeDay
  }),

  /**
   * Downloads the bill of the movements of an account (下载资金账单). Needs the merchant certificate.
   *
   * @param params the day in Beijing time
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NO_BILL_EXIST`, `BILL_CREATING`
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns the bill, whose bytes are read while you read it; amounts are text in yuan
   * @example
   * const bill = await pay2.bills.fundFlow({ bill_date: '20260301', account_type: 'Basic' })
   * for await (const row of bill.rows()) console.log(row['业务名称'])
   */
  fundFlow: bill<FundFlowBillParams>('/pay/downloadfundflow', {
    rules: { ...COMMON, account_type: required(oneOf('Basic', 'Operation', 'Fees')) },
    certificate: true,
    signType: 'HMAC-SHA256',
    write: writeDay
  })
}

/** Bills of API v2: `pay2.bills`. */
export type Bills = Methods<typeof BILLS>

/** Removes the time of a converted `Date`. */
function writeDay(fields: WireFields): void {
  fields.bill_date = String(fields.bill_date).slice(0, 8)
}
