import { randomBytes } from 'node:crypto'
import { and, asc, desc, eq, gt, inArray, isNull, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { Database, Transaction } from './database.ts'
import { only } from './only.ts'
import type { NewOrder, OrderRow, OrderTable } from './order-columns.ts'
import type { Payment } from './sync-payment.ts'

const PAYABLE_MS = 30 * 60_000
/** A double tap or a retry within this time is the same order. */
const REUSED_MS = 5 * 60_000
const OPEN = ['created', 'placed'] as const

export interface OrderBookOptions<Row extends OrderRow> {
  db: Database
  table: OrderTable<Row>
  /** First letter of the order numbers. */
  prefix: string
  /** What a payment moves, in the transaction that marks its order as paid. */
  book(tx: Transaction, order: Row): Promise<unknown>
}

/** The orders of an app in its database, which decides every race: an order is paid once, whoever says so. */
export class OrderBook<Row extends OrderRow> {
  readonly #options: OrderBookOptions<Row>

  constructor(options: OrderBookOptions<Row>) {
    this.#options = options
  }

  async create(values: NewOrder<Row>, db: Database = this.#options.db): Promise<Row> {
    const { table, prefix } = this.#options
    const out_trade_no = `${prefix}${Date.now()}${randomBytes(6).toString('hex')}`
    // In whole seconds, as WeChat Pay reads it: a repeat under the number has the same parameters.
    const time_expire = new Date(Math.floor((Date.now() + PAYABLE_MS) / 1000) * 1000)
    const row = { ...values, out_trade_no, time_expire }
    return only((await db.insert(table).values(row).returning()) as Row[])
  }

  /**
   * The owner's open order with these values, or a new one: two taps make one order. `undefined` after `most` orders within
   * `withinMs`.
   */
  open(values: NewOrder<Row>, { most, withinMs }: { most: number; withinMs: number }): Promise<Row | undefined> {
    const { db, table } = this.#options
    const { client_ip: _, ...same } = values
    const since = (ms: number) => gt(table.created_at, new Date(Date.now() - ms))
    const isSame = and(this.#has(same), inArray(table.status, OPEN), since(REUSED_MS))
    return db.transaction(async (tx) => {
      // One at a time of each owner.
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`order of ${values.owner}`}, 0))`)
      const [known] = await tx.select().from(table).where(isSame).limit(1)
      if (known) return known as Row
      const recent = await tx.$count(table, and(eq(table.owner, values.owner), since(withinMs)))
      return recent < most ? this.create(values, tx) : undefined
    })
  }

  /** The newest order with these values. */
  async find(values: Partial<Row> | Partial<OrderRow>, db: Database = this.#options.db): Promise<Row | undefined> {
    const { table } = this.#options
    const rows = await db.select().from(table).where(this.#has(values)).orderBy(desc(table.id)).limit(1)
    return rows[0] as Row | undefined
  }

  /** Those whose end is not known and that are older than `before`, the oldest first. */
  async listOpen(before: Date): Promise<Row[]> {
    const { db, table } = this.#options
    const isOpen = and(inArray(table.status, OPEN), lt(table.created_at, before))
    return (await db.select().from(table).where(isOpen).orderBy(asc(table.created_at)).limit(200)) as Row[]
  }

  /** WeChat Pay took the order, perhaps after another request for it was refused. */
  async setPlaced(order: Row, prepay_id: string): Promise<void> {
    await this.#update(order, [...OPEN, 'failed'], { status: 'placed', prepay_id })
  }

  /** Nobody can pay it (any more). Never takes a paid order back. */
  async end(order: Row, status: 'failed' | 'closed'): Promise<void> {
    await this.#update(order, OPEN, { status })
  }

  /**
   * Books a payment in one transaction with its order. The same payment a second time changes nothing; one that fits no order (of
   * these values), or another amount, throws, so that WeChat Pay delivers it again and somebody looks. What was closed or had
   * failed is booked all the same: the money moved.
   */
  settle({ out_trade_no, transaction_id, total_fee }: Payment, values: object = {}): Promise<'settled' | 'repeated'> {
    const { db, table, book } = this.#options
    const isThis = this.#has({ ...values, out_trade_no })
    return db.transaction(async (tx) => {
      const [paid] = await tx
        .update(table)
        .set({ status: 'paid', transaction_id, paid_at: new Date() })
        .where(and(isThis, eq(table.total_fee, total_fee), ne(table.status, 'paid')))
        .returning()
      if (paid) {
        await book(tx, paid as Row)
        return 'settled'
      }
      const known = await this.find({ ...values, out_trade_no }, tx)
      if (known?.transaction_id === transaction_id && known.total_fee === total_fee) return 'repeated'
      throw new Error(`The payment ${transaction_id} fits no order`)
    })
  }

  async #update(order: Row, from: readonly Row['status'][], values: Partial<OrderRow>): Promise<void> {
    const { db, table } = this.#options
    const isFrom = and(eq(table.id, order.id), inArray(table.status, [...from]))
    await db.update(table).set(values).where(isFrom)
  }

  /** Columns with these values. */
  #has(values: object): SQL | undefined {
    const { table } = this.#options
    const columns = Object.entries(values) as [keyof OrderRow, unknown][]
    return and(...columns.map(([name, value]) => (value === null ? isNull(table[name]) : eq(table[name], value))))
  }
}
