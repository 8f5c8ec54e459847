import { and, count, desc, eq, inArray, lt, ne } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import { ledgerEntries, wxMchPays, wxRedPacks } from '../../migrations/schema.ts'
import type { Page } from '../pagination.ts'

export type MchPay = typeof wxMchPays.$inferSelect
export type RedPack = typeof wxRedPacks.$inferSelect

const OPEN = ['created', 'unknown'] as const

/**
 * Transfers to a user's balance (企业付款). The number comes from the caller, so that a repeat finds the same row; money that
 * moved is recorded even if another request with the number was refused before.
 */
export class MchPays {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async findOrCreate(values: Pick<MchPay, 'partner_trade_no' | 'openid' | 'amount' | 'desc'>): Promise<MchPay> {
    await this.#db.insert(wxMchPays).values(values).onConflictDoNothing()
    const { partner_trade_no } = values
    return only(await this.#db.select().from(wxMchPays).where(eq(wxMchPays.partner_trade_no, partner_trade_no)))
  }

  /** Says before the first request that its outcome is open: a process that dies now leaves that behind. */
  async begin(row: MchPay): Promise<boolean> {
    const changed = await this.#db
      .update(wxMchPays)
      .set({ status: 'unknown' })
      .where(and(eq(wxMchPays.id, row.id), eq(wxMchPays.status, 'created')))
      .returning({ id: wxMchPays.id })
    return changed.length > 0
  }

  async succeed(row: MchPay, paymentNo: string): Promise<MchPay> {
    return this.#db.transaction(async (tx) => {
      const [changed] = await tx
        .update(wxMchPays)
        .set({ status: 'success', payment_no: paymentNo })
        .where(and(eq(wxMchPays.id, row.id), ne(wxMchPays.status, 'success')))
        .returning()
      if (!changed) return only(await tx.select().from(wxMchPays).where(eq(wxMchPays.id, row.id)))
      await tx.insert(ledgerEntries).values({ kind: 'mch_pay', reference: row.partner_trade_no, amount: -row.amount })
      return changed
    })
  }

  /** Those whose outcome has been open since before `before`. */
  listUnknown(before: Date): Promise<MchPay[]> {
    const isOverdue = and(eq(wxMchPays.status, 'unknown'), lt(wxMchPays.updated_at, before))
    return this.#db.select().from(wxMchPays).where(isOverdue).limit(100)
  }

  async refuse(row: MchPay, status: 'failed' | 'unknown'): Promise<MchPay> {
    await this.#db
      .update(wxMchPays)
      .set({ status })
      .where(and(eq(wxMchPays.id, row.id), inArray(wxMchPays.status, [...OPEN])))
    return only(await this.#db.select().from(wxMchPays).where(eq(wxMchPays.id, row.id)))
  }

  async list(page: Page): Promise<{ rows: MchPay[]; total: number }> {
    const { limit, offset } = page
    const rows = await this.#db.select().from(wxMchPays).orderBy(desc(wxMchPays.id)).limit(limit).offset(offset)
    const [totals] = await this.#db.select({ total: count() }).from(wxMchPays)
    return { rows, total: totals?.total ?? 0 }
  }
}

/** Red packets (现金红包), with the same rules. */
export class RedPacks {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async findOrCreate(
    values: Pick<RedPack, 'mch_billno' | 're_openid' | 'total_amount' | 'send_name' | 'wishing' | 'act_name' | 'remark'>
  ): Promise<RedPack> {
    await this.#db.insert(wxRedPacks).values(values).onConflictDoNothing()
    return only(await this.#db.select().from(wxRedPacks).where(eq(wxRedPacks.mch_billno, values.mch_billno)))
  }

  /** Says before the first request that its outcome is open: a process that dies now leaves that behind. */
  async begin(row: RedPack): Promise<boolean> {
    const changed = await this.#db
      .update(wxRedPacks)
      .set({ status: 'unknown' })
      .where(and(eq(wxRedPacks.id, row.id), eq(wxRedPacks.status, 'created')))
      .returning({ id: wxRedPacks.id })
    return changed.length > 0
  }

  async succeed(row: RedPack, sendListid: string): Promise<RedPack> {
    return this.#db.transaction(async (tx) => {
      const [changed] = await tx
        .update(wxRedPacks)
        .set({ status: 'sent', send_listid: sendListid })
        .where(and(eq(wxRedPacks.id, row.id), ne(wxRedPacks.status, 'sent')))
        .returning()
      if (!changed) return only(await tx.select().from(wxRedPacks).where(eq(wxRedPacks.id, row.id)))
      const entry = { kind: 'red_pack', reference: row.mch_billno, amount: -row.total_amount } as const
      await tx.insert(ledgerEntries).values(entry)
      return changed
    })
  }

  /** Those whose outcome has been open since before `before`. */
  listUnknown(before: Date): Promise<RedPack[]> {
    const isOverdue = and(eq(wxRedPacks.status, 'unknown'), lt(wxRedPacks.updated_at, before))
    return this.#db.select().from(wxRedPacks).where(isOverdue).limit(100)
  }

  async refuse(row: RedPack, status: 'failed' | 'unknown'): Promise<RedPack> {
    await this.#db
      .update(wxRedPacks)
      .set({ status })
      .where(and(eq(wxRedPacks.id, row.id), inArray(wxRedPacks.status, [...OPEN])))
    return only(await this.#db.select().from(wxRedPacks).where(eq(wxRedPacks.id, row.id)))
  }

  async list(page: Page): Promise<{ rows: RedPack[]; total: number }> {
    const { limit, offset } = page
    const rows = await this.#db.select().from(wxRedPacks).orderBy(desc(wxRedPacks.id)).limit(limit).offset(offset)
    const [totals] = await this.#db.select({ total: count() }).from(wxRedPacks)
    return { rows, total: totals?.total ?? 0 }
  }
}
