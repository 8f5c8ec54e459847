import { beijingTime } from '../../shared/beijing-time.ts'
import type { cartItems, ledgers, paymentItems, paymentOrders, products, users } from './schema.ts'

type Row<Table extends { $inferSelect: unknown }> = Table['$inferSelect']

const times = (row: { created_at: Date; updated_at: Date }) => ({
  create_at: beijingTime(row.created_at),
  update_at: beijingTime(row.updated_at)
})

/** What the network sees of each row: never an openid, never a hash. */
export const viewUser = (row: Row<typeof users>) => ({
  id: row.id,
  name: row.name,
  gender: row.gender,
  province: row.province,
  city: row.city,
  avatar: row.avatar,
  balance: row.balance,
  coupon: row.coupon,
  // A required number: 0 where none is known.
  phone: row.phone ?? 0
})

export type ProductView = ReturnType<typeof viewProduct>
export const viewProduct = (row: Row<typeof products>) => ({
  id: row.id,
  name: row.name,
  description: row.description,
  icon: row.icon,
  shop_id: row.shop_id,
  price: row.price,
  ...times(row)
})

/** Name and price are those of today. */
export const viewCartItem = (row: Row<typeof cartItems>, product: { name: string; price: number }) => ({
  id: row.id,
  uid: row.user_id,
  product: row.product_id,
  product_name: product.name,
  product_price: product.price,
  num: row.num,
  ...times(row)
})

export const viewLedger = (row: Row<typeof ledgers>) => ({
  id: row.id,
  uid: row.user_id,
  name: row.name,
  money: row.money,
  type: row.kind,
  item_id: row.item_id,
  ...times(row)
})

export const viewItem = (row: Row<typeof paymentItems>) => ({
  id: row.id,
  name: row.name,
  money: row.money,
  description: row.description,
  charge: row.charge,
  ...times(row)
})

export const viewOrder = ({ payment_id, status, money, charge }: Row<typeof paymentOrders>) => ({
  payment_id,
  status,
  money,
  charge
})
