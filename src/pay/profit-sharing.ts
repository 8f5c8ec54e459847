import type { RequestOptions } from '../core/client-options.ts'
import type { GroupCalls } from './group-calls.ts'

export type ReceiverType = 'MERCHANT_ID' | 'PERSONAL_OPENID' | 'PERSONAL_SUB_OPENID'

export interface ProfitSharingParams {
  sub_mchid?: string
  sub_appid?: string
  transaction_id: string
  out_order_no: string
  receivers?: readonly {
    type: ReceiverType
    account: string
    /** Plain text: the client encrypts it. */
    name?: string
    /** Fen. */
    amount: number
    description: string
  }[]
  unfreeze_unsplit: boolean
}

export interface ProfitSharingOrder {
  sub_mchid?: string
  transaction_id: string
  out_order_no: string
  order_id: string
  state: 'PROCESSING' | 'FINISHED' | (string & {})
  receivers?: {
    type: ReceiverType
    account: string
    amount: number
    description: string
    result: 'PENDING' | 'SUCCESS' | 'CLOSED' | (string & {})
    fail_reason?: string
    detail_id?: string
    create_time: string
    finish_time?: string
  }[]
}

export interface ProfitSharingReturn {
  sub_mchid?: string
  order_id: string
  out_order_no: string
  out_return_no: string
  return_id: string
  return_mchid: string
  amount: number
  description: string
  result: 'PROCESSING' | 'SUCCESS' | 'FAILED' | (string & {})
  fail_reason?: string
  create_time: string
  finish_time?: string
}

export interface ReceiverParams {
  sub_mchid?: string
  sub_appid?: string
  type: ReceiverType
  account: string
  /** Plain text: the client encrypts it. */
  name?: string
  relation_type: string
  custom_relation?: string
}

type Receiver = Pick<ReceiverParams, 'sub_mchid' | 'sub_appid' | 'type' | 'account'>

/** Sharing the money of an order. (分账) The order must have been placed with `settle_info.profit_sharing: true`. */
export class ProfitSharing {
  readonly #calls: GroupCalls

  /** @internal */
  constructor(calls: GroupCalls) {
    this.#calls = calls
  }

  /**
   * Shares. (请求分账)
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: `error.query`, or repeat with the same number; {WeChatPayError}
   */
  async create(params: ProfitSharingParams, options?: RequestOptions): Promise<ProfitSharingOrder> {
    return (await this.#calls.call('profitSharing.create', params, options)) as unknown as ProfitSharingOrder
  }

  async query(
    params: { out_order_no: string; transaction_id: string; sub_mchid?: string },
    options?: RequestOptions
  ): Promise<ProfitSharingOrder> {
    return (await this.#calls.call('profitSharing.query', params, options)) as unknown as ProfitSharingOrder
  }

  /** Ends the sharing of an order and frees the rest for the merchant. (解冻剩余资金) */
  async unfreeze(
    params: { transaction_id: string; out_order_no: string; description: string; sub_mchid?: string },
    options?: RequestOptions
  ): Promise<ProfitSharingOrder> {
    return (await this.#calls.call('profitSharing.unfreeze', params, options)) as unknown as ProfitSharingOrder
  }

  /** What can still be shared, in fen. (查询剩余待分金额) */
  async remainingAmount(
    params: { transaction_id: string },
    options?: RequestOptions
  ): Promise<{ transaction_id: string; unsplit_amount: number }> {
    return (await this.#calls.call('profitSharing.remainingAmount', params, options)) as unknown as {
      transaction_id: string
      unsplit_amount: number
    }
  }

  /** Takes a share back from a merchant. (请求分账回退) */
  async createReturn(
    params: {
      order_id?: string
      out_order_no?: string
      out_return_no: string
      return_mchid: string
      amount: number
      description: string
      sub_mchid?: string
    },
    options?: RequestOptions
  ): Promise<ProfitSharingReturn> {
    return (await this.#calls.call('profitSharing.createReturn', params, options)) as unknown as ProfitSharingReturn
  }

  async queryReturn(
    params: { out_return_no: string; out_order_no: string; sub_mchid?: string },
    options?: RequestOptions
  ): Promise<ProfitSharingReturn> {
    return (await this.#calls.call('profitSharing.queryReturn', params, options)) as unknown as ProfitSharingReturn
  }

  async addReceiver(params: ReceiverParams, options?: RequestOptions): Promise<ReceiverParams> {
    return (await this.#calls.call('profitSharing.addReceiver', params, options)) as unknown as ReceiverParams
  }

  async deleteReceiver(params: Receiver, options?: RequestOptions): Promise<Receiver> {
    return (await this.#calls.call('profitSharing.deleteReceiver', params, options)) as unknown as Receiver
  }
}
