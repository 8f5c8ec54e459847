import { type OptionRules, optional, record, required } from '../../core/options.ts'
import { chars, merchantId, openid } from '../field-rules.ts'
import { resource } from '../resource.ts'
import type {
  AppContractOrderParams,
  CodepayOrderParams,
  H5OrderParams,
  JsapiContractOrderParams,
  JsapiOrderParams,
  OrderNumber,
  OrderParams,
  PartnerAppContractOrderParams,
  PartnerCodepayOrderParams,
  PartnerH5OrderParams,
  PartnerJsapiContractOrderParams,
  PartnerJsapiOrderParams,
  PartnerOrderParams,
  SubMerchant
} from './order.ts'
import { orderRows } from './rows.ts'
import type { PartnerTransaction, PrepayId, Transaction } from './transaction.ts'

interface DirectTypes {
  jsapi: JsapiOrderParams
  app: OrderParams
  appOrder: PrepayId
  h5: H5OrderParams
  native: OrderParams
  jsapiContract: JsapiContractOrderParams
  appContract: AppContractOrderParams
  codepay: CodepayOrderParams
  number: OrderNumber
  reverse: { out_trade_no: string; appid?: string | undefined }
  close: { out_trade_no: string }
  transaction: Transaction
}

type SubMerchantId = Pick<SubMerchant, 'sub_mchid'>

interface PartnerTypes {
  jsapi: PartnerJsapiOrderParams
  app: PartnerOrderParams
  appOrder: PrepayId
  h5: PartnerH5OrderParams
  native: PartnerOrderParams
  jsapiContract: PartnerJsapiContractOrderParams
  appContract: PartnerAppContractOrderParams
  codepay: PartnerCodepayOrderParams
  number: OrderNumber & SubMerchantId
  reverse: { out_trade_no: string; sp_appid?: string | undefined } & SubMerchant
  close: { out_trade_no: string } & SubMerchantId
  transaction: PartnerTransaction
}

// Interfaces, because declaration files keep docstrings only for named types.
interface DirectRows extends ReturnType<typeof orderRows<DirectTypes>> {}
interface PartnerRows extends ReturnType<typeof orderRows<PartnerTypes>> {}

const BASE = '/v3/pay/transactions'
const PARTNER_BASE = '/v3/pay/partner/transactions'
const SUB_RULES: OptionRules = { sub_mchid: required(merchantId), sub_appid: optional(chars(32)) }

/** Orders of a merchant itself (直连商户). */
export class Transactions extends resource<DirectRows>(
  'transactions',
  orderRows<DirectTypes>({
    family: 'transactions',
    base: BASE,
    fill: { appid: 'appId', mchid: 'mchId' },
    merchant: { mchid: 'mchId' },
    sub: {},
    payer: { payer: required(record), 'payer.openid': required(openid) },
    echo: ['mchid']
  })
) {}

/** Orders that a service provider (服务商) places for a sub-merchant; `appId` and `mchId` of the client are the provider's. */
export class PartnerTransactions extends resource<PartnerRows>(
  'partnerTransactions',
  orderRows<PartnerTypes>({
    family: 'partnerTransactions',
    base: PARTNER_BASE,
    fill: { sp_appid: 'appId', sp_mchid: 'mchId', sub_mchid: 'subMchId', sub_appid: 'subAppId' },
    merchant: { sp_mchid: 'mchId', sub_mchid: 'subMchId' },
    sub: SUB_RULES,
    payer: {
      payer: required((value) => {
        const { sp_openid: sp, sub_openid: sub } = (value ?? {}) as { sp_openid?: unknown; sub_openid?: unknown }
        return sp || sub ? undefined : 'needs sp_openid or sub_openid'
      })
    },
    echo: ['sp_mchid', 'sub_mchid']
  })
) {}
