import { type Request, Router } from 'express'
import { z } from 'zod'
import { addressOf } from '../../../shared/express-app.ts'
import { LoginLimits, type Try } from '../../../shared/login-limits.ts'
import { hashPassword, isPassword } from '../../../shared/passwords.ts'
import { words } from '../../../shared/words.ts'
import type { Context } from '../app.ts'
import { requireAdmin } from '../auth.ts'
import { sendData } from '../envelope.ts'
import { AppError } from '../error-codes.ts'
import { readJson } from '../input.ts'
import { viewAdmin } from '../models/views.ts'
import { hasPasswordLength } from '../password-length.ts'

// An upper limit, because hashing costs by length; 1405 is for the new password only.
const PASSWORD = z.string().min(1).max(1024)
const LOGIN = z.object({ name: words(100), password: PASSWORD })
const CHANGE = z.object({ password_old: PASSWORD, password_new: z.string().max(1024) })

/** Administrators of the CMS. */
export function adminRoutes(context: Context): Router {
  const { admins, adminSessions, store } = context
  const limits = new LoginLimits(store)
  const router = Router()

  router.put('/api/admin/login/', async (request, response) => {
    const { name, password } = readJson(request, LOGIN)
    const counted = await countTry(request, name)
    const admin = await admins.findByName(name)
    const isRight = await isPassword(admin?.password_hash, password)
    if (!admin) throw new AppError(1403)
    if (!isRight) throw new AppError(1404)
    await counted.giveBack()
    sendData(request, response, { token: await adminSessions.create(admin), admin: viewAdmin(admin) })
  })

  router.get('/api/current_admin/', async (request, response) => {
    sendData(request, response, { admin: viewAdmin(await requireAdmin(context, request)) })
  })

  // Ends all sessions of the administrator, this one as well.
  router.put('/api/current_admin/password/', async (request, response) => {
    const admin = await requireAdmin(context, request)
    const { password_old, password_new } = readJson(request, CHANGE)
    const counted = await countTry(request, admin.name)
    if (!(await isPassword(admin.password_hash, password_old))) throw new AppError(1404)
    await counted.giveBack()
    if (!hasPasswordLength(password_new)) throw new AppError(1405)
    const changed = await admins.setPassword(admin, await hashPassword(password_new))
    if (!changed) throw new AppError(1404)
    sendData(request, response, { admin: viewAdmin(changed) })
  })
  return router

  async function countTry(request: Request, name: string): Promise<Try> {
    const counted = await limits.take(addressOf(request), name)
    if (!counted) throw new AppError(1103)
    return counted
  }
}
