import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  smallint,
  text,
  uuid
} from 'drizzle-orm/pg-core'
import { orderColumns } from '../../shared/order-columns.ts'
import { time } from './schema.ts'

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

/** Retired by WeChat in 2020: kept as the document says, and never sent. */
export const formIds = pgTable('form_ids', {
  form_id: text('form_id').primaryKey(),
  customer_id: integer('customer_id').notNull(),
  expires_at: time('expires_at').notNull()
})

export const subscriptions = pgTable(
  'subscriptions',
  {
    customer_id: integer('customer_id').notNull(),
    template_id: text('template_id').notNull(),
    left: integer('left').notNull().default(0),
    sent_at: time('sent_at')
  },
  (table) => [primaryKey({ columns: [table.customer_id, table.template_id] })]
)

export interface ProductPart {
  type: 'picture_url' | 'title' | 'content'
  data: string[]
}

export const products = pgTable('products', {
  id: serial('id').primaryKey(),
  company_id: integer('company_id').notNull(),
  staff_id: integer('staff_id').notNull(),
  name: text('name').notNull(),
  /** Text of people such as "280-1280": nothing is paid by it. */
  price: text('price').notNull().default(''),
  reason: text('reason').notNull().default(''),
  content: jsonb('content').$type<{ cover_data: ProductPart[]; article_data: ProductPart[] }>().notNull(),
  status: smallint('status').$type<1 | 2 | 3>().notNull().default(1),
  publisher_date: time('publisher_date').notNull().defaultNow()
})

export const websites = pgTable('websites', {
  company_id: integer('company_id').primaryKey(),
  cover: jsonb('cover').$type<string[]>().notNull(),
  content: jsonb('content').$type<string[]>().notNull()
})

export const goodsClasses = pgTable('goods_classes', {
  id: serial('id').primaryKey(),
  company_id: integer('company_id').notNull(),
  name: text('name').notNull(),
  goods_num: integer('goods_num').notNull().default(0),
  parent_id: integer('parent_id')
})

export const goods = pgTable('goods', {
  id: serial('id').primaryKey(),
  company_id: integer('company_id').notNull(),
  class_id: integer('class_id'),
  name: text('name').notNull(),
  price_fen: integer('price_fen').notNull(),
  is_on_sale: boolean('is_on_sale').notNull().default(true)
})

/** Rows never change: orders point at the account that they were placed with. */
export const payAccounts = pgTable('pay_accounts', {
  id: serial('id').primaryKey(),
  uuid: uuid('uuid').notNull().defaultRandom(),
  company_id: integer('company_id').notNull(),
  mch_id: text('mch_id').notNull(),
  key_sealed: text('key_sealed').notNull(),
  created_at: time('created_at').notNull().defaultNow()
})

export const settings = pgTable('settings', {
  company_id: integer('company_id').primaryKey(),
  shop_name: text('shop_name').notNull().default(''),
  current_account_id: integer('current_account_id')
})

export const goodsOrders = pgTable('goods_orders', {
  ...orderColumns({ out_trade_no: 'order_no' }),
  owner: integer('customer_id').notNull(),
  account_id: integer('account_id').notNull(),
  goods_id: integer('goods_id').notNull(),
  name: text('name').notNull()
})

export const ledgerEntries = pgTable('ledger_entries', {
  id: serial('id').primaryKey(),
  reference: text('reference').notNull().unique(),
  account_id: integer('account_id').notNull(),
  /** Fen. */
  amount: bigint('amount', { mode: 'number' }).notNull()
})

/** Codes and posters, in the database so that every process serves them. */
export const pictures = pgTable('pictures', {
  name: text('name').primaryKey(),
  kind: text('kind', { enum: ['qr_code', 'user_poster'] }).notNull(),
  staff_id: integer('staff_id').notNull(),
  customer_id: integer('customer_id').notNull(),
  fingerprint: text('fingerprint').notNull(),
  bytes: bytea('bytes').notNull()
})
