import { fingerprint } from '../fingerprint.ts'
import type { CouponSubsidy, CouponSubsidyReturn } from '../ledger/coupon-subsidy.ts'
import type { Order } from '../ledger/order.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { BASE, COUPON_CODE, NO, notFound, refuse, stockOf } from './merchant-coupon-stocks.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { child, int, type Json, MCHID, num, object, opt, str, text } from './shape.ts'

const MOST_FEN = 500_000
const changed = () => refuse('业务请求唯一单号已存在，但请求参数不一致')

/** Money of a merchant, or of a sub-merchant of the one that calls. */
const bookOf = (world: PayWorld, mchId: string): string =>
  world.context.accounts.merchant(mchId) ? mchId : `sub:${mchId}`

const sum = (list: readonly { readonly amount: number }[]) => list.reduce((total, { amount }) => total + amount, 0)

function pay(call: V3Call): Json {
  const { world, merchant, body } = call
  const print = fingerprint(body)
  const known = world.couponSubsidies.get(`no ${merchant.mchId} ${str(body, 'out_subsidy_no')}`)
  if (known && known.fingerprint !== print) throw changed()
  if (known) return subsidyObject(world, known)
  const order = checkSubsidy(call)
  const { clock, random } = world.context
  const [payer, payee, outNo] = [str(body, 'payer_merchant'), str(body, 'payee_merchant'), str(body, 'out_subsidy_no')]
  const receiptId = `11${random.digits(26)}`
  const payeeBook = world.fundsOf(order)
  transfer(world, { from: bookOf(world, payer), to: payeeBook, businessNo: receiptId, outNo, type: '营销补差' }, body)
  const subsidy = world.couponSubsidies.add({
    mchId: merchant.mchId,
    receiptId,
    outNo,
    fingerprint: print,
    stockId: str(body, 'stock_id'),
    couponCode: str(body, 'coupon_code'),
    transactionId: str(body, 'transaction_id'),
    payer,
    payee,
    payeeBook,
    amount: num(body, 'amount'),
    description: str(body, 'description'),
    createdAt: clock.now(),
    dueAt: clock.now() + world.settings.payoutDelayMs
  })
  return subsidyObject(world, subsidy)
}

/** The order of a coupon that may be subsidised with this amount. */
function checkSubsidy({ world, merchant, body }: V3Call): Order {
  const stock = stockOf(world, merchant.mchId, str(body, 'stock_id'))
  const coupon = world.merchantCoupons.get(`code ${merchant.mchId} ${str(body, 'coupon_code')}`)
  if (coupon?.stockId !== stock.stockId) throw notFound()
  if (stock.body.subsidy !== true) throw refuse('批次不支持营销补差')
  if (stock.body.stock_type === 'EXCHANGE') throw refuse('换购券不支持营销补差')
  if (coupon.state !== 'USED') throw refuse('券未核销')
  const [payer, payee] = [str(body, 'payer_merchant'), str(body, 'payee_merchant')]
  const belongs = str(stock.body, 'belong_merchant')
  if (payer !== stock.mchId && payer !== belongs) throw refuse('补差扣款商户号须为制券商户号或归属商户号')
  if (payee !== belongs) throw refuse('补差入账商户号须为券归属商户号')
  const number = str(body, 'transaction_id')
  const order = world.orders.findPaid(merchant.mchId, number) ?? world.orders.findPaid(payee, number)
  if (!order || (order.subMchId ?? order.mchId) !== payee) throw refuse('微信支付订单不存在或不属于入账商户')
  const paid = world.couponSubsidies.filter(
    (one) => one.stockId === stock.stockId && one.couponCode === coupon.code && one.mchId === merchant.mchId
  )
  const worth = num(child(child(stock.body, 'coupon_use_rule'), 'fixed_normal_coupon'), 'discount_amount')
  if (sum(paid) + num(body, 'amount') > (worth || MOST_FEN)) throw refuse('补差金额超过券的优惠金额')
  return order
}

