import { maybe, oneOf } from '../../../shared/fields.ts'
import { type Endpoint, get } from '../endpoint.ts'
import { AppError, ok, refusedAs } from '../error-codes.ts'
import { code, id } from '../input.ts'
import { bind, staffOfCompany } from '../models/bindings.ts'
import { logIn } from '../models/customers.ts'
import { CUSTOMER_OR_CODE, NOBODY } from '../parties.ts'

/** `user_type` 1 (公众号) has no login here. */
const ORIGIN = { user_type: oneOf(2), source: oneOf(1, 2) }
const LOGIN = { ...ORIGIN, code, xiaochengxu_id: maybe(id) }
const BINDING = { ...ORIGIN, uid: id, pid: maybe(id) }

/** Interfaces 1 and 2: login with the code of `wx.login`, and whose customer somebody is. */
export const LOGINS: Endpoint[] = [
  get('/xiaochengxu/login', NOBODY, LOGIN, async ({ input }, { db, seal, miniOf }) => {
    const { id: miniId, mini } = await miniOf(input.xiaochengxu_id)
    const session = await mini.session.start(input.code).catch(refusedAs(401))
    const customer = await logIn(db, seal, miniId, session, input.source)
    if (!customer.is_enabled) throw new AppError(306)
    return ok('登录成功', { ret_data: { user_id: customer.id, token: session.token } })
  }),

  get('/xiaochengxu/login/binding', CUSTOMER_OR_CODE, BINDING, async ({ customer, input, once }, { db, log }) => {
    const { uid, pid, source } = input
    const member = await staffOfCompany(db, customer.company_id, uid)
    if (!member) throw new AppError(302)
    if (!member.is_enabled) throw new AppError(306)
    const isWhole = await once((tx) => bind(tx, { customer_id: customer.id, staff_id: uid, source, pid }))
    if (!isWhole) log(`binding: customer ${customer.id} named ${pid} as pid, who is not a customer of ${uid}`)
    return ok('绑定成功')
  })
]
