import { sql } from 'drizzle-orm'
import type { Database } from '../../shared/database.ts'
import { paymentItems, products } from './schema.ts'

const SEED_LOCK = 726_354_002

/** A shop to look at, made when there is none and WeChat is simulated. Prices in fen. */
const PRODUCTS = [
  { shop_id: 0, name: '龙井绿茶', description: '明前采摘，一杯 300 ml', price: 1800, icon: icon('茶', '#3f8f5f') },
  { shop_id: 0, name: '手冲咖啡', description: '云南小粒，浅度烘焙', price: 2600, icon: icon('咖', '#8a5a36') },
  { shop_id: 0, name: '红豆面包', description: '每天早上现烤', price: 900, icon: icon('包', '#b3564b') },
  { shop_id: 0, name: '桂花酸奶', description: '少糖，配桂花蜜', price: 1200, icon: icon('奶', '#b08a2e') },
  { shop_id: 1, name: '帆布袋', description: '分店限定', price: 3900, icon: icon('袋', '#4a6fa5') }
]
const ITEMS = [
  { name: '充 50 元', description: '送 5 元优惠券', money: 5000, charge: 500 },
  { name: '充 100 元', description: '送 15 元优惠券', money: 10_000, charge: 1500 },
  { name: '充 1 元', description: '试一试', money: 100, charge: 0 }
]

export async function seed(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    // Two processes that start at once seed once.
    await tx.execute(sql`select pg_advisory_xact_lock(${SEED_LOCK})`)
    const [known] = await tx.select({ id: products.id }).from(products).limit(1)
    if (known) return
    await tx.insert(products).values(PRODUCTS)
    await tx.insert(paymentItems).values(ITEMS)
  })
}

function icon(character: string, color: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="${color}"/><text x="32" y="43" font-size="30" text-anchor="middle" fill="#fff" font-family="sans-serif">${character}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
