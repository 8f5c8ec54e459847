import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import { admins, wxUsers } from '../../migrations/schema.ts'

export type Admin = typeof admins.$inferSelect
export type WxUser = typeof wxUsers.$inferSelect

export class Admins {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async findByName(name: string): Promise<Admin | undefined> {
    return (await this.#db.select().from(admins).where(eq(admins.name, name)))[0]
  }

  async findByUuid(uuid: string): Promise<Admin | undefined> {
    return (await this.#db.select().from(admins).where(eq(admins.uuid, uuid)))[0]
  }

  /** Whether there is none, so that nobody can log in. */
  async isEmpty(): Promise<boolean> {
    return (await this.#db.select({ id: admins.id }).from(admins).limit(1)).length === 0
  }

  async createIfAbsent(name: string, passwordHash: string): Promise<void> {
    await this.#db.insert(admins).values({ name, password_hash: passwordHash }).onConflictDoNothing()
  }

  /** `undefined` when the password was changed meanwhile. */
  async setPassword(admin: Admin, passwordHash: string): Promise<Admin | undefined> {
    const [changed] = await this.#db
      .update(admins)
      .set({ password_hash: passwordHash })
      .where(and(eq(admins.id, admin.id), eq(admins.password_hash, admin.password_hash)))
      .returning()
    return changed
  }
}

export class WxUsers {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async findByUuid(uuid: string): Promise<WxUser | undefined> {
    return (await this.#db.select().from(wxUsers).where(eq(wxUsers.uuid, uuid)))[0]
  }

  /** Creates the user or brings the profile up to date; empty values never overwrite known ones. */
  async upsert(profile: { openid: string; unionid?: string; nickname?: string; headimgurl?: string }): Promise<WxUser> {
    const keep = (name: 'unionid' | 'nickname' | 'headimgurl') =>
      sql.raw(`coalesce(nullif(excluded.${name}, ''), wx_users.${name})`)
    const rows = await this.#db
      .insert(wxUsers)
      .values(profile)
      .onConflictDoUpdate({
        target: wxUsers.openid,
        set: {
          unionid: keep('unionid'),
          nickname: keep('nickname'),
          headimgurl: keep('headimgurl')
        }
      })
      .returning()
    return only(rows)
  }

  /** Follows and unfollows come twice and not always in their order: an older one changes nothing. */
  async setSubscribed(openid: string, isSubscribed: boolean, changedAt: Date): Promise<void> {
    const change = { is_subscribed: isSubscribed, follow_changed_at: changedAt }
    const isNewer = sql`coalesce(${wxUsers.follow_changed_at}, '-infinity') <= excluded.follow_changed_at`
    await this.#db
      .insert(wxUsers)
      .values({ openid, ...change })
      .onConflictDoUpdate({ target: wxUsers.openid, set: { ...change }, setWhere: isNewer })
  }
}
