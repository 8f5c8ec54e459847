import type { RequestOptions } from '../core/client-options.ts'
import type { AppParams, ClientParams, ClientParamsOptions, JsapiParams, MiniProgramParams } from './client-params.ts'
import type { LateCaller } from './late-caller.ts'
import type { PrepayId, Promotion, TradeState, V3H5OrderParams } from './transaction-types.ts'

/** One of the orders that are paid together. */
export interface SubOrderParams {
  mchid: string
  sub_mchid?: string
  sub_appid?: string
  attach: string
  /** `total_amount` in fen. */
  amount: { total_amount: number; currency: string }
  out_trade_no: string
  description: string
  detail?: string
  goods_tag?: string
  settle_info?: { profit_sharing?: boolean; subsidy_amount?: number }
}

export interface CombinedOrderParams {
  combine_out_trade_no: string
  /** Default: `notifyUrl` of the client. */
  notify_url?: string
  scene_info?: { payer_client_ip: string; device_id?: string }
  sub_orders: readonly SubOrderParams[]
  combine_payer_info?: {
    openid?: string
    sub_openid?: string
    identity?: { type: string; number: string; name: string }
  }
  time_start?: string | Date
  time_expire?: string | Date
  limit_pay?: readonly string[]
}

export interface CombinedSubOrder {
  mchid: string
  sub_mchid?: string
  out_trade_no: string
  transaction_id?: string
  trade_type?: string
  trade_state: TradeState
  bank_type?: string
  attach?: string
  success_time?: string
  /** Fen. */
  amount: { total_amount: number; currency?: string; payer_amount?: number; payer_currency?: string }
  promotion_detail?: Promotion[]
}

export interface CombinedTransaction {
  combine_appid: string
  combine_mchid: string
  combine_out_trade_no: string
  combine_transaction_id?: string
  combine_payer_info?: { openid?: string }
  scene_info?: { device_id?: string }
  sub_orders: CombinedSubOrder[]
}

/** Several orders, of several merchants too, paid at once. (合单支付) Refunds are made for each order on its own. */
export class CombinedTransactions {
  readonly #caller: LateCaller
  readonly #params: ClientParams

  /** @internal */
  constructor(caller: LateCaller, params: ClientParams) {
    this.#caller = caller
    this.#params = params
  }

  /** @throws as `transactions.jsapi` */
  async jsapi(
    params: CombinedOrderParams & { combine_payer_info: object },
    options?: RequestOptions
  ): Promise<PrepayId> {
    return (await this.#caller.call('combinedTransactions.jsapi', params, options)) as unknown as PrepayId
  }

  async app(params: CombinedOrderParams, options?: RequestOptions): Promise<PrepayId> {
    return (await this.#caller.call('combinedTransactions.app', params, options)) as unknown as PrepayId
  }

  async h5(
    params: CombinedOrderParams & { scene_info: V3H5OrderParams['scene_info'] },
    options?: RequestOptions
  ): Promise<{ h5_url: string }> {
    return (await this.#caller.call('combinedTransactions.h5', params, options)) as unknown as { h5_url: string }
  }

  async native(params: CombinedOrderParams, options?: RequestOptions): Promise<{ code_url: string }> {
    return (await this.#caller.call('combinedTransactions.native', params, options)) as unknown as { code_url: string }
  }

  async query(params: { combine_out_trade_no: string }, options?: RequestOptions): Promise<CombinedTransaction> {
    return (await this.#caller.call('combinedTransactions.query', params, options)) as unknown as CombinedTransaction
  }

  async close(
    params: {
      combine_out_trade_no: string
      sub_orders: readonly { mchid: string; out_trade_no: string; sub_mchid?: string }[]
    },
    options?: RequestOptions
  ): Promise<void> {
    await this.#caller.call('combinedTransactions.close', params, options)
  }

  jsapiParams(prepayId: string, options?: ClientParamsOptions): JsapiParams {
    return this.#params.jsapi(prepayId, options)
  }

  miniProgramParams(prepayId: string, options?: ClientParamsOptions): MiniProgramParams {
    return this.#params.miniProgram(prepayId, options)
  }

  appParams(prepayId: string, options?: ClientParamsOptions): AppParams {
    return this.#params.app(prepayId, options)
  }
}
