import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Database } from '../../shared/database.ts'
import { storableText } from '../../shared/storable-text.ts'
import { gatewayEvents, wechatUsers } from '../migrations/schema.ts'

export type WechatUser = typeof wechatUsers.$inferSelect

export interface Profile {
  openid: string
  unionid?: string | undefined
  nickname?: string | undefined
  avatar?: string | undefined
  gender?: number | undefined
}

export interface GatewayEvent {
  appId: string
  openid: string
  /** `subscribe`, `unsubscribe`, …, in lower case. */
  kind: string
  eventKey: string
  sentAt: Date
}

const FOLLOW_EVENTS = ['subscribe', 'unsubscribe']

export class Users {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Creates the user of one account or updates what is told; what is not told stays. */
  async save(appId: string, profile: Profile): Promise<WechatUser> {
    const { nickname, ...rest } = profile
    const values = Object.entries({ ...rest, nickname: nickname && storableText(nickname) })
    const told = Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== ''))
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

  /**
   * Stores an event once, and the follow state that the newest event implies, in one transaction: events come twice, to
   * several processes, and not always in their order.
   */
  async recordEvent(event: GatewayEvent): Promise<void> {
    const { appId, openid, kind, eventKey, sentAt } = event
    await this.#db.transaction(async (tx) => {
      await tx
        .insert(gatewayEvents)
        .values({ app_id: appId, openid, kind, event_key: eventKey, sent_at: sentAt })
        .onConflictDoNothing()
      if (!FOLLOW_EVENTS.includes(kind)) return
      // The row of the person is locked first, so that two events at once are looked at one after the other.
      await tx.insert(wechatUsers).values({ app_id: appId, openid }).onConflictDoNothing()
      const isUser = and(eq(wechatUsers.app_id, appId), eq(wechatUsers.openid, openid))
      await tx.select({ id: wechatUsers.id }).from(wechatUsers).where(isUser).for('update')
      const isOfUser = and(eq(gatewayEvents.app_id, appId), eq(gatewayEvents.openid, openid))
      const [newest] = await tx
        .select({ kind: gatewayEvents.kind })
        .from(gatewayEvents)
        .where(and(isOfUser, inArray(gatewayEvents.kind, FOLLOW_EVENTS)))
        .orderBy(desc(gatewayEvents.sent_at), desc(gatewayEvents.id))
        .limit(1)
      const set = { is_following: newest?.kind === 'subscribe', updated_at: new Date() }
      await tx.update(wechatUsers).set(set).where(isUser)
    })
  }
}
