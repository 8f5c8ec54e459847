import type { UserRecord } from '../framework/users.ts'
import type { CodeView, MoneyView, OrderView } from '../framework/views.ts'
import type { Order } from './ledger/order.ts'
import type { PayWorld } from './world.ts'

/** Rows of one kind that are shown, the newest. */
const MOST_ROWS = 200

/** @internal What the console shows of orders and payouts. */
export interface PayViews {
  /** The newest last. */
  orders(user?: UserRecord): OrderView[]
  money(user?: UserRecord): MoneyView[]
  codes(): CodeView[]
  /** The order behind a `prepay_id`, a `code_url` or an `h5_url`. */
  order(token: string): OrderView | undefined
  balances(): Record<string, number>
}

const newest = <T>(rows: Iterable<T>): T[] => [...rows].slice(-MOST_ROWS)

export const codeUrlOf = (order: Pick<Order, 'codeToken'>): string => `weixin://wxpay/bizpayurl?pr=${order.codeToken}`

/** @internal */
export function createPayViews(world: PayWorld): PayViews {
  const { users } = world.context
  const userOf = (appId: string, openid: string | undefined) =>
    openid === undefined ? undefined : users.byOpenid(appId, openid)?.id
  const payerOf = (order: Order) => {
    const { openid, subOpenid, payment } = order
    return (
      userOf(order.appId, payment?.openid ?? openid) ?? userOf(order.subAppId ?? '', payment?.subOpenid ?? subOpenid)
    )
  }
  const orderView = (order: Order): OrderView => ({
    outTradeNo: order.outTradeNo,
    mchId: order.mchId,
    api: order.api,
    tradeType: order.tradeType,
    description: order.description,
    total: order.total,
    state: world.orders.find(order.book, order.outTradeNo)?.state ?? order.state,
    userId: payerOf(order),
    createdAt: order.createdAt,
    expiresAt: Math.min(order.expiresAt, order.prepayUntil),
    prepayId: order.prepayId,
    ...(order.tradeType === 'NATIVE' ? { codeUrl: codeUrlOf(order) } : {}),
    transactionId: order.payment?.transactionId,
    refunded: order.refunded,
    notifyUrl: order.notifyUrl
  })
  const openOf = (state: string, ...open: string[]) => open.includes(state)
  const all = (): MoneyView[] => {
    const { claimPeriodMs } = world.settings
    const now = world.context.clock.now()
    return [
      ...newest(world.transferBills.table.rows()).map(
        (bill): MoneyView => ({
          kind: 'transfer',
          number: bill.outBillNo,
          mchId: bill.mchId,
          amount: bill.amount,
          state: bill.state,
          userId: userOf(bill.appId, bill.openid),
          createdAt: bill.createdAt,
          deadline: bill.createdAt + claimPeriodMs,
          title: bill.remark,
          detail: bill.failReason,
          isOpen: openOf(bill.state, 'WAIT_USER_CONFIRM')
        })
      ),
      ...newest(world.redPacks.table.rows()).map(
        (pack): MoneyView => ({
          kind: 'redPack',
          number: pack.mchBillno,
          mchId: pack.mchId,
          amount: pack.totalAmount,
          state: pack.status,
          userId: pack.kind === 'GROUP' ? undefined : userOf(pack.appId, pack.openid),
          createdAt: pack.sentAt,
          deadline: pack.sentAt + claimPeriodMs,
          title: pack.wishing,
          detail: `${pack.sendName} · ${pack.received.length}/${pack.totalNum}`,
          isOpen: openOf(pack.status, 'SENT')
        })
      ),
      ...newest(world.refunds.table.rows()).map(
        (refund): MoneyView => ({
          kind: 'refund',
          number: refund.outRefundNo,
          mchId: refund.mchId,
          amount: refund.refund,
          state: refund.status,
          createdAt: refund.createdAt,
          deadline: refund.dueAt,
          title: refund.outTradeNo,
          detail: refund.reason,
          isOpen: openOf(refund.status, 'PROCESSING')
        })
      ),
      ...newest(world.sharings.rows()).map(
        (sharing): MoneyView => ({
          kind: 'share',
          number: sharing.outOrderNo,
          mchId: sharing.mchId,
          amount: sharing.shares.reduce((sum, { amount }) => sum + amount, 0),
          state: sharing.dueAt > now ? 'PROCESSING' : 'FINISHED',
          createdAt: sharing.createdAt,
          deadline: sharing.dueAt,
          title: sharing.transactionId,
          detail: sharing.shares.map(({ type, amount }) => `${type} ${amount}`).join(', '),
          isOpen: sharing.dueAt > now
        })
      ),
      ...newest(world.batches.rows()).map(
        (batch): MoneyView => ({
          kind: 'batch',
          number: batch.outBatchNo,
          mchId: batch.mchId,
          amount: batch.totalAmount,
          state: batch.dueAt > now ? 'PROCESSING' : 'FINISHED',
          createdAt: batch.createdAt,
          deadline: batch.dueAt,
          title: batch.name,
          detail: `× ${batch.details.length}`,
          isOpen: batch.dueAt > now
        })
      ),
      ...newest(world.transferAuthorizations.rows()).map(
        (one): MoneyView => ({
          kind: 'authorization',
          number: one.outAuthorizationNo,
          mchId: one.mchId,
          amount: 0,
          state: one.state,
          userId: userOf(one.appId, one.openid),
          createdAt: one.createdAt,
          title: one.displayName,
          isOpen: openOf(one.state, 'WAIT_USER_CONFIRM', 'TAKING_EFFECT')
        })
      )
    ].sort((a, b) => a.createdAt - b.createdAt)
  }
  const ordersOf = (user?: UserRecord) => {
    const rows = newest(world.orders.table.rows()).map(orderView)
    return user ? rows.filter(({ userId }) => userId === undefined || userId === user.id) : rows
  }
  return {
    orders: ordersOf,
    money: (user) => (user ? all().filter(({ userId }) => userId === user.id) : all()),
    codes: () =>
      ordersOf()
        .filter(({ state, tradeType }) => state === 'NOTPAY' && (tradeType === 'NATIVE' || tradeType === 'MWEB'))
        .map(({ createdAt, codeUrl, prepayId, description, total }) => ({
          time: createdAt,
          kind: 'pay',
          text: codeUrl ?? `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${prepayId}`,
          title: `${description} · ¥${(total / 100).toFixed(2)}`
        })),
    order: (token) => {
      const order = world.orders.findByToken(token)
      return order && orderView(order)
    },
    balances: () =>
      Object.fromEntries(world.context.accounts.merchants.map(({ mchId }) => [mchId, world.funds.balance(mchId)]))
  }
}
