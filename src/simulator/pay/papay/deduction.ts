import { V2Failure, V3Failure } from '../failures.ts'
import type { Contract } from '../ledger/contract.ts'
import type { DeductionPlan } from '../ledger/deduction-plan.ts'
import type { Order, OrderDraft } from '../ledger/order.ts'
import { notifyFailedDeduction } from '../notices.ts'
import { payOrder } from '../payments.ts'
import { beijingDate, beijingHour, DAY_MS, HOUR_MS } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { isDueDay } from './schedule.ts'

const DEFAULTS: Readonly<Record<DeductionPlan['mode'], DeductionPlan>> = {
  immediate: { mode: 'immediate', limit: 50_000, perDay: 5 },
  delayed: { mode: 'delayed', limit: 50_000, perDay: 1 },
  notice: { mode: 'notice', limit: 50_000, perDay: 1 }
}
/** After the signature nobody has to be told. */
const GRACE_MS = 12 * HOUR_MS

/** Why a deduction is not accepted, in the words of both versions. */
export class DeductionRefusal extends Error {
  readonly code: string

  constructor(code: string, text: string) {
    super(text)
    this.code = code
  }

  get v2(): V2Failure {
    return new V2Failure(this.code, this.message)
  }

  get v3(): V3Failure {
    return new V3Failure(this.code === 'RULELIMIT' ? 403 : 400, this.code, this.message)
  }
}

export function planOf(world: PayWorld, planId: string): DeductionPlan {
  const given = world.settings.deductionPlans[planId]
  return { ...DEFAULTS[given?.mode ?? 'immediate'], ...given }
}

/**
 * Accepts a deduction, to be made later. The same number again is the same deduction.
 *
 * @throws {DeductionRefusal} {PayFailure}
 */
export function acceptDeduction(world: PayWorld, contract: Contract | undefined, draft: OrderDraft): Order {
  const known = world.orders.find(draft.book, draft.outTradeNo)
  if (known?.state === 'ACCEPT' && known.fingerprint === draft.fingerprint) return known
  if (!contract || contract.ended) throw new DeductionRefusal('CONTRACT_NOT_EXIST', '签约协议不存在或已解约')
  const delay = delayOf(world, contract, draft.total)
  const order = world.orders.create(draft)
  order.state = 'ACCEPT'
  delete order.failure
  order.dueAt = world.context.clock.now() + delay
  scheduleDeduction(world, order)
  return order
}

function delayOf(world: PayWorld, contract: Contract, total: number): number {
  const { clock } = world.context
  const plan = planOf(world, contract.planId)
  const now = clock.now()
  if (total > plan.limit || doneToday(world, contract) >= plan.perDay) {
    throw new DeductionRefusal('RULELIMIT', '扣款金额或次数超过模板限制')
  }
  const soon = world.settings.payoutDelayMs
  if (contract.plannedDate !== undefined) {
    if (!isDueDay(contract, now) || total !== contract.scheduledAmount) {
      throw new DeductionRefusal('INVALID_REQUEST', '未预约扣费，或扣费日期、金额与预约不一致')
    }
    return soon
  }
  if (plan.mode === 'immediate') return soon
  const isFresh = now - contract.signedAt < GRACE_MS
  if (plan.mode === 'delayed') return isFresh ? soon : DAY_MS
  if (!contract.notice && isFresh) return soon
  const hour = beijingHour(now)
  if (hour < 7 || hour >= 22) throw new DeductionRefusal('INVALID_REQUEST', '请在7:00至22:00扣费')
  // Day 1 is that of the notice, day 2 waits.
  const days = contract.notice && daysBetween(contract.notice.at, now)
  if (days === undefined || !contract.notice || days < 2 || days > 1 + contract.notice.days) {
    throw new DeductionRefusal('INVALID_REQUEST', '未发送预扣费通知，或不在可扣费时间内')
  }
  if (total > contract.notice.amount) throw new DeductionRefusal('INVALID_REQUEST', '扣费金额大于预扣费通知的金额')
  return soon
}

const daysBetween = (from: number, to: number): number =>
  Math.round((Date.parse(beijingDate(to)) - Date.parse(beijingDate(from))) / DAY_MS)

function doneToday(world: PayWorld, contract: Contract): number {
  const today = beijingDate(world.context.clock.now())
  return world.orders.table.filter(
    (order) =>
      order.contractId === contract.contractId &&
      order.payment !== undefined &&
      beijingDate(order.payment.paidAt) === today
  ).length
}

/** Deducts when it is due, or goes on after a restart. */
export function scheduleDeduction(world: PayWorld, order: Order): void {
  const { clock } = world.context
  clock.schedule((order.dueAt ?? 0) - clock.now(), () => {
    if (order.state === 'ACCEPT') deduct(world, order)
  })
}

function deduct(world: PayWorld, order: Order): void {
  const contract = world.contracts.byId(order.mchId, order.contractId ?? '')
  const failure = !contract || contract.ended ? 'CONTRACTERROR' : world.settings.deductionFailures.shift()
  if (!contract || failure !== undefined) {
    order.state = 'PAY_FAIL'
    order.failure = failure ?? ''
    notifyFailedDeduction(world, order)
    return
  }
  // One success ends the cycle.
  delete contract.notice
  payOrder(world, order, {
    openid: contract.openid,
    bankType: 'OTHERS',
    ...(contract.subOpenid === undefined ? {} : { subOpenid: contract.subOpenid })
  })
  if (contract.plannedDate === undefined) return
  contract.paid = { at: world.context.clock.now(), amount: order.total }
  world.contracts.end(contract, 'expiry', '预约扣费已完成')
}
