import { payTag, sessionTag } from '../../crypto/virtual-payment.ts'
import type { Route } from '../../framework/service.ts'
import { type ApiCall, api, integer, knownOpenid, object, text } from '../api.ts'
import { Refusal } from '../errcodes.ts'
import { sessionKey } from '../session.ts'
import type { WeChatState } from '../state.ts'
import { pushVirtualPayment } from './virtual-payment-push.ts'
import { type CoinMove, type Coins, NO_COINS, type VirtualOrderRecord } from './virtual-payment-state.ts'

type Fields = Readonly<Record<string, unknown>>

const REFUND_MS = 2_000
const BILL_MS = 3_000
const WRONG = 268490002

/** Virtual payment (虚拟支付): every call is signed with the AppKey of its environment, some with the session key too. */
export function virtualPaymentRoutes(wx: WeChatState): Route[] {
  const row = (name: string, session: boolean, handler: (call: ApiCall, env: 0 | 1) => unknown) =>
    api(wx, 'POST', `/xpay/${name}`, (call) => handler(call, verify(call, session)), { kinds: ['miniProgram'] })
  return [
    row('query_user_balance', true, (call, env) => {
      const { paid, present, save, presented, cost } = coinsOf(call, env, person(call))
      return {
        balance: paid + present,
        present_balance: present,
        sum_save: save,
        sum_present: presented,
        sum_balance: save + presented,
        sum_cost: cost,
        first_save_flag: save > 0
      }
    }),
    row('currency_pay', true, (call, env) => {
      const openid = person(call)
      const amount = integer(call.body.amount, WRONG, 1, 1e9)
      if (!isJsonList(call.body.payitem)) throw new Refusal(WRONG, 'payitem is not a JSON list')
      const order_id = own(call, { kind: 'pay', openid, env, amount })
      const coins = coinsOf(call, env, openid)
      if (coins.paid + coins.present < amount) throw new Refusal(268490006)
      // Presented coins go first.
      const usedPresent = Math.min(coins.present, amount)
      coins.present -= usedPresent
      coins.paid -= amount - usedPresent
      coins.cost += amount
      call.state.coinMoves.set(order_id, { kind: 'pay', openid, env, amount, usedPresent, cancelled: 0 })
      return { order_id, balance: coins.paid + coins.present, used_present_amount: usedPresent }
    }),
    row('cancel_currency_pay', true, (call, env) => {
      const openid = person(call)
      const amount = integer(call.body.amount, WRONG, 1, 1e9)
      const order_id = own(call, { kind: 'cancel', openid, env, amount })
      const payment = call.state.coinMoves.get(text(call.body.pay_order_id, WRONG))
      if (payment?.kind !== 'pay' || payment.openid !== openid) throw new Refusal(WRONG, 'pay_order_id does not exist')
      if (payment.cancelled === payment.amount) throw new Refusal(268490005)
      if (payment.cancelled + amount > payment.amount) throw new Refusal(268490006)
      payment.cancelled += amount
      const coins = coinsOf(call, env, openid)
      coins.paid += amount
      coins.cost -= amount
      call.state.coinMoves.set(order_id, { kind: 'cancel', openid, env, amount, usedPresent: 0, cancelled: 0 })
      return { order_id }
    }),
    row('present_currency', false, (call, env) => {
      const openid = person(call)
      const amount = integer(call.body.amount, WRONG, 1, 1e9)
      const order_id = own(call, { kind: 'present', openid, env, amount })
      const coins = coinsOf(call, env, openid)
      coins.present += amount
      coins.presented += amount
      call.state.coinMoves.set(order_id, { kind: 'present', openid, env, amount, usedPresent: 0, cancelled: 0 })
      return { order_id, balance: coins.paid + coins.present, present_balance: coins.present }
    }),
    row('query_order', false, (call) => {
      const refund = call.state.virtualRefunds.get(String(call.body.order_id))
      const order = refund ? call.state.virtualOrders.get(refund.orderId) : orderOf(call)
      if (!order) throw new Refusal(WRONG, 'order does not exist')
      if (order.openid !== person(call)) throw new Refusal(268490001)
      const described = describe(order)
      if (!refund) return { order: described }
      const isDone = refund.status === 'done'
      return {
        order: {
          ...described,
          order_id: refund.refundId,
          wx_order_id: refund.wxRefundId,
          order_type: order.apple ? 8 : 1,
          refund_fee: refund.fee,
          status: isDone ? 5 : 8
        }
      }
    }),
    row('notify_provide_goods', false, (call) => {
      const order = orderOf(call)
      if (!order) throw new Refusal(WRONG, 'order does not exist')
      provide(wx, order)
    }),
    row('refund_order', false, (call) => {
      const order = orderOf(call)
      if (!order) throw new Refusal(WRONG, 'order does not exist')
      if (order.openid !== person(call)) throw new Refusal(268490001)
      if (order.apple) throw new Refusal(WRONG, 'an order paid with Apple cannot be refunded')
      const refundId = text(call.body.refund_order_id, WRONG)
      if (!/^[\w-]{8,32}$/.test(refundId)) throw new Refusal(WRONG, 'refund_order_id')
      const fee = integer(call.body.refund_fee, WRONG, 1, 1e9)
      const answer = {
        refund_order_id: refundId,
        pay_order_id: order.orderId,
        pay_wx_order_id: order.wxOrderId
      }
      const known = call.state.virtualRefunds.get(refundId)
      if (known) return { ...answer, refund_wx_order_id: known.wxRefundId }
      if (call.body.left_fee !== order.leftFee) throw new Refusal(268490016)
      if (fee > order.leftFee) throw new Refusal(WRONG, 'refund_fee')
      const refund = {
        refundId,
        wxRefundId: `WXR${wx.context.random.digits(20)}`,
        orderId: order.orderId,
        fee,
        createdAt: wx.now,
        status: 'running' as 'running' | 'done'
      }
      order.leftFee -= fee
      call.state.virtualRefunds.set(refundId, refund)
      const { account } = call
      wx.context.clock.schedule(REFUND_MS, async () => {
        refund.status = 'done'
        if (order.leftFee === 0) order.status = 5
        await pushVirtualPayment(wx, account, refundEvent(order, refund, wx.now), () => undefined)
      })
      return { ...answer, refund_wx_order_id: refund.wxRefundId }
    }),
    row('start_upload_goods', false, (call) => {
      const [item] = listOf(call.body.upload_item)
      const id = text(item?.id, WRONG)
      const price = integer(item?.price, WRONG, 1, 1e9)
      call.state.virtualGoods.set(id, { name: text(item?.name, WRONG), price, published: false })
    }),
    row('query_upload_goods', false, ({ state }) => ({
      status: state.virtualGoods.size > 0 ? 3 : 0,
      upload_item: [...state.virtualGoods.keys()].map((id) => ({ id, upload_status: 2, errmsg: '' }))
    })),
    row('start_publish_goods', false, (call) => {
      const [item] = listOf(call.body.publish_item)
      const goods = call.state.virtualGoods.get(text(item?.id, WRONG))
      if (!goods) throw new Refusal(WRONG, 'publish_item.id does not exist')
      goods.published = true
    }),
    row('query_publish_goods', false, ({ state }) => {
      const published = [...state.virtualGoods].filter(([, goods]) => goods.published)
      return {
        status: published.length > 0 ? 3 : 0,
        publish_item: published.map(([id]) => ({ id, publish_status: 2, errmsg: '' }))
      }
    }),
    row('download_bill', false, ({ state, body }) => {
      const begin = integer(body.begin_ds, WRONG, 20_000_101, 99_991_231)
      const key = `bill ${begin} ${integer(body.end_ds, WRONG, begin, 99_991_231)}`
      const asked = state.links.get(key)
      if (!asked) state.links.set(key, { at: wx.now })
      if (!asked || wx.now - Number(asked.at) < BILL_MS) throw new Refusal(268490011)
      return { url: `https://mp.weixin.qq.com/xpay/bill/${begin}.csv` }
    }),
    row('query_biz_balance', false, ({ state }) => {
      const fen = [...state.virtualOrders.values()]
        .filter((order) => order.status === 4)
        .reduce((sum, one) => sum + one.leftFee, 0)
      return { balance_available: { amount: (fen / 100).toFixed(2), currency_code: 'CNY' } }
    }),
    row('create_withdraw_order', false, ({ state, body }) => {
      const withdraw_no = text(body.withdraw_no, WRONG)
      const known = state.links.get(`withdraw ${withdraw_no}`)
      const wx_withdraw_no = String(known?.wx_withdraw_no ?? `WXW${wx.context.random.digits(20)}`)
      if (!known) state.links.set(`withdraw ${withdraw_no}`, { wx_withdraw_no, amount: body.withdraw_amount ?? '0.00' })
      return { withdraw_no, wx_withdraw_no }
    }),
    row('query_withdraw_order', false, ({ state, body }) => {
      const withdraw_no = text(body.withdraw_no, WRONG)
      const known = state.links.get(`withdraw ${withdraw_no}`)
      if (!known) throw new Refusal(WRONG, 'withdraw_no does not exist')
      return { withdraw_no, wx_withdraw_no: known.wx_withdraw_no, status: 2, withdraw_amount: known.amount }
    })
  ]
}

