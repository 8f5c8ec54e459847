import { randomBytes } from 'node:crypto'
import { and, asc, count, desc, eq, inArray, lt, ne } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import type { Payment } from '../../../shared/sync-payment.ts'
import type { Page } from '../pagination.ts'
import { ledgerEntries, wxPayOrders } from '../schema.ts'

export type Order = typeof wxPayOrders.$inferSelect

export class Orders {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async create(openid: string, body: string, totalFee: number): Promise<Order> {
    const outTradeNo = `T${Date.now()}${randomBytes(6).toString('hex')}`
    const rows = await this.#db
      .insert(wxPayOrders)
      .values({ openid, body, total_fee: totalFee, out_trade_no: outTradeNo })
      .returning()
    return only(rows)
  }

  /** Never takes a paid order back: only an order that is not paid changes. */
  async setPlaced(order: Order, prepayId: string): Promise<Order> {
    const rows = await this.#db
      .update(wxPayOrders)
      .set({ prepay_id: prepayId, status: 'placed', updated_at: new Date() })
      .where(and(eq(wxPayOrders.id, order.id), eq(wxPayOrders.status, 'created')))
      .returning()
    return rows[0] ?? (await this.find(order.uuid)) ?? order
  }

  /** Not placed, or not known to be: its `prepay_id` never left this server, so nobody can pay it. */
  async setFailed(order: Order): Promise<void> {
    await this.#db
      .update(wxPayOrders)
      .set({ status: 'failed', updated_at: new Date() })
      .where(and(eq(wxPayOrders.id, order.id), eq(wxPayOrders.status, 'created')))
  }

  /** WeChat Pay closed it: nobody can pay it any more. */
  async close(order: Order): Promise<void> {
    await this.#db
      .update(wxPayOrders)
      .set({ status: 'closed', updated_at: new Date() })
      .where(and(eq(wxPayOrders.id, order.id), ne(wxPayOrders.status, 'paid')))
  }

  /**
   * Marks an order as paid and writes the ledger, in one transaction. The same payment a second time changes nothing; a
   * payment that fits no order, or another amount, throws, so that WeChat delivers it again and somebody looks.
   */
  async settle(payment: Payment): Promise<'settled' | 'repeated'> {
    return this.#db.transaction(async (tx) => {
      const [paid] = await tx
        .update(wxPayOrders)
        .set({ status: 'paid', transaction_id: payment.transaction_id, paid_at: new Date(), updated_at: new Date() })
        .where(
          and(
            eq(wxPayOrders.out_trade_no, payment.out_trade_no),
            eq(wxPayOrders.total_fee, payment.total_fee),
            ne(wxPayOrders.status, 'paid')
          )
        )
        .returning()
      if (paid) {
        await tx.insert(ledgerEntries).values({ kind: 'payment', reference: paid.out_trade_no, amount: paid.total_fee })
        return 'settled'
      }
      const [known] = await tx.select().from(wxPayOrders).where(eq(wxPayOrders.out_trade_no, payment.out_trade_no))
      if (known?.transaction_id === payment.transaction_id && known.total_fee === payment.total_fee) return 'repeated'
      throw new Error(`The payment ${payment.transaction_id} fits no order`)
    })
  }

  /** Those whose end is not known and that are older than `before`, the oldest first. */
  listOpen(before: Date): Promise<Order[]> {
    const isOpen = and(inArray(wxPayOrders.status, ['created', 'placed']), lt(wxPayOrders.created_at, before))
    return this.#db.select().from(wxPayOrders).where(isOpen).orderBy(asc(wxPayOrders.id)).limit(200)
  }

  async find(uuid: string): Promise<Order | undefined> {
    const [order] = await this.#db.select().from(wxPayOrders).where(eq(wxPayOrders.uuid, uuid))
    return order
  }

  async list(openid: string | undefined, page: Page): Promise<{ rows: Order[]; total: number }> {
    const where = openid === undefined ? undefined : eq(wxPayOrders.openid, openid)
    const rows = await this.#db
      .select()
      .from(wxPayOrders)
      .where(where)
      .orderBy(desc(wxPayOrders.id))
      .limit(page.limit)
      .offset(page.offset)
    const [totals] = await this.#db.select({ total: count() }).from(wxPayOrders).where(where)
    return { rows, total: totals?.total ?? 0 }
  }

  /** Deletes an order that can no longer be paid, with its refunds. One that is just being placed may yet be paid: it stays. */
  async delete(uuid: string): Promise<boolean> {
    const rows = await this.#db
      .delete(wxPayOrders)
      .where(and(eq(wxPayOrders.uuid, uuid), inArray(wxPayOrders.status, ['failed', 'closed'])))
      .returning({ id: wxPayOrders.id })
    return rows.length > 0
  }
}
