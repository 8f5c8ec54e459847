import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../../shared/database.ts'
import { gatewayEvents, wechatUsers } from './schema.ts'

export type WechatUser = typeof wechatUsers.$inferSelect

export interface Profile {
  openid: string
  unionid?: string | undefined
  nickname?: string | undefined
  avatar?: string | undefined
  gender?: number | undefined
}

export class Users {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Creates the user of one account or updates what is told; what is not told stays. */
  async save(appId: string, profile: Profile): Promise<WechatUser> {
    const told = Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined && value !== ''))
    const [user] = await this.#db
      .insert(wechatUsers)
      .values({ ...told, app_id: appId, openid: profile.openid })
      .onConflictDoUpdate({
        target: [wechatUsers.app_id, wechatUsers.openid],
        set: { ...told, updated_at: new Date() }
      })
      .returning()
    if (!user) throw new Error('The user was not stored')
    return user
  }

  async find(appId: string, openid: string): Promise<WechatUser | undefined> {
    const where = and(eq(wechatUsers.app_id, appId), eq(wechatUsers.openid, openid))
    return (await this.#db.select().from(wechatUsers).where(where))[0]
  }

  /** Stores an event, and the follow state it implies, in one transaction. */
  async recordEvent(event: {
    appId: string
    openid: string
    kind: string
    eventKey: string
    sentAt: Date
  }): Promise<void> {
    const { appId, openid, kind, eventKey, sentAt } = event
    await this.#db.transaction(async (tx) => {
      await tx.insert(gatewayEvents).values({ app_id: appId, openid, kind, event_key: eventKey, sent_at: sentAt })
      if (kind !== 'subscribe' && kind !== 'unsubscribe') return
      const isFollowing = kind === 'subscribe'
      await tx
        .insert(wechatUsers)
        .values({ app_id: appId, openid, is_following: isFollowing })
        .onConflictDoUpdate({
          target: [wechatUsers.app_id, wechatUsers.openid],
          set: { is_following: isFollowing, updated_at: sql`now()` }
        })
    })
  }
}
