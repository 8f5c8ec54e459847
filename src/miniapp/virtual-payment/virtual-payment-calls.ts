import { integer, list, type OptionCheck, oneOf } from '../../core/options.ts'
import { characters, items, present } from '../../wechat-api/check-params.ts'
import type {
  CancelCurrencyPayParams,
  CoinBalance,
  CurrencyPayment,
  CurrencyPayParams,
  GoodsTask,
  PresentCurrencyParams,
  RefundVirtualOrderParams,
  UploadGoodsParams,
  UserCall,
  VirtualOrder,
  VirtualOrderNumber,
  VirtualRefund,
  WithEnv
} from './virtual-payment-types.ts'

/** Properties that differ between the calls of virtual payment. */
export interface VirtualPaymentSpec {
  readonly rules?: Readonly<Record<string, OptionCheck>>
  /** Default `false`. `true` if a retry with the same numbers has no second effect. */
  readonly idempotent?: boolean
  /** The result is this field of the body. */
  readonly picks?: string
  /** 268490004, "already done", is a success: the result is then your own number. */
  readonly repeats?: boolean
  /** The body has no `env`; signed with the live key. */
  readonly withoutEnv?: boolean
}

/** One call, signed with the appKey (pay_sig). */
export interface VirtualPaymentCall<Params, Result> extends VirtualPaymentSpec {
  readonly path: string
  readonly withSession: boolean
  readonly types?: (params: Params) => Result
}

/** One call that also proves the login of the user (pay_sig and signature). */
export interface SessionCall<Params, Result> extends VirtualPaymentCall<Params, Result> {
  readonly withSession: true
}

const call = <P extends object, R = void>(path: string, spec: VirtualPaymentSpec = {}): VirtualPaymentCall<P, R> => ({
  path,
  withSession: false,
  ...spec
})
const sessionCall = <P extends object, R = void>(path: string, spec: VirtualPaymentSpec = {}): SessionCall<P, R> => ({
  ...call<P, R>(path, spec),
  withSession: true
})

const coins = integer(1)
const orderId: OptionCheck = (value) =>
  typeof value === 'string' && /^[\w-]{8,32}$/.test(value) ? undefined : 'must be 8 to 32 digits, letters, "_" or "-"'
const day: OptionCheck = integer(20_200_101, 21_000_101)
const user = { openid: present, user_ip: present }

