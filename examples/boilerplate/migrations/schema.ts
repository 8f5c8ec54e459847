import { boolean, integer, pgTable, serial, text, timestamp, unique } from 'drizzle-orm/pg-core'

/** One row per person and account: an openid means nothing without its appid. */
export const wechatUsers = pgTable(
  'wechat_users',
  {
    id: serial('id').primaryKey(),
    app_id: text('app_id').notNull(),
    openid: text('openid').notNull(),
    unionid: text('unionid'),
    nickname: text('nickname').notNull().default(''),
    avatar: text('avatar').notNull().default(''),
    gender: integer('gender').notNull().default(0),
    is_following: boolean('is_following').notNull().default(false),
    created_at: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updated_at: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow()
  },
  (table) => [unique().on(table.app_id, table.openid)]
)

/**
 * What the gateway was told: follows, unfollows and everything else that is an event. Events have no id: account, person,
 * kind, key and time tell a redelivery from a new one, as the document of WeChat says.
 */
export const gatewayEvents = pgTable(
  'gateway_events',
  {
    id: serial('id').primaryKey(),
    app_id: text('app_id').notNull(),
    openid: text('openid').notNull(),
    kind: text('kind').notNull(),
    event_key: text('event_key').notNull().default(''),
    sent_at: timestamp('sent_at', { withTimezone: true }).notNull(),
    created_at: timestamp('created_at', { withTimezone: true }).notNull().defaultNow()
  },
  (table) => [unique().on(table.app_id, table.openid, table.kind, table.event_key, table.sent_at)]
)
