import { bigint, boolean, integer, pgTable, serial, smallint, text, timestamp } from 'drizzle-orm/pg-core'
import { orderColumns } from '../../shared/order-columns.ts'

const fen = (name: string) => bigint(name, { mode: 'number' }).notNull()
const time = (name: string) => timestamp(name, { withTimezone: true }).notNull().defaultNow()
const updated_at = () => time('updated_at').$onUpdate(() => new Date())
const times = () => ({ created_at: time('created_at'), updated_at: updated_at() })

/** The two purses (钱包余额, 优惠券余额) are columns; what they hold is the sum of the person's rows in `ledgers`. */
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  openid: text('openid').unique(),
  unionid: text('unionid').unique(),
  phone: bigint('phone', { mode: 'number' }).unique(),
  password_hash: text('password_hash'),
  phone_verified: boolean('phone_verified').notNull().default(false),
  name: text('name').notNull().default(''),
  gender: smallint('gender').notNull().default(0),
  province: text('province').notNull().default(''),
  city: text('city').notNull().default(''),
  avatar: text('avatar').notNull().default(''),
  balance: fen('balance').default(0),
  coupon: fen('coupon').default(0),
  ...times()
})

export const products = pgTable('products', {
  id: serial('id').primaryKey(),
  shop_id: integer('shop_id').notNull().default(0),
  name: text('name').notNull(),
  description: text('description').notNull().default(''),
  icon: text('icon').notNull().default(''),
  price: fen('price'),
  is_on_sale: boolean('is_on_sale').notNull().default(true),
  ...times()
})

export const cartItems = pgTable('cart_items', {
  id: serial('id').primaryKey(),
  user_id: integer('user_id').notNull(),
  product_id: integer('product_id').notNull(),
  num: integer('num').notNull(),
  ...times()
})

/** What can be topped up: paying `money` adds `money` to the balance and `charge` to the coupons. */
export const paymentItems = pgTable('payment_items', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  description: text('description').notNull().default(''),
  money: fen('money'),
  charge: fen('charge').default(0),
  is_on_sale: boolean('is_on_sale').notNull().default(true),
  ...times()
})

/** Name and amounts are those of the item when it was ordered. */
export const paymentOrders = pgTable('payment_orders', {
  ...orderColumns({ out_trade_no: 'payment_id', total_fee: 'money' }),
  owner: integer('user_id').notNull(),
  item_id: integer('item_id').notNull(),
  name: text('name').notNull(),
  charge: fen('charge'),
  updated_at: updated_at()
})

/** One row for each movement, written in the transaction that moves the money. */
export const ledgers = pgTable('ledgers', {
  id: serial('id').primaryKey(),
  user_id: integer('user_id').notNull(),
  purse: smallint('purse').$type<0 | 1>().notNull(),
  kind: text('kind', { enum: ['recharge', 'bonus', 'purchase'] }).notNull(),
  name: text('name').notNull(),
  money: fen('money'),
  balance_after: fen('balance_after'),
  item_id: integer('item_id').notNull(),
  reference: text('reference').notNull().unique(),
  ...times()
})
