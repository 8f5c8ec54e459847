import { optional, required } from '../core/options.ts'
import { get, type ParamProblem, type Params, post } from './endpoint.ts'
import { chars, merchantId, openid } from './field-rules.ts'
import { confirmView, type PayscoreViewParams } from './payscore-view.ts'
import { resource } from './resource.ts'
import type {
  DirectServiceOrderParams,
  PayOnDeliveryParams,
  ServiceMessageParams,
  ServiceOrder,
  ServiceOrderCompletion,
  ServiceOrderCreated,
  ServiceOrderModification,
  ServiceOrderParams
} from './service-order.ts'
import {
  COMPLETE,
  CREATE,
  checkCreate,
  checkTotal,
  DIRECT,
  MESSAGE,
  MODIFY,
  NUMBER,
  ON_DELIVERY,
  SERVICE,
  SYNC
} from './service-order-rules.ts'
import type { SubMerchant } from './transactions/order.ts'

type OfSubMerchant = Pick<SubMerchant, 'sub_mchid'>
/** With the sub-merchant; `openid` is that of the provider's app, `sub_openid` that of the sub-merchant's app. */
type Partner<Params> = Omit<Params, 'openid'> &
  SubMerchant & { openid?: string | undefined; sub_openid?: string | undefined }
/** Later calls name the sub-merchant and no app. */
type PartnerChange<Params> = Omit<Params, 'appid'> & OfSubMerchant

/** A service that a provider starts for a sub-merchant. */
export type PartnerServiceOrderParams = Partner<Omit<ServiceOrderParams, 'post_discounts'>> &
  Pick<PayOnDeliveryParams, 'post_discounts'>
/** A service of a sub-merchant that is created and completed at once, of a user who has granted it. */
export type PartnerDirectServiceOrderParams = Partner<DirectServiceOrderParams>
/** An order of goods of a sub-merchant that are paid after their delivery. */
export type PartnerPayOnDeliveryParams = Partner<PayOnDeliveryParams>
/** Identifies an order of a sub-merchant. */
export interface PartnerServiceOrderNumber extends OfSubMerchant {
  service_id: string
  out_order_no: string
}
/** Identifies an order of a sub-merchant, by your number or by the `query_id` with which WeChat's page returned. */
export type PartnerServiceOrderQuery = OfSubMerchant & { service_id: string } & (
    | { out_order_no: string; query_id?: never }
    | { query_id: string; out_order_no?: never }
  )
/** The end of a service of a sub-merchant. */
export type PartnerServiceOrderCompletion = PartnerChange<Omit<ServiceOrderCompletion, 'location'>> & {
  location?: { start_location?: string | undefined; end_location: string } | undefined
  /** `yyyyMMddHHmmss` in Beijing time. */
  complete_time?: string | undefined
}
/** A lower total for an order of a sub-merchant. */
export type PartnerServiceOrderModification = PartnerChange<ServiceOrderModification>
/** A message to a user of a service of a sub-merchant. */
export type PartnerServiceMessageParams = ServiceMessageParams & OfSubMerchant
/** A payment that the user made elsewhere. */
export interface PartnerServiceSync extends PartnerServiceOrderNumber {
  type?: 'Order_Paid' | undefined
  /** `paid_time` is `yyyyMMddHHmmss` in Beijing time, `paid_amount` in fen. */
  detail: { paid_time: string; paid_amount?: number | undefined; seq?: number | undefined }
}

const ORDERS = '/v3/payscore/partner/serviceorder'
const BY_NUMBER = `${ORDERS}/{out_order_no}`
const SUB = { sub_mchid: 'subMchId' } as const
const SUB_RULE = { sub_mchid: required(merchantId) }
const MONEY = {
  open: 'throttled',
  query: { method: 'partnerPayscore.query', by: ['out_order_no', 'service_id', 'sub_mchid'] }
} as const
const NEW = {
  fill: { appid: 'appId', ...SUB, sub_appid: 'subAppId', notify_url: 'notifyUrl' },
  money: MONEY
} as const
const USER = { ...SUB_RULE, openid: optional(openid), sub_openid: optional(openid) }
const CREATED = { expects: ['state', 'out_order_no'], echo: ['out_order_no', 'service_id', 'sub_mchid'] }
const CHANGE = { fill: SUB, empty: true, money: MONEY } as const
const MESSAGES = {
  ...CHANGE,
  money: undefined,
  idempotent: false,
  rules: { ...MESSAGE, ...SUB_RULE },
  check: checkTotal
} as const

/** Without confirmation one openid identifies the user; with it, none. */
function checkUser(params: Params): ParamProblem | undefined {
  const { openid, sub_openid, ...rest } = params
  if (openid !== undefined && sub_openid !== undefined) {
    return { field: 'openid', problem: 'or sub_openid: pass one of them' }
  }
  return checkCreate({
    ...rest,
    ...(openid === undefined && sub_openid === undefined ? {} : { openid: openid ?? sub_openid })
  })
}

function checkDirect(params: Params): ParamProblem | undefined {
  return (params.openid === undefined) === (params.sub_openid === undefined)
    ? { field: 'openid', problem: 'or sub_openid: pass exactly one of them' }
    : checkTotal(params)
}

