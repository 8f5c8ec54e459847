import { eq } from 'drizzle-orm'
import { filled } from '../../../shared/fields.ts'
import { isPassword } from '../../../shared/passwords.ts'
import { newToken, tokenValues } from '../../../shared/signing-tokens.ts'
import { staff } from '../../migrations/schema.ts'
import { type Endpoint, get, post } from '../endpoint.ts'
import { AppError, list, ok } from '../error-codes.ts'
import { customersOfStaff } from '../models/bindings.ts'
import { eventsOfStaff } from '../models/cards.ts'
import { NOBODY, STAFF } from '../parties.ts'
import { beijing, SOURCES } from '../views.ts'

const LOGIN = { name: filled(64), password: filled(128) }

/** Added to the document: how the staff logs in, and whom and what it sees. */
export const STAFF_SIDE: Endpoint[] = [
  post('/qiyeweixin/login', NOBODY, LOGIN, async ({ input: { name, password }, address }, { db, seal, logins }) => {
    const attempt = await logins.take(address, name)
    if (!attempt) throw new AppError(429)
    const [member] = await db.select().from(staff).where(eq(staff.login, name))
    if (!(await isPassword(member?.password_hash, password)) || !member) throw new AppError(401)
    await attempt.giveBack()
    if (!member.is_enabled) throw new AppError(306)
    const token = newToken()
    const isMember = eq(staff.id, member.id)
    await db
      .update(staff)
      .set(tokenValues(seal, token, staff))
      .where(isMember)
    return ok('登录成功', { ret_data: { user_id: member.id, token } })
  }),

  get('/qiyeweixin/customers', STAFF, {}, async ({ staff: { id } }, { db, seal }) => {
    const rows = await customersOfStaff(db, id)
    const shown = rows.map((row) => ({
      ...row,
      phone: row.phone === null ? '' : seal.open('phone', row.phone),
      source: SOURCES[row.source],
      create_date: beijing(row.create_date)
    }))
    return list(shown)
  }),

  get('/qiyeweixin/events', STAFF, {}, async ({ staff: { id } }, { db }) => {
    const rows = await eventsOfStaff(db, id)
    return list(rows.map((row) => ({ ...row, create_date: beijing(row.create_date) })))
  })
]
