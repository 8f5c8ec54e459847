import { and, desc, eq, gte, isNotNull, lte, type SQL } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import type { Slice } from '../../../shared/numbers.ts'
import { expenses, recharges } from '../../migrations/schema.ts'
import type { Expense } from './expenses.ts'
import type { Recharge } from './recharges.ts'

/** Which part of a list, and from when to when, both included. */
export interface StatementFilter extends Slice {
  from?: Date | undefined
  to?: Date | undefined
}

interface Statement<Row> {
  total: number
  rows: Row[]
}

/** What a user paid and spent, newest first. */
export class Statements {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Paid ones only: the document formats `pay_time` in every row. */
  async recharges(userId: number, { from, to, limit, offset }: StatementFilter): Promise<Statement<Recharge>> {
    const { paid_at, owner, id } = recharges
    const where = and(eq(owner, userId), isNotNull(paid_at), ...between(paid_at, from, to))
    const rows = this.#db.select().from(recharges).where(where).orderBy(desc(paid_at), desc(id))
    return { total: await this.#db.$count(recharges, where), rows: await rows.limit(limit).offset(offset) }
  }

  async expenses(userId: number, { from, to, limit, offset }: StatementFilter): Promise<Statement<Expense>> {
    const { ctime, user_id, id } = expenses
    const where = and(eq(user_id, userId), ...between(ctime, from, to))
    const rows = this.#db.select().from(expenses).where(where).orderBy(desc(ctime), desc(id))
    return { total: await this.#db.$count(expenses, where), rows: await rows.limit(limit).offset(offset) }
  }
}

/** The document knows whole seconds: the last one is included to its end. */
function between(column: Parameters<typeof gte>[0], from: Date | undefined, to: Date | undefined): SQL[] {
  return [...(from ? [gte(column, from)] : []), ...(to ? [lte(column, new Date(to.getTime() + 999))] : [])]
}
