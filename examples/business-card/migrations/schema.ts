import {
  bigint,
  bigserial,
  boolean,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  smallint,
  text,
  timestamp
} from 'drizzle-orm/pg-core'
import type { MessageContent } from '../src/content.ts'

export const time = (name: string) => timestamp(name, { withTimezone: true })
const words = (name: string) => text(name).notNull().default('')
const count = (name: string) => integer(name).notNull().default(0)

/** The token that signs requests, sealed because the signature needs it, and the one before it. */
const tokens = () => ({
  token_sealed: text('token_sealed'),
  token_hash: text('token_hash').unique(),
  token_changed_at: time('token_changed_at'),
  previous_token_sealed: text('previous_token_sealed'),
  previous_token_hash: text('previous_token_hash')
})

export const companies = pgTable('companies', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  address: words('address')
})

export const miniPrograms = pgTable('mini_programs', {
  id: serial('id').primaryKey(),
  company_id: integer('company_id').notNull(),
  app_id: text('app_id').notNull().unique(),
  secret_sealed: text('secret_sealed').notNull()
})

/** 企业用户: `uid` and `u_id` of the document. */
export const staff = pgTable('staff', {
  id: serial('id').primaryKey(),
  company_id: integer('company_id').notNull(),
  login: text('login').notNull().unique(),
  password_hash: text('password_hash').notNull(),
  is_admin: boolean('is_admin').notNull().default(false),
  is_enabled: boolean('is_enabled').notNull().default(true),
  username: text('username').notNull(),
  avatar: text('avatar').notNull().default('statics/imgs/setAvator.svg'),
  mingpian_avatar: words('mingpian_avatar'),
  position: words('position'),
  email: words('email'),
  wechat: words('wechat'),
  mingpian_phone: words('mingpian_phone'),
  sign: words('sign'),
  popularity_num: count('popularity_num'),
  praise_num: count('praise_num'),
  forward_num: count('forward_num'),
  sign_num: count('sign_num'),
  create_date: time('create_date').notNull().defaultNow(),
  ...tokens()
})

export const staffPhotos = pgTable('staff_photos', {
  id: serial('id').primaryKey(),
  staff_id: integer('staff_id').notNull(),
  photo_url: text('photo_url').notNull()
})

/** 小程序客户: `customer_id`, and `user_id` of most queries. */
export const customers = pgTable('customers', {
  id: serial('id').primaryKey(),
  mini_program_id: integer('mini_program_id').notNull(),
  openid: text('openid').notNull(),
  unionid: text('unionid'),
  source: smallint('source').notNull(),
  username: words('username'),
  headimgurl: words('headimgurl'),
  city: words('city'),
  country: words('country'),
  province: words('province'),
  language: words('language'),
  phone_sealed: text('phone_sealed'),
  is_enabled: boolean('is_enabled').notNull().default(true),
  create_date: time('create_date').notNull().defaultNow(),
  ...tokens()
})

/** Who met whom: each pair of a customer and a member of the staff. */
const pair = () => ({ customer_id: integer('customer_id').notNull(), staff_id: integer('staff_id').notNull() })

export const bindings = pgTable('bindings', {
  ...pair(),
  source: smallint('source').notNull(),
  pid: integer('pid'),
  created_at: time('created_at').notNull().defaultNow()
})
export const praises = pgTable('praises', pair())
export const signPraises = pgTable('sign_praises', pair())

export const cardEvents = pgTable('card_events', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  ...pair(),
  kind: text('kind').notNull(),
  product_id: integer('product_id'),
  created_at: time('created_at').notNull().defaultNow()
})

export const messages = pgTable('messages', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  ...pair(),
  /** 1: of the staff, 2: of the customer. */
  send_type: smallint('send_type').$type<1 | 2>().notNull(),
  content: jsonb('content').$type<MessageContent>().notNull(),
  created_at: time('created_at').notNull().defaultNow()
})

export const chatReads = pgTable(
  'chat_reads',
  {
    ...pair(),
    /** As `send_type`: who reads. */
    reader: smallint('reader').$type<1 | 2>().notNull(),
    last_id: bigint('last_id', { mode: 'number' }).notNull().default(0),
    last_fetched_id: bigint('last_fetched_id', { mode: 'number' }).notNull().default(0)
  },
  (table) => [primaryKey({ columns: [table.customer_id, table.staff_id, table.reader] })]
)