const Calls = resource('partnerPayscore', {
  /**
   * Starts a service that is paid afterwards. (创建支付分订单, 服务商) Idempotent with the same parameters. The user confirms
   * with `confirmParams(order)`.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; not found means not created
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   * @example
   * const order = await provider.partnerPayscore.create({
   *   sub_mchid: '1900000999', out_order_no: 'R202603010001', service_id: '2002000000000558128851361561536',
   *   service_introduction: 'Umbrella', risk_fund: { name: 'DEPOSIT', amount: 3000 }, time_range: { start_time: 'OnAccept' }
   * })
   * const view = provider.partnerPayscore.confirmParams(order)
   */
  create: post<PartnerServiceOrderParams, ServiceOrderCreated>(ORDERS, {
    ...NEW,
    ...CREATED,
    rules: { ...CREATE, ...USER },
    check: checkUser
  }),

  /**
   * Looks up an order. (查询支付分订单, 服务商)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDER_NOT_EXIST`; {ConfigError} ERR_INVALID_PARAM; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   */
  query: get<PartnerServiceOrderQuery, ServiceOrder>(
    { out_order_no: ORDERS, query_id: ORDERS },
    {
      fill: SUB,
      rules: {
        ...SERVICE,
        ...SUB_RULE,
        out_order_no: optional(NUMBER.out_order_no.check),
        query_id: optional(chars(1024))
      },
      expects: ['state', 'out_order_no'],
      echo: ['out_order_no', 'service_id']
    }
  ),

  /**
   * Cancels an order before it is completed. (取消支付分订单, 服务商) Nothing is collected.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; `REVOKED`: it is cancelled
   * @throws {WeChatPayError} ERR_WECHAT_PAY once it is completed; {ConfigError} ERR_INVALID_PARAM; {SignatureError};
   *   {ConnectionError}
   */
  cancel: post<PartnerServiceOrderNumber & { reason: string }, void>(`${BY_NUMBER}/cancel`, {
    ...CHANGE,
    rules: { ...NUMBER, ...SUB_RULE, reason: required(chars(50)) }
  }),

  /**
   * Lowers the total of an order that is being collected. (修改支付分订单金额, 服务商) Each time lower than before.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query` and compare `total_amount`
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  modify: post<PartnerServiceOrderModification, void>(`${BY_NUMBER}/modify`, {
    ...CHANGE,
    rules: { ...MODIFY, ...SUB_RULE },
    check: checkTotal
  }),

  /**
   * Ends a service and collects its money. (完结支付分订单, 服务商) The response does not prove payment: it is paid only if a
   * query or the notification has `state` `DONE`.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`. `MCH_COMPLETE` or `DONE` with your total: completed;
   *   `USER_CONFIRM`: complete again with the same parameters
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM if the total is not the sum;
   * {SignatureError}; {ConnectionError}
   */
  complete: post<PartnerServiceOrderCompletion, void>(`${BY_NUMBER}/complete`, {
    ...CHANGE,
    rules: { ...COMPLETE, ...SUB_RULE },
    check: checkTotal
  }),

  /**
   * Asks WeChat to collect an unpaid order now. (商户发起催收扣款, 服务商) Only after `complete`.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; {WeChatPayError} ERR_WECHAT_PAY; {ConfigError}
   *   ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  collect: post<PartnerServiceOrderNumber, void>(`${BY_NUMBER}/pay`, { ...CHANGE, rules: { ...NUMBER, ...SUB_RULE } }),

  /**
   * Reports that the user has paid elsewhere, which ends the collection. (同步服务订单信息, 服务商)
   *
   * @param params `detail.paid_time`: `yyyyMMddHHmmss` in Beijing time, between `complete` and now; amount in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; `paid_type` `MCH`: it is synchronised
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  sync: post<PartnerServiceSync, void>(`${BY_NUMBER}/sync`, {
    ...CHANGE,
    defaults: { type: 'Order_Paid' },
    rules: { ...SYNC, ...SUB_RULE }
  }),

  /**
   * Creates and completes an order in one call, for a user who has granted the service. (创单结单合并, 服务商) Needs a special
   * permission. The response does not prove payment: query the order.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; not found means not created
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  directComplete: post<PartnerDirectServiceOrderParams, void>(`${ORDERS}/direct-complete`, {
    ...NEW,
    empty: true,
    rules: { ...DIRECT, ...USER },
    check: checkDirect
  }),

  /**
   * Starts an order of goods that are paid after delivery. (创建先享后付订单, 服务商)
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; not found means not created
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  payOnDelivery: post<PartnerPayOnDeliveryParams, ServiceOrderCreated>(
    '/v3/payscore/partner/servicepayondeliveryorder',
    { ...NEW, ...CREATED, rules: { ...ON_DELIVERY, ...USER }, check: checkUser }
  ),

  /**
   * Informs a user of what will be collected and when. (发送预扣费消息, 服务商) Never retried by the client.
   *
   * @param params amounts in fen, `prepaid_time` in Beijing time
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  sendPrepaidMessage: post<PartnerServiceMessageParams, void>(`${BY_NUMBER}/send-prepaidmessage`, MESSAGES),

  /**
   * Informs a user of an outstanding payment. (发送待支付消息, 服务商) Never retried by the client.
   *
   * @param params amounts in fen, `prepaid_time` in Beijing time
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  sendPendingMessage: post<PartnerServiceMessageParams, void>(`${BY_NUMBER}/send-pendingmessage`, MESSAGES)
})

/** Services of sub-merchants that are paid after use (微信支付分, 服务商). */
export class PartnerPayscore extends Calls {
  /**
   * Returns the parameters of `wx.openBusinessView`, with which the user confirms an order in a Mini Program. Computed
   * locally; nothing is sent.
   *
   * @param order the response of `create`
   * @throws {ConfigError} ERR_INVALID_PARAM without `package`
   */
  confirmParams(order: { package?: string | undefined }): PayscoreViewParams<{ package: string }> {
    return confirmView('partnerPayscore', order)
  }
}
