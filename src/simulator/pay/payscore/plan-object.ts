import type { ServicePlan, SignedPlan } from '../ledger/service-plan.ts'
import { rfc3339 } from '../times.ts'
import { compact, type Json } from '../v3/shape.ts'
import type { PayWorld } from '../world.ts'

export const planOf = (world: PayWorld, signed: SignedPlan): ServicePlan | undefined =>
  world.servicePlans.get(`id ${signed.mchId} ${signed.planId}`)

export function planObject(one: ServicePlan): Json {
  const { plan_name, plan_duration, deduction_quantity, total_original_price, total_actual_price } = one.body
  return compact({
    service_id: one.serviceId,
    appid: one.appId,
    mchid: one.mchId,
    sub_mchid: one.subMchId,
    sub_appid: one.subAppId,
    merchant_plan_no: one.number,
    plan_id: one.planId,
    plan_state: one.stoppedAt === undefined ? 'NORMAL' : 'STOP',
    ...{ plan_name, plan_duration, deduction_quantity, total_original_price, total_actual_price },
    plan_detail_list: one.details,
    stop_mchid: one.stoppedAt === undefined ? undefined : one.mchId,
    stop_time: one.stoppedAt === undefined ? undefined : rfc3339(one.stoppedAt)
  })
}

export function signedPlanObject(world: PayWorld, one: SignedPlan): Json {
  const plan = planOf(world, one)
  const { plan_name, deduction_quantity, total_original_price, total_actual_price } = plan?.body ?? {}
  const used = Object.keys(one.orders).map(Number)
  return compact({
    service_id: one.serviceId,
    appid: one.appId,
    mchid: one.mchId,
    sub_mchid: one.subMchId,
    sub_appid: one.subAppId,
    openid: one.openid,
    sub_openid: one.subOpenid,
    sign_plan_id: one.signPlanId,
    merchant_sign_plan_no: one.number,
    merchant_callback_url: one.notifyUrl,
    plan_id: one.planId,
    ...{ plan_name, deduction_quantity, total_actual_price, total_origin_price: total_original_price },
    going_detail_no: Math.max(0, ...used),
    sign_state: one.ended ? 'CANCEL_SIGN' : one.signedAt === undefined ? 'UNSIGNED' : 'SIGNED',
    sign_time: one.signedAt === undefined ? undefined : rfc3339(one.signedAt),
    plan_over_time: rfc3339(one.overAt),
    cancel_sign_time: one.ended && rfc3339(one.ended.at),
    cancel_sign_type: one.ended?.by,
    cancel_reason: one.ended?.reason,
    signed_detail_list: (plan?.details ?? []).map((detail) => signedDetail(world, one, detail))
  })
}

function signedDetail(world: PayWorld, one: SignedPlan, detail: Json): Json {
  const key = String(detail.plan_detail_no)
  const number = one.orders[key]
  const order = number === undefined ? undefined : world.serviceOrders.get(`no ${one.mchId} ${number}`)
  const state =
    one.ended && !order ? 'SIGN_PLAN_DETAIL_CANCEL' : !order ? 'NOT_USED' : order.state === 'DONE' ? 'USED' : 'USING'
  return compact({
    ...detail,
    merchant_plan_detail_no: one.numbers[key] ?? '',
    plan_detail_state: state,
    order_id: order?.orderId
  })
}
