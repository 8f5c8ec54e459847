import { and, eq, lt } from 'drizzle-orm'
import { json, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Database, Transaction } from './database.ts'

/**
 * Requests that were worked on, by their owner and the `Idempotency-Key` that the client chose. The table is in the
 * migrations of each app that has it:
 *
 *     CREATE TABLE "requests" ("owner" text NOT NULL, "key" text NOT NULL, "fingerprint" text NOT NULL, "answer" json,
 *       "created_at" timestamp with time zone DEFAULT now() NOT NULL, PRIMARY KEY ("owner", "key"))
 */
const requests = pgTable(
  'requests',
  {
    owner: text('owner').notNull(),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    answer: json('answer'),
    created_at: timestamp('created_at', { withTimezone: true }).notNull().defaultNow()
  },
  (table) => [primaryKey({ columns: [table.owner, table.key] })]
)

/** The key of a request was used for another one. */
export class KeyReusedError extends Error {}

export const IDEMPOTENCY_KEY = /^[\w-]{8,64}$/
const KEPT_MS = 24 * 3600_000

export interface RequestKey {
  /** Who asks; keys of two owners never meet. */
  owner: string
  key: string
  /** What is asked: the same key with another fingerprint is refused. */
  fingerprint: string
}

/**
 * Runs `work` once per key, in one transaction with its result; a repeat gets that result. Two at once wait for each other at
 * the primary key. What throws leaves no trace, so that the same key may be tried again.
 *
 * @throws {KeyReusedError}
 */
export function once<T>(
  db: Database,
  { owner, key, fingerprint }: RequestKey,
  work: (tx: Transaction) => Promise<T>
): Promise<T> {
  const isThis = and(eq(requests.owner, owner), eq(requests.key, key))
  return db.transaction(async (tx) => {
    const claimed = await tx.insert(requests).values({ owner, key, fingerprint }).onConflictDoNothing().returning()
    const known = claimed.length === 0 ? await keptAnswer<T>(tx, { owner, key, fingerprint }) : undefined
    if (known) return known.answer
    const answer = await work(tx)
    await tx
      .update(requests)
      .set({ answer: answer ?? null })
      .where(isThis)
    return answer
  })
}

/**
 * The response that is kept for a key, if there is one: for work that is not done in the transaction, as a call of WeChat.
 *
 * @throws {KeyReusedError}
 */
export async function keptAnswer<T>(
  db: Database | Transaction,
  { owner, key, fingerprint }: RequestKey
): Promise<{ answer: T } | undefined> {
  const [known] = await db
    .select()
    .from(requests)
    .where(and(eq(requests.owner, owner), eq(requests.key, key)))
  if (!known) return undefined
  if (known.fingerprint !== fingerprint) throw new KeyReusedError('The key was used for another request')
  return { answer: known.answer as T }
}

/**
 * Marks that something was asked for at `cameAt` (Unix milliseconds); `false` when it was within `forMs` before. Call it under
 * a lock of the owner's row: two at once are then looked at one after the other.
 */
export async function touchRequest(
  tx: Transaction,
  { owner, key }: Omit<RequestKey, 'fingerprint'>,
  cameAt: number,
  forMs: number
): Promise<boolean> {
  const isThis = and(eq(requests.owner, owner), eq(requests.key, key))
  const [last] = await tx.select().from(requests).where(isThis)
  if (last && Math.abs(cameAt - Number(last.answer)) < forMs) return false
  const values = { answer: cameAt, created_at: new Date() }
  await tx
    .insert(requests)
    .values({ owner, key, fingerprint: '', ...values })
    .onConflictDoUpdate({ target: [requests.owner, requests.key], set: values })
  return true
}

/** Forgets what is older than a day: for a sweep. */
export async function forgetRequests(db: Database): Promise<void> {
  await db.delete(requests).where(lt(requests.created_at, new Date(Date.now() - KEPT_MS)))
}
