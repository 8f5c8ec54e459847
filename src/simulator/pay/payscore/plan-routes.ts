import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { ServicePlan, SignedPlan } from '../ledger/service-plan.ts'
import { sendEvent } from '../notifier.ts'
import { checkApp } from '../payer.ts'
import { DAY_MS } from '../times.ts'
import { get, post, type V3Call, type V3Route } from '../v3/route.ts'
import {
  APPID,
  compact,
  int,
  type Json,
  list,
  MCHID,
  NOTIFY_URL,
  num,
  OPENID,
  object,
  opt,
  str,
  text
} from '../v3/shape.ts'
import type { PayWorld } from '../world.ts'
import { create } from './order-routes.ts'
import { SERVICE_ID } from './order-shapes.ts'
import { planObject, planOf, signedPlanObject } from './plan-object.ts'
import { serviceFailure } from './service-order.ts'

const NUMBER = text(1, 32, /^[0-9A-Za-z_\-|*]+$/)
const refuse = (words: string) => serviceFailure('INVALID_REQUEST', words, 271302262)
export const notFound = (words: string) => new V3Failure(404, 'RESOURCE_NOT_EXISTS', words)

/** Whose plan or application it is. */
export const parties = ({ merchant, body }: V3Call) => ({
  mchId: merchant.mchId,
  appId: str(body, 'appid'),
  serviceId: str(body, 'service_id'),
  ...compact({ subMchId: str(body, 'sub_mchid'), subAppId: str(body, 'sub_appid') })
})

/** What is there under the number, when it is the same; another content under it is refused. */
function repeated<T extends { readonly fingerprint: string }>(known: T | undefined, body: Json): T | undefined {
  if (known && known.fingerprint !== fingerprint(body)) {
    throw serviceFailure('INVALID_REQUEST', '商户单号已存在，但请求参数不一致', 271316598)
  }
  return known
}

function createPlan(call: V3Call): Json {
  const { world, merchant, body } = call
  checkApp(world, merchant, str(body, 'appid'))
  const number = str(body, 'merchant_plan_no')
  const known = repeated(world.servicePlans.get(`no ${merchant.mchId} ${number}`), body)
  const details = ((body.plan_detail_list ?? []) as Json[]).map((one, index) => ({ plan_detail_no: index + 1, ...one }))
  const sum = details.reduce((total, one) => total + num(one, 'actual_price'), 0)
  if (details.length > 0 && sum !== num(body, 'total_actual_price')) {
    throw serviceFailure('PARAM_ERROR', '计划总金额与明细不一致', 268435464)
  }
  const plan =
    known ??
    world.servicePlans.add({
      ...parties(call),
      number,
      planId: world.context.random.digits(20),
      body,
      details,
      fingerprint: fingerprint(body)
    })
  return planObject(plan)
}

function planNamed({ world, merchant, params, query, body }: V3Call): ServicePlan {
  const plan = world.servicePlans.get(`no ${merchant.mchId} ${params.merchant_plan_no}`)
  const sub = str(query, 'sub_mchid') || str(body, 'sub_mchid') || undefined
  if (!plan || plan.subMchId !== sub) throw notFound('计划不存在')
  return plan
}

function stopPlan(call: V3Call): Json {
  const plan = planNamed(call)
  plan.stoppedAt ??= call.world.context.clock.now()
  return planObject(plan)
}

function sign(call: V3Call): Json {
  const { world, merchant, body } = call
  const { clock, random } = world.context
  const number = str(body, 'merchant_sign_plan_no')
  const known = repeated(world.signedPlans.get(`no ${merchant.mchId} ${number}`), body)
  const plan = world.servicePlans.get(`id ${merchant.mchId} ${str(body, 'plan_id')}`)
  if (!plan) throw notFound('计划不存在')
  if (plan.stoppedAt !== undefined) throw refuse('计划已停用')
  const numbers = (body.sign_plan_detail as Json[]).map((one) => [
    String(num(one, 'plan_detail_no')),
    str(one, 'merchant_plan_detail_no')
  ])
  const one =
    known ??
    world.signedPlans.add({
      ...parties(call),
      number,
      signPlanId: random.digits(20),
      planId: plan.planId,
      package: `AAS${random.text(120)}`,
      notifyUrl: str(body, 'notify_url'),
      fingerprint: fingerprint(body),
      numbers: Object.fromEntries(numbers),
      overAt: clock.now() + num(plan.body, 'plan_duration') * DAY_MS,
      orders: {}
    })
  return { sign_plan: signedPlanObject(world, one), package: one.package }
}

function signedNamed({ world, merchant, params, query, body }: V3Call): SignedPlan {
  const one = world.signedPlans.get(`no ${merchant.mchId} ${params.merchant_sign_plan_no}`)
  const sub = str(query, 'sub_mchid') || str(body, 'sub_mchid') || undefined
  if (!one || one.subMchId !== sub) throw notFound('签约计划不存在')
  return one
}

function stopSigned(call: V3Call): Json {
  const one = signedNamed(call)
  if (!one.ended) endPlan(call.world, one, 'MERCHANT', str(call.body, 'stop_reason'))
  return signedPlanObject(call.world, one)
}

