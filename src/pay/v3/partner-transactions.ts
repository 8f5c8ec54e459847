import type { RequestOptions } from '../../core/client-options.ts'
import type {
  ClientParams,
  ClientParamsOptions,
  V3AppParams,
  V3JsapiParams,
  V3MiniProgramParams
} from './client-params.ts'
import type { LateCaller } from './late-caller.ts'
import type {
  V3CodepayOrderParams,
  V3H5OrderParams,
  V3OrderNumber,
  V3OrderParams,
  V3PartnerTransaction,
  V3PrepayId
} from './transaction-types.ts'

/** The sub-merchant (特约商户) for whom a service provider acts. */
export interface V3SubMerchant {
  sub_mchid: string
  sub_appid?: string
}

export type V3PartnerJsapiOrderParams = V3OrderParams &
  V3SubMerchant & { payer: { sp_openid: string } | { sub_openid: string } }

/** Orders that a service provider (服务商) places; `appId` and `mchId` of the client are the provider's. */
export class V3PartnerTransactions {
  readonly #caller: LateCaller
  readonly #params: ClientParams

  /** @internal */
  constructor(caller: LateCaller, params: ClientParams) {
    this.#caller = caller
    this.#params = params
  }

  /** @throws as `transactions.jsapi` */
  async jsapi(params: V3PartnerJsapiOrderParams, options?: RequestOptions): Promise<V3PrepayId> {
    return (await this.#caller.call('partnerTransactions.jsapi', params, options)) as unknown as V3PrepayId
  }

  async app(params: V3OrderParams & V3SubMerchant, options?: RequestOptions): Promise<V3PrepayId> {
    return (await this.#caller.call('partnerTransactions.app', params, options)) as unknown as V3PrepayId
  }

  async h5(params: V3H5OrderParams & V3SubMerchant, options?: RequestOptions): Promise<{ h5_url: string }> {
    return (await this.#caller.call('partnerTransactions.h5', params, options)) as unknown as { h5_url: string }
  }

  async native(params: V3OrderParams & V3SubMerchant, options?: RequestOptions): Promise<{ code_url: string }> {
    return (await this.#caller.call('partnerTransactions.native', params, options)) as unknown as { code_url: string }
  }

  async codepay(params: V3CodepayOrderParams & V3SubMerchant, options?: RequestOptions): Promise<V3PartnerTransaction> {
    return (await this.#caller.call('partnerTransactions.codepay', params, options)) as unknown as V3PartnerTransaction
  }

  async reverse(
    params: { out_trade_no: string } & V3SubMerchant,
    options?: RequestOptions
  ): Promise<{ out_trade_no: string }> {
    return (await this.#caller.call('partnerTransactions.reverse', params, options)) as unknown as {
      out_trade_no: string
    }
  }

  async query(
    params: V3OrderNumber & Pick<V3SubMerchant, 'sub_mchid'>,
    options?: RequestOptions
  ): Promise<V3PartnerTransaction> {
    const choices = {
      transaction_id: 'partnerTransactions.queryById',
      out_trade_no: 'partnerTransactions.queryByNumber'
    } as const
    return (await this.#caller.callBy(choices, params, options)) as unknown as V3PartnerTransaction
  }

  async close(
    params: { out_trade_no: string } & Pick<V3SubMerchant, 'sub_mchid'>,
    options?: RequestOptions
  ): Promise<void> {
    await this.#caller.call('partnerTransactions.close', params, options)
  }

  /** @param options `appId`: the `sub_appid`, where the sub-merchant's own app or mini program pays */
  jsapiParams(prepayId: string, options?: ClientParamsOptions): V3JsapiParams {
    return this.#params.jsapi(prepayId, options)
  }

  miniProgramParams(prepayId: string, options?: ClientParamsOptions): V3MiniProgramParams {
    return this.#params.miniProgram(prepayId, options)
  }

  /** @param options `partnerId`: the `sub_mchid`, where the sub-merchant's own app pays */
  appParams(prepayId: string, options?: ClientParamsOptions & { partnerId?: string }): V3AppParams {
    return this.#params.app(prepayId, options)
  }
}
