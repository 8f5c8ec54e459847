import { and, asc, desc, eq, gt, inArray, lte, ne, sql } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import type { Slice } from '../../../shared/numbers.ts'
import { only } from '../../../shared/only.ts'
import { chatReads, messages } from '../../migrations/schema.ts'
import type { MessageContent } from '../content.ts'
import { lockPair, ofPair, type Pair } from './pair.ts'

export type Message = typeof messages.$inferSelect
/** As `send_type`: 1 the staff, 2 the customer. */
export type Side = 1 | 2

const MOST = 100

const ofReader = (pair: Pair, reader: Side) => and(ofPair(chatReads, pair), eq(chatReads.reader, reader))

/** Writes a message. The lock lets the numbers of a pair become visible in their order, so that no reader skips one. */
export async function writeMessage(tx: Database, pair: Pair, send_type: Side, content: MessageContent): Promise<void> {
  await lockPair(tx, pair)
  await tx.insert(messages).values({ ...pair, send_type, content })
}

/** A page of the messages of a pair, the newest first; `maxId` keeps pages where they were while others write. */
export function listMessages(db: Database, pair: Pair, { limit, offset }: Slice, maxId?: number): Promise<Message[]> {
  const isSeen = and(ofPair(messages, pair), maxId === undefined ? undefined : lte(messages.id, maxId))
  return db.select().from(messages).where(isSeen).orderBy(desc(messages.id)).limit(limit).offset(offset)
}

export async function findMessages(db: Database, ids: number[]): Promise<Message[]> {
  return ids.length === 0 ? [] : db.select().from(messages).where(inArray(messages.id, ids)).orderBy(desc(messages.id))
}

/** Whether there is what `fetchNew` would give. */
export async function hasNew(db: Database, pair: Pair, reader: Side): Promise<boolean> {
  const fetched = sql`coalesce((select ${chatReads.last_fetched_id} from ${chatReads} where ${ofReader(pair, reader)}), 0)`
  const isNew = and(ofPair(messages, pair), gt(messages.id, fetched))
  return (await db.select({ id: messages.id }).from(messages).where(isNew).limit(1)).length > 0
}

/** Numbers of the oldest messages that the reader has not fetched, at most a hundred; each is given once. */
export async function fetchNew(tx: Database, pair: Pair, reader: Side): Promise<number[]> {
  const first = { ...pair, reader }
  await tx.insert(chatReads).values(first).onConflictDoNothing()
  const isReader = ofReader(pair, reader)
  const { last_fetched_id } = only(await tx.select().from(chatReads).where(isReader).for('update'))
  const { id } = messages
  const isNew = and(ofPair(messages, pair), gt(id, last_fetched_id))
  const rows = await tx.select({ id }).from(messages).where(isNew).orderBy(asc(id)).limit(MOST)
  const last = rows.at(-1)?.id
  if (last !== undefined) {
    const last_id = sql`greatest(${chatReads.last_id}, ${last})`
    await tx.update(chatReads).set({ last_fetched_id: last, last_id }).where(isReader)
  }
  return rows.map(({ id }) => id)
}

/** All that is there now is read. */
export async function markRead(db: Database, pair: Pair, reader: Side, last_id: number): Promise<void> {
  const target = [chatReads.customer_id, chatReads.staff_id, chatReads.reader]
  const set = { last_id: sql`greatest(${chatReads.last_id}, ${last_id})` }
  const read = { ...pair, reader, last_id }
  await db.insert(chatReads).values(read).onConflictDoUpdate({ target, set })
}

/** How many messages of the other side the reader has not read. */
export async function countUnread(db: Database, pair: Pair, reader: Side): Promise<number> {
  const [read] = await db.select().from(chatReads).where(ofReader(pair, reader))
  const isUnread = and(ofPair(messages, pair), ne(messages.send_type, reader), gt(messages.id, read?.last_id ?? 0))
  return db.$count(messages, isUnread)
}
