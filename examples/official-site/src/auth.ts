import type { Request } from 'express'
import type { Context } from './app.ts'
import { AppError } from './error-codes.ts'
import type { Admin, WxUser } from './models/accounts.ts'

/** The WeChat user of the session cookie, or 1101. (login_required) */
export async function requireUser({ userSessions, wxUsers }: Context, request: Request): Promise<WxUser> {
  const uuid = await userSessions.find(request.headers.cookie)
  const user = uuid === undefined ? undefined : await wxUsers.findByUuid(uuid)
  if (!user) throw new AppError(1101)
  return user
}

/** The administrator of `Authorization: Bearer <token>`, or 1101. (login_required) */
export async function requireAdmin({ adminSessions }: Context, request: Request): Promise<Admin> {
  const admin = await adminSessions.find(adminToken(request))
  if (!admin) throw new AppError(1101)
  return admin
}

/** For what both may do: the openid of the user, or `undefined` for an administrator, who may see everything. */
export async function requireUserOrAdmin(context: Context, request: Request): Promise<string | undefined> {
  if (adminToken(request) === undefined) return (await requireUser(context, request)).openid
  await requireAdmin(context, request)
  return undefined
}

function adminToken(request: Request): string | undefined {
  return /^Bearer ([\w-]+)$/i.exec(request.get('authorization') ?? '')?.[1]
}
