import { bigint, type PgColumn, type PgTable, serial, text, timestamp } from 'drizzle-orm/pg-core'

const time = (name: string) => timestamp(name, { withTimezone: true })

/** What the documents of the apps call otherwise. */
export interface OrderNames {
  out_trade_no?: string
  total_fee?: string
  created_at?: string
  paid_at?: string
}

/** The columns that every table of orders has; a table adds `owner`, and what is ordered. Amounts are in fen. */
export const orderColumns = (names: OrderNames = {}) => ({
  id: serial('id').primaryKey(),
  out_trade_no: text(names.out_trade_no ?? 'out_trade_no').notNull(),
  total_fee: bigint(names.total_fee ?? 'total_fee', { mode: 'number' }).notNull(),
  /** `created`: WeChat Pay may know it or not; `placed`: it can be paid. `failed` was refused, `closed` can be paid no more. */
  status: text('status', { enum: ['created', 'placed', 'paid', 'closed', 'failed'] })
    .notNull()
    .default('created'),
  time_expire: time('time_expire').notNull(),
  client_ip: text('client_ip').notNull(),
  prepay_id: text('prepay_id'),
  transaction_id: text('transaction_id'),
  created_at: time(names.created_at ?? 'created_at')
    .notNull()
    .defaultNow(),
  paid_at: time(names.paid_at ?? 'paid_at')
})

export interface OrderRow {
  id: number
  out_trade_no: string
  /** Who ordered: the number of the user, or the openid. */
  owner: number | string
  total_fee: number
  status: 'created' | 'placed' | 'paid' | 'closed' | 'failed'
  time_expire: Date
  client_ip: string
  prepay_id: string | null
  transaction_id: string | null
  created_at: Date
  paid_at: Date | null
}

/** What an app says of a new order: whose it is, what it costs, and the columns of its own. */
export type NewOrder<Row extends OrderRow> = Pick<Row, 'owner' | 'total_fee' | 'client_ip'> & Partial<Row>

export type OrderTable<Row> = PgTable & Record<keyof OrderRow, PgColumn> & { $inferSelect: Row }
