import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { Contract } from '../ledger/contract.ts'
import { checkApp } from '../payer.ts'
import { beijingHour, HOUR_MS, parseDate } from '../times.ts'
import { get, post, type V3Call, type V3Route } from '../v3/route.ts'
import {
  APPID,
  child,
  compact,
  int,
  type Json,
  MCHID,
  NOTIFY_URL,
  num,
  OPENID,
  OUT_TRADE_NO,
  object,
  oneOf,
  opt,
  str,
  text
} from '../v3/shape.ts'
import { contractObject } from './contract-object.ts'
import { acceptDeduction, DeductionRefusal, planOf } from './deduction.ts'
import { mayBeScheduled, scheduleObject } from './schedule.ts'

const CURRENCY = { currency: opt(oneOf('CNY')) }
const TOTAL = object({ total: int(), ...CURRENCY })

const PRE_SIGN = object({
  appid: APPID,
  openid: opt(OPENID),
  plan_id: int(),
  out_contract_code: text(1, 128),
  out_user_code: opt(text(1, 64)),
  contract_display_account: text(1, 128),
  contract_notify_url: NOTIFY_URL,
  deduct_schedule: opt(
    object({ estimated_deduct_date: text(10, 10), estimated_deduct_amount: TOTAL, description: text(1, 128) })
  ),
  jump_control: opt(object({ jump_appid: opt(APPID) }))
})

function preSign(call: V3Call): string {
  const { world, merchant, body } = call
  checkApp(world, merchant, str(body, 'appid'))
  const { clock, random } = world.context
  const schedule = child(body, 'deduct_schedule')
  const date = str(schedule, 'estimated_deduct_date')
  if (date && (parseDate(date) ?? 0) <= clock.now()) {
    throw new V3Failure(400, 'PARAM_ERROR', '预计扣费日期应晚于当前日期')
  }
  const token = random.text(64)
  world.contracts.offers.add({
    token,
    expiresAt: clock.now() + HOUR_MS,
    draft: {
      api: 3,
      mchId: merchant.mchId,
      appId: str(body, 'appid'),
      planId: String(num(body, 'plan_id')),
      code: str(body, 'out_contract_code'),
      displayAccount: str(body, 'contract_display_account'),
      notifyUrl: str(body, 'contract_notify_url'),
      signType: 'MD5',
      ...compact({ openid: str(body, 'openid'), userCode: str(body, 'out_user_code'), plannedDate: date }),
      ...(date ? { plannedAmount: num(child(schedule, 'estimated_deduct_amount'), 'total') } : {})
    }
  })
  return token
}

const redirect = (call: V3Call): Json => ({
  redirect_url: `https://payapp.weixin.qq.com/papay/sign?pre_entrustweb_id=${preSign(call)}`
})

function byCode({ world, merchant, params }: V3Call): Contract {
  const found = world.contracts.byCode(merchant.mchId, params.plan_id ?? '', params.out_contract_code ?? '')
  if (!found) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '签约协议不存在')
  return found
}

function byId({ world, merchant, params, body }: V3Call): Contract {
  const found = world.contracts.byId(merchant.mchId, params.contract_id ?? str(body, 'contract_id'))
  if (!found || found.appId !== (str(body, 'appid') || found.appId)) {
    throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '签约协议不存在')
  }
  return found
}

function terminate(call: V3Call): Json {
  const contract = byCode(call)
  if (contract.ended) throw new V3Failure(400, 'INVALID_REQUEST', '签约协议已解约')
  call.world.contracts.end(contract, 'api', str(call.body, 'contract_termination_remark'))
  return contractObject(contract)
}

function schedule(call: V3Call): Json {
  const contract = byId(call)
  const now = call.world.context.clock.now()
  const total = num(child(call.body, 'schedule_amount'), 'total')
  const refuse = (text: string) => new V3Failure(400, 'INVALID_REQUEST', text)
  if (contract.ended) throw refuse('签约协议已解约')
  if (contract.scheduledAmount === total) return scheduleObject(contract)
  if (contract.scheduledAmount !== undefined) throw refuse('已预约扣费')
  if (!mayBeScheduled(contract, now)) throw refuse('请在预计扣费日前一天8:00至19:30预约')
  if (total !== contract.plannedAmount) throw refuse('预约金额与签约时的金额不一致')
  contract.scheduledAmount = total
  return scheduleObject(contract)
}

