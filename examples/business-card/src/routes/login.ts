import { WeChatApiError } from 'weixin-kit'
import type { MiniProgram } from 'weixin-kit/miniapp'
import { z } from 'zod'
import type { Database } from '../../../shared/database.ts'
import { maybe, oneOf } from '../../../shared/fields.ts'
import type { Context } from '../app.ts'
import { type Endpoint, endpoint, fieldsOf } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { id, read } from '../input.ts'
import { bind, staffOfCompany } from '../models/bindings.ts'
import { byOpenid, findMini, logIn } from '../models/customers.ts'
import { CUSTOMER } from '../parties.ts'

/** The document writes the code of its example in quotes. */
const code = z
  .string()
  .transform((text) => text.replace(/^(['"])(.*)\1$/, '$2'))
  .pipe(z.string().regex(/^[\w-]{1,256}$/))
/** 公众号 (1) has no login here. */
const user_type = oneOf(2)
const source = oneOf(1, 2)
const LOGIN = z.object({ code, user_type, source, xiaochengxu_id: maybe(id) })
const BINDING = { user_type, source, uid: id, pid: maybe(id) }
const BINDING_BY_CODE = z.object({ ...BINDING, code, xiaochengxu_id: maybe(id), user_id: maybe(id) })

/** Interfaces 1 and 2: login with the code of `wx.login`, and whose customer somebody is. */
export function loginEndpoints(context: Context): Endpoint[] {
  const { db, seal, minis, log } = context

  const login: Endpoint = {
    method: 'GET',
    path: '/xiaochengxu/login',
    answer: async (_context, request) => {
      const input = read(LOGIN, fieldsOf(request))
      const { mini, miniId } = await miniOf(input.xiaochengxu_id)
      const session = await mini.session.start(input.code).catch(refuseCode)
      const customer = await logIn(db, seal, miniId, session, input.source)
      if (!customer.is_enabled) throw new AppError(306)
      return ok('登录成功', { ret_data: { user_id: customer.id, token: session.token } })
    }
  }

  const signed = endpoint('GET', '/xiaochengxu/login/binding', {
    who: CUSTOMER,
    input: BINDING,
    handle: ({ customer, input, once }) => once((tx) => bindCustomer(tx, customer.id, customer.company_id, input))
  })

  /** As the document has it: no signature, but a fresh code of the customer. A `user_id` says nothing of who asks. */
  const binding: Endpoint = {
    ...signed,
    answer: async (_context, request) => {
      const fields = fieldsOf(request)
      if (fields.code === undefined || fields.rand_str !== undefined) return signed.answer(context, request)
      const input = read(BINDING_BY_CODE, fields)
      const { mini, miniId, companyId } = await miniOf(input.xiaochengxu_id)
      const { openid } = await mini.auth.code2Session(input.code).catch(refuseCode)
      const customer = await byOpenid(db, miniId, openid)
      if (!customer) throw new AppError(302)
      if (!customer.is_enabled) throw new AppError(306)
      if (input.user_id !== undefined && input.user_id !== customer.id) throw new AppError(404)
      return db.transaction((tx) => bindCustomer(tx, customer.id, companyId, input))
    }
  }
  return [login, binding]

  async function bindCustomer(
    tx: Database,
    customer_id: number,
    companyId: number,
    { uid, pid, source }: { uid: number; pid?: number | undefined; source: number }
  ) {
    const member = await staffOfCompany(tx, companyId, uid)
    if (!member) throw new AppError(302)
    if (!member.is_enabled) throw new AppError(306)
    const isWhole = await bind(tx, { customer_id, staff_id: uid, source, pid })
    if (!isWhole) log(`binding: customer ${customer_id} named ${pid} as pid, who is not a customer of ${uid}`)
    return ok('绑定成功')
  }

  async function miniOf(given: number | undefined): Promise<{ mini: MiniProgram; miniId: number; companyId: number }> {
    const row = await findMini(db, given)
    const mini = row && (await minis.get(String(row.id)))
    if (!mini) throw new AppError(given === undefined ? 303 : 302)
    return { mini, miniId: row.id, companyId: row.company_id }
  }
}

/** WeChat refuses a code (401), or is away (502). */
function refuseCode(cause: unknown): never {
  if (cause instanceof WeChatApiError && cause.kind === 'user') throw new AppError(401, { cause })
  throw cause
}