/** The calls of virtual payment (虚拟支付), one row each. Amounts of orders are in fen, those of coins in coins. */
export const VIRTUAL_PAYMENT_CALLS = {
  /**
   * Returns the coins of a user (查询用户代币余额 query_user_balance).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 268490009 (session_key expired: log in again)
   */
  queryUserBalance: sessionCall<UserCall, CoinBalance>('/xpay/query_user_balance', { rules: user, idempotent: true }),
  /**
   * Deducts coins (扣减代币 currency_pay). After a timeout call it again with the same `order_id`.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 268490006 (not enough coins), 268490009
   */
  currencyPay: sessionCall<CurrencyPayParams, CurrencyPayment>('/xpay/currency_pay', {
    rules: { ...user, amount: coins, order_id: present, payitem: items(100) },
    idempotent: true,
    repeats: true
  }),
  /**
   * Refunds coins (代币支付退款 cancel_currency_pay).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 268490005 (already refunded), 268490006, 268490009
   */
  cancelCurrencyPay: sessionCall<CancelCurrencyPayParams, CurrencyPayment>('/xpay/cancel_currency_pay', {
    rules: { ...user, pay_order_id: present, order_id: present, amount: coins },
    idempotent: true,
    repeats: true
  }),
  /**
   * Gives coins as a present (代币赠送 present_currency). There is no query: after a timeout call it again with the same
   * `order_id`.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  presentCurrency: call<PresentCurrencyParams, CurrencyPayment & { present_balance?: number }>(
    '/xpay/present_currency',
    {
      rules: { openid: present, order_id: present, amount: coins },
      idempotent: true,
      repeats: true
    }
  ),
  /**
   * Returns a cash order: goods or a recharge (查询订单 query_order). Deliver if `status` is 2 or 3; the event may be lost.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 268490002 (unknown order)
   */
  queryOrder: call<VirtualOrderNumber & WithEnv & { openid: string }, VirtualOrder>('/xpay/query_order', {
    rules: { openid: present },
    idempotent: true,
    picks: 'order'
  }),
  /**
   * Reports that an order was delivered, if the event could not be acknowledged (通知已经发货完成 notify_provide_goods).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  notifyProvideGoods: call<VirtualOrderNumber & WithEnv>('/xpay/notify_provide_goods', { idempotent: true }),
  /**
   * Refunds a cash order (启动订单退款任务 refund_order). Success only means *accepted*; Apple orders cannot be refunded here.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 268490013, 268490014 (in progress: retry with the same parameters), 268490016 (`left_fee`)
   */
  refundOrder: call<RefundVirtualOrderParams, VirtualRefund>('/xpay/refund_order', {
    rules: {
      openid: present,
      refund_order_id: orderId,
      left_fee: integer(1),
      refund_fee: integer(1),
      biz_meta: characters(1024, 0),
      refund_reason: oneOf('0', '1', '2', '3', '4', '5'),
      req_from: oneOf('1', '2', '3')
    },
    idempotent: true
  }),
  /**
   * Uploads an item (启动批量上传道具任务 start_upload_goods): one per call, one task at a time. Price in fen.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 268490012 (a task is running)
   */
  startUploadGoods: call<UploadGoodsParams>('/xpay/start_upload_goods', { rules: { upload_item: items(1) } }),
  /**
   * Returns the progress of the upload (查询批量上传道具任务 query_upload_goods).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  queryUploadGoods: call<WithEnv, GoodsTask>('/xpay/query_upload_goods', { idempotent: true }),
  /**
   * Publishes an item (启动批量发布道具任务 start_publish_goods): one per call. It takes effect about ten minutes later.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 268490012 (a task is running)
   */
  startPublishGoods: call<WithEnv & { publish_item: readonly [{ id: string }] }>('/xpay/start_publish_goods', {
    rules: { publish_item: list }
  }),
  /**
   * Returns the progress of the publication (查询批量发布道具任务 query_publish_goods).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  queryPublishGoods: call<WithEnv, GoodsTask>('/xpay/query_publish_goods', { idempotent: true }),
  /**
   * Returns the URL of a bill, valid for 30 minutes (下载账单 download_bill). 268490011: it is being generated, try again
   * later.
   *
   * @param params Days as numbers, `20260301`, both inclusive.
   * @returns The URL of the bill.
   * @throws {WeChatApiError} ERR_WECHAT_API: 268490011
   */
  downloadBill: call<{ begin_ds: number; end_ds: number }, string>('/xpay/download_bill', {
    rules: { begin_ds: day, end_ds: day },
    idempotent: true,
    picks: 'url',
    withoutEnv: true
  }),
  /**
   * Returns the balance that can be withdrawn (查询商家账户可提现余额 query_biz_balance), in **yuan as text**.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  queryBizBalance: call<WithEnv, { amount: string; currency_code: string }>('/xpay/query_biz_balance', {
    idempotent: true,
    picks: 'balance_available'
  }),
  /**
   * Withdraws money (创建提现单 create_withdraw_order). `withdraw_amount` is **yuan as text**; without it everything is withdrawn. After a
   * timeout call it again with the same number.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  createWithdrawOrder: call<
    WithEnv & { withdraw_no: string; withdraw_amount?: string },
    { withdraw_no: string; wx_withdraw_no: string }
  >('/xpay/create_withdraw_order', { rules: { withdraw_no: orderId }, idempotent: true }),
  /**
   * Returns a withdrawal (查询提现单 query_withdraw_order). `status`: 1 running, 2 done, 3 failed.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  queryWithdrawOrder: call<
    WithEnv & { withdraw_no: string },
    { status: 1 | 2 | 3; withdraw_amount: string; withdraw_no: string; wx_withdraw_no: string; fail_reason?: string }
  >('/xpay/query_withdraw_order', { rules: { withdraw_no: orderId }, idempotent: true })
}
