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
  flag,
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

const SUB = { sub_mchid: MCHID, sub_appid: opt(APPID) }
const appsOf = (isPartner: boolean) => (isPartner ? { sp_appid: APPID, ...SUB } : { appid: APPID })

const preSignShape = (isPartner: boolean) =>
  object({
    ...appsOf(isPartner),
    ...(isPartner ? { sp_openid: opt(OPENID), sub_openid: opt(OPENID) } : { openid: opt(OPENID) }),
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

const SCENE_SIGN = object({
  appid: APPID,
  openid: opt(OPENID),
  plan_id: int(),
  out_contract_code: text(1, 128),
  out_user_code: text(1, 64),
  contract_display_account: text(1, 128),
  contract_notify_url: NOTIFY_URL,
  return_url: opt(text(1, 1024)),
  sign_scene: oneOf('SIGN_SCENE_APP', 'SIGN_SCENE_QRCODE'),
  device_info: object({
    device_type: text(1, 32),
    device_id: text(1, 128),
    device_ip: text(1, 45),
    device_os: text(1, 64),
    weixin_version: text(1, 32),
    weixin_installed: flag(),
    device_running_as_root: flag(),
    days_since_first_login: text(1, 64)
  })
})

function preSign(call: V3Call): string {
  const { world, merchant, body } = call
  const appId = str(body, 'appid') || str(body, 'sp_appid')
  checkApp(world, merchant, appId)
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
      appId,
      planId: String(num(body, 'plan_id')),
      code: str(body, 'out_contract_code'),
      displayAccount: str(body, 'contract_display_account'),
      notifyUrl: str(body, 'contract_notify_url'),
      signType: 'MD5',
      ...compact({
        openid: str(body, 'openid') || str(body, 'sp_openid'),
        subMchId: str(body, 'sub_mchid'),
        subAppId: str(body, 'sub_appid'),
        userCode: str(body, 'out_user_code'),
        plannedDate: date
      }),
      ...(date ? { plannedAmount: num(child(schedule, 'estimated_deduct_amount'), 'total') } : {})
    }
  })
  return token
}

const redirectUrl = (token: string) => `https://payapp.weixin.qq.com/papay/sign?pre_entrustweb_id=${token}`
const redirect = (call: V3Call): Json => ({ redirect_url: redirectUrl(preSign(call)) })

const subOf = ({ query, body }: V3Call) => str(body, 'sub_mchid') || str(query, 'sub_mchid') || undefined

function byCode(call: V3Call): Contract {
  const { world, merchant, params } = call
  const found = world.contracts.byCode(merchant.mchId, params.plan_id ?? '', params.out_contract_code ?? '')
  if (!found || found.subMchId !== subOf(call)) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '签约协议不存在')
  return found
}

