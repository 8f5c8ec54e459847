import { fingerprint } from '../fingerprint.ts'
import type { CouponSubsidy } from '../ledger/coupon-subsidy.ts'
import type { Order } from '../ledger/order.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { bookOf, changed, find, isDue, MOST_FEN, PARTS, partsOf, returnsOf, sum, transfer } from './coupon-subsidy.ts'
import { COUPON_CODE, NO } from './merchant-coupon-shapes.ts'
import { BASE, notFound, refuse, stockOf } from './merchant-coupon-stocks.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { child, type Json, num, object, opt, str, text } from './shape.ts'

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
  const code = str(body, 'coupon_code')
  const coupon = world.merchantCoupons.get(`code ${merchant.mchId} ${stock.stockId} ${code}`)
  if (!coupon) throw notFound()
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

function statusOf(world: PayWorld, one: CouponSubsidy): string {
  if (!isDue(world, one)) return 'ACCEPTED'
  const returns = returnsOf(world, one)
  if (returns.length === 0) return 'SUCCESS'
  if (returns.some((each) => !isDue(world, each))) return 'RETURNING'
  return sum(returns) === one.amount ? 'FULL_RETURN' : 'PARTIAL_RETURN'
}

const LIST = object({ stock_id: text(1, 20), coupon_code: COUPON_CODE, out_subsidy_no: opt(NO) })
const PAID = `${BASE}/subsidy/pay-receipts`

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
  )
]
