import { and, desc, eq, sql } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { cartItems, products } from '../../migrations/schema.ts'

const MOST = 99

export class Cart {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async list(userId: number) {
    const product = { name: products.name, price: products.price }
    return this.#db
      .select({ item: cartItems, product })
      .from(cartItems)
      .innerJoin(products, eq(products.id, cartItems.product_id))
      .where(eq(cartItems.user_id, userId))
      .orderBy(desc(cartItems.id))
      .limit(500)
  }

  /** One more of a product, or as many as `num` says; `false` when there are as many as a cart takes. */
  async put(user_id: number, product_id: number, num: number | undefined): Promise<boolean> {
    const isRoom = num === undefined ? sql`${cartItems.num} < ${MOST}` : sql`true`
    const rows = await this.#db
      .insert(cartItems)
      .values({ user_id, product_id, num: num ?? 1 })
      .onConflictDoUpdate({
        target: [cartItems.user_id, cartItems.product_id],
        set: { num: num ?? sql`${cartItems.num} + 1` },
        setWhere: isRoom
      })
      .returning({ id: cartItems.id })
    return rows.length > 0
  }

  async remove(userId: number, productId: number): Promise<boolean> {
    const isThis = and(eq(cartItems.user_id, userId), eq(cartItems.product_id, productId))
    return (await this.#db.delete(cartItems).where(isThis).returning({ id: cartItems.id })).length > 0
  }
}
