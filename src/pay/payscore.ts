import { optional, required } from '../core/options.ts'
import { get, post } from './endpoint.ts'
import { chars } from './field-rules.ts'
import { confirmView, type PayscoreViewParams } from './payscore-view.ts'
import { resource } from './resource.ts'
import type {
  ServiceOrder,
  ServiceOrderChanged,
  ServiceOrderCompletion,
  ServiceOrderCreated,
  ServiceOrderModification,
  ServiceOrderNumber,
  ServiceOrderParams
} from './service-order.ts'
import { COMPLETE, CREATE, checkCreate, checkTotal, MODIFY, NUMBER, SERVICE, SYNC } from './service-order-rules.ts'
import { SPECIAL_SERVICES } from './special-services.ts'

/** Identifies an order, by your number or by the `query_id` with which WeChat's page returned. */
export type ServiceOrderQuery = { service_id: string; appid?: string | undefined } & (
  | { out_order_no: string; query_id?: never }
  | { query_id: string; out_order_no?: never }
)

const ORDERS = '/v3/payscore/serviceorder'
const BY_NUMBER = `${ORDERS}/{out_order_no}`
const APP = { appid: 'appId' } as const
const ECHO = ['out_order_no', 'service_id']
const MONEY = {
  open: 'throttled',
  query: { method: 'payscore.query', by: ['out_order_no', 'service_id', 'appid'] }
} as const
const CHANGE = { fill: APP, expects: ['out_order_no'], echo: ECHO, money: MONEY }

const OWN = {
  /**
   * Starts a service that is paid afterwards. (创建支付分订单) Idempotent with the same parameters. The user confirms with
   * `confirmParams(order)`; the notification or `query` reports it.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; not found means not created
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NO_AUTH` without the product, `INVALID_REQUEST` for another content under the
   *   number; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   * @example
   * const order = await pay.payscore.create({
   *   out_order_no: 'R202603010001', service_id: '2002000000000558128851361561536', service_introduction: 'Umbrella',
   *   risk_fund: { name: 'DEPOSIT', amount: 3000 }, time_range: { start_time: 'OnAccept' }
   * })
   * const view = pay.payscore.confirmParams(order)
   */
  create: post<ServiceOrderParams, ServiceOrderCreated>(ORDERS, {
    fill: { ...APP, notify_url: 'notifyUrl' },
    rules: CREATE,
    check: checkCreate,
    expects: ['state', 'out_order_no'],
    echo: ECHO,
    money: MONEY
  }),

  /**
   * Looks up an order. (查询支付分订单) Use it to find the state: state errors of the other calls have several codes.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDER_NOT_EXIST`; {ConfigError} ERR_INVALID_PARAM; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   */
  query: get<ServiceOrderQuery, ServiceOrder>(
    { out_order_no: ORDERS, query_id: ORDERS },
    {
      fill: APP,
      rules: { ...SERVICE, out_order_no: optional(NUMBER.out_order_no.check), query_id: optional(chars(1024)) },
      expects: ['state', 'out_order_no'],
      echo: ['out_order_no', 'service_id']
    }
  ),

  /**
   * Cancels an order before it is completed. (取消支付分订单) Nothing is collected.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; `REVOKED`: it is cancelled
   * @throws {WeChatPayError} ERR_WECHAT_PAY once it is completed; {ConfigError} ERR_INVALID_PARAM; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   */
  cancel: post<ServiceOrderNumber & { reason: string }, ServiceOrderChanged>(`${BY_NUMBER}/cancel`, {
    ...CHANGE,
    rules: { ...NUMBER, reason: required(chars(50)) }
  }),

  /**
   * Lowers the total of an order that is being collected. (修改支付分订单金额) Each time lower than before; after the payment,
   * use a refund.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query` and compare `total_amount`
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  modify: post<ServiceOrderModification, ServiceOrder>(`${BY_NUMBER}/modify`, {
    ...CHANGE,
    rules: MODIFY,
    check: checkTotal,
    expects: ['state', 'out_order_no']
  }),

  /**
   * Ends a service and collects its money. (完结支付分订单) WeChat keeps trying to collect; it is paid only if `state` is
   * `DONE`.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`. `MCH_COMPLETE` or `DONE` with your total:
   *   completed; `USER_CONFIRM`: complete again with the same parameters, including `end_time`
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM if the total is not the sum;
   * {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  complete: post<ServiceOrderCompletion, ServiceOrder>(`${BY_NUMBER}/complete`, {
    ...CHANGE,
    rules: COMPLETE,
    check: checkTotal,
    expects: ['state', 'out_order_no']
  }),

  /**
   * Asks WeChat to collect an unpaid order now. (商户发起催收扣款) Only after `complete`.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; {WeChatPayError} ERR_WECHAT_PAY; {ConfigError}
   *   ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  collect: post<ServiceOrderNumber, ServiceOrderChanged>(`${BY_NUMBER}/pay`, { ...CHANGE, rules: NUMBER }),

  /**
   * Reports that the user has paid elsewhere, which ends the collection. (同步服务订单信息) Refused while the user is paying:
   * try again after three minutes, and query the order first.
   *
   * @param params `detail.paid_time`: `yyyyMMddHHmmss` in Beijing time, between `complete` and now
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; `paid_type` `MCH`: it is synchronised
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  sync: post<ServiceOrderNumber & { type?: 'Order_Paid' | undefined; detail: { paid_time: string } }, ServiceOrder>(
    `${BY_NUMBER}/sync`,
    {
      ...CHANGE,
      defaults: { type: 'Order_Paid' },
      rules: SYNC,
      expects: ['state', 'out_order_no']
    }
  )
}

// An interface, because declaration files keep docstrings only for named types.
interface PayscoreRows extends OwnRows, SpecialRows {}
type OwnRows = typeof OWN
type SpecialRows = typeof SPECIAL_SERVICES

const Calls = resource<PayscoreRows>('payscore', { ...OWN, ...SPECIAL_SERVICES })

/** Services that are paid after use (微信支付分). The merchant needs the product and a `service_id`. */
export class Payscore extends Calls {
  /**
   * Returns the parameters of `wx.openBusinessView`, with which the user confirms an order in a Mini Program.
   * (小程序调起支付分) Computed locally; nothing is sent. Pages and apps need a signature with the key of API v2:
   * `payscoreParams` of `weixin-kit/pay/v2`.
   *
   * @param order the response of `create`
   * @throws {ConfigError} ERR_INVALID_PARAM without `package`
   */
  confirmParams(order: { package?: string | undefined }): PayscoreViewParams<{ package: string }> {
    return confirmView('payscore', order)
  }
}
