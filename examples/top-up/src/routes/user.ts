import Router from '@koa/router'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { requireOpenid, requireUser } from '../auth.ts'
import { codesOf } from '../codes.ts'
import { AppError, ENVELOPE, success } from '../error-codes.ts'
import { mobile, readJson } from '../input.ts'
import { profileOf } from '../profiles.ts'
import { viewUser } from '../views.ts'

const code = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(z.string().regex(/^\d{6}$/))
const LOGIN = z.object({ mobile, code })

/** Interfaces 1, 3 and 6: login by SMS code, the user, and whether there is one. */
export function userRoutes(context: Context): Router {
  const { users, sessions, store } = context
  const codes = codesOf(context)
  const router = new Router()

  router.post('/wechat/login', async (koa) => {
    const openid = await requireOpenid(context, koa)
    const { mobile, code } = readJson(koa, LOGIN)
    if (!(await codes.check(mobile, code)).ok) throw new AppError(5)
    const user = await users.login(openid, mobile, await profileOf(store, openid))
    if (user.state !== 0) throw new AppError(8)
    koa.append('set-cookie', await sessions.start(openid, koa.get('cookie')))
    koa.body = success(viewUser(user))
  })

  router.get('/wechat/user', async (koa) => {
    koa.body = success(viewUser(await requireUser(context, koa)))
  })

  router.get('/wechat/check', async (koa) => {
    try {
      await requireUser(context, koa)
      koa.body = success('success')
    } catch (error) {
      // Two of its three answers are errors by their form and not by their status.
      if (!(error instanceof AppError) || (error.errorCode !== 2 && error.errorCode !== 3)) throw error
      koa.body = ENVELOPE.bodyOf(error.errorCode)
    }
  })
  return router
}