interface Way {
  readonly from: string
  readonly to: string
  readonly businessNo: string
  readonly outNo: string
  readonly type: string
}

function transfer({ funds }: PayWorld, { from, to, ...entry }: Way, body: Json): void {
  const amount = num(body, 'amount')
  funds.move({ ...entry, name: '商家券补差', book: from, amount: -amount })
  funds.move({ ...entry, name: '商家券补差', book: to, amount })
}

function subsidyObject(world: PayWorld, one: CouponSubsidy): Json {
  return {
    subsidy_receipt_id: one.receiptId,
    ...partsOf(one),
    amount: one.amount,
    description: one.description,
    out_subsidy_no: one.outNo,
    status: statusOf(world, one),
    create_time: rfc3339(one.createdAt),
    ...(isDue(world, one) ? { success_time: rfc3339(one.dueAt) } : {})
  }
}

const partsOf = (one: CouponSubsidy): Json => ({
  stock_id: one.stockId,
  coupon_code: one.couponCode,
  transaction_id: one.transactionId,
  payer_merchant: one.payer,
  payee_merchant: one.payee
})

const isDue = ({ context }: PayWorld, { dueAt }: { readonly dueAt: number }) => context.clock.now() >= dueAt

const returnsOf = (world: PayWorld, { mchId, receiptId }: CouponSubsidy) =>
  world.couponSubsidyReturns.filter((one) => one.mchId === mchId && one.receiptId === receiptId)

function statusOf(world: PayWorld, one: CouponSubsidy): string {
  if (!isDue(world, one)) return 'ACCEPTED'
  const returns = returnsOf(world, one)
  if (returns.length === 0) return 'SUCCESS'
  if (returns.some((each) => !isDue(world, each))) return 'RETURNING'
  return sum(returns) === one.amount ? 'FULL_RETURN' : 'PARTIAL_RETURN'
}

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

/** What was paid or given back under the number of the platform. */
function find<T>(row: T | undefined): T {
  if (row === undefined) throw notFound()
  return row
}

const PARTS = {
  stock_id: text(1, 20),
  coupon_code: COUPON_CODE,
  transaction_id: text(1, 32),
  payer_merchant: MCHID,
  payee_merchant: MCHID,
  amount: int(1, MOST_FEN),
  description: text(1, 1024)
}
const LIST = object({ stock_id: text(1, 20), coupon_code: COUPON_CODE, out_subsidy_no: opt(NO) })
const PAID = `${BASE}/subsidy/pay-receipts`
const RETURNED = `${BASE}/subsidy/return-receipts`

/** Subsidies for used merchant coupons (商家券营销补差). */
export const COUPON_SUBSIDY_ROUTES: readonly V3Route[] = [
  post(PAID, { body: object({ ...PARTS, out_subsidy_no: NO }) }, pay),
  get(PAID, { query: LIST }, ({ world, merchant, query }) => ({
    pay_receipt_list: world.couponSubsidies
      .filter((one) => one.mchId === merchant.mchId && one.stockId === query.stock_id)
      .filter((one) => one.couponCode === query.coupon_code)
      .filter((one) => !query.out_subsidy_no || one.outNo === query.out_subsidy_no)
      .map((one) => subsidyObject(world, one))
  })),
  get(`${PAID}/:subsidy_receipt_id`, {}, ({ world, merchant, params }) =>
    subsidyObject(world, find(world.couponSubsidies.get(`id ${merchant.mchId} ${params.subsidy_receipt_id}`)))
  ),
  post(RETURNED, { body: object({ ...PARTS, refund_id: text(1, 32), out_subsidy_return_no: NO }) }, giveBack),
  get(`${RETURNED}/:subsidy_return_receipt_id`, {}, (call) => {
    const key = `id ${call.merchant.mchId} ${call.params.subsidy_return_receipt_id}`
    return returnObject(call, find(call.world.couponSubsidyReturns.get(key)))
  })
]
