import { Router } from 'express'
import { RateLimit } from 'weixin-kit'
import { z } from 'zod'
import { addressOf } from '../../../shared/express-app.ts'
import { LoginLimits } from '../../../shared/login-limits.ts'
import { mobile } from '../../../shared/numbers.ts'
import { hashPassword, hasLength, isPassword } from '../../../shared/passwords.ts'
import type { Context } from '../app.ts'
import { logIn } from '../auth.ts'
import { AppError } from '../error-codes.ts'
import { fromOwnPages } from '../guard.ts'
import { read } from '../input.ts'
import { signInRoutes } from './sign-in.ts'

const CREDENTIALS = z.object({
  phone: mobile,
  password: z.string().refine((password) => hasLength(password, 8, 64))
})

/** Login by WeChat or by phone and password, and logout. */
export function accountRoutes(context: Context): Router {
  const { users, sessions, store, config } = context
  const limits = new LoginLimits(store)
  const signUps = new RateLimit({ store, name: 'sign-up', limit: 5, windowSeconds: 3600 })
  const router = Router()
  router.use(signInRoutes(context))

  router.post('/account/login', async (request, response) => {
    const { phone, password } = read(request.body, CREDENTIALS)
    const counted = await limits.take(addressOf(request), String(phone))
    if (!counted) throw new AppError(10001, { status: 429 })
    const user = await users.findByPhone(phone)
    // Unknown and wrong are one response, after the same time.
    if (!(await isPassword(user?.password_hash, password)) || !user) throw new AppError(10001, { status: 403 })
    await counted.giveBack()
    await logIn(context, user, request, response)
  })

  router.post('/account/signup', async (request, response) => {
    const { phone, password } = read(request.body, CREDENTIALS)
    if (!(await signUps.take(addressOf(request))).allowed) throw new AppError(10001, { status: 429 })
    const user = await users.signUp(phone, await hashPassword(password))
    if (!user) throw new AppError(10004)
    await logIn(context, user, request, response)
  })

  router.get('/account/signout', fromOwnPages(config), async (request, response) => {
    response.set('set-cookie', await sessions.end(request.headers.cookie))
    response.json({ code: 0 })
  })
  return router
}
