import { z } from 'zod'
import { oneOf } from '../../shared/fields.ts'
import type { Context } from './app.ts'
import type { Who } from './endpoint.ts'
import { AppError } from './error-codes.ts'
import { type Fields, id, read } from './input.ts'
import { boundCustomer, boundStaff } from './models/bindings.ts'
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
    if (signer.role !== role) throw new AppError(404)
    return find(signer.user as UserOf<R>, fields, context)
  }
})

/** A customer for themselves. */
export const CUSTOMER = only('customer', (customer) => ({ customer }))

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
  find: async (_context, { user }) => ({ company_id: user.company_id })
}

/** The two ends of a chat. The document mixes them: with `u_id` a customer signs, with `customer_id` the staff. */
export const CHAT: Who<Both & { reader: 1 | 2 }> = {
  roles: (fields) => [fields.u_id === undefined ? 'staff' : 'customer'],
  find: async (context, signer, fields) => {
    if (signer.role === 'staff') {
      return { ...(await findCustomer(context, signer.user, 'customer_id', fields)), reader: 1 }
    }
    if (fields.customer_id !== undefined) throw new AppError(301)
    return { ...(await findStaff(context, signer.user, 'u_id', fields)), reader: 2 }
  }
}

const SENDER = z.object({ send_type: oneOf(1, 2), customer_id: id, user_id: id })

/** Who writes says `send_type`; both ids of the body have to be a pair, and one of them the signer. */
export const SENDER_OF_CHAT: Who<Both & { send_type: 1 | 2 }> = {
  roles: ({ send_type }) => roleOfSender(send_type),
  find: async (context, signer, fields) => {
    const { send_type, customer_id, user_id } = read(SENDER, fields)
    if (signer.user.id !== (signer.role === 'customer' ? customer_id : user_id)) throw new AppError(302)
    const both =
      signer.role === 'customer'
        ? await findStaff(context, signer.user, 'user_id', fields)
        : await findCustomer(context, signer.user, 'customer_id', fields)
    return { ...both, send_type }
  }
}

const roleOfSender = (sendType: unknown): Role[] =>
  String(sendType) === '1' ? ['staff'] : String(sendType) === '2' ? ['customer'] : ['customer', 'staff']

const idNamed = (name: string, fields: Fields) => read(z.object({ [name]: id }), fields)[name] ?? 0

async function findStaff({ db }: Context, customer: Customer, name: string, fields: Fields): Promise<Both> {
  const staff = await boundStaff(db, customer.id, idNamed(name, fields))
  if (!staff) throw new AppError(302)
  if (!staff.is_enabled) throw new AppError(306)
  return { customer, staff, pair: { customer_id: customer.id, staff_id: staff.id } }
}

async function findCustomer({ db }: Context, staff: Staff, name: string, fields: Fields): Promise<Both> {
  const customer = await boundCustomer(db, staff, idNamed(name, fields))
  if (!customer) throw new AppError(302)
  return { customer, staff, pair: { customer_id: customer.id, staff_id: staff.id } }
}
