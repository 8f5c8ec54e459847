import { and, eq } from 'drizzle-orm'
import type { AppParts } from '../../../shared/app.ts'
import type { Database } from '../../../shared/database.ts'
import { Orders } from '../../../shared/orders.ts'
import { goods, goodsOrders, ledgerEntries, payAccounts, settings } from '../../migrations/shop-schema.ts'
import type { Clients } from '../clients.ts'
import type { Config } from '../config.ts'
import { AppError } from '../error-codes.ts'
import type { Customer } from '../signature.ts'

export type Order = typeof goodsOrders.$inferSelect

const LIMIT = { most: 10, withinMs: 3600_000 }

/** Orders of goods, each with the merchant account that the company had when it was placed. */
export class GoodsOrders extends Orders<Order> {
  readonly #db: Database

  constructor(parts: AppParts<Config> & Clients) {
    const { db, merchantOf } = parts
    super({
      ...parts,
      table: goodsOrders,
      name: 'orders',
      prefix: 'Y',
      payOf: async ({ account_id }) => {
        const merchant = await merchantOf(eq(payAccounts.id, account_id))
        if (!merchant) throw new AppError(302)
        return merchant.pay
      },
      book: (tx, { out_trade_no, account_id, total_fee }) =>
        tx.insert(ledgerEntries).values({ reference: `order:${out_trade_no}`, account_id, amount: total_fee })
    })
    this.#db = db
  }

  /** The customer's open order of these goods, or a new one. */
  async openFor(customer: Customer, goodsId: number, client_ip: string): Promise<Order> {
    const { id: owner, company_id } = customer
    const isOffered = and(eq(goods.id, goodsId), eq(goods.company_id, company_id), eq(goods.is_on_sale, true))
    const [item] = await this.#db.select().from(goods).where(isOffered)
    if (!item) throw new AppError(302)
    const [setting] = await this.#db.select().from(settings).where(eq(settings.company_id, company_id))
    const account_id = setting?.current_account_id
    if (!account_id) throw new AppError(303, { msg: '商户未配置' })
    const { id: goods_id, name, price_fen: total_fee } = item
    const order = await this.open({ owner, account_id, goods_id, name, total_fee, client_ip }, LIMIT)
    if (!order) throw new AppError(429)
    return order
  }
}
