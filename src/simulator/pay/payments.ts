import type { Delivery } from '../framework/delivery.ts'
import type { CombinedOrder } from './ledger/combined-order.ts'
import type { Order, Payment } from './ledger/order.ts'
import { notifyPaid, notifyPaidTogether } from './notices.ts'
import { partsOf } from './v3/combined-object.ts'
import { useCoupon } from './v3/coupons.ts'
import type { PayWorld } from './world.ts'

type Payer = Omit<Payment, 'transactionId' | 'paidAt'>

/** The money has arrived: books it and notifies the merchant. */
export function payOrder(world: PayWorld, order: Order, payer: Payer): Delivery | undefined {
  receive(world, order, payer)
  const isContractFirst = world.settings.contractNoticeFirst
  if (isContractFirst) signWith(world, order, payer.openid)
  const delivery = notifyPaid(world, order)
  if (!isContractFirst) signWith(world, order, payer.openid)
  return delivery
}

/** All parts of a combined order are paid at once. */
export function payTogether(world: PayWorld, combined: CombinedOrder, payer: Payer): Delivery {
  for (const order of partsOf(world, combined)) receive(world, order, payer)
  return notifyPaidTogether(world, combined)
}

function receive(world: PayWorld, order: Order, payer: Payer): void {
  world.orders.pay(order, payer)
  useCoupon(world, order)
  world.funds.move({
    book: world.fundsOf(order),
    businessNo: order.payment?.transactionId ?? '',
    outNo: order.outTradeNo,
    name: '交易',
    type: '交易',
    amount: order.total
  })
  if (order.book !== order.mchId) return
  world.context.payments.call({
    appId: payer.subOpenid === undefined ? order.appId : (order.subAppId ?? order.appId),
    openid: payer.subOpenid ?? payer.openid,
    mchId: order.mchId,
    ...(order.subMchId === undefined ? {} : { subMchId: order.subMchId }),
    outTradeNo: order.outTradeNo,
    transactionId: order.payment?.transactionId ?? '',
    description: order.description,
    amount: order.total
  })
}

/** The contract that comes of a payment (支付中签约). */
function signWith(world: PayWorld, order: Order, openid: string): void {
  const draft = world.contracts.offered(`prepay ${order.prepayId}`)
  const user = draft && world.context.users.byOpenid(order.appId, openid)
  if (user) world.contracts.sign(draft, user)
}
