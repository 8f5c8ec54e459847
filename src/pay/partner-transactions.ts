import type { RequestOptions } from '../core/client-options.ts'
import type { AppParams, ClientParams, ClientParamsOptions, JsapiParams, MiniProgramParams } from './client-params.ts'
import type { LateCaller } from './late-caller.ts'
import type {
  CodepayOrderParams,
  OrderNumber,
  OrderParams,
  PartnerTransaction,
  PrepayId,
  V3H5OrderParams
} from './transaction-types.ts'

/** The sub-merchant (特约商户) for whom a service provider acts. */
export interface SubMerchant {
  sub_mchid: string
  sub_appid?: string
}

export type PartnerJsapiOrderParams = OrderParams &
  SubMerchant & { payer: { sp_openid: string } | { sub_openid: string } }

/** Orders that a service provider (服务商) places; `appId` and `mchId` of the client are the provider's. */
export class PartnerTransactions {
  readonly #caller: LateCaller
  readonly #params: ClientParams

  /** @internal */
  constructor(caller: LateCaller, params: ClientParams) {
    this.#caller = caller
    this.#params = params
  }

  /** @throws as `transactions.jsapi` */
  async jsapi(params: PartnerJsapiOrderParams, options?: RequestOptions): Promise<PrepayId> {
    return (await this.#caller.call('partnerTransactions.jsapi', params, options)) as unknown as PrepayId
  }

  async app(params: OrderParams & SubMerchant, options?: RequestOptions): Promise<PrepayId> {
    return (await this.#caller.call('partnerTransactions.app', params, options)) as unknown as PrepayId
  }

  async h5(params: V3H5OrderParams & SubMerchant, options?: RequestOptions): Promise<{ h5_url: string }> {
    return (await this.#caller.call('partnerTransactions.h5', params, options)) as unknown as { h5_url: string }
  }

  async native(params: OrderParams & SubMerchant, options?: RequestOptions): Promise<{ code_url: string }> {
    return (await this.#caller.call('partnerTransactions.native', params, options)) as unknown as { code_url: string }
  }

  async codepay(params: CodepayOrderParams & SubMerchant, options?: RequestOptions): Promise<PartnerTransaction> {
    return (await this.#caller.call('partnerTransactions.codepay', params, options)) as unknown as PartnerTransaction
  }

  async reverse(
    params: { out_trade_no: string } & SubMerchant,
    options?: RequestOptions
  ): Promise<{ out_trade_no: string }> {
    return (await this.#caller.call('partnerTransactions.reverse', params, options)) as unknown as {
      out_trade_no: string
    }
  }

  async query(
    params: OrderNumber & Pick<SubMerchant, 'sub_mchid'>,
    options?: RequestOptions
  ): Promise<PartnerTransaction> {
    const choices = {
      transaction_id: 'partnerTransactions.queryById',
      out_trade_no: 'partnerTransactions.queryByNumber'
    } as const
    return (await this.#caller.callBy(choices, params, options)) as unknown as PartnerTransaction
  }

  async close(
    params: { out_trade_no: string } & Pick<SubMerchant, 'sub_mchid'>,
    options?: RequestOptions
  ): Promise<void> {
    await this.#caller.call('partnerTransactions.close', params, options)
  }

  /** @param options `appId`: the `sub_appid`, where the sub-merchant's own app or mini program pays */
  jsapiParams(prepayId: string, options?: ClientParamsOptions): JsapiParams {
    return this.#params.jsapi(prepayId, options)
  }

  miniProgramParams(prepayId: string, options?: ClientParamsOptions): MiniProgramParams {
    return this.#params.miniProgram(prepayId, options)
  }

  /** @param options `partnerId`: the `sub_mchid`, where the sub-merchant's own app pays */
  appParams(prepayId: string, options?: ClientParamsOptions & { partnerId?: string }): AppParams {
    return this.#params.app(prepayId, options)
  }
}
