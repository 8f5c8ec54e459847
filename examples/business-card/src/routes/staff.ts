import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { LoginLimits } from '../../../shared/login-limits.ts'
import { isPassword, wastePasswordCheck } from '../../../shared/passwords.ts'
import { newToken, tokenValues } from '../../../shared/signing-tokens.ts'
import type { Context } from '../app.ts'
import { type Endpoint, endpoint, fieldsOf } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { filled, read } from '../input.ts'
import { customersOfStaff } from '../models/bindings.ts'
import { eventsOfStaff } from '../models/cards.ts'
import { STAFF } from '../parties.ts'
import { staff } from '../schema.ts'
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
      const isRight = member && (await isPassword(member.password_hash, password))
      if (!member) await wastePasswordCheck(password)
      if (!isRight) throw new AppError(401)
      await attempt.giveBack()
      if (!member.is_enabled) throw new AppError(306)
      const token = newToken()
      await db
        .update(staff)
        .set(tokenValues(seal, token, staff))
        .where(eq(staff.id, member.id))
      return ok('登录成功', { ret_data: { user_id: member.id, token } })
    }
  }

  const customers = endpoint('GET', '/qiyeweixin/customers', {
    who: STAFF,
    handle: async ({ staff: { id } }) => {
      const rows = await customersOfStaff(db, id)
      const ret_data = rows.map(({ customer, source, pid, at, unread }) => ({
        customer_id: customer.id,
        username: customer.username,
        headimgurl: customer.headimgurl,
        phone: customer.phone_sealed === null ? '' : seal.open('phone', customer.phone_sealed),
        source: SOURCES[source],
        pid,
        create_date: beijing(at),
        chatinfo_count: unread
      }))
      return ok('查询成功', { ret_data, data_count: ret_data.length })
    }
  })

  const events = endpoint('GET', '/qiyeweixin/events', {
    who: STAFF,
    handle: async ({ staff: { id } }) => {
      const rows = await eventsOfStaff(db, id)
      const ret_data = rows.map(({ event: { customer_id, kind, product_id, created_at }, username }) => ({
        customer_id,
        username,
        kind,
        product_id,
        create_date: beijing(created_at)
      }))
      return ok('查询成功', { ret_data, data_count: ret_data.length })
    }
  })
  return [login, customers, events]
}
