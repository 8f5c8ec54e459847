import { Router } from 'express'
import { z } from 'zod'
import { PAGE, sliceOf } from '../../../shared/numbers.ts'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { read } from '../input.ts'
import { listLedger } from '../models/purses.ts'
import { viewLedger, viewUser } from '../views.ts'

const LEDGERS = PAGE.extend({ type: z.enum(['0', '1']) })

/** The person who is logged in, and the two ledgers of that person. */
export function userRoutes(context: Context): Router {
  const router = Router()

  router.get('/user', async (request, response) => {
    response.json({ code: 0, data: viewUser(await requireUser(context, request)) })
  })

  router.get('/ledgers', async (request, response) => {
    const user = await requireUser(context, request)
    const { type, ...page } = read(request.query, LEDGERS)
    const rows = await listLedger(context.db, user.id, type === '0' ? 'balance' : 'coupon', sliceOf(page))
    response.json({ code: 0, data: rows.map(viewLedger) })
  })
  return router
}
