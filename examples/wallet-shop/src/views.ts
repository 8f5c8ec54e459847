import { beijingTime } from '../../shared/beijing-time.ts'
import { pick } from '../../shared/pick.ts'
import type { cartItems, ledgers, paymentItems, paymentOrders, products, users } from '../migrations/schema.ts'

interface Times {
  created_at: Date
  updated_at: Date
}

const times = (row: Times) => ({ create_at: beijingTime(row.created_at), update_at: beijingTime(row.updated_at) })

/** What the network sees of each row: never an openid, never a hash. A phone is a required number: 0 where none is known. */
export const viewUser = (row: typeof users.$inferSelect) => ({
  ...pick(row, 'id', 'name', 'gender', 'province', 'city', 'avatar', 'balance', 'coupon'),
  phone: row.phone ?? 0
})

export type ProductView = ReturnType<typeof viewProduct>
export const viewProduct = (row: typeof products.$inferSelect) => ({
  ...pick(row, 'id', 'name', 'description', 'icon', 'shop_id', 'price'),
  ...times(row)
})

/** Name and price are those of today. */
export const viewCartItem = (row: typeof cartItems.$inferSelect, product: { name: string; price: number }) => ({
  id: row.id,
  uid: row.user_id,
  product: row.product_id,
  product_name: product.name,
  product_price: product.price,
  num: row.num,
  ...times(row)
})

export const viewLedger = (row: typeof ledgers.$inferSelect) => ({
  id: row.id,
  uid: row.user_id,
  ...pick(row, 'name', 'money'),
  type: row.kind,
  item_id: row.item_id,
  ...times(row)
})

export const viewItem = (row: typeof paymentItems.$inferSelect) => ({
  ...pick(row, 'id', 'name', 'money', 'description', 'charge'),
  ...times(row)
})

export const viewOrder = (row: typeof paymentOrders.$inferSelect) => ({
  payment_id: row.out_trade_no,
  money: row.total_fee,
  ...pick(row, 'status', 'charge')
})
