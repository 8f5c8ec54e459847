import { post } from './endpoint.ts'
import type {
  DirectServiceOrderParams,
  PayOnDeliveryParams,
  ServiceMessageParams,
  ServiceOrder,
  ServiceOrderCreated
} from './service-order.ts'
import { checkCreate, checkTotal, DIRECT, MESSAGE, ON_DELIVERY } from './service-order-rules.ts'

const ORDERS = '/v3/payscore/serviceorder'
const BY_NUMBER = `${ORDERS}/{out_order_no}`
const NEW = {
  fill: { appid: 'appId', notify_url: 'notifyUrl' },
  expects: ['state', 'out_order_no'],
  echo: ['out_order_no', 'service_id'],
  money: {
    open: 'throttled',
    query: { method: 'payscore.query', by: ['out_order_no', 'service_id', 'appid'] }
  }
} as const

/** Rows of service orders that need a special permission from WeChat Pay. */
export const SPECIAL_SERVICES = {
  /**
   * Creates and completes an order in one call, for a user who has granted the service. (创单结单合并) Needs a special
   * permission. WeChat collects at once and keeps trying; it is paid only if `state` is `DONE`.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; not found means not created
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NO_AUTH` without the permission; {ConfigError} ERR_INVALID_PARAM;
   *   {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  directComplete: post<DirectServiceOrderParams, ServiceOrder>(`${ORDERS}/direct-complete`, {
    ...NEW,
    rules: DIRECT,
    check: checkTotal
  }),

  /**
   * Starts an order of goods that are paid after delivery. (创建先享后付订单) Completed, cancelled and queried like the others.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; not found means not created
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  payOnDelivery: post<PayOnDeliveryParams, ServiceOrderCreated>('/v3/payscore/servicepayondeliveryorder', {
    ...NEW,
    rules: ON_DELIVERY,
    check: checkCreate
  }),

  /**
   * Informs a user of what will be collected and when. (发送预扣费消息) It does not collect anything. Never retried by the
   * client.
   *
   * @param params amounts in fen, `prepaid_time` in Beijing time
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  sendPrepaidMessage: post<ServiceMessageParams, void>(`${BY_NUMBER}/send-prepaidmessage`, {
    idempotent: false,
    rules: MESSAGE,
    check: checkTotal,
    empty: true
  }),

  /**
   * Informs a user of an outstanding payment. (发送待支付消息) It does not collect anything. Never retried by the client.
   *
   * @param params amounts in fen, `prepaid_time` in Beijing time
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  sendPendingMessage: post<ServiceMessageParams, void>(`${BY_NUMBER}/send-pendingmessage`, {
    idempotent: false,
    rules: MESSAGE,
    check: checkTotal,
    empty: true
  })
}
