import { PayFailure } from './failures.ts'
import type { Order, OrderDraft } from './ledger/order.ts'
import { payOrder } from './payments.ts'
import { DAY_MS } from './times.ts'
import type { PayWorld } from './world.ts'

const REVERSE_MS = 7 * DAY_MS

/**
 * Payment by code (付款码支付) of v2 and v3: pays at once, or leaves the order with the user who has to type the
 * password (USERPAYING).
 */
export function askForPassword(world: PayWorld, draft: OrderDraft, authCode: string): Order {
  const known = world.orders.find(draft.book, draft.outTradeNo)
  if (known?.state === 'USERPAYING' && known.fingerprint === draft.fingerprint) return known
  if (known) {
    world.orders.create(draft)
    throw new PayFailure('OUT_NO_USED')
  }
  const { user, asksPassword } = world.authCodes.read(authCode, draft.mchId, true)
  const order = world.orders.create(draft)
  const openid = user.openid(draft.appId)
  if (asksPassword || order.total > world.settings.passwordAbove) {
    order.state = 'USERPAYING'
    order.pendingOpenid = openid
  } else {
    const sub = draft.subAppId ? { subOpenid: user.openid(draft.subAppId) } : {}
    payOrder(world, order, { openid, ...sub, bankType: 'OTHERS' })
  }
  return order
}

/** 撤销: closes what is not paid and gives back what is. */
export function reverseOrder(world: PayWorld, order: Order): void {
  if (order.state === 'REVOKED') return
  if (world.context.clock.now() - order.createdAt > REVERSE_MS) throw new PayFailure('REVERSE_EXPIRE')
  if (order.state === 'REFUND') throw new PayFailure('TRADE_STATE')
  if (order.payment) {
    world.funds.move({
      book: world.fundsOf(order),
      businessNo: order.payment.transactionId,
      outNo: order.outTradeNo,
      name: '撤销',
      type: '退款',
      amount: -order.total
    })
    order.refunded = order.total
  }
  delete order.pendingOpenid
  order.state = 'REVOKED'
  order.closedAt = world.context.clock.now()
}
