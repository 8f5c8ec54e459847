import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import { cardEvents, companies, customers, praises, signPraises, staff, staffPhotos } from '../../migrations/schema.ts'
import type { Staff } from '../signature.ts'
import { lockPair, ofPair, type Pair } from './pair.ts'

const MINUTE_MS = 60_000
const KEPT_MS = 180 * 24 * 3600_000

type OfCard = 'card' | 'call' | 'save_wechat' | 'praise' | 'forward' | 'sign' | 'phone'
export type EventKind = OfCard | 'product' | 'forward_product' | 'consult'

const COUNTERS = { card: 'popularity_num', forward: 'forward_num', praise: 'praise_num', sign: 'sign_num' } as const

/** Changes a counter of a card; returns its new value. */
async function count(tx: Database, staffId: number, what: keyof typeof COUNTERS, by: 1 | -1 = 1): Promise<number> {
  const column = COUNTERS[what]
  const set = { [column]: sql`${staff[column]} + ${by}` }
  const changed = tx.update(staff).set(set).where(eq(staff.id, staffId))
  return only(await changed.returning({ now: staff[column] })).now
}

/** Writes down what a customer did; what counts on the card is counted. */
export async function logEvent(tx: Database, pair: Pair, kind: EventKind, product_id?: number): Promise<void> {
  await tx.insert(cardEvents).values({ ...pair, kind, product_id: product_id ?? null })
  if (kind === 'card' || kind === 'forward') await count(tx, pair.staff_id, kind)
}

/** The same, at most once within a time; `false` when it was already there. */
export async function logOnce(
  tx: Database,
  pair: Pair,
  kind: EventKind,
  options: { product_id?: number; withinMs?: number } = {}
): Promise<boolean> {
  const { product_id, withinMs = MINUTE_MS } = options
  await lockPair(tx, pair)
  const isProduct = product_id === undefined ? undefined : eq(cardEvents.product_id, product_id)
  const isRecent = gt(cardEvents.created_at, new Date(Date.now() - withinMs))
  const isThis = and(ofPair(cardEvents, pair), eq(cardEvents.kind, kind), isProduct, isRecent)
  if ((await tx.$count(cardEvents, isThis)) > 0) return false
  await logEvent(tx, pair, kind, product_id)
  return true
}

/** Likes, or takes the like back: the row and the counter in one transaction. */
export async function toggle(tx: Database, pair: Pair, what: 'praise' | 'sign') {
  const table = what === 'praise' ? praises : signPraises
  // The order of locks is that of all that count: first the card.
  await tx.select({ id: staff.id }).from(staff).where(eq(staff.id, pair.staff_id)).for('update')
  const removed = await tx.delete(table).where(ofPair(table, pair)).returning()
  const isLiked = removed.length === 0
  if (isLiked) await tx.insert(table).values(pair)
  await logEvent(tx, pair, what)
  return { isLiked, number: await count(tx, pair.staff_id, what, isLiked ? 1 : -1) }
}

export async function companyOf(db: Database, { company_id }: Staff) {
  return only(await db.select().from(companies).where(eq(companies.id, company_id)))
}

/** What a card shows beside the rows of its owner and the company. The document mixes objects with lists: these are the newer form. */
export async function cardOf(db: Database, pair: Pair) {
  const { id, photo_url, staff_id } = staffPhotos
  const isOwn = eq(staff_id, pair.staff_id)
  return {
    photo: await db.select({ id, photo_url }).from(staffPhotos).where(isOwn).orderBy(asc(id)),
    is_praise: (await db.$count(praises, ofPair(praises, pair))) > 0,
    is_sign: (await db.$count(signPraises, ofPair(signPraises, pair))) > 0
  }
}

/** What the customers of a member of the staff did, the last first. */
export function eventsOfStaff(db: Database, staffId: number) {
  const { customer_id, kind, product_id, created_at } = cardEvents
  return db
    .select({ customer_id, username: customers.username, kind, product_id, create_date: created_at })
    .from(cardEvents)
    .innerJoin(customers, eq(customers.id, cardEvents.customer_id))
    .where(eq(cardEvents.staff_id, staffId))
    .orderBy(desc(cardEvents.id))
    .limit(100)
}

export async function forgetEvents(db: Database): Promise<void> {
  await db.delete(cardEvents).where(lt(cardEvents.created_at, new Date(Date.now() - KEPT_MS)))
}
