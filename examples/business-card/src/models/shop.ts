import { and, asc, desc, eq, getTableColumns, ne } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import type { Slice } from '../../../shared/numbers.ts'
import type { Seal } from '../../../shared/seal.ts'
import { companies, staff } from '../../migrations/schema.ts'
import { goods, goodsClasses, payAccounts, products, settings, websites } from '../../migrations/shop-schema.ts'
import { AppError } from '../error-codes.ts'

const { avatar: user_avatar, username, position } = staff
const LISTED = { product: getTableColumns(products), user_avatar, username, position }
const selectProducts = (db: Database) =>
  db.select(LISTED).from(products).innerJoin(staff, eq(staff.id, products.staff_id))

/** What a company shows: recommended ones first, then the newest. 已下架 (2) is left out. */
export async function listProducts(db: Database, companyId: number, { limit, offset }: Slice) {
  const isShown = and(eq(products.company_id, companyId), ne(products.status, 2))
  const order = [desc(products.status), desc(products.publisher_date), desc(products.id)]
  const rows = await selectProducts(db)
    .where(isShown)
    .orderBy(...order)
    .limit(limit)
    .offset(offset)
  return { rows, number: await db.$count(products, isShown) }
}

export async function findProduct(db: Database, companyId: number, productId: number) {
  const isThis = and(eq(products.id, productId), eq(products.company_id, companyId), ne(products.status, 2))
  const [row] = await selectProducts(db).where(isThis)
  if (!row) throw new AppError(302)
  return row
}

export async function websiteOf(db: Database, companyId: number) {
  return (await db.select().from(websites).where(eq(websites.company_id, companyId)))[0] ?? { cover: [], content: [] }
}

export type GoodsClass = typeof goodsClasses.$inferSelect

export function listClasses(db: Database, companyId: number): Promise<GoodsClass[]> {
  return db.select().from(goodsClasses).where(eq(goodsClasses.company_id, companyId)).orderBy(asc(goodsClasses.id))
}

/** Classes of one company change one after the other: only so two levels stay two. */
async function lockClasses(tx: Database, companyId: number): Promise<GoodsClass[]> {
  await tx.select({ id: companies.id }).from(companies).where(eq(companies.id, companyId)).for('update')
  return listClasses(tx, companyId)
}

export type ClassValues = Pick<GoodsClass, 'name' | 'goods_num' | 'parent_id'>

/** Adds a class, or changes the one with this number. A class below another has none below itself. */
export async function saveClass(tx: Database, companyId: number, values: ClassValues, classId?: number): Promise<void> {
  const classes = await lockClasses(tx, companyId)
  const parent = classes.find(({ id }) => id === values.parent_id)
  const isKnown = classId === undefined || classes.some(({ id }) => id === classId)
  if (!isKnown || (values.parent_id !== null && !parent)) throw new AppError(302)
  if (parent) {
    const isThirdLevel = parent.parent_id !== null || classes.some(({ parent_id }) => parent_id === classId)
    if (parent.id === classId || isThirdLevel) throw new AppError(301)
  }
  if (classId === undefined) await tx.insert(goodsClasses).values({ ...values, company_id: companyId })
  else await tx.update(goodsClasses).set(values).where(eq(goodsClasses.id, classId))
}

export async function deleteClass(tx: Database, companyId: number, classId: number): Promise<void> {
  const classes = await lockClasses(tx, companyId)
  if (!classes.some(({ id }) => id === classId)) throw new AppError(302)
  const [used] = await tx.select({ id: goods.id }).from(goods).where(eq(goods.class_id, classId)).limit(1)
  if (used || classes.some(({ parent_id }) => parent_id === classId)) throw new AppError(304)
  await tx.delete(goodsClasses).where(eq(goodsClasses.id, classId))
}

export type ShopSettings = { [Name in 'shangChengName' | 'shangHuHao' | 'shangHuMiYao']?: string | undefined }

/** Settings of a company: what is absent stays. Another number or key makes a new account; open orders keep theirs. */
export async function saveSettings(tx: Database, seal: Seal, company_id: number, given: ShopSettings) {
  const isMade = await tx.insert(settings).values({ company_id }).onConflictDoNothing().returning()
  const isThis = eq(settings.company_id, company_id)
  const [known] = await tx
    .select({ settings, account: payAccounts })
    .from(settings)
    .leftJoin(payAccounts, eq(payAccounts.id, settings.current_account_id))
    .where(isThis)
    .for('update', { of: settings })
  const { account } = known ?? {}
  const oldKey = account ? seal.open('merchant key', account.key_sealed) : undefined
  const mch_id = given.shangHuHao ?? account?.mch_id
  const key = given.shangHuMiYao ?? oldKey
  let current_account_id = account?.id ?? null
  if (mch_id !== account?.mch_id || key !== oldKey) {
    if (mch_id === undefined || key === undefined) throw new AppError(303, { msg: '商户号和商户秘钥要一起设置' })
    const values = { company_id, mch_id, key_sealed: seal.seal('merchant key', key) }
    const [made] = await tx.insert(payAccounts).values(values).returning()
    current_account_id = made?.id ?? null
  }
  const shop_name = given.shangChengName ?? known?.settings.shop_name ?? ''
  await tx.update(settings).set({ shop_name, current_account_id }).where(isThis)
  return isMade.length > 0
}
