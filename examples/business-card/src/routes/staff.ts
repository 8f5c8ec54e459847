import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { filled } from '../../../shared/fields.ts'
import { LoginLimits } from '../../../shared/login-limits.ts'
import { isPassword } from '../../../shared/passwords.ts'
import { newToken, tokenValues } from '../../../shared/signing-tokens.ts'
import { staff } from '../../migrations/schema.ts'
import type { Context } from '../app.ts'
import { type Endpoint, endpoint, fieldsOf } from '../endpoint.ts'
import { AppError, list, ok } from '../error-codes.ts'
import { read } from '../input.ts'
import { customersOfStaff } from '../models/bindings.ts'
import { eventsOfStaff } from '../models/cards.ts'
import { STAFF } from '../parties.ts'
import { beijing, SOURCES } from '../views.ts'

const LOGIN = z.object({ name: filled(64), password: filled(128) })

/** Added to the document: how the staff logs in, and whom and what it sees. */
export function staffEndpoints({ db, seal, store }: Context): Endpoint[] {
  const limits = new LoginLimits(store)
  const login: Endpoint = {
    method: 'POST',
    path: '/qiyeweixin/login',
    answer: async (_context, request) => {
      const { name, password } = read(LOGIN, fieldsOf(request))
      const attempt = await limits.take(request.ip, name)
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
    }
  }

  const customers = endpoint('GET', '/qiyeweixin/customers', {
    who: STAFF,
    handle: async ({ staff: { id } }) => {
      const rows = await customersOfStaff(db, id)
      return list(
        rows.map(({ phone, source, create_date, ...row }) => ({
          ...row,
          phone: phone === null ? '' : seal.open('phone', phone),
          source: SOURCES[source],
          create_date: beijing(create_date)
        }))
      )
    }
  })

  const events = endpoint('GET', '/qiyeweixin/events', {
    who: STAFF,
    handle: async ({ staff: { id } }) => {
      const rows = await eventsOfStaff(db, id)
      return list(rows.map((row) => ({ ...row, create_date: beijing(row.create_date) })))
    }
  })
  return [login, customers, events]
}
