import { randomBytes } from 'node:crypto'
import { and, asc, eq, gt, inArray, lt, ne, sql } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import type { OpenPayment, Payment } from '../../../shared/sync-payment.ts'
import { AppError } from '../error-codes.ts'
import { ledgerEntries, recharges, users } from '../schema.ts'

export type Recharge = typeof recharges.$inferSelect

const PAYABLE_MS = 30 * 60_000
/** A double tap or a retry within this time is the same order. */
const REUSED_MS = 5 * 60_000
const WINDOW_MS = 10 * 60_000
const MOST_IN_WINDOW = 10
const OPEN = ['created', 'placed'] as const

/** Recharges by JSAPI pay. */
export class Recharges {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** The open order of this amount, or a new one; under the lock of the user's row, so that two taps make one. */
  open(userId: number, amount: number, client_ip: string): Promise<Recharge> {
    return this.#db.transaction(async (tx) => {
      await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')
      const since = (ms: number) => gt(recharges.ctime, new Date(Date.now() - ms))
      const isOfUser = eq(recharges.user_id, userId)
      const isSame = and(isOfUser, eq(recharges.amount, amount), inArray(recharges.status, [...OPEN]), since(REUSED_MS))
      const [known] = await tx.select().from(recharges).where(isSame).orderBy(asc(recharges.id)).limit(1)
      if (known) return known
      const recent = await tx
        .select({ id: recharges.id })
        .from(recharges)
        .where(and(isOfUser, since(WINDOW_MS)))
      if (recent.length >= MOST_IN_WINDOW) throw new AppError(6)
      const recharge_id = `C${Date.now()}${randomBytes(6).toString('hex')}`
      // In whole seconds, as WeChat Pay reads it: a repeat under the number has the same parameters.
      const time_expire = new Date(Math.floor((Date.now() + PAYABLE_MS) / 1000) * 1000)
      const values = { recharge_id, user_id: userId, amount, client_ip, time_expire }
      return only(await tx.insert(recharges).values(values).returning())
    })
  }

  async find(rechargeId: string): Promise<Recharge | undefined> {
    return (await this.#db.select().from(recharges).where(eq(recharges.recharge_id, rechargeId)))[0]
  }

  /** Those whose end is not known and that are older than `before`, the oldest first. */
  listOpen(before: Date): Promise<Recharge[]> {
    const isOpen = and(inArray(recharges.status, [...OPEN]), lt(recharges.ctime, before))
    return this.#db.select().from(recharges).where(isOpen).orderBy(asc(recharges.ctime)).limit(200)
  }

  /** A recharge as `syncPayment` settles or closes it. */
  asOpenPayment(recharge: Recharge): OpenPayment {
    const { recharge_id: out_trade_no, time_expire } = recharge
    const close = () => this.update(recharge, { status: 'closed' })
    return { out_trade_no, time_expire, settle: (payment) => this.settle(payment), close }
  }

  /** Never takes a paid recharge back: only one that is open changes. */
  async update(recharge: Recharge, values: Pick<Recharge, 'status'> & { prepay_id?: string }): Promise<void> {
    const isOpen = and(eq(recharges.id, recharge.id), inArray(recharges.status, [...OPEN]))
    await this.#db
      .update(recharges)
      .set({ ...values, utime: new Date() })
      .where(isOpen)
  }

  /**
   * Books a payment in one transaction: the recharge, the account, the ledger. The same payment a second time changes nothing; one
   * that fits no order, or another amount, throws, so that WeChat delivers it again and somebody looks. What was closed is
   * booked all the same: the money moved.
   */
  async settle({ out_trade_no, transaction_id, total_fee }: Payment): Promise<'settled' | 'repeated'> {
    return this.#db.transaction(async (tx) => {
      const isThis = eq(recharges.recharge_id, out_trade_no)
      const [paid] = await tx
        .update(recharges)
        .set({ status: 'paid', transaction_id, pay_time: new Date(), utime: new Date() })
        .where(and(isThis, eq(recharges.amount, total_fee), ne(recharges.status, 'paid')))
        .returning()
      if (!paid) {
        const [known] = await tx.select().from(recharges).where(isThis)
        if (known?.transaction_id === transaction_id && known.amount === total_fee) return 'repeated'
        throw new Error(`The payment ${transaction_id} fits no order`)
      }
      const { user_id, amount } = paid
      const user = only(
        await tx
          .update(users)
          .set({
            total_account: sql`${users.total_account} + ${amount}`,
            balance_account: sql`${users.balance_account} + ${amount}`,
            utime: new Date()
          })
          .where(eq(users.id, user_id))
          .returning()
      )
      const reference = `recharge:${out_trade_no}`
      await tx
        .insert(ledgerEntries)
        .values({ user_id, kind: 'recharge', reference, amount, balance_after: user.balance_account })
      return 'settled'
    })
  }
}
