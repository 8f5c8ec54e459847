import type { Context as KoaContext } from 'koa'
import type { Context } from './app.ts'
import { AppError } from './error-codes.ts'
import type { User } from './models/users.ts'

/** The WeChat account behind the session. */
export async function requireOpenid({ sessions }: Context, koa: KoaContext): Promise<string> {
  const openid = await sessions.find(koa.get('cookie'))
  if (openid === undefined) throw new AppError(2)
  return openid
}

/** The registered user behind the session. */
export async function requireUser(context: Context, koa: KoaContext): Promise<User> {
  const user = await context.users.byOpenid(await requireOpenid(context, koa))
  if (!user) throw new AppError(3)
  if (user.state !== 0) throw new AppError(8)
  return user
}
