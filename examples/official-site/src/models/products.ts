import { asc, count, eq } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import { wxPayProducts } from '../../migrations/schema.ts'
import type { Page } from '../pagination.ts'

export type Product = typeof wxPayProducts.$inferSelect

/** For a simulated WeChat: something to buy. */
const SAMPLES = [
  { body: '奶茶', total_fee: 500 },
  { body: '试付一分', total_fee: 1 }
]

/** The price list: what can be ordered, each under a name of its own. */
export class Products {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async seedIfEmpty(): Promise<void> {
    if ((await this.#db.select({ id: wxPayProducts.id }).from(wxPayProducts).limit(1)).length > 0) return
    await this.#db.insert(wxPayProducts).values(SAMPLES).onConflictDoNothing()
  }

  /** A new product, or a new price of a known one. Orders keep the price at which they were made. */
  async setPrice(body: string, totalFee: number): Promise<Product> {
    const rows = await this.#db
      .insert(wxPayProducts)
      .values({ body, total_fee: totalFee })
      .onConflictDoUpdate({ target: wxPayProducts.body, set: { total_fee: totalFee } })
      .returning()
    return only(rows)
  }

  async find(body: string): Promise<Product | undefined> {
    return (await this.#db.select().from(wxPayProducts).where(eq(wxPayProducts.body, body)))[0]
  }

  async list(page: Page): Promise<{ rows: Product[]; total: number }> {
    const rows = await this.#db
      .select()
      .from(wxPayProducts)
      .orderBy(asc(wxPayProducts.id))
      .limit(page.limit)
      .offset(page.offset)
    const [totals] = await this.#db.select({ total: count() }).from(wxPayProducts)
    return { rows, total: totals?.total ?? 0 }
  }

  async delete(uuid: string): Promise<boolean> {
    const rows = await this.#db
      .delete(wxPayProducts)
      .where(eq(wxPayProducts.uuid, uuid))
      .returning({ id: wxPayProducts.id })
    return rows.length > 0
  }
}
