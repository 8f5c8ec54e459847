import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { bindings, chatReads, companies, customers, messages, staff } from '../../migrations/schema.ts'
import type { Customer, Staff } from '../signature.ts'
import { selectCustomers } from './customers.ts'
import { ofPair, type Pair } from './pair.ts'

export interface NewBinding extends Pair {
  source: number
  pid: number | undefined
}

/**
 * Binds a customer to a member of the staff; the first time counts. A `pid` that is not bound to the same one is left out: that
 * also excludes circles, because whoever names a parent came later. `false` when a `pid` was left out.
 */
export async function bind(tx: Database, { pid: given, ...binding }: NewBinding): Promise<boolean> {
  const parent = { customer_id: given ?? 0, staff_id: binding.staff_id }
  const isOther = given !== undefined && given !== binding.customer_id
  const isParent = isOther && (await tx.$count(bindings, ofPair(bindings, parent))) > 0
  const row = { ...binding, pid: isParent ? given : null }
  await tx.insert(bindings).values(row).onConflictDoNothing()
  return given === undefined || isParent
}

/** A member of the staff of a company. */
export async function staffOfCompany(db: Database, companyId: number, staffId: number): Promise<Staff | undefined> {
  const isThis = and(eq(staff.id, staffId), eq(staff.company_id, companyId))
  return (await db.select().from(staff).where(isThis))[0]
}

export async function boundStaff(db: Database, customer_id: number, staff_id: number): Promise<Staff | undefined> {
  const [row] = await db
    .select(getTableColumns(staff))
    .from(bindings)
    .innerJoin(staff, eq(staff.id, bindings.staff_id))
    .where(ofPair(bindings, { customer_id, staff_id }))
  return row
}

export async function boundCustomer(db: Database, member: Staff, customer_id: number): Promise<Customer | undefined> {
  const isBound = and(eq(bindings.customer_id, customers.id), eq(bindings.staff_id, member.id))
  const [row] = await selectCustomers(db).innerJoin(bindings, isBound).where(eq(customers.id, customer_id))
  return row
}

/** The staff that a customer knows, the last first. */
export function staffOfCustomer(db: Database, customerId: number) {
  return db
    .select({ member: getTableColumns(staff), source: bindings.source, company: companies.name })
    .from(bindings)
    .innerJoin(staff, eq(staff.id, bindings.staff_id))
    .innerJoin(companies, eq(companies.id, staff.company_id))
    .where(and(eq(bindings.customer_id, customerId), eq(staff.is_enabled, true)))
    .orderBy(desc(bindings.created_at), desc(staff.id))
}

const unread = sql<number>`(
  select count(*)::int from ${messages}
  where ${messages.customer_id} = ${bindings.customer_id} and ${messages.staff_id} = ${bindings.staff_id} and ${messages.send_type} = 2
    and ${messages.id} > coalesce((select ${chatReads.last_id} from ${chatReads} where ${chatReads.customer_id} = ${bindings.customer_id}
      and ${chatReads.staff_id} = ${bindings.staff_id} and ${chatReads.reader} = 1), 0))`

/** The number that a customer gave to this member of the staff, and not to another: the last one in their chat. */
const phone = sql<string | null>`(
  select ${messages.content} ->> 'phone_sealed' from ${messages}
  where ${messages.customer_id} = ${bindings.customer_id} and ${messages.staff_id} = ${bindings.staff_id}
    and ${messages.content} ->> 'phone_sealed' is not null
  order by ${messages.id} desc limit 1)`

/** The customers of a member of the staff, the last first, with the number of messages that were not read. */
export function customersOfStaff(db: Database, staffId: number) {
  const { id: customer_id, username, headimgurl } = customers
  const { source, pid, created_at: create_date } = bindings
  return db
    .select({ customer_id, username, headimgurl, phone, source, pid, create_date, chatinfo_count: unread })
    .from(bindings)
    .innerJoin(customers, eq(customers.id, bindings.customer_id))
    .where(eq(bindings.staff_id, staffId))
    .orderBy(desc(bindings.created_at), desc(customers.id))
    .limit(500)
}
