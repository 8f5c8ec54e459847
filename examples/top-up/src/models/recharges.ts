import { Orders } from '../../../shared/orders.ts'
import { recharges } from '../../migrations/schema.ts'
import type { AppParts } from '../app.ts'
import { move } from './ledger.ts'

export type Recharge = typeof recharges.$inferSelect

/** Recharges by JSAPI pay. */
export function createRecharges({ pay, ...parts }: AppParts): Orders<Recharge> {
  return new Orders({
    ...parts,
    table: recharges,
    name: 'recharges',
    prefix: 'C',
    payOf: () => pay,
    book: (tx, { owner, out_trade_no, total_fee }) => move(tx, owner, `recharge:${out_trade_no}`, total_fee)
  })
}
