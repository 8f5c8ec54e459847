import { Router } from 'express'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { adminToken, requireAdmin } from '../auth.ts'
import { sendData } from '../envelope.ts'
import { AppError } from '../error-codes.ts'
import { readJson } from '../input.ts'
import { viewAdmin } from '../models/views.ts'
import { assertPasswordLength, hashPassword, isPassword, wastePasswordCheck } from '../passwords.ts'

// An upper limit, because hashing costs by length; 1405 is for the new password only.
const PASSWORD = z.string().min(1).max(1024)
const LOGIN = z.object({ name: z.string().min(1).max(100), password: PASSWORD })
const CHANGE = z.object({ password_old: PASSWORD, password_new: z.string().max(1024) })
const TRIES = 10
const TRY_WINDOW_MS = 10 * 60_000

/** Administrators of the CMS. */
export function adminRoutes(context: Context): Router {
  const { admins, adminSessions, store } = context
  const router = Router()

  router.put('/api/admin/login/', async (request, response) => {
    const { name, password } = readJson(request, LOGIN)
    await countTry(name)
    const admin = await admins.findByName(name)
    if (!admin) {
      await wastePasswordCheck(password)
      throw new AppError(1403)
    }
    if (!(await isPassword(admin.password_hash, password))) throw new AppError(1404)
    sendData(request, response, { token: await adminSessions.create(admin.uuid), admin: viewAdmin(admin) })
  })

  router.get('/api/current_admin/', async (request, response) => {
    sendData(request, response, { admin: viewAdmin(await requireAdmin(context, request)) })
  })

  router.put('/api/current_admin/password/', async (request, response) => {
    const admin = await requireAdmin(context, request)
    const { password_old, password_new } = readJson(request, CHANGE)
    await countTry(admin.name)
    if (!(await isPassword(admin.password_hash, password_old))) throw new AppError(1404)
    assertPasswordLength(password_new)
    const changed = await admins.setPassword(admin, await hashPassword(password_new))
    await adminSessions.end(adminToken(request))
    sendData(request, response, { admin: viewAdmin(changed) })
  })
  return router

  /** Ten tries in ten minutes for a name, over all processes; then 1103. */
  async function countTry(name: string): Promise<void> {
    const window = Math.floor(Date.now() / TRY_WINDOW_MS)
    for (let slot = 0; slot < TRIES; slot++) {
      if (await store.setIfAbsent(`login:${encodeURIComponent(name)}:${window}:${slot}`, '1', TRY_WINDOW_MS)) return
    }
    throw new AppError(1103)
  }
}
