import type { RequestOptions } from '../core/client-options.ts'
import type { Bill } from './common/bill.ts'
import type { GroupCalls } from './group-calls.ts'

export interface TradeBillParams {
  /** Day in Beijing, `2026-03-01`; of the last three months, ready at 10 o'clock of the next day. */
  bill_date: string
  bill_type?: 'ALL' | 'SUCCESS' | 'REFUND' | 'RECHARGE_REFUND' | 'ALL_SPECIAL' | 'SUC_SPECIAL' | 'REF_SPECIAL'
  sub_mchid?: string
}

export interface FundFlowBillParams {
  bill_date: string
  account_type?: 'BASIC' | 'OPERATION' | 'FEES'
}

/** Bills. (交易账单, 资金账单) Each was compared with its hash before you get it; it is fetched compressed. */
export class Bills {
  readonly #calls: GroupCalls

  /** @internal */
  constructor(calls: GroupCalls) {
    this.#calls = calls
  }

  /**
   * The trades of a day. (申请交易账单)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY: `NO_STATEMENT_EXIST`, `STATEMENT_CREATING`; {UnexpectedResponseError}
   *   ERR_UNEXPECTED_RESPONSE when the hash differs
   * @example
   * const bill = await pay.bills.trade({ bill_date: '2026-03-01' })
   * for await (const row of bill.rows()) console.log(row['商户订单号'], row['应结订单金额'])
   */
  trade(params: TradeBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#calls.bill('trade', params, options)
  }

  /** The money that came and went. (申请资金账单) */
  fundFlow(params: FundFlowBillParams, options?: RequestOptions): Promise<Bill> {
    return this.#calls.bill('fundFlow', params, options)
  }

  /** The shares of a day. (申请分账账单) */
  profitSharing(params: { bill_date: string; sub_mchid?: string }, options?: RequestOptions): Promise<Bill> {
    return this.#calls.bill('profitSharing', params, options)
  }

  /**
   * The money of one sub-merchant: encrypted files, opened here. (申请单个子商户资金账单) Several are parts of one bill, in
   * order.
   */
  subMerchantFundFlow(
    params: { bill_date: string; sub_mchid: string; account_type: 'BASIC' | 'OPERATION' | 'FEES' | 'DEPOSIT' },
    options?: RequestOptions
  ): Promise<Bill[]> {
    return this.#calls.encryptedBills(params, options)
  }
}