/** Checks both signatures over the bytes that came; the environment chooses the key. */
function verify({ wx, exchange, account, query, body }: ApiCall, session: boolean): 0 | 1 {
  const { virtualPayment } = account
  if (!virtualPayment) throw new Refusal(48001)
  const env = body.env === undefined ? 0 : (integer(body.env, WRONG, 0, 1) as 0 | 1)
  const appKey = env === 0 ? virtualPayment.appKey : virtualPayment.sandboxAppKey
  const bytes = Buffer.from(exchange.body)
  if (query.get('pay_sig') !== payTag(appKey, exchange.path, bytes)) throw new Refusal(268490003, 'pay_sig invalid')
  exchange.verified(`pay_sig (env ${env})`)
  if (!session) return env
  const user = wx.context.users.byOpenid(account.appId, String(body.openid))
  if (!user) throw new Refusal(268490001)
  const key = sessionKey(wx, account.appId, user.id)
  if (!key) throw new Refusal(268490009)
  if (query.get('signature') !== sessionTag(key, bytes)) throw new Refusal(268490003, 'signature invalid')
  exchange.verified('signature of the session')
  return env
}

function person(call: ApiCall): string {
  return knownOpenid(call, call.body.openid, 268490001)
}

export function coinsOf({ state }: Pick<ApiCall, 'state'>, env: 0 | 1, openid: string): Coins {
  const key = `${env}\n${openid}`
  const coins = state.coins.get(key) ?? { ...NO_COINS }
  state.coins.set(key, coins)
  return coins
}

