import { readFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import type { Database } from '../../shared/database.ts'

const SEED = readFileSync(new URL('../seed.sql', import.meta.url), 'utf8')

export async function seed(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    // Two processes that start at once seed once.
    await tx.execute(sql`lock table products in exclusive mode`)
    await tx.execute(sql.raw(SEED))
  })
}