function byId(call: V3Call): Contract {
  const { world, merchant, params, body } = call
  const found = world.contracts.byId(merchant.mchId, params.contract_id ?? str(body, 'contract_id'))
  const appId = str(body, 'appid') || str(body, 'sp_appid')
  if (!found || found.appId !== (appId || found.appId) || found.subMchId !== subOf(call)) {
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
  const found = world.contracts.byId(merchant.mchId, str(body, 'contract_id'))
  const contract = found?.subMchId === subOf(call) ? found : undefined
  try {
    const order = acceptDeduction(world, contract, {
      book: merchant.mchId,
      mchId: merchant.mchId,
      outTradeNo: str(body, 'out_trade_no'),
      api: 3,
      appId: str(body, 'appid') || str(body, 'sp_appid'),
      tradeType: 'PAP',
      description: str(body, 'description'),
      total,
      currency: 'CNY',
      expiresAt: world.context.clock.now() + 48 * HOUR_MS,
      profitSharing: false,
      contractId: str(body, 'contract_id'),
      notifyUrl: str(body, 'transaction_notify_url'),
      fingerprint: fingerprint(body),
      ...compact({
        attach: str(body, 'attach'),
        openid: contract?.openid,
        subMchId: str(body, 'sub_mchid'),
        subAppId: str(body, 'sub_appid')
      })
    })
    return { out_trade_no: order.outTradeNo, amount: { total, currency: 'CNY' } }
  } catch (error) {
    throw error instanceof DeductionRefusal ? error.v3 : error
  }
}

const REMARK = { contract_termination_remark: text(1, 256) }
const APPLY = {
  out_trade_no: OUT_TRADE_NO,
  description: text(1, 127),
  transaction_notify_url: NOTIFY_URL,
  contract_id: text(1, 32),
  amount: TOTAL,
  attach: opt(text(1, 128)),
  goods_tag: opt(text(1, 32))
}
const ADVANCE = {
  estimated_amount: object({ amount: int(), ...CURRENCY }),
  deduct_duration: opt(object({ count: int(1, 7), unit: opt(oneOf('DAY')) }))
}

function routesOf(isPartner: boolean): V3Route[] {
  const infix = isPartner ? '/partner' : ''
  const sign = `/v3/papay/scheduled-deduct-sign${infix}/contracts/pre-entrust-sign`
  const contract = `/v3/papay/sign${infix}/contracts/plan-id/:plan_id/out-contract-code/:out_contract_code`
  const schedules = `/v3/papay/pay${infix}/schedules/contract-id/:contract_id`
  const notice = `/v3/${isPartner ? 'partner-papay' : 'papay'}/contracts/:contract_id`
  const apps = appsOf(isPartner)
  const self = isPartner ? 'sp_mchid' : 'mchid'
  const own = { ...apps, [self]: MCHID }
  const sub = isPartner ? { sub_mchid: MCHID } : {}
  const preSigned = { body: preSignShape(isPartner) }
  return [
    post(`${sign}/app`, preSigned, (call) => ({ pre_entrustweb_id: preSign(call) })),
    post(`${sign}/h5`, preSigned, redirect),
    post(`${sign}/jsapi`, preSigned, redirect),
    post(`${sign}/mini-program`, preSigned, (call) => ({
      pre_entrustweb_id: preSign(call),
      redirect_appid: 'wxbd687630cd02ce1d',
      redirect_path: 'pages/index/index'
    })),
    get(contract, { query: object(sub) }, (call) => contractObject(byCode(call))),
    post(`${contract}/terminate`, { body: object({ ...REMARK, ...sub }) }, terminate),
    post(`${schedules}/schedule`, { body: object({ ...apps, schedule_amount: TOTAL }) }, schedule),
    get(schedules, { query: object(sub) }, (call) => scheduleObject(byId(call))),
    post(`${notice}/notify`, { body: object({ ...own, ...ADVANCE }), self }, notify),
    post(`${notice}/fail-notify`, { body: object(own), self }, notifyFailure),
    post(`/v3/papay/pay${infix}/transactions/apply`, { body: object({ ...apps, ...APPLY }) }, deduct)
  ]
}

/** HarmonyOS apps and QR codes, of merchants themselves. */
const SCENE_ROUTES: readonly V3Route[] = [
  post('/v3/papay/sign/contracts/pre-entrust-sign', { body: SCENE_SIGN }, (call) => {
    const token = preSign(call)
    return str(call.body, 'sign_scene') === 'SIGN_SCENE_QRCODE'
      ? { pre_entrustweb_id: token, redirect_url: redirectUrl(token) }
      : {
          pre_entrustweb_id: token,
          mini_program_username: 'gh_papay',
          mini_program_path: `pages/index/index?pre_entrustweb_id=${token}`
        }
  }),
  get('/v3/papay/sign/contracts/harmony-plan-id/:plan_id/out-contract-code/:out_contract_code', {}, (call) => ({
    ...contractObject(byCode(call)),
    mask_wxid: 'w***g'
  })),
  post(
    '/v3/papay/pay/harmony/transactions/apply',
    { body: object({ appid: APPID, ...APPLY, harmony_account_id: text(1, 128), mcc: opt(text(1, 8)) }) },
    deduct
  )
]

export const PAPAY_ROUTES: readonly V3Route[] = [...routesOf(false), ...routesOf(true), ...SCENE_ROUTES]
