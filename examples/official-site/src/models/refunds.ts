import { and, desc, eq, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../../shared/database.ts'
import { ledgerEntries, wxPayOrders, wxPayRefunds } from '../../migrations/schema.ts'
import type { Order } from './orders.ts'

export type Refund = typeof wxPayRefunds.$inferSelect

/** Refunds of orders. What WeChat Pay says last is the truth: an amount that was given up is taken again if it moved after all. */
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
      const isPaid = eq(wxPayOrders.status, 'paid')
      const hasLeft = sql`${wxPayOrders.refunded_fee} + ${refundFee} <= ${wxPayOrders.total_fee}`
      const reserved = await tx
        .update(wxPayOrders)
        .set({ refunded_fee: sql`${wxPayOrders.refunded_fee} + ${refundFee}` })
        .where(and(eq(wxPayOrders.id, order.id), isPaid, hasLeft))
        .returning({ id: wxPayOrders.id })
      if (reserved.length === 0) return undefined
      const [refund] = await tx
        .insert(wxPayRefunds)
        .values({ order_id: order.id, out_refund_no: outRefundNo, refund_fee: refundFee })
        .returning()
      return refund
    })
  }

  /** WeChat Pay took the application. */
  accept(outRefundNo: string, refundId: string): Promise<Refund> {
    return this.#change(outRefundNo, async (tx, refund) => {
      if (refund.status === 'processing' || refund.status === 'success') return refund
      if (refund.status === 'failed') await addToOrder(tx, refund, refund.refund_fee)
      return update(tx, refund, { status: 'processing', refund_id: refundId })
    })
  }

  /** The application was refused, or its outcome is not known; an acceptance elsewhere stays. */
  refuse(outRefundNo: string, status: 'failed' | 'unknown'): Promise<Refund> {
    return this.#change(outRefundNo, async (tx, refund) => {
      if (refund.status !== 'created' && refund.status !== 'unknown') return refund
      if (status === 'failed') await addToOrder(tx, refund, -refund.refund_fee)
      return update(tx, refund, { status })
    })
  }

  /** An accepted refund was closed: its amount goes back to the order. */
  close(outRefundNo: string): Promise<Refund> {
    return this.#change(outRefundNo, async (tx, refund) => {
      if (refund.status === 'failed' || refund.status === 'success') return refund
      await addToOrder(tx, refund, -refund.refund_fee)
      return update(tx, refund, { status: 'failed' })
    })
  }

  /** The money is back: once in the ledger, however often it is told. Throws for a refund that is not ours. */
  succeed(outRefundNo: string, refundId: string, refundFee: number): Promise<Refund> {
    return this.#change(outRefundNo, async (tx, refund) => {
      if (refund.refund_fee !== refundFee) throw new Error(`The refund ${outRefundNo} is of another amount`)
      if (refund.status === 'success') return refund
      if (refund.status === 'failed') await addToOrder(tx, refund, refundFee)
      await tx.insert(ledgerEntries).values({ kind: 'refund', reference: outRefundNo, amount: -refundFee })
      return update(tx, refund, { status: 'success', refund_id: refundId })
    })
  }

  list(order: Order): Promise<Refund[]> {
    const ofOrder = eq(wxPayRefunds.order_id, order.id)
    return this.#db.select().from(wxPayRefunds).where(ofOrder).orderBy(desc(wxPayRefunds.id))
  }

  /** Runs a change while nobody else changes the refund. */
  #change(outRefundNo: string, change: (tx: Transaction, refund: Refund) => Promise<Refund>): Promise<Refund> {
    return this.#db.transaction(async (tx) => {
      const ofNumber = eq(wxPayRefunds.out_refund_no, outRefundNo)
      const [refund] = await tx.select().from(wxPayRefunds).where(ofNumber).for('update')
      if (!refund) throw new Error(`The refund ${outRefundNo} is not ours`)
      return change(tx, refund)
    })
  }
}

async function update(
  tx: Transaction,
  refund: Refund,
  values: Pick<Refund, 'status'> & Partial<Refund>
): Promise<Refund> {
  const set = { ...values }
  const [changed] = await tx.update(wxPayRefunds).set(set).where(eq(wxPayRefunds.id, refund.id)).returning()
  return changed ?? refund
}

async function addToOrder(tx: Transaction, refund: Refund, fee: number): Promise<void> {
  const set = { refunded_fee: sql`${wxPayOrders.refunded_fee} + ${fee}` }
  await tx.update(wxPayOrders).set(set).where(eq(wxPayOrders.id, refund.order_id))
}
