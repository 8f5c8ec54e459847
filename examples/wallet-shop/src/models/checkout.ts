import { randomUUID } from 'node:crypto'
import { and, asc, eq } from 'drizzle-orm'
import type { Database, Transaction } from '../../../shared/database.ts'
import { KeyReusedError, once, touchRequest } from '../../../shared/requests.ts'
import { cartItems, products } from '../../migrations/schema.ts'
import { AppError } from '../error-codes.ts'
import { type ProductView, viewProduct } from '../views.ts'
import { lockUser, move, type Purse } from './purses.ts'

/** The same purchase again within this time is taken for a double tap, or for a retry of a proxy. */
const GUARD_MS = 3_000

export interface CartResult {
  success: (ProductView & { num: number })[]
  fail: (ProductView & { num: number })[]
}

/** Nothing of the cart was bought, for lack of money or because nothing in it is on sale. */
export class NothingBoughtError extends AppError {
  readonly result: CartResult

  constructor(result: CartResult, code: 10002 | 10006) {
    super(code)
    this.result = result
  }
}

/** Spends money. Prices come from the table, in the transaction that takes the money. */
export class Checkout {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Buys one product. With a key a repeat gets the first response; without one it is refused for a moment. */
  buy(userId: number, productId: number, purse: Purse, key: string | undefined): Promise<ProductView> {
    const cameAt = Date.now()
    return this.#once(userId, key, `${purse} ${productId}`, async (tx) => {
      const isOffered = and(eq(products.id, productId), eq(products.is_on_sale, true))
      const [product] = await tx.select().from(products).where(isOffered)
      if (!product) throw new AppError(10002)
      if (key === undefined) {
        await lockUser(tx, userId)
        // By the time of arrival: the wait for the lock makes no repeat a second purchase.
        const mark = { owner: ownerOf(userId), key: `auto:${purse}:${productId}` }
        if (!(await touchRequest(tx, mark, cameAt, GUARD_MS))) throw new AppError(10004)
      }
      const { name, price } = product
      const reference = `buy:${randomUUID()}`
      const bought = await move(tx, userId, purse, {
        kind: 'purchase',
        name,
        money: -price,
        item_id: productId,
        reference
      })
      if (!bought) throw new AppError(10006)
      return viewProduct(product)
    })
  }

  /** Buys what is in the cart, the oldest first, each row whole or not at all. What was bought leaves the cart. */
  buyCart(userId: number, purse: Purse, key: string | undefined): Promise<CartResult> {
    return this.#once(userId, key, `cart ${purse}`, async (tx) => {
      await lockUser(tx, userId)
      const rows = await tx
        .select({ item: cartItems, product: products })
        .from(cartItems)
        .innerJoin(products, eq(products.id, cartItems.product_id))
        .where(eq(cartItems.user_id, userId))
        .orderBy(asc(cartItems.id))
        .for('update', { of: cartItems })
      const result: CartResult = { success: [], fail: [] }
      const checkoutId = randomUUID()
      let isShort = false
      for (const { item, product } of rows) {
        const { id: item_id, name, price } = product
        const reference = `cart:${checkoutId}:${item_id}`
        const movement = { kind: 'purchase', name, money: -price * item.num, item_id, reference } as const
        const isBought = product.is_on_sale && (await move(tx, userId, purse, movement)) !== undefined
        if (isBought) await tx.delete(cartItems).where(eq(cartItems.id, item.id))
        else isShort ||= product.is_on_sale
        result[isBought ? 'success' : 'fail'].push({ ...viewProduct(product), num: item.num })
      }
      if (result.success.length === 0) throw new NothingBoughtError(result, isShort ? 10006 : 10002)
      return result
    })
  }

  async #once<T>(
    userId: number,
    key: string | undefined,
    fingerprint: string,
    work: (tx: Transaction) => Promise<T>
  ): Promise<T> {
    if (key === undefined) return this.#db.transaction(work)
    return once(this.#db, { owner: ownerOf(userId), key: `key:${key}`, fingerprint }, work).catch((cause: unknown) => {
      throw cause instanceof KeyReusedError ? new AppError(10005, { cause }) : cause
    })
  }
}

const ownerOf = (userId: number) => `user:${userId}`
