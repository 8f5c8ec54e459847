import { Orders } from '../../../shared/orders.ts'
import { paymentOrders } from '../../migrations/schema.ts'
import type { AppParts } from '../app.ts'
import { move } from './purses.ts'

export type TopUps = Orders<typeof paymentOrders.$inferSelect>

/** Top-ups by APP pay (APP 支付): what is paid goes into the balance, what is given on top into the coupons. */
export function createTopUps({ pay, ...parts }: AppParts): TopUps {
  return new Orders({
    ...parts,
    table: paymentOrders,
    name: 'top-ups',
    prefix: 'W',
    payOf: () => pay,
    book: async (tx, { owner, out_trade_no, item_id, name, total_fee: money, charge }) => {
      const reference = `pay:${out_trade_no}`
      await move(tx, owner, 'balance', { kind: 'recharge', name, money, item_id, reference: `${reference}:0` })
      if (charge === 0) return
      await move(tx, owner, 'coupon', { kind: 'bonus', name, money: charge, item_id, reference: `${reference}:1` })
    }
  })
}