/** The own number of a call; the same number again was done already. */
function own(call: ApiCall, move: Pick<CoinMove, 'kind' | 'openid' | 'env' | 'amount'>): string {
  const id = text(call.body.order_id, WRONG)
  const known = call.state.coinMoves.get(id)
  if (!known) return id
  const isSame = (['kind', 'openid', 'env', 'amount'] as const).every((name) => known[name] === move[name])
  throw isSame ? new Refusal(268490004) : new Refusal(WRONG, 'order_id was used with other parameters')
}

function orderOf({ state, body }: ApiCall): VirtualOrderRecord | undefined {
  if (body.order_id !== undefined) return state.virtualOrders.get(text(body.order_id, WRONG))
  const id = text(body.wx_order_id, WRONG)
  return [...state.virtualOrders.values()].find((order) => order.wxOrderId === id)
}

/** Delivered: by a successful response to the event, or by `notify_provide_goods`. */
export function provide(wx: WeChatState, order: VirtualOrderRecord): void {
  if (order.status > 3) return
  order.status = 4
  order.providedAt = wx.now
}

function describe(order: VirtualOrderRecord): Fields {
  const seconds = (ms: number) => Math.floor(ms / 1000)
  return {
    order_id: order.orderId,
    wx_order_id: order.wxOrderId,
    channel_order_id: order.mchOrderNo,
    wxpay_order_id: order.transactionId,
    status: order.status,
    order_type: order.apple ? 7 : 0,
    order_fee: order.fee,
    paid_fee: order.fee,
    left_fee: order.leftFee,
    create_time: seconds(order.createdAt),
    update_time: seconds(order.createdAt),
    paid_time: seconds(order.createdAt),
    provide_time: seconds(order.providedAt),
    biz_meta: '',
    env_type: order.env + 1,
    sett_state: 0,
    sett_time: 0
  }
}

function refundEvent(
  order: VirtualOrderRecord,
  refund: { refundId: string; wxRefundId: string; fee: number; createdAt: number },
  now: number
): Fields {
  return {
    Event: 'xpay_refund_notify',
    OpenId: order.openid,
    WxRefundId: refund.wxRefundId,
    MchRefundId: refund.refundId,
    WxOrderId: order.wxOrderId,
    MchOrderId: order.orderId,
    RefundFee: refund.fee,
    RetCode: 0,
    RetMsg: '退款成功',
    RefundStartTimestamp: Math.floor(refund.createdAt / 1000),
    RefundSuccTimestamp: Math.floor(now / 1000),
    WxpayRefundTransactionId: `5030${refund.wxRefundId.slice(3)}`,
    RetryTimes: 0
  }
}

function listOf(value: unknown): Fields[] {
  if (!Array.isArray(value) || value.length !== 1) throw new Refusal(WRONG, 'one item per call')
  return value.map((item) => object(item, WRONG))
}

function isJsonList(value: unknown): boolean {
  try {
    return typeof value === 'string' && Array.isArray(JSON.parse(value))
  } catch {
    return false
  }
}
