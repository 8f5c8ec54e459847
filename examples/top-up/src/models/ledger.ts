import { eq, sql } from 'drizzle-orm'
import type { Transaction } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import { ledgerEntries, users } from '../../migrations/schema.ts'

/** Moves money into an account (above 0) or out of it, with its row in the ledger. The only place that changes a balance. */
export async function move(tx: Transaction, user_id: number, reference: string, amount: number): Promise<void> {
  const moved = tx
    .update(users)
    .set({
      total_account: sql`${users.total_account} + ${Math.max(amount, 0)}`,
      used_account: sql`${users.used_account} + ${Math.max(-amount, 0)}`,
      balance_account: sql`${users.balance_account} + ${amount}`
    })
    .where(eq(users.id, user_id))
    .returning({ balance_after: users.balance_account })
  const kind = reference.startsWith('recharge:') ? 'recharge' : 'expense'
  await tx.insert(ledgerEntries).values({ user_id, kind, reference, amount, ...only(await moved) })
}
