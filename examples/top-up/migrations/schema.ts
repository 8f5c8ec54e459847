import { bigint, boolean, integer, pgTable, serial, smallint, text, timestamp } from 'drizzle-orm/pg-core'
import { orderColumns } from '../../shared/order-columns.ts'

const time = (name: string) => timestamp(name, { withTimezone: true })
const utime = () =>
  time('utime')
    .notNull()
    .defaultNow()
    .$onUpdate(() => new Date())
const times = () => ({ ctime: time('ctime').notNull().defaultNow(), utime: utime() })
const fen = (name: string) => bigint(name, { mode: 'number' })

/** Amounts are integers in fen; `balance_account = total_account - used_account` is a constraint of the table. */
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  openid: text('openid').unique(),
  mobile: text('mobile').notNull().unique(),
  nick_name: text('nick_name').notNull().default(''),
  head_img_url: text('head_img_url').notNull().default(''),
  total_account: fen('total_account').notNull().default(0),
  used_account: fen('used_account').notNull().default(0),
  balance_account: fen('balance_account').notNull().default(0),
  /** 0 usable, 1 disabled. */
  state: smallint('state').notNull().default(0),
  ...times()
})

export const recharges = pgTable('recharges', {
  ...orderColumns({ out_trade_no: 'recharge_id', total_fee: 'amount', created_at: 'ctime', paid_at: 'pay_time' }),
  owner: integer('user_id').notNull(),
  utime: utime()
})

export const devices = pgTable('devices', {
  id: text('id').primaryKey(),
  province: text('province').notNull(),
  city: text('city').notNull(),
  area: text('area').notNull(),
  location: text('location').notNull(),
  /** Fen for each started minute. */
  price_per_minute: integer('price_per_minute').notNull(),
  is_enabled: boolean('is_enabled').notNull().default(true)
})

/** A session at a device. Two partial unique indexes let a user and a device have one that is running. */
export const expenses = pgTable('expenses', {
  id: serial('id').primaryKey(),
  user_id: integer('user_id').notNull(),
  device_id: text('device_id').notNull(),
  province: text('province').notNull(),
  city: text('city').notNull(),
  area: text('area').notNull(),
  location: text('location').notNull(),
  price_per_minute: integer('price_per_minute').notNull(),
  cost_money: integer('cost_money').notNull().default(0),
  end_time: time('end_time'),
  /** Seconds. */
  cost_time: integer('cost_time'),
  ...times()
})

/** One row per movement of money, written in the transaction that moves it. */
export const ledgerEntries = pgTable('ledger_entries', {
  id: serial('id').primaryKey(),
  user_id: integer('user_id').notNull(),
  kind: text('kind', { enum: ['recharge', 'expense'] }).notNull(),
  reference: text('reference').notNull().unique(),
  amount: fen('amount').notNull(),
  balance_after: fen('balance_after').notNull(),
  created_at: time('created_at').notNull().defaultNow()
})
