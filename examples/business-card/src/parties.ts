import { z } from 'zod'
import { maybe, oneOf } from '../../shared/fields.ts'
import type { Context } from './app.ts'
import type { Who } from './endpoint.ts'
import { AppError, refusedAs } from './error-codes.ts'
import { code, type Fields, id, read } from './input.ts'
import { boundCustomer, boundStaff } from './models/bindings.ts'
import { byOpenid } from './models/customers.ts'
import type { Pair } from './models/pair.ts'
import type { Customer, Role, Signer, Staff } from './signature.ts'

export interface Both {
  customer: Customer
  staff: Staff
  pair: Pair
}

type UserOf<R extends Role> = Extract<Signer, { role: R }>['user']
type Find<R extends Role, Parties> = (user: UserOf<R>, fields: Fields, context: Context) => Parties | Promise<Parties>

const only = <R extends Role, Parties>(role: R, find: Find<R, Parties>): Who<Parties> => ({
  roles: () => [role],
  find: async (context, signer, fields) => {
    if (signer?.role !== role) throw new AppError(404)
    return find(signer.user as UserOf<R>, fields, context)
  }
})

/** Whoever logs in: nobody signs. */
export const NOBODY: Who<object> = { roles: () => [], find: async () => ({}) }

/** A customer for themselves. */
export const CUSTOMER = only('customer', (customer) => ({ customer }))

const BY_CODE = z.object({ code, xiaochengxu_id: maybe(id), user_id: maybe(id) })

/** The same, or as the document has it: no signature, but a fresh code of the customer. A `user_id` says nothing of who asks. */
export const CUSTOMER_OR_CODE: Who<{ customer: Customer }> = {
  roles: ({ code, rand_str }) => (code !== undefined && rand_str === undefined ? [] : ['customer']),
  find: async (context, signer, fields) => {
    if (signer) return CUSTOMER.find(context, signer, fields)
    const { code, xiaochengxu_id, user_id } = read(BY_CODE, fields)
    const { id: miniId, mini } = await context.miniOf(xiaochengxu_id)
    const { openid } = await mini.auth.code2Session(code).catch(refusedAs(401))
    const customer = await byOpenid(context.db, miniId, openid)
    if (!customer) throw new AppError(302)
    if (!customer.is_enabled) throw new AppError(306)
    if (user_id !== undefined && user_id !== customer.id) throw new AppError(404)
    return { customer }
  }
}

/** A customer and the member of the staff whom they name; only one to whom they are bound. */
export const withStaff = (name: 'uid' | 'u_id') =>
  only('customer', (customer, fields, context) => findStaff(context, customer, name, fields))

export const STAFF = only('staff', (staff) => ({ staff }))

export const ADMIN = only('staff', (admin) => {
  if (!admin.is_admin) throw new AppError(404, { status: 403 })
  return { admin }
})

/** Anybody of a company, on either side. */
export const ANYBODY: Who<{ company_id: number }> = {
  roles: () => ['customer', 'staff'],
  find: async (_context, signer) => {
    if (!signer) throw new AppError(404)
    return { company_id: signer.user.company_id }
  }
}

/** The two ends of a chat. The document mixes them: with `u_id` a customer signs, with `customer_id` the staff. */
export const CHAT: Who<Both & { reader: 1 | 2 }> = {
  roles: (fields) => [fields.u_id === undefined ? 'staff' : 'customer'],
  find: async (context, signer, fields) => {
    const reader = signer?.role === 'staff' ? 1 : 2
    if (reader === 2 && fields.customer_id !== undefined) throw new AppError(301)
    return { ...(await findOther(context, signer, 'u_id', fields)), reader }
  }
}

const SENDER = z.object({ send_type: oneOf(1, 2), customer_id: id, user_id: id })

/** Who writes says `send_type`; both ids of the body have to be a pair, and one of them the signer. */
export const SENDER_OF_CHAT: Who<Both & { send_type: 1 | 2 }> = {
  roles: ({ send_type }) =>
    String(send_type) === '1' ? ['staff'] : String(send_type) === '2' ? ['customer'] : ['customer', 'staff'],
  find: async (context, signer, fields) => {
    const { send_type, customer_id, user_id } = read(SENDER, fields)
    if (signer?.role !== (send_type === 1 ? 'staff' : 'customer')) throw new AppError(404)
    if (signer.user.id !== (send_type === 1 ? user_id : customer_id)) throw new AppError(302)
    return { ...(await findOther(context, signer, 'user_id', fields)), send_type }
  }
}

const idNamed = (name: string, fields: Fields) => read(z.object({ [name]: id }), fields)[name] ?? 0

/** The signer, and whom they name: customers a member of the staff in the field of this name, the staff a `customer_id`. */
async function findOther(context: Context, signer: Signer | undefined, name: string, fields: Fields): Promise<Both> {
  if (signer?.role === 'customer') return findStaff(context, signer.user, name, fields)
  const customer = signer && (await boundCustomer(context.db, signer.user, idNamed('customer_id', fields)))
  if (!customer) throw new AppError(302)
  return { customer, staff: signer.user, pair: { customer_id: customer.id, staff_id: signer.user.id } }
}

async function findStaff({ db }: Context, customer: Customer, name: string, fields: Fields): Promise<Both> {
  const staff = await boundStaff(db, customer.id, idNamed(name, fields))
  if (!staff) throw new AppError(302)
  if (!staff.is_enabled) throw new AppError(306)
  return { customer, staff, pair: { customer_id: customer.id, staff_id: staff.id } }
}
