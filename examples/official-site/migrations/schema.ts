import { bigint, boolean, integer, pgTable, serial, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { orderColumns } from '../../shared/order-columns.ts'

const base = () => ({
  id: serial('id').primaryKey(),
  uuid: uuid('uuid').notNull().unique().defaultRandom(),
  created_at: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updated_at: timestamp('updated_at', { withTimezone: true })
    .notNull()
    .defaultNow()
    .$onUpdate(() => new Date())
})

export const admins = pgTable('admins', {
  ...base(),
  name: text('name').notNull().unique(),
  password_hash: text('password_hash').notNull()
})

export const wxUsers = pgTable('wx_users', {
  ...base(),
  openid: text('openid').notNull().unique(),
  unionid: text('unionid'),
  nickname: text('nickname').notNull().default(''),
  headimgurl: text('headimgurl').notNull().default(''),
  is_subscribed: boolean('is_subscribed').notNull().default(false),
  /** When WeChat says that `is_subscribed` became what it is. */
  follow_changed_at: timestamp('follow_changed_at', { withTimezone: true })
})

/** The price list. Amounts are integers in fen. */
export const wxPayProducts = pgTable('wx_pay_products', {
  ...base(),
  body: text('body').notNull().unique(),
  total_fee: integer('total_fee').notNull()
})

/** Amounts are integers in fen. `wx_pay_orders` owns its refunds: deleting an order deletes them. */
export const wxPayOrders = pgTable('wx_pay_orders', {
  ...base(),
  ...orderColumns(),
  owner: text('openid').notNull(),
  body: text('body').notNull(),
  /** Fen already promised to refunds; never above `total_fee`. */
  refunded_fee: integer('refunded_fee').notNull().default(0)
})

export const wxPayRefunds = pgTable('wx_pay_refunds', {
  ...base(),
  order_id: integer('order_id')
    .notNull()
    .references(() => wxPayOrders.id, { onDelete: 'cascade' }),
  out_refund_no: text('out_refund_no').notNull().unique(),
  refund_fee: integer('refund_fee').notNull(),
  refund_id: text('refund_id'),
  status: text('status', { enum: ['created', 'processing', 'success', 'failed', 'unknown'] })
    .notNull()
    .default('created')
})

export const wxMchPays = pgTable('wx_mch_pays', {
  ...base(),
  partner_trade_no: text('partner_trade_no').notNull().unique(),
  openid: text('openid').notNull(),
  amount: integer('amount').notNull(),
  desc: text('desc').notNull(),
  payment_no: text('payment_no'),
  status: text('status', { enum: ['created', 'success', 'failed', 'unknown'] })
    .notNull()
    .default('created')
})

export const wxRedPacks = pgTable('wx_red_packs', {
  ...base(),
  mch_billno: text('mch_billno').notNull().unique(),
  re_openid: text('re_openid').notNull(),
  total_amount: integer('total_amount').notNull(),
  send_name: text('send_name').notNull(),
  wishing: text('wishing').notNull(),
  act_name: text('act_name').notNull(),
  remark: text('remark').notNull(),
  send_listid: text('send_listid'),
  status: text('status', { enum: ['created', 'sent', 'failed', 'unknown'] })
    .notNull()
    .default('created')
})

/** One row per event of money, written in the transaction that changes the state: what a reconciliation reads. */
export const ledgerEntries = pgTable('ledger_entries', {
  id: serial('id').primaryKey(),
  created_at: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  kind: text('kind', { enum: ['payment', 'refund', 'mch_pay', 'red_pack'] }).notNull(),
  reference: text('reference').notNull().unique(),
  amount: bigint('amount', { mode: 'number' }).notNull()
})
