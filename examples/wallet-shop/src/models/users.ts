import { eq, or, sql } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import { storableText } from '../../../shared/storable-text.ts'
import { users } from '../../migrations/schema.ts'

export type User = typeof users.$inferSelect

/** What WeChat says of a person. */
export interface Profile {
  openid: string
  unionid?: string | undefined
  nickname?: string | undefined
  sex?: number | undefined
  province?: string | undefined
  city?: string | undefined
  headimgurl?: string | undefined
}

export class Users {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async find(id: number): Promise<User | undefined> {
    return (await this.#db.select().from(users).where(eq(users.id, id)))[0]
  }

  async findByPhone(phone: number): Promise<User | undefined> {
    return (await this.#db.select().from(users).where(eq(users.phone, phone)))[0]
  }

  /** `undefined` when somebody has the number. Accounts of WeChat and of phones never become one: nobody proved the number. */
  async signUp(phone: number, password_hash: string): Promise<User | undefined> {
    const rows = await this.#db.insert(users).values({ phone, password_hash }).onConflictDoNothing().returning()
    return rows[0]
  }

  /**
   * The account of a person in WeChat, made at the first login. The app and the Official Account know a person by different
   * openids; a unionid makes them one. What WeChat does not tell overwrites nothing.
   */
  async ofWechat({ openid, unionid, nickname, sex, province, city, headimgurl }: Profile): Promise<User> {
    const isThis = unionid ? or(eq(users.openid, openid), eq(users.unionid, unionid)) : eq(users.openid, openid)
    const told = {
      ...(nickname ? { name: storableText(nickname) } : {}),
      ...(sex === 1 || sex === 2 ? { gender: sex } : {}),
      ...(province ? { province: storableText(province) } : {}),
      ...(city ? { city: storableText(city) } : {}),
      ...(headimgurl ? { avatar: headimgurl } : {})
    }
    await this.#db
      .insert(users)
      .values({ ...told, openid, unionid: unionid || null })
      .onConflictDoNothing()
    const isFirst = sql`${users.openid} = ${openid}`
    const [known] = await this.#db
      .select({ id: users.id })
      .from(users)
      .where(isThis)
      .orderBy(sql`${isFirst} desc`)
      .limit(1)
    const isKnown = eq(users.id, known?.id ?? 0)
    return only(
      await this.#db
        .update(users)
        .set({ ...told, updated_at: new Date() })
        .where(isKnown)
        .returning()
    )
  }
}
