import { V3Failure } from '../failures.ts'
import type { ServiceCollection, ServiceOrder, ServicePermission } from '../ledger/service-order.ts'
import { DAY_MS, rfc3339 } from '../times.ts'
import { compact, type Json } from '../v3/shape.ts'
import type { PayWorld } from '../world.ts'

/** Unconfirmed for so long, an order expires. */
const CONFIRM_PERIOD_MS = 30 * DAY_MS

/** An order as it is now: what nobody confirmed is looked at when somebody asks. */
export function findServiceOrder(world: PayWorld, key: string): ServiceOrder | undefined {
  const one = world.serviceOrders.get(key)
  if (one?.state === 'CREATED' && world.context.clock.now() > one.createdAt + CONFIRM_PERIOD_MS) one.state = 'EXPIRED'
  return one
}

/** The permission of a user, while it is granted. */
export function grantOf(world: PayWorld, mchId: string, serviceId: string, openid: string) {
  return world.servicePermissions
    .filter((one) => one.mchId === mchId && one.serviceId === serviceId)
    .filter((one) => one.openid === openid || one.subOpenid === openid)
    .find((one) => one.grantedAt !== undefined && one.endedAt === undefined)
}

export const serviceFailure = (code: string, text: string, reason: number, status = 400): V3Failure =>
  new V3Failure(status, code, text, undefined, reason)

const money = (list: readonly Json[]): number => list.reduce((sum, one) => sum + Number(one.amount ?? 0), 0)

export const totalOf = ({ payments, discounts }: Pick<ServiceOrder, 'payments' | 'discounts'>): number =>
  money(payments) - money(discounts)

export function serviceOrderObject(one: ServiceOrder): Json {
  const isCompleted = one.completedAt !== undefined
  return compact({
    out_order_no: one.outOrderNo,
    service_id: one.serviceId,
    appid: one.appId,
    mchid: one.mchId,
    sub_mchid: one.subMchId,
    sub_appid: one.subAppId,
    service_introduction: one.introduction,
    state: one.state,
    state_description: one.description,
    post_payments: one.payments,
    post_discounts: one.discounts,
    risk_fund: one.riskFund,
    total_amount: isCompleted ? totalOf(one) : undefined,
    need_collection: isCompleted ? totalOf(one) > 0 : undefined,
    collection: one.collection && collectionObject(one.collection),
    time_range: one.timeRange,
    location: one.location,
    attach: one.attach,
    notify_url: one.notifyUrl,
    openid: one.openid,
    sub_openid: one.subOpenid,
    order_id: one.orderId
  })
}

function collectionObject({ state, total, details }: ServiceCollection): Json {
  const paid = details.reduce((sum, { amount }) => sum + amount, 0)
  return {
    state,
    total_amount: total,
    paying_amount: total - paid,
    paid_amount: paid,
    details: details.map(({ amount, paidType, paidTime, transactionId }, index) =>
      compact({ seq: index + 1, amount, paid_type: paidType, paid_time: paidTime, transaction_id: transactionId })
    )
  }
}

export function permissionObject(one: ServicePermission): Json {
  const state = one.openid === undefined ? 'UNBINDUSER' : one.endedAt === undefined ? 'AVAILABLE' : 'UNAVAILABLE'
  return compact({
    service_id: one.serviceId,
    appid: one.appId,
    mchid: one.mchId,
    sub_mchid: one.subMchId,
    sub_appid: one.subAppId,
    openid: one.openid,
    sub_openid: one.subOpenid,
    authorization_code: one.code,
    authorization_state: state,
    notify_url: one.notifyUrl,
    authorization_success_time: one.grantedAt === undefined ? undefined : rfc3339(one.grantedAt),
    cancel_authorization_time: one.endedAt === undefined ? undefined : rfc3339(one.endedAt)
  })
}
