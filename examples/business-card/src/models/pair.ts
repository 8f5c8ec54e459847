import { and, eq, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Database } from '../../../shared/database.ts'
import { bindings } from '../../migrations/schema.ts'

/** A customer and a member of the staff who are bound to each other. */
export interface Pair {
  customer_id: number
  staff_id: number
}

/** Of the chat of a pair, to wake those who wait for it. */
export const nameOf = (pair: Pair) => `${pair.customer_id} ${pair.staff_id}`

/** The rows of a pair in a table that has them. */
export const ofPair = (table: { customer_id: PgColumn; staff_id: PgColumn }, pair: Pair): SQL | undefined =>
  and(eq(table.customer_id, pair.customer_id), eq(table.staff_id, pair.staff_id))

/** One writer of a pair at a time, so that the numbers of its rows become visible in their order. */
export async function lockPair(tx: Database, pair: Pair): Promise<void> {
  await tx.select({ pid: bindings.pid }).from(bindings).where(ofPair(bindings, pair)).for('update')
}
