import { and, asc, eq } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import type { Slice } from '../../../shared/numbers.ts'
import { paymentItems, products } from '../../migrations/schema.ts'

export type Product = typeof products.$inferSelect
export type Item = typeof paymentItems.$inferSelect

/** What is for sale: products, and amounts to top up. What is not on sale is not there. */
export class Catalogue {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  products(shopId: number, { limit, offset }: Slice): Promise<Product[]> {
    const isOffered = and(eq(products.shop_id, shopId), eq(products.is_on_sale, true))
    return this.#db.select().from(products).where(isOffered).orderBy(asc(products.id)).limit(limit).offset(offset)
  }

  async product(id: number): Promise<Product | undefined> {
    const isOffered = and(eq(products.id, id), eq(products.is_on_sale, true))
    return (await this.#db.select().from(products).where(isOffered))[0]
  }

  items(): Promise<Item[]> {
    return this.#db
      .select()
      .from(paymentItems)
      .where(eq(paymentItems.is_on_sale, true))
      .orderBy(asc(paymentItems.id))
      .limit(500)
  }

  async item(id: number): Promise<Item | undefined> {
    const isOffered = and(eq(paymentItems.id, id), eq(paymentItems.is_on_sale, true))
    return (await this.#db.select().from(paymentItems).where(isOffered))[0]
  }
}