/** 预扣费通知 */
function notify(call: V3Call): undefined {
  const contract = byId(call)
  const now = call.world.context.clock.now()
  const refuse = (text: string) => new V3Failure(400, 'INVALID_REQUEST', text)
  if (contract.ended) throw refuse('签约协议已解约')
  if (planOf(call.world, contract.planId).mode !== 'notice') throw refuse('该模板无需发送预扣费通知')
  if (beijingHour(now) < 7 || beijingHour(now) >= 22) throw refuse('请在7:00至22:00发送通知')
  if (contract.notice) throw refuse('本扣费周期已发送通知')
  const amount = child(call.body, 'estimated_amount')
  const { count } = child(call.body, 'deduct_duration')
  contract.notice = { at: now, days: Number(count ?? 7), amount: num(amount, 'amount'), currency: 'CNY' }
  return undefined
}

function notifyFailure(call: V3Call): undefined {
  if (byId(call).ended) throw new V3Failure(400, 'INVALID_REQUEST', '签约协议已解约')
  return undefined
}

function deduct(call: V3Call): Json {
  const { world, merchant, body } = call
  const total = num(child(body, 'amount'), 'total')
  const contract = world.contracts.byId(merchant.mchId, str(body, 'contract_id'))
  try {
    const order = acceptDeduction(world, contract, {
      book: merchant.mchId,
      mchId: merchant.mchId,
      outTradeNo: str(body, 'out_trade_no'),
      api: 3,
      appId: str(body, 'appid'),
      tradeType: 'PAP',
      description: str(body, 'description'),
      total,
      currency: 'CNY',
      expiresAt: world.context.clock.now() + 48 * HOUR_MS,
      profitSharing: false,
      contractId: str(body, 'contract_id'),
      notifyUrl: str(body, 'transaction_notify_url'),
      fingerprint: fingerprint(body),
      ...compact({ attach: str(body, 'attach'), openid: contract?.openid })
    })
    return { out_trade_no: order.outTradeNo, amount: { total, currency: 'CNY' } }
  } catch (error) {
    throw error instanceof DeductionRefusal ? error.v3 : error
  }
}

const SIGN = '/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign'
const CONTRACT = '/v3/papay/sign/contracts/plan-id/:plan_id/out-contract-code/:out_contract_code'
const SCHEDULE = '/v3/papay/pay/schedules/contract-id/:contract_id'
const NOTICE = '/v3/papay/contracts/:contract_id'
const OWN = { mchid: MCHID, appid: APPID }
const REMARK = object({ contract_termination_remark: text(1, 256) })
const APPLY = object({
  appid: APPID,
  out_trade_no: OUT_TRADE_NO,
  description: text(1, 127),
  transaction_notify_url: NOTIFY_URL,
  contract_id: text(1, 32),
  amount: TOTAL,
  attach: opt(text(1, 128))
})
const ADVANCE = object({
  ...OWN,
  estimated_amount: object({ amount: int(), ...CURRENCY }),
  deduct_duration: opt(object({ count: int(1, 7), unit: opt(oneOf('DAY')) }))
})

export const PAPAY_ROUTES: readonly V3Route[] = [
  post(`${SIGN}/app`, { body: PRE_SIGN }, (call) => ({ pre_entrustweb_id: preSign(call) })),
  post(`${SIGN}/h5`, { body: PRE_SIGN }, redirect),
  post(`${SIGN}/jsapi`, { body: PRE_SIGN }, redirect),
  post(`${SIGN}/mini-program`, { body: PRE_SIGN }, (call) => ({
    pre_entrustweb_id: preSign(call),
    redirect_appid: 'wxbd687630cd02ce1d',
    redirect_path: 'pages/index/index'
  })),
  get(CONTRACT, {}, (call) => contractObject(byCode(call))),
  post(`${CONTRACT}/terminate`, { body: REMARK }, terminate),
  post(`${SCHEDULE}/schedule`, { body: object({ appid: APPID, schedule_amount: TOTAL }) }, schedule),
  get(SCHEDULE, {}, (call) => scheduleObject(byId(call))),
  post(`${NOTICE}/notify`, { body: ADVANCE, self: 'mchid' }, notify),
  post(`${NOTICE}/fail-notify`, { body: object(OWN), self: 'mchid' }, notifyFailure),
  post('/v3/papay/pay/transactions/apply', { body: APPLY }, deduct)
]
