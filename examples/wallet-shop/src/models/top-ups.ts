import { randomBytes } from 'node:crypto'
import { and, asc, eq, inArray, lt, ne } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import type { OpenPayment, Payment } from '../../../shared/sync-payment.ts'
import { paymentOrders } from '../schema.ts'
import type { Item } from './catalogue.ts'
import { move } from './purses.ts'

export type TopUp = typeof paymentOrders.$inferSelect

const PAYABLE_MS = 30 * 60_000
const OPEN = ['created', 'placed'] as const

/** Top-ups by APP pay (APP 支付). */
export class TopUps {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async create(userId: number, item: Item, client_ip: string): Promise<TopUp> {
    const { id: item_id, name, money, charge } = item
    const payment_id = `W${Date.now()}${randomBytes(6).toString('hex')}`
    // In whole seconds, as WeChat Pay reads it: a repeat under the number has the same parameters.
    const time_expire = new Date(Math.floor((Date.now() + PAYABLE_MS) / 1000) * 1000)
    const values = { payment_id, user_id: userId, item_id, name, money, charge, client_ip, time_expire }
    return only(await this.#db.insert(paymentOrders).values(values).returning())
  }

  async find(paymentId: string): Promise<TopUp | undefined> {
    return (await this.#db.select().from(paymentOrders).where(eq(paymentOrders.payment_id, paymentId)))[0]
  }

  /** Those whose end is not known and that are older than `before`, the oldest first. */
  listOpen(before: Date): Promise<TopUp[]> {
    const isOpen = and(inArray(paymentOrders.status, [...OPEN]), lt(paymentOrders.created_at, before))
    return this.#db.select().from(paymentOrders).where(isOpen).orderBy(asc(paymentOrders.created_at)).limit(200)
  }

  /** A top-up as `syncPayment` settles or closes it. */
  asOpenPayment(order: TopUp): OpenPayment {
    const { payment_id: out_trade_no, time_expire } = order
    const close = () => this.update(order, { status: 'closed' })
    return { out_trade_no, time_expire, settle: (payment) => this.settle(payment), close }
  }

  /** Never takes a paid order back: only one that is open changes. */
  async update(order: TopUp, values: Pick<TopUp, 'status'> & { prepay_id?: string }): Promise<void> {
    const isOpen = and(eq(paymentOrders.id, order.id), inArray(paymentOrders.status, [...OPEN]))
    await this.#db
      .update(paymentOrders)
      .set({ ...values, updated_at: new Date() })
      .where(isOpen)
  }

  /**
   * Books a payment in one transaction: the order, both purses and the ledger. The same payment a second time changes nothing;
   * one that fits no order, or another amount, throws, so that WeChat delivers it again and somebody looks. An order that was
   * closed or had failed is booked all the same: the money moved.
   */
  async settle({ out_trade_no, transaction_id, total_fee }: Payment): Promise<'settled' | 'repeated'> {
    return this.#db.transaction(async (tx) => {
      const isThis = eq(paymentOrders.payment_id, out_trade_no)
      const [paid] = await tx
        .update(paymentOrders)
        .set({ status: 'paid', transaction_id, paid_at: new Date(), updated_at: new Date() })
        .where(and(isThis, eq(paymentOrders.money, total_fee), ne(paymentOrders.status, 'paid')))
        .returning()
      if (!paid) {
        const [known] = await tx.select().from(paymentOrders).where(isThis)
        if (known?.transaction_id === transaction_id && known.money === total_fee) return 'repeated'
        throw new Error(`The payment ${transaction_id} fits no order`)
      }
      const { user_id, item_id, name, money, charge } = paid
      const reference = `pay:${out_trade_no}`
      await move(tx, user_id, 'balance', { kind: 'recharge', name, money, item_id, reference: `${reference}:0` })
      if (charge > 0) {
        await move(tx, user_id, 'coupon', { kind: 'bonus', name, money: charge, item_id, reference: `${reference}:1` })
      }
      return 'settled'
    })
  }
}
