import Router from '@koa/router'
import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { AppError, success } from '../error-codes.ts'
import { beijing, readJson } from '../input.ts'
import type { StatementFilter } from '../models/statements.ts'
import { viewExpense, viewRecharge } from '../views.ts'

const LIST = z.object({
  page: z.int().min(1).max(1_000_000).default(1),
  size: z.int().min(1).max(100).default(10),
  start_time: beijing.optional(),
  end_time: beijing.optional()
})

/** Interfaces 5 and 7: what was paid and what was spent. */
export function statementRoutes(context: Context): Router {
  const { statements } = context
  const router = new Router()

  router.post('/wechat/recharge/list', async (koa) => {
    const user = await requireUser(context, koa)
    const { total, rows } = await statements.recharges(user.id, readFilter(koa))
    koa.body = success({ total, data: rows.map((row) => viewRecharge(row, user)) })
  })

  router.post('/wechat/expense/list', async (koa) => {
    const user = await requireUser(context, koa)
    const { total, rows } = await statements.expenses(user.id, readFilter(koa))
    koa.body = success({ total, data: rows.map(viewExpense) })
  })
  return router
}

function readFilter(koa: KoaContext): StatementFilter {
  const { page, size, start_time: from, end_time: to } = readJson(koa, LIST)
  if (from && to && from > to) throw new AppError(1)
  return { from, to, limit: size, offset: (page - 1) * size }
}
