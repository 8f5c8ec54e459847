import { type OptionRules, optional, record, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { get, post } from '../endpoint.ts'
import { chars, listOf, merchantId, notifyUrl, openid, outTradeNo, rfc3339 } from '../field-rules.ts'
import { resource } from '../resource.ts'
import type { H5OrderParams, PayerIdentity, SubsidyInfo } from './order.ts'
import { prepayRows } from './rows.ts'
import type { PrepayId, Promotion, TradeState } from './transaction.ts'

/** One of the orders that are paid together. */
export interface SubOrderParams {
  mchid: string
  sub_mchid?: string | undefined
  sub_appid?: string | undefined
  attach: string
  /** `total_amount` in fen. */
  amount: { total_amount: number; currency: string }
  out_trade_no: string
  description: string
  detail?: string | undefined
  goods_tag?: string | undefined
  /** `subsidy_amount` in fen. */
  settle_info?: { profit_sharing?: boolean | undefined; subsidy_amount?: number | undefined } | undefined
  /** The older field for `settle_info.profit_sharing`. */
  profit_sharing?: boolean | undefined
  /** The recipient for an individual (个人收款), with `trade_scenario`. */
  individual_auth_id?: string | undefined
  individual_name?: string | undefined
}

/** Several orders to pay together. */
export interface CombinedOrderParams {
  /** Idempotency key of the combined order. */
  combine_out_trade_no: string
  /** Default: `appId` of the client. */
  combine_appid?: string | undefined
  /** Default: `notifyUrl` of the client. */
  notify_url?: string | undefined
  scene_info?: { payer_client_ip: string; device_id?: string | undefined } | undefined
  sub_orders: readonly SubOrderParams[]
  combine_payer_info?:
    | {
        openid?: string | undefined
        sub_openid?: string | undefined
        identity?: PayerIdentity | undefined
      }
    | undefined
  /** RFC 3339, or a `Date`. */
  time_start?: string | Date | undefined
  /** RFC 3339, or a `Date`. */
  time_expire?: string | Date | undefined
  limit_pay?: readonly string[] | undefined
  /** Instalments (分付) that the merchant subsidises. */
  subsidy_info?: SubsidyInfo | undefined
}

/** A combined order paid inside WeChat: `combine_payer_info` identifies the payer. */
export type CombinedJsapiOrderParams = CombinedOrderParams & { combine_payer_info: object }
/** A combined order paid in an app, which may sign a contract for deductions (合单支付中签约). */
export type CombinedAppOrderParams = CombinedOrderParams & {
  /** `RECOMMERCE`: second-hand goods of individuals (二手交易). */
  trade_scenario?: 'RECOMMERCE' | (string & {}) | undefined
  /** Number of an order that is placed again. */
  prepay_id?: string | undefined
  contract_info?:
    | {
        appid: string
        mchid: string
        plan_id: number
        out_contract_code: string
        contract_display_account: string
        notify_url: string
      }
    | undefined
}
/** Response of a combined order of an app: the order may succeed while its contract fails. */
export interface CombinedAppOrder extends PrepayId {
  contract_result?: { code: 'SUCCESS' | (string & {}); message?: string }
}
/** A combined order paid in a browser outside WeChat: `scene_info` names the client. */
export type CombinedH5OrderParams = CombinedOrderParams & { scene_info: H5OrderParams['scene_info'] }

/** One of several orders that are paid together, as WeChat Pay returns it. */
export interface CombinedSubOrder {
  mchid: string
  sub_mchid?: string
  sub_appid?: string
  sub_openid?: string
  out_trade_no: string
  transaction_id?: string
  trade_type?: string
  trade_state: TradeState
  bank_type?: string
  attach?: string
  /** RFC 3339. */
  success_time?: string
  /** Fen. */
  amount: {
    total_amount: number
    currency?: string
    payer_amount?: number
    payer_currency?: string
    settlement_rate?: number
  }
  promotion_detail?: Promotion[]
  /** The recipient for an individual (个人收款). */
  individual_auth_id?: string
  individual_name?: string
}

/** Several orders that are paid together, as WeChat Pay returns them. */
export interface CombinedTransaction {
  combine_appid: string
  combine_mchid: string
  combine_out_trade_no: string
  combine_transaction_id?: string
  combine_payer_info?: { openid?: string }
  scene_info?: { device_id?: string }
  /** Compare the amount and state of each with your orders. */
  sub_orders: CombinedSubOrder[]
  installment_info?: { use_subsidy?: boolean; selected_installment_number?: number }
  trade_scenario?: 'RECOMMERCE' | (string & {})
}

/** Several orders to close. */
export interface CombinedCloseParams {
  combine_out_trade_no: string
  /** Default: `appId` of the client. */
  combine_appid?: string | undefined
  sub_orders: readonly {
    mchid: string
    out_trade_no: string
    sub_mchid?: string | undefined
    sub_appid?: string | undefined
    individual_auth_id?: string | undefined
  }[]
}

interface CombinedTypes {
  jsapi: CombinedJsapiOrderParams
  app: CombinedAppOrderParams
  appOrder: CombinedAppOrder
  h5: CombinedH5OrderParams
  native: CombinedOrderParams
}

const BASE = '/v3/combine-transactions'
const BY_NUMBER = `${BASE}/out-trade-no/{combine_out_trade_no}`
const RULES: OptionRules = {
  combine_out_trade_no: required(outTradeNo),
  notify_url: required(notifyUrl),
  time_start: optional(rfc3339),
  time_expire: optional(rfc3339),
  scene_info: optional(record),
  combine_payer_info: optional(record),
  sub_orders: required(listOf(50)),
  'sub_orders[].mchid': required(merchantId),
  'sub_orders[].attach': required(chars(128)),
  'sub_orders[].out_trade_no': required(outTradeNo),
  'sub_orders[].description': required(chars(127)),
  'sub_orders[].amount': required(record),
  'sub_orders[].amount.total_amount': required(fen()),
  'sub_orders[].amount.currency': required(chars(16))
}

const OWN = {
  /**
   * Looks up combined orders. (查询合单订单)
   *
   * @returns the orders; each is paid only if its `trade_state` is `SUCCESS`
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  query: get<{ combine_out_trade_no: string }, CombinedTransaction>(BY_NUMBER, {
    rules: { combine_out_trade_no: required(outTradeNo) },
    echo: ['combine_out_trade_no']
  }),

  /**
   * Closes unpaid combined orders. (关闭合单订单) Idempotent.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  close: post<CombinedCloseParams, void>(`${BY_NUMBER}/close`, {
    empty: true,
    fill: { combine_appid: 'appId' },
    rules: {
      combine_out_trade_no: required(outTradeNo),
      sub_orders: required(listOf(50)),
      'sub_orders[].mchid': required(merchantId),
      'sub_orders[].out_trade_no': required(outTradeNo)
    }
  })
}

// An interface, because declaration files keep docstrings only for named types.
interface CombinedRows extends ReturnType<typeof prepayRows<CombinedTypes>>, OwnRows {}
type OwnRows = typeof OWN

/** Several orders, also of several merchants, paid together. (合单支付) Each is refunded separately. */
export class CombinedTransactions extends resource<CombinedRows>('combinedTransactions', {
  ...prepayRows<CombinedTypes>({
    base: BASE,
    fill: { combine_appid: 'appId', combine_mchid: 'mchId' },
    rules: RULES,
    payer: { combine_payer_info: required(record), 'combine_payer_info.openid': optional(openid) },
    encrypted: ['combine_payer_info.identity.number', 'combine_payer_info.identity.name']
  }),
  ...OWN
}) {}
