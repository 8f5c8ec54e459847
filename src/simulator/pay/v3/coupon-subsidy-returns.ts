import { fingerprint } from '../fingerprint.ts'
import type { CouponSubsidy, CouponSubsidyReturn } from '../ledger/coupon-subsidy.ts'
import { rfc3339 } from '../times.ts'
import { bookOf, changed, find, isDue, PARTS, partsOf, returnsOf, sum, transfer } from './coupon-subsidy.ts'
import { NO } from './merchant-coupon-shapes.ts'
import { BASE, notFound, refuse } from './merchant-coupon-stocks.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { type Json, num, object, str, text } from './shape.ts'

function giveBack(call: V3Call): Json {
  const { world, merchant, body } = call
  const print = fingerprint(body)
  const known = world.couponSubsidyReturns.get(`no ${merchant.mchId} ${str(body, 'out_subsidy_return_no')}`)
  if (known && known.fingerprint !== print) throw changed()
  if (known) return returnObject(call, known)
  const isOf = (one: CouponSubsidy) =>
    one.mchId === merchant.mchId && Object.entries(partsOf(one)).every(([name, value]) => body[name] === value)
  const [subsidy] = world.couponSubsidies.filter(isOf)
  if (!subsidy) throw notFound()
  if (!isDue(world, subsidy)) throw refuse('补差付款未完成')
  const refundId = str(body, 'refund_id')
  const refund = world.refunds.findById(merchant.mchId, refundId) ?? world.refunds.findById(subsidy.payee, refundId)
  if (refund?.transactionId !== subsidy.transactionId) throw refuse('微信支付退款单不存在')
  if (sum(returnsOf(world, subsidy)) + num(body, 'amount') > subsidy.amount) throw refuse('回退金额超过补差金额')
  const { clock, random } = world.context
  const returnId = `21${random.digits(26)}`
  const outNo = str(body, 'out_subsidy_return_no')
  const to = bookOf(world, subsidy.payer)
  transfer(world, { from: subsidy.payeeBook, to, businessNo: returnId, outNo, type: '营销补差回退' }, body)
  const done = world.couponSubsidyReturns.add({
    mchId: merchant.mchId,
    returnId,
    receiptId: subsidy.receiptId,
    refundId,
    outNo,
    fingerprint: print,
    amount: num(body, 'amount'),
    description: str(body, 'description'),
    createdAt: clock.now(),
    dueAt: clock.now() + world.settings.payoutDelayMs
  })
  return returnObject(call, done)
}

function returnObject({ world }: V3Call, one: CouponSubsidyReturn): Json {
  const subsidy = world.couponSubsidies.get(`id ${one.mchId} ${one.receiptId}`)
  return {
    subsidy_return_receipt_id: one.returnId,
    subsidy_receipt_id: one.receiptId,
    ...(subsidy ? partsOf(subsidy) : {}),
    refund_id: one.refundId,
    amount: one.amount,
    description: one.description,
    out_subsidy_return_no: one.outNo,
    status: isDue(world, one) ? 'SUCCESS' : 'ACCEPTED',
    return_create_time: rfc3339(one.createdAt),
    ...(isDue(world, one) ? { return_done_time: rfc3339(one.dueAt) } : {})
  }
}

const RETURNED = `${BASE}/subsidy/return-receipts`
const RETURN = object({ ...PARTS, refund_id: text(1, 32), out_subsidy_return_no: NO })

/** Subsidies that go back (商家券营销补差回退). */
export const COUPON_SUBSIDY_RETURN_ROUTES: readonly V3Route[] = [
  post(RETURNED, { body: RETURN }, giveBack),
  get(`${RETURNED}/:subsidy_return_receipt_id`, {}, (call) => {
    const key = `id ${call.merchant.mchId} ${call.params.subsidy_return_receipt_id}`
    return returnObject(call, find(call.world.couponSubsidyReturns.get(key)))
  })
]
