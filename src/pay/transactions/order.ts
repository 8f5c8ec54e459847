/** Amount of an order. */
export interface OrderAmount {
  /** Fen. */
  total: number
  /** Default CNY. */
  currency?: string | undefined
}

/** Where an order is placed. */
export interface OrderScene {
  payer_client_ip: string
  device_id?: string | undefined
  store_info?:
    | { id: string; name?: string | undefined; area_code?: string | undefined; address?: string | undefined }
    | undefined
}

/** The person who must pay (实名支付). Number and name are plain text: the client encrypts them. */
export interface PayerIdentity {
  type: 'IDCARD' | (string & {})
  number: string
  name: string
}

interface OrderFields {
  /** At most 127 characters. */
  description: string
  /** Idempotency key of the order: 6 to 32 characters, unique per merchant. */
  out_trade_no: string
  attach?: string | undefined
  goods_tag?: string | undefined
  support_fapiao?: boolean | undefined
  amount: OrderAmount
  settle_info?: { profit_sharing?: boolean | undefined /** Fen. */; subsidy_amount?: number | undefined } | undefined
}

/** Fields of every order. */
export interface OrderParams extends OrderFields {
  /** Default: `appId` of the client. Another one must be named in `furtherAppIds`. */
  appid?: string | undefined
  /** A `Date`, or RFC 3339 with a time zone. A second call cannot change it. */
  time_expire?: string | Date | undefined
  /** Default: `notifyUrl` of the client. No query string. */
  notify_url?: string | undefined
  limit_pay?: readonly string[] | undefined
  detail?:
    | {
        /** Fen. */
        cost_price?: number | undefined
        invoice_id?: string | undefined
        goods_detail?:
          | readonly {
              merchant_goods_id: string
              wechatpay_goods_id?: string | undefined
              goods_name?: string | undefined
              quantity: number
              /** Fen. */
              unit_price: number
            }[]
          | undefined
      }
    | undefined
  scene_info?: OrderScene | undefined
  payer?: { identity?: PayerIdentity | undefined } | undefined
  /** Instalments (分付) that the merchant subsidises. */
  subsidy_info?: SubsidyInfo | undefined
}

/** Instalments (分付) that the merchant subsidises. */
export interface SubsidyInfo {
  subsidy_detail?:
    | readonly {
        subsidy_period_type: string
        subsidy_plan: readonly { subsidy_installment_num: number; subsidy_percent: number }[]
      }[]
    | undefined
}

/** An order that is paid inside WeChat. */
export interface JsapiOrderParams extends OrderParams {
  payer: { openid: string; identity?: PayerIdentity | undefined }
}

/** A contract for deductions (委托代扣) that is signed with a payment. */
export interface ContractInfo {
  /** Template of the contract. */
  plan_id: string
  /** The merchant and the app of the order. */
  contract_mchid: string
  contract_appid: string
  /** Your number of the contract. */
  contract_code: string
  /** Your number of the request, at most 12 digits. */
  request_serial: string
  /** Name shown to the user. */
  contract_display_account: string
  contract_notify_url?: string | undefined
}

/** An order that also signs a contract (支付中签约), paid in an app. */
export interface AppContractOrderParams extends OrderParams {
  contract_info: ContractInfo
}

/** An order that also signs a contract (支付中签约), paid inside WeChat. */
export interface JsapiContractOrderParams extends JsapiOrderParams {
  contract_info: ContractInfo | { token: string } | { password_free_contract_id: string }
}

/** An order that is paid from a browser outside WeChat. */
export interface H5OrderParams extends OrderParams {
  scene_info: OrderScene & {
    h5_info: {
      type: 'Wap' | 'iOS' | 'Android' | (string & {})
      app_name?: string | undefined
      app_url?: string | undefined
      bundle_id?: string | undefined
      package_name?: string | undefined
    }
  }
}

/** An order that is paid with the code that the user shows. */
export interface CodepayOrderParams extends OrderFields {
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** The digits of the payment code (付款码), valid for one call. */
  payer: { auth_code: string }
  scene_info: {
    device_id?: string | undefined
    device_ip?: string | undefined
    store_info: { id?: string | undefined; out_id?: string | undefined }
  }
  detail?:
    | {
        /** Fen. */
        cost_price?: number | undefined
        invoice_id?: string | undefined
        goods_detail: readonly {
          merchant_goods_id: string
          wxpay_goods_id?: string | undefined
          goods_name?: string | undefined
          quantity: number
          /** Fen. */
          unit_price: number
        }[]
      }
    | undefined
}

/** The sub-merchant (特约商户) for whom a service provider acts. */
export interface SubMerchant {
  /** Default: `subMchId` of the client. */
  sub_mchid?: string | undefined
  /** Default: `subAppId` of the client. */
  sub_appid?: string | undefined
}

/** The order of a service provider: `appid` is its own. */
type Partner<Order extends { appid?: string | undefined }> = Omit<Order, 'appid'> &
  SubMerchant & { sp_appid?: string | undefined }

/** An order of a sub-merchant (特约商户), placed by the service provider. */
export type PartnerOrderParams = Partner<OrderParams>
/** An order of a sub-merchant that also signs a contract, paid in an app. */
export type PartnerAppContractOrderParams = PartnerOrderParams & { contract_info: ContractInfo }
/** An order of a sub-merchant that also signs a contract, paid inside WeChat. */
export type PartnerJsapiContractOrderParams = PartnerJsapiOrderParams & Pick<JsapiContractOrderParams, 'contract_info'>
/** An H5 order of a sub-merchant, placed by the service provider. */
export type PartnerH5OrderParams = Partner<H5OrderParams>
/** A payment-code order of a sub-merchant, placed by the service provider. */
export type PartnerCodepayOrderParams = Partner<CodepayOrderParams>
/** A JSAPI order of a sub-merchant: the payer is identified by the openid of either app. */
export type PartnerJsapiOrderParams = Partner<Omit<OrderParams, 'payer'>> & {
  payer: ({ sp_openid: string } | { sub_openid: string }) & { identity?: PayerIdentity | undefined }
}

/** The number by which an order is looked up. */
export type OrderNumber = { transaction_id: string } | { out_trade_no: string }
