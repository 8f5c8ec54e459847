import type { CouponSubsidy } from '../ledger/coupon-subsidy.ts'
import type { PayWorld } from '../world.ts'
import { COUPON_CODE } from './merchant-coupon-shapes.ts'
import { notFound, refuse } from './merchant-coupon-stocks.ts'
import { int, type Json, MCHID, num, text } from './shape.ts'

export const MOST_FEN = 500_000
export const changed = () => refuse('业务请求唯一单号已存在，但请求参数不一致')

/** Money of a merchant, or of a sub-merchant of the one that calls. */
export const bookOf = (world: PayWorld, mchId: string): string =>
  world.context.accounts.merchant(mchId) ? mchId : `sub:${mchId}`

export const sum = (list: readonly { readonly amount: number }[]) =>
  list.reduce((total, { amount }) => total + amount, 0)

interface Way {
  readonly from: string
  readonly to: string
  readonly businessNo: string
  readonly outNo: string
  readonly type: string
}

export function transfer({ funds }: PayWorld, { from, to, ...entry }: Way, body: Json): void {
  const amount = num(body, 'amount')
  funds.move({ ...entry, name: '商家券补差', book: from, amount: -amount })
  funds.move({ ...entry, name: '商家券补差', book: to, amount })
}

export const partsOf = (one: CouponSubsidy): Json => ({
  stock_id: one.stockId,
  coupon_code: one.couponCode,
  transaction_id: one.transactionId,
  payer_merchant: one.payer,
  payee_merchant: one.payee
})

export const isDue = ({ context }: PayWorld, { dueAt }: { readonly dueAt: number }) => context.clock.now() >= dueAt

export const returnsOf = (world: PayWorld, { mchId, receiptId }: CouponSubsidy) =>
  world.couponSubsidyReturns.filter((one) => one.mchId === mchId && one.receiptId === receiptId)

/** What was paid or given back under the number of the platform. */
export function find<T>(row: T | undefined): T {
  if (row === undefined) throw notFound()
  return row
}

export const PARTS = {
  stock_id: text(1, 20),
  coupon_code: COUPON_CODE,
  transaction_id: text(1, 32),
  payer_merchant: MCHID,
  payee_merchant: MCHID,
  amount: int(1, MOST_FEN),
  description: text(1, 1024)
}
