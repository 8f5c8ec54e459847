import { eq, or } from 'drizzle-orm'
import type { Database, Transaction } from '../../../shared/database.ts'
import { users } from '../../migrations/schema.ts'
import { AppError } from '../error-codes.ts'

export type User = typeof users.$inferSelect

/** What WeChat says of the person who logs in. */
export interface Profile {
  nick_name: string
  head_img_url: string
}

export class Users {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async byOpenid(openid: string): Promise<User | undefined> {
    return (await this.#db.select().from(users).where(eq(users.openid, openid)))[0]
  }

  /**
   * Logs in, or registers, after both were proven: the openid by WeChat, the number by its code. A number that belongs to another
   * WeChat account is refused: whoever gets a recycled number must not inherit money.
   */
  async login(openid: string, mobile: string, profile: Profile): Promise<User> {
    const user = await this.#db.transaction(async (tx) => {
      const isEither = or(eq(users.openid, openid), eq(users.mobile, mobile))
      const rows = await tx.select().from(users).where(isEither).orderBy(users.id).for('update')
      const owner = rows.find((row) => row.mobile === mobile)
      const known = rows.find((row) => row.openid === openid)
      if (owner && owner.openid !== openid && (owner.openid !== null || known)) throw new AppError(7)
      const row = owner ?? known
      const values = { openid, mobile, ...profile }
      if (row) return change(tx, row.id, values)
      // Two at once: one inserts, the other finds its row.
      return (await tx.insert(users).values(values).onConflictDoNothing().returning())[0]
    })
    return user ?? this.login(openid, mobile, profile)
  }

  /** For the staff: the number stays, and the next WeChat account that proves it gets the account. */
  async unbind(mobile: string): Promise<boolean> {
    const rows = await this.#db.update(users).set({ openid: null }).where(eq(users.mobile, mobile)).returning()
    return rows.length > 0
  }
}

async function change(tx: Transaction, id: number, values: Partial<User>): Promise<User | undefined> {
  const rows = await tx.update(users).set(values).where(eq(users.id, id)).returning()
  return rows[0]
}
