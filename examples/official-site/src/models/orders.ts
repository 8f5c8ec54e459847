import { and, desc, eq, inArray } from 'drizzle-orm'
import { Orders as SharedOrders } from '../../../shared/orders.ts'
import { ledgerEntries, wxPayOrders } from '../../migrations/schema.ts'
import type { AppParts } from '../app.ts'
import type { Page } from '../pagination.ts'

export type Order = typeof wxPayOrders.$inferSelect

/** Orders by JSAPI pay; their owner is an openid. */
export class Orders extends SharedOrders<Order> {
  readonly #db: AppParts['db']

  constructor({ pay, ...parts }: AppParts) {
    super({
      ...parts,
      table: wxPayOrders,
      name: 'orders',
      prefix: 'T',
      payOf: () => pay,
      book: (tx, { out_trade_no, total_fee }) =>
        tx.insert(ledgerEntries).values({ kind: 'payment', reference: out_trade_no, amount: total_fee })
    })
    this.#db = parts.db
  }

  async list(openid: string | undefined, { limit, offset }: Page): Promise<{ rows: Order[]; total: number }> {
    const where = openid === undefined ? undefined : eq(wxPayOrders.owner, openid)
    const rows = this.#db.select().from(wxPayOrders).where(where).orderBy(desc(wxPayOrders.id))
    return { rows: await rows.limit(limit).offset(offset), total: await this.#db.$count(wxPayOrders, where) }
  }

  /** Deletes an order that can no longer be paid, with its refunds. One that is just being placed may yet be paid: it stays. */
  async delete(uuid: string): Promise<boolean> {
    const isEnded = and(eq(wxPayOrders.uuid, uuid), inArray(wxPayOrders.status, ['failed', 'closed']))
    return (await this.#db.delete(wxPayOrders).where(isEnded).returning({ id: wxPayOrders.id })).length > 0
  }
}
