import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { ledgerEntries, wxPayOrders, wxPayRefunds } from '../schema.ts'
import type { Order } from './orders.ts'

export type Refund = typeof wxPayRefunds.$inferSelect

export class Refunds {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /**
   * Reserves the amount on the order and writes the refund, in one transaction. The same number again answers the row that
   * exists; `undefined` when the order is not paid or has less left.
   */
  async reserve(order: Order, outRefundNo: string, refundFee: number): Promise<Refund | undefined> {
    return this.#db.transaction(async (tx) => {
      // The lock makes two requests with one number wait for each other.
      await tx.select({ id: wxPayOrders.id }).from(wxPayOrders).where(eq(wxPayOrders.id, order.id)).for('update')
      const [known] = await tx.select().from(wxPayRefunds).where(eq(wxPayRefunds.out_refund_no, outRefundNo))
      if (known) return known.order_id === order.id && known.refund_fee === refundFee ? known : undefined
      const reserved = await tx
        .update(wxPayOrders)
        .set({ refunded_fee: sql`${wxPayOrders.refunded_fee} + ${refundFee}`, updated_at: new Date() })
        .where(
          and(
            eq(wxPayOrders.id, order.id),
            eq(wxPayOrders.status, 'paid'),
            sql`${wxPayOrders.refunded_fee} + ${refundFee} <= ${wxPayOrders.total_fee}`
          )
        )
        .returning({ id: wxPayOrders.id })
      if (reserved.length === 0) return undefined
      const [refund] = await tx
        .insert(wxPayRefunds)
        .values({ order_id: order.id, out_refund_no: outRefundNo, refund_fee: refundFee })
        .returning()
      return refund
    })
  }

  async setProcessing(refund: Refund, refundId: string): Promise<void> {
    await this.#db
      .update(wxPayRefunds)
      .set({ status: 'processing', refund_id: refundId, updated_at: new Date() })
      .where(and(eq(wxPayRefunds.id, refund.id), inArray(wxPayRefunds.status, ['created', 'unknown'])))
  }

  async setUnknown(refund: Refund): Promise<void> {
    await this.#db
      .update(wxPayRefunds)
      .set({ status: 'unknown', updated_at: new Date() })
      .where(and(eq(wxPayRefunds.id, refund.id), eq(wxPayRefunds.status, 'created')))
  }

  /** The refund certainly did not happen: its amount goes back to the order. */
  async fail(outRefundNo: string): Promise<void> {
    await this.#db.transaction(async (tx) => {
      const [failed] = await tx
        .update(wxPayRefunds)
        .set({ status: 'failed', updated_at: new Date() })
        .where(
          and(
            eq(wxPayRefunds.out_refund_no, outRefundNo),
            inArray(wxPayRefunds.status, ['created', 'unknown', 'processing'])
          )
        )
        .returning()
      if (!failed) return
      await tx
        .update(wxPayOrders)
        .set({ refunded_fee: sql`${wxPayOrders.refunded_fee} - ${failed.refund_fee}` })
        .where(eq(wxPayOrders.id, failed.order_id))
    })
  }

  /** The money is back: once in the ledger, however often it is told. Throws for a number that is not ours. */
  async succeed(outRefundNo: string, refundId: string, refundFee: number): Promise<void> {
    await this.#db.transaction(async (tx) => {
      const [done] = await tx
        .update(wxPayRefunds)
        .set({ status: 'success', refund_id: refundId, updated_at: new Date() })
        .where(
          and(
            eq(wxPayRefunds.out_refund_no, outRefundNo),
            eq(wxPayRefunds.refund_fee, refundFee),
            inArray(wxPayRefunds.status, ['created', 'unknown', 'processing'])
          )
        )
        .returning()
      if (done) {
        await tx.insert(ledgerEntries).values({ kind: 'refund', reference: outRefundNo, amount: -refundFee })
        return
      }
      const [known] = await tx.select().from(wxPayRefunds).where(eq(wxPayRefunds.out_refund_no, outRefundNo))
      if (known?.status !== 'success') throw new Error(`The refund ${outRefundNo} fits no row`)
    })
  }

  async find(outRefundNo: string): Promise<Refund | undefined> {
    const [refund] = await this.#db.select().from(wxPayRefunds).where(eq(wxPayRefunds.out_refund_no, outRefundNo))
    return refund
  }

  list(order: Order): Promise<Refund[]> {
    return this.#db
      .select()
      .from(wxPayRefunds)
      .where(eq(wxPayRefunds.order_id, order.id))
      .orderBy(desc(wxPayRefunds.id))
  }
}
