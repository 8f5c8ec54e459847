import { V3Failure } from '../failures.ts'
import type { SettlementApplication } from '../ledger/settlement-application.ts'
import { beijingDate, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { BANKS } from './applyments.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { compact, type Json, object, oneOf, opt, secret, str, text } from './shape.ts'

const A_DAY = 5
const A_MINUTE = 20
const MINUTE_MS = 60_000

const wrong = (words: string) => new V3Failure(400, 'PARAM_ERROR', words)
const masked = (number: string) =>
  `${number.slice(0, 6)}${'*'.repeat(Math.max(0, number.length - 10))}${number.slice(-4)}`

/** Changes for a sub-merchant of this provider, the newest last. */
function changesOf({ world, merchant, params }: V3Call): SettlementApplication[] {
  if (!world.settings.specialServices) throw new V3Failure(403, 'NO_AUTH', '商户权限异常')
  const subMchId = params.sub_mchid ?? ''
  // A merchant that has its own keys is nobody's sub-merchant.
  if (world.context.accounts.merchant(subMchId)) throw new V3Failure(403, 'NO_AUTH', '无权限操作该商户号')
  return world.settlementApplications.filter((one) => one.mchId === merchant.mchId && one.subMchId === subMchId)
}

function modify(call: V3Call): Json {
  const { world, merchant, params, body } = call
  const { clock, random } = world.context
  const now = clock.now()
  const changes = changesOf(call)
  checkRate(world, changes, merchant.mchId)
  const bank = str(body, 'account_bank')
  if (!BANKS.includes(bank)) throw wrong('开户银行取值有误')
  if (bank === '其他银行' && !body.bank_name && !body.bank_branch_id) {
    throw wrong('开户银行全称（含支行）与开户银行联行号二选一')
  }
  const number = str(body, 'account_number')
  if (!/^\d{8,30}$/.test(number)) throw wrong('银行账号格式有误')
  const failure = world.settings.settlementFailures.shift()
  const change = world.settlementApplications.add(
    compact({
      mchId: merchant.mchId,
      subMchId: params.sub_mchid ?? '',
      applicationNo: random.digits(24),
      accountType: str(body, 'account_type'),
      bank,
      bankName: str(body, 'bank_name'),
      bankBranchId: str(body, 'bank_branch_id'),
      number: masked(number),
      name: `*${str(body, 'account_name').slice(-1) || '司'}`,
      at: now,
      dueAt: now + world.settings.payoutDelayMs,
      failure
    })
  )
  return { application_no: change.applicationNo }
}

function checkRate(world: PayWorld, changes: readonly SettlementApplication[], mchId: string): void {
  const now = world.context.clock.now()
  const today = changes.filter(({ at }) => beijingDate(at) === beijingDate(now))
  const ofProvider = world.settlementApplications.filter((one) => one.mchId === mchId && now - one.at < MINUTE_MS)
  if (today.length >= A_DAY) throw new V3Failure(429, 'FREQUENCY_LIMITED', '单个特约商户每天最多修改5次结算账户')
  if (ofProvider.length >= A_MINUTE) throw new V3Failure(429, 'FREQUENCY_LIMITED', '频率超限')
}

const accountObject = ({ accountType, bank, bankName, bankBranchId, number }: SettlementApplication): Json =>
  compact({
    account_type: accountType,
    account_bank: bank,
    bank_name: bankName,
    bank_branch_id: bankBranchId,
    account_number: number
  })

function query(call: V3Call): Json {
  const change = changesOf(call).find((one) => one.applicationNo === call.params.application_no)
  if (!change) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '申请单不存在')
  const isDone = call.world.context.clock.now() >= change.dueAt
  return compact({
    account_name: change.name,
    ...accountObject(change),
    verify_result: isDone ? (change.failure ? 'AUDIT_FAIL' : 'AUDIT_SUCCESS') : 'AUDITING',
    verify_fail_reason: isDone ? change.failure : undefined,
    verify_finish_time: isDone ? rfc3339(change.dueAt) : undefined
  })
}

/** The account of the last change that passed; without one that of the application, never verified. */
function settlement(call: V3Call): Json {
  const now = call.world.context.clock.now()
  const change = changesOf(call).findLast((one) => one.failure === undefined && now >= one.dueAt)
  if (change) return { ...accountObject(change), verify_result: 'VERIFY_SUCCESS' }
  return { account_type: 'ACCOUNT_TYPE_BUSINESS', account_bank: '工商银行', account_number: '622202*********0000' }
}

const BASE = '/v3/apply4sub/sub_merchants/:sub_mchid'
const CHANGE = object({
  modify_mode: opt(oneOf('MODIFY_MODE_ASYNC')),
  account_type: oneOf('ACCOUNT_TYPE_BUSINESS', 'ACCOUNT_TYPE_PRIVATE'),
  account_bank: text(1, 128),
  bank_address_code: text(1, 20),
  bank_name: opt(text(1, 128)),
  bank_branch_id: opt(text(1, 128)),
  account_number: secret(),
  account_name: opt(secret())
})
const RULE = object({
  account_number_rule: opt(oneOf('ACCOUNT_NUMBER_RULE_MASK_V1', 'ACCOUNT_NUMBER_RULE_MASK_V2'))
})

/** Settlement accounts of sub-merchants (修改结算账户). */
export const SETTLEMENT_ACCOUNT_ROUTES: readonly V3Route[] = [
  post(`${BASE}/modify-settlement`, { body: CHANGE }, modify),
  get(`${BASE}/application/:application_no`, { query: RULE }, query),
  get(`${BASE}/settlement`, {}, settlement)
]
