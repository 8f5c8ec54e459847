import { and, count, desc, eq, inArray } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import type { Page } from '../pagination.ts'
import { ledgerEntries, wxMchPays, wxRedPacks } from '../schema.ts'
import { only } from './orders.ts'

export type MchPay = typeof wxMchPays.$inferSelect
export type RedPack = typeof wxRedPacks.$inferSelect

const OPEN = ['created', 'unknown'] as const

/** Transfers to a user's balance (企业付款). The number comes from the caller, so that a repeat finds the same row. */
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

  async settle(
    row: MchPay,
    outcome: { status: 'success'; payment_no: string } | { status: 'failed' | 'unknown' }
  ): Promise<MchPay> {
    return this.#db.transaction(async (tx) => {
      const [changed] = await tx
        .update(wxMchPays)
        .set({ ...outcome, updated_at: new Date() })
        .where(and(eq(wxMchPays.id, row.id), inArray(wxMchPays.status, [...OPEN])))
        .returning()
      if (changed?.status === 'success') {
        await tx.insert(ledgerEntries).values({ kind: 'mch_pay', reference: row.partner_trade_no, amount: -row.amount })
      }
      return changed ?? only(await tx.select().from(wxMchPays).where(eq(wxMchPays.id, row.id)))
    })
  }

  async list(page: Page): Promise<{ rows: MchPay[]; total: number }> {
    const rows = await this.#db
      .select()
      .from(wxMchPays)
      .orderBy(desc(wxMchPays.id))
      .limit(page.limit)
      .offset(page.offset)
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

  async settle(
    row: RedPack,
    outcome: { status: 'sent'; send_listid: string } | { status: 'failed' | 'unknown' }
  ): Promise<RedPack> {
    return this.#db.transaction(async (tx) => {
      const [changed] = await tx
        .update(wxRedPacks)
        .set({ ...outcome, updated_at: new Date() })
        .where(and(eq(wxRedPacks.id, row.id), inArray(wxRedPacks.status, [...OPEN])))
        .returning()
      if (changed?.status === 'sent') {
        await tx
          .insert(ledgerEntries)
          .values({ kind: 'red_pack', reference: row.mch_billno, amount: -row.total_amount })
      }
      return changed ?? only(await tx.select().from(wxRedPacks).where(eq(wxRedPacks.id, row.id)))
    })
  }

  async list(page: Page): Promise<{ rows: RedPack[]; total: number }> {
    const rows = await this.#db
      .select()
      .from(wxRedPacks)
      .orderBy(desc(wxRedPacks.id))
      .limit(page.limit)
      .offset(page.offset)
    const [totals] = await this.#db.select({ total: count() }).from(wxRedPacks)
    return { rows, total: totals?.total ?? 0 }
  }
}
