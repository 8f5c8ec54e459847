import { and, eq, getTableColumns, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { SessionStart } from 'weixin-kit/miniapp'
import type { Database } from '../../../shared/database.ts'
import { only } from '../../../shared/only.ts'
import type { Seal } from '../../../shared/seal.ts'
import { tokenValues } from '../../../shared/signing-tokens.ts'
import { customers, miniPrograms } from '../../migrations/schema.ts'
import { formIds, subscriptions } from '../../migrations/shop-schema.ts'
import type { Customer } from '../signature.ts'

const FORM_ID_MS = 7 * 24 * 3600_000
const NOTICE_MS = 10 * 60_000

/** Customers with their company. */
export const selectCustomers = (db: Database) =>
  db
    .select({ ...getTableColumns(customers), company_id: miniPrograms.company_id })
    .from(customers)
    .innerJoin(miniPrograms, eq(miniPrograms.id, customers.mini_program_id))

/** The customer of a login, made by the first one. */
export async function logIn(db: Database, seal: Seal, miniId: number, session: SessionStart, source: number) {
  const { openid, unionid = null, token } = session
  const values = tokenValues(seal, token, customers)
  const first = { ...values, previous_token_sealed: null, previous_token_hash: null }
  const made = db.insert(customers).values({ mini_program_id: miniId, openid, unionid, source, ...first })
  const known = { target: [customers.mini_program_id, customers.openid], set: { ...values, unionid } }
  return only(await made.onConflictDoUpdate(known).returning())
}

export async function byOpenid(db: Database, miniId: number, openid: string) {
  const isThis = and(eq(customers.mini_program_id, miniId), eq(customers.openid, openid))
  return (await selectCustomers(db).where(isThis))[0]
}

export async function updateCustomer(db: Database, { id }: { id: number }, values: Partial<Customer>): Promise<void> {
  await db.update(customers).set(values).where(eq(customers.id, id))
}

const isConsent = (customer_id: number, template_id: string) =>
  and(eq(subscriptions.customer_id, customer_id), eq(subscriptions.template_id, template_id))

/** One more consent to a subscribe message. */
export async function addConsent(db: Database, customer_id: number, template_id: string, times: number): Promise<void> {
  const target = [subscriptions.customer_id, subscriptions.template_id]
  const set = { left: sql`least(${subscriptions.left} + ${times}, 1000)` }
  const consent = { customer_id, template_id, left: times }
  await db.insert(subscriptions).values(consent).onConflictDoUpdate({ target, set })
}

/** Uses a consent; `false` without one, and within ten minutes of the last message. */
export async function useConsent(db: Database, customer_id: number, template_id: string): Promise<boolean> {
  const isDue = or(isNull(subscriptions.sent_at), lt(subscriptions.sent_at, new Date(Date.now() - NOTICE_MS)))
  const set = { left: sql`${subscriptions.left} - 1`, sent_at: new Date() }
  const used = db
    .update(subscriptions)
    .set(set)
    .where(and(isConsent(customer_id, template_id), gt(subscriptions.left, 0), isDue))
  return (await used.returning()).length > 0
}

/** WeChat knows of no consent (43101). */
export async function dropConsents(db: Database, customer_id: number, template_id: string): Promise<void> {
  await db.update(subscriptions).set({ left: 0 }).where(isConsent(customer_id, template_id))
}

export async function keepFormId(db: Database, customer_id: number, form_id: string): Promise<void> {
  const expires_at = new Date(Date.now() + FORM_ID_MS)
  await db.insert(formIds).values({ form_id, customer_id, expires_at }).onConflictDoNothing()
}

export async function forgetFormIds(db: Database): Promise<void> {
  await db.delete(formIds).where(lt(formIds.expires_at, new Date()))
}
