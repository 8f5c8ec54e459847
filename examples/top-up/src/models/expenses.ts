import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import { devices, expenses, users } from '../../migrations/schema.ts'
import { AppError } from '../error-codes.ts'
import { move } from './ledger.ts'
import type { User } from './users.ts'

export type Expense = typeof expenses.$inferSelect

const isRunning = isNull(expenses.end_time)

/** Sessions at devices: the time from start to stop costs money for each started minute. */
export class Expenses {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Needs money for one minute. A user has one session at a time, a device as well: the unique indexes decide. */
  start(userId: number, deviceId: string): Promise<Expense> {
    return this.#db.transaction(async (tx) => {
      const user = await lock(tx, userId)
      const [device] = await tx.select().from(devices).where(eq(devices.id, deviceId))
      if (!device?.is_enabled) throw new AppError(10)
      if (user.balance_account < device.price_per_minute) throw new AppError(9)
      const { id: device_id, is_enabled: _, ...place } = device
      const rows = await tx
        .insert(expenses)
        .values({ user_id: userId, device_id, ...place })
        .onConflictDoNothing()
        .returning()
      if (!rows[0]) throw new AppError(11)
      return rows[0]
    })
  }

  /** Ends the running session and takes its price; without one, the last that ended: stopping twice charges once. */
  stop(userId: number, now = new Date()): Promise<Expense | undefined> {
    return this.#db.transaction(async (tx) => {
      const user = await lock(tx, userId)
      const isOfUser = eq(expenses.user_id, userId)
      const [running] = await tx.select().from(expenses).where(and(isOfUser, isRunning))
      if (running) return end(tx, user, running, now)
      const [last] = await tx.select().from(expenses).where(isOfUser).orderBy(sql`${expenses.id} desc`).limit(1)
      return last
    })
  }

  async running(userId: number): Promise<Expense | undefined> {
    return (
      await this.#db
        .select()
        .from(expenses)
        .where(and(eq(expenses.user_id, userId), isRunning))
    )[0]
  }

  /** Ends what nobody can pay for any longer: at the minute at which the balance was used up. */
  async endExhausted(now = new Date()): Promise<void> {
    const running = await this.#db.select().from(expenses).where(isRunning).orderBy(asc(expenses.id)).limit(1000)
    for (const { user_id } of running) {
      await this.#db.transaction(async (tx) => {
        const user = await lock(tx, user_id)
        const [expense] = await tx
          .select()
          .from(expenses)
          .where(and(eq(expenses.user_id, user_id), isRunning))
        if (expense && now >= lastMoment(user, expense)) await end(tx, user, expense, now)
      })
    }
  }
}

/** Minutes that were begun. */
export function startedMinutes(expense: Expense, end: Date): number {
  return Math.max(1, Math.ceil((end.getTime() - expense.ctime.getTime()) / 60_000))
}

function lastMoment(user: User, { ctime, price_per_minute }: Expense): Date {
  return new Date(ctime.getTime() + Math.floor(user.balance_account / price_per_minute) * 60_000)
}

async function lock(tx: Transaction, userId: number): Promise<User> {
  return only(await tx.select().from(users).where(eq(users.id, userId)).for('update'))
}

/** Under the lock of the user: no more than the balance is taken, and the session is no longer than it paid for. */
async function end(tx: Transaction, user: User, expense: Expense, now: Date): Promise<Expense> {
  const last = lastMoment(user, expense)
  const end_time = now < last ? now : last
  const cost_money = Math.min(startedMinutes(expense, end_time) * expense.price_per_minute, user.balance_account)
  const cost_time = Math.max(0, Math.floor((end_time.getTime() - expense.ctime.getTime()) / 1000))
  await move(tx, user.id, `expense:${expense.id}`, -cost_money)
  const ended = { end_time, cost_money, cost_time }
  return only(await tx.update(expenses).set(ended).where(eq(expenses.id, expense.id)).returning())
}
