import { randomBytes } from 'node:crypto'
import { and, asc, desc, eq, getTableColumns, gt, inArray, lt, ne } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import type { Payment } from '../../../shared/sync-payment.ts'
import { AppError } from '../error-codes.ts'
import { customers } from '../schema.ts'
import { goods, goodsOrders, ledgerEntries, payAccounts, settings } from '../shop-schema.ts'
import type { Customer } from '../signature.ts'

export type Order = typeof goodsOrders.$inferSelect
export type OrderOfAccount = Order & { uuid: string }

const PAYABLE_MS = 30 * 60_000
/** A double tap or a retry within this time is the same order. */
const REUSED_MS = 5 * 60_000
const WINDOW_MS = 3600_000
const MOST_IN_WINDOW = 10
const OPEN = ['created', 'placed'] as const
const COLUMNS = { ...getTableColumns(goodsOrders), uuid: payAccounts.uuid }

const select = (db: Database) =>
  db.select(COLUMNS).from(goodsOrders).innerJoin(payAccounts, eq(payAccounts.id, goodsOrders.account_id))

/** The open order of these goods, or a new one, with the merchant account that the company has now. */
export function openOrder(db: Database, customer: Customer, goodsId: number, client_ip: string) {
  return db.transaction(async (tx): Promise<OrderOfAccount> => {
    // Two taps wait for each other and make one.
    await tx.select({ id: customers.id }).from(customers).where(eq(customers.id, customer.id)).for('update')
    const isOffered = and(eq(goods.id, goodsId), eq(goods.company_id, customer.company_id), eq(goods.is_on_sale, true))
    const [item] = await tx.select().from(goods).where(isOffered)
    if (!item) throw new AppError(302)
    const [account] = await tx
      .select(getTableColumns(payAccounts))
      .from(settings)
      .innerJoin(payAccounts, eq(payAccounts.id, settings.current_account_id))
      .where(eq(settings.company_id, customer.company_id))
    if (!account) throw new AppError(303, { msg: '商户未配置' })
    const { id: account_id, uuid } = account
    const order = { account_id, customer_id: customer.id, goods_id: item.id, total_fee: item.price_fen }
    const recent = await select(tx)
      .where(
        and(eq(goodsOrders.customer_id, customer.id), gt(goodsOrders.created_at, new Date(Date.now() - WINDOW_MS)))
      )
      .orderBy(desc(goodsOrders.id))
    const isSame = (one: Order) =>
      one.account_id === account_id &&
      one.goods_id === item.id &&
      one.total_fee === item.price_fen &&
      OPEN.some((status) => status === one.status) &&
      Date.now() - one.created_at.getTime() < REUSED_MS
    const known = recent.find(isSame)
    if (known) return known
    if (recent.length >= MOST_IN_WINDOW) throw new AppError(429)
    const order_no = `Y${Date.now()}${randomBytes(6).toString('hex')}`
    // In whole seconds, as WeChat Pay reads it: a repeat under the number has the same parameters.
    const time_expire = new Date(Math.floor((Date.now() + PAYABLE_MS) / 1000) * 1000)
    const values = { ...order, order_no, name: item.name, client_ip, time_expire }
    return { ...only(await tx.insert(goodsOrders).values(values).returning()), uuid }
  })
}

/** An order of a customer by its number, or the last one. */
export async function findOrder(db: Database, customerId: number, orderNo?: string) {
  const isThis = orderNo === undefined ? undefined : eq(goodsOrders.order_no, orderNo)
  const rows = await select(db)
    .where(and(eq(goodsOrders.customer_id, customerId), isThis))
    .orderBy(desc(goodsOrders.id))
    .limit(1)
  return rows[0]
}

/** Those whose end is not known and that are older than `before`, the oldest first. */
export function openOrders(db: Database, before: Date): Promise<OrderOfAccount[]> {
  const isOpen = and(inArray(goodsOrders.status, [...OPEN]), lt(goodsOrders.created_at, before))
  return select(db).where(isOpen).orderBy(asc(goodsOrders.created_at)).limit(200)
}

/** Never takes a paid order back: only one that is open changes. */
export async function updateOrder(db: Database, order: Order, values: Pick<Order, 'status'> & { prepay_id?: string }) {
  const isOpen = and(eq(goodsOrders.id, order.id), inArray(goodsOrders.status, [...OPEN]))
  await db.update(goodsOrders).set(values).where(isOpen)
}

/**
 * Books a payment of this account in one transaction: the order and the ledger. The same payment a second time changes nothing;
 * one that fits no order of the account, or another amount, throws, so that WeChat Pay delivers it again and somebody looks.
 */
export async function settle(db: Database, account_id: number, payment: Payment): Promise<void> {
  const { out_trade_no, transaction_id, total_fee } = payment
  await db.transaction(async (tx) => {
    const isThis = and(eq(goodsOrders.order_no, out_trade_no), eq(goodsOrders.account_id, account_id))
    const [paid] = await tx
      .update(goodsOrders)
      .set({ status: 'paid', transaction_id, paid_at: new Date() })
      .where(and(isThis, eq(goodsOrders.total_fee, total_fee), ne(goodsOrders.status, 'paid')))
      .returning()
    if (paid) {
      await tx.insert(ledgerEntries).values({ reference: `order:${out_trade_no}`, account_id, amount: total_fee })
      return
    }
    const [known] = await tx.select().from(goodsOrders).where(isThis)
    if (known?.transaction_id === transaction_id && known.total_fee === total_fee) return
    throw new Error(`The payment ${transaction_id} fits no order of the account ${account_id}`)
  })
}
