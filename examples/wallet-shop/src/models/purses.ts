import { and, desc, eq, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../../shared/database.ts'
import type { Slice } from '../../../shared/numbers.ts'
import { ledgers, users } from '../../migrations/schema.ts'

export const PURSES = { balance: 0, coupon: 1 } as const
export type Purse = keyof typeof PURSES
export type Ledger = typeof ledgers.$inferSelect

type Movement = Pick<Ledger, 'kind' | 'name' | 'money' | 'item_id' | 'reference'>

/** Nobody else moves money of this person until the transaction ends. */
export async function lockUser(tx: Transaction, userId: number): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')
}

/**
 * Moves money into a purse or out of it, with its row in the ledger; `undefined` when the purse has too little. The only place
 * that changes a purse.
 */
export async function move(
  tx: Transaction,
  userId: number,
  purse: Purse,
  movement: Movement
): Promise<Ledger | undefined> {
  const column = users[purse]
  const after = sql`${column} + ${movement.money}`
  const [moved] = await tx
    .update(users)
    .set({ [purse]: after })
    .where(and(eq(users.id, userId), sql`${after} >= 0`))
    .returning({ balance_after: column })
  if (!moved) return undefined
  const values = { ...movement, user_id: userId, purse: PURSES[purse], balance_after: moved.balance_after }
  return (await tx.insert(ledgers).values(values).returning())[0]
}

/** The newest movements first. */
export function listLedger(db: Database, userId: number, purse: Purse, { limit, offset }: Slice): Promise<Ledger[]> {
  return db
    .select()
    .from(ledgers)
    .where(and(eq(ledgers.user_id, userId), eq(ledgers.purse, PURSES[purse])))
    .orderBy(desc(ledgers.id))
    .limit(limit)
    .offset(offset)
}
