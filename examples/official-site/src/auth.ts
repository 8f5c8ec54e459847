import type { Request } from 'express'
import type { Context } from './app.ts'
import { AppError } from './error-codes.ts'
import type { Admin, WxUser } from './models/accounts.ts'

export const USER_COOKIE = 'wx_session'

/** The WeChat user of the session cookie, or 1101. (login_required) */
export async function requireUser({ userSessions, wxUsers }: Context, request: Request): Promise<WxUser> {
  const uuid = await userSessions.find(userToken(request))
  const user = uuid === undefined ? undefined : await wxUsers.findByUuid(uuid)
  if (!user) throw new AppError(1101)
  return user
}

/** The administrator of `Authorization: Bearer <token>`, or 1101. (login_required) */
export async function requireAdmin({ adminSessions, admins }: Context, request: Request): Promise<Admin> {
  const uuid = await adminSessions.find(adminToken(request))
  const admin = uuid === undefined ? undefined : await admins.findByUuid(uuid)
  if (!admin) throw new AppError(1101)
  return admin
}

export function adminToken(request: Request): string | undefined {
  return /^Bearer ([\w-]+)$/.exec(request.get('authorization') ?? '')?.[1]
}

export function userToken(request: { headers: { cookie?: string | undefined } }): string | undefined {
  return new RegExp(`(?:^|;\\s*)${USER_COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1]
}

export function userCookie(token: string, publicUrl: string, maxAgeSeconds = 30 * 24 * 3600): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${USER_COOKIE}=${token}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`
}