/** Ends a plan and says so. */
export function endPlan(world: PayWorld, one: SignedPlan, by: 'USER' | 'MERCHANT', reason: string): void {
  one.ended = { at: world.context.clock.now(), by, reason }
  notifyPlan(world, one, 'PAYSCORE.USER_CANCEL_SIGN_PLAN')
}

export function notifyPlan(world: PayWorld, one: SignedPlan, eventType: string): void {
  const resource = signedPlanObject(world, one)
  const event = { eventType, originalType: 'payscore', summary: '支付分用户签约计划变更', resource }
  sendEvent(world, { kind: 'payscore', mchId: one.mchId, url: one.notifyUrl }, event)
}

/** A service order of a plan: without confirmation, for the price of the plan. */
function createOrder(call: V3Call): Json {
  const { world, merchant, body } = call
  const one = world.signedPlans.get(`id ${merchant.mchId} ${str(body, 'sign_plan_id')}`)
  if (!one || one.subMchId !== (str(body, 'sub_mchid') || undefined)) throw notFound('签约计划不存在')
  if (one.signedAt === undefined || one.ended) throw refuse('签约计划未签约或已取消')
  const key = String(num(body, 'plan_detail_no'))
  const number = str(body, 'out_trade_no')
  const detail = planOf(world, one)?.details.find((each) => String(each.plan_detail_no) === key)
  if (!detail) throw serviceFailure('PARAM_ERROR', '计划明细不存在', 268435464)
  if (one.orders[key] !== undefined && one.orders[key] !== number) throw refuse('计划明细已使用')
  const { sign_plan_id: _, plan_detail_no: _no, out_trade_no: _number, ...rest } = body
  const price = num(detail, 'actual_price')
  const answer = create({
    ...call,
    body: {
      ...rest,
      out_order_no: number,
      need_user_confirm: false,
      risk_fund: { name: 'ESTIMATE_ORDER_COST', amount: price },
      post_payments: [{ name: str(detail, 'plan_detail_name').slice(0, 20), amount: price }]
    },
    isGranted: true
  })
  one.orders[key] = number
  return answer
}

const DETAIL = object({
  plan_detail_name: text(1, 64),
  original_price: int(0),
  actual_price: int(0),
  plan_discount_description: opt(text(1, 64))
})
const RANGE = object({
  start_time: text(8, 14),
  end_time: opt(text(8, 14)),
  start_time_remark: opt(text(1, 20)),
  end_time_remark: opt(text(1, 20))
})

function routesOf(isPartner: boolean): V3Route[] {
  const infix = isPartner ? '/partner' : ''
  const plans = `/v3/payscore/plan${infix}/payscore-plans`
  const signs = `/v3/payscore/sign-plan${infix}/user-sign-plans`
  const plan = `${plans}/merchant-plan-no/:merchant_plan_no`
  const signed = `${signs}/merchant-sign-plan-no/:merchant_sign_plan_no`
  const apps = {
    appid: APPID,
    service_id: SERVICE_ID,
    ...(isPartner ? { sub_mchid: MCHID, sub_appid: opt(APPID) } : {})
  }
  const sub = isPartner ? { sub_mchid: MCHID } : {}
  const user = isPartner ? { openid: opt(OPENID), sub_openid: opt(OPENID) } : { openid: OPENID }
  return [
    post(
      plans,
      {
        body: object({
          ...apps,
          merchant_plan_no: NUMBER,
          plan_name: text(1, 64),
          plan_duration: int(1),
          deduction_quantity: int(1),
          total_original_price: int(0),
          total_actual_price: int(0),
          plan_detail_list: opt(list(DETAIL, 100))
        })
      },
      createPlan
    ),
    get(plan, { query: object(sub) }, (call) => planObject(planNamed(call))),
    post(`${plan}/stop`, isPartner ? { body: object(sub) } : {}, stopPlan),
    post(
      signs,
      {
        body: object({
          ...apps,
          ...user,
          merchant_sign_plan_no: NUMBER,
          plan_id: text(1, 64),
          notify_url: NOTIFY_URL,
          sign_plan_detail: list(object({ plan_detail_no: int(0), merchant_plan_detail_no: NUMBER }), 100, 1)
        })
      },
      sign
    ),
    get(signed, { query: object(sub) }, (call) => signedPlanObject(call.world, signedNamed(call))),
    post(`${signed}/stop`, { body: object({ ...sub, stop_reason: text(1, 50) }) }, stopSigned),
    post(
      `/v3/payscore/sign-plan${infix}/serviceorder`,
      {
        body: object({
          ...apps,
          ...user,
          out_trade_no: NUMBER,
          sign_plan_id: text(1, 64),
          plan_detail_no: int(0),
          service_introduction: text(1, 20),
          notify_url: NOTIFY_URL,
          time_range: RANGE,
          location: opt(object({ start_location: opt(text(1, 50)), end_location: opt(text(1, 50)) })),
          attach: opt(text(1, 256))
        })
      },
      createOrder
    )
  ]
}

export const SERVICE_PLAN_ROUTES: readonly V3Route[] = [...routesOf(false), ...routesOf(true)]
