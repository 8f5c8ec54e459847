import { randomUUID } from 'node:crypto'
import { and, eq, ne } from 'drizzle-orm'
import type { Database } from '../../../shared/database.ts'
import { pictures } from '../../migrations/shop-schema.ts'
import { ofPair, type Pair } from './pair.ts'

export type Picture = typeof pictures.$inferSelect
export const PICTURES_PATH = 'statics/zhugeleida/imgs/xiaochengxu'

/** The picture of a pair, made when there is none or its `fingerprint` is another. Its name cannot be guessed. */
export async function pictureOf(
  db: Database,
  kind: Picture['kind'],
  pair: Pair,
  fingerprint: string,
  make: () => Promise<Uint8Array>
): Promise<{ path: string; bytes: Uint8Array }> {
  const isThis = and(eq(pictures.kind, kind), ofPair(pictures, pair), eq(pictures.fingerprint, fingerprint))
  const find = async () => (await db.select().from(pictures).where(isThis))[0]
  let picture = await find()
  if (!picture) {
    const values = { name: `${randomUUID()}.${kind === 'qr_code' ? 'jpg' : 'png'}`, fingerprint, bytes: await make() }
    const target = [pictures.kind, pictures.staff_id, pictures.customer_id]
    const made = db.insert(pictures).values({ kind, ...pair, ...values })
    // Who was faster with the same picture is not replaced: its address may be on its way already.
    const setWhere = ne(pictures.fingerprint, fingerprint)
    picture = (await made.onConflictDoUpdate({ target, set: values, setWhere }).returning())[0] ?? (await find())
  }
  if (!picture) throw new Error('The database keeps no picture')
  return { path: `${PICTURES_PATH}/${kind}/${picture.name}`, bytes: picture.bytes }
}

export async function findPicture(db: Database, kind: string, name: string): Promise<Picture | undefined> {
  const [picture] = await db.select().from(pictures).where(eq(pictures.name, name))
  return picture?.kind === kind ? picture : undefined
}
