import { fingerprint } from '../fingerprint.ts'
import type { ServiceOrder, ServicePermission } from '../ledger/service-order.ts'
import { sendEvent } from '../notifier.ts'
import { payOrder } from '../payments.ts'
import { compactTime, HOUR_MS } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { serviceOrderObject, totalOf } from './service-order.ts'

/** WeChat tries to collect without end. */
const RETRY_MS = 6 * HOUR_MS

/** Begins to collect an order that was completed, or goes on after a restart. */
export function scheduleCollection(world: PayWorld, order: ServiceOrder, delayMs = world.settings.payoutDelayMs): void {
  if (order.collection?.state !== 'USER_PAYING') return
  world.context.clock.schedule(delayMs, () => {
    if (order.collection?.state !== 'USER_PAYING') return
    if (world.settings.serviceCollectionFailures > 0) {
      world.settings.serviceCollectionFailures--
      scheduleCollection(world, order, RETRY_MS)
      return
    }
    collect(world, order, 'auto')
  })
}

/** The money arrives: WeChat's own deduction, or the user at the cashier. */
export function collect(world: PayWorld, order: ServiceOrder, how: 'auto' | 'byHand'): void {
  const { collection, openid = '' } = order
  if (!collection) return
  const { clock, random } = world.context
  const transaction = world.orders.create({
    book: order.mchId,
    mchId: order.mchId,
    // Only paid by hand it has the merchant's number.
    outTradeNo: how === 'byHand' ? order.outOrderNo : `wxzff${random.digits(27)}`,
    api: 3,
    appId: order.appId,
    tradeType: how === 'byHand' ? 'JSAPI' : 'AUTH',
    description: order.introduction,
    ...(order.attach === undefined ? {} : { attach: order.attach }),
    total: collection.total,
    currency: 'CNY',
    openid,
    ...(order.subMchId === undefined ? {} : { subMchId: order.subMchId }),
    ...(order.subAppId === undefined ? {} : { subAppId: order.subAppId }),
    expiresAt: clock.now() + HOUR_MS,
    profitSharing: order.profitSharing ?? false,
    fingerprint: fingerprint([order.orderId, collection.total])
  })
  payOrder(world, transaction, { openid, bankType: 'OTHERS' })
  const { transactionId = '', paidAt = clock.now() } = transaction.payment ?? {}
  settle(order, { amount: collection.total, paidType: 'NEWTON', paidTime: compactTime(paidAt), transactionId })
  notifyOrder(world, order, 'USER_PAID', transaction.outTradeNo)
}

export function settle(order: ServiceOrder, detail: NonNullable<ServiceOrder['collection']>['details'][number]): void {
  if (!order.collection) return
  order.collection.details.push(detail)
  order.collection.state = 'USER_PAID'
  finish(order)
}

/** The order is done; what costs nothing is done at once. */
export function finish(order: ServiceOrder): void {
  order.state = 'DONE'
  delete order.description
  delete order.payingUntil
}

/** Takes the total of the order into what is collected. */
export function openCollection(order: ServiceOrder): void {
  const total = totalOf(order)
  if (total === 0) {
    delete order.collection
    finish(order)
  } else order.collection = { state: 'USER_PAYING', total, details: order.collection?.details ?? [] }
}

export function notifyOrder(
  world: PayWorld,
  order: ServiceOrder,
  event: 'USER_CONFIRM' | 'USER_PAID',
  outTradeNo?: string
): void {
  const { total_amount: total, ...rest } = serviceOrderObject(order)
  const resource = {
    ...rest,
    // In the samples of the notifications, unlike those of the calls, it is text.
    ...(total === undefined ? {} : { total_amount: String(total) }),
    ...(outTradeNo === undefined ? {} : { out_trade_no: outTradeNo })
  }
  const summary = event === 'USER_CONFIRM' ? '支付分用户确认订单' : '支付分用户支付成功'
  notify(world, order, `PAYSCORE.${event}`, summary, resource)
}

/** Whose permission it is. Both spellings of a provider's notifications occur: here one for the beginning, the other for the end. */
function ownerOf({ mchId, subMchId, subAppId, openid, subOpenid }: ServicePermission, status: string): object {
  if (subMchId === undefined) return { mchid: mchId, openid }
  const sub = { sub_appid: subAppId, sub_openid: subOpenid }
  if (status === 'USER_OPEN_SERVICE') return { mchid: mchId, sub_mchid: subMchId, openid, ...sub }
  return { mch_id: mchId, sub_mch_id: subMchId, ...(subOpenid === undefined ? { openid } : {}), ...sub }
}

export function notifyPermission(world: PayWorld, one: ServicePermission, status: string): void {
  const resource = {
    appid: one.appId,
    ...ownerOf(one, status),
    service_id: one.serviceId,
    user_service_status: status,
    openorclose_time: compactTime(one.endedAt ?? one.grantedAt ?? 0),
    authorization_code: one.code
  }
  notify(world, one, `PAYSCORE.${status}`, '支付分用户授权服务变更', resource)
}

function notify(
  world: PayWorld,
  { mchId, notifyUrl }: Pick<ServiceOrder, 'mchId'> & { readonly notifyUrl: string | undefined },
  eventType: string,
  summary: string,
  resource: object
): void {
  if (notifyUrl === undefined) return
  const event = { eventType, originalType: 'payscore', associatedData: 'transaction', summary, resource }
  sendEvent(world, { kind: 'payscore', mchId, url: notifyUrl }, event)
}
