import Router from '@koa/router'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { AppError, success } from '../error-codes.ts'
import { readJson } from '../input.ts'
import { viewExpense } from '../views.ts'

const START = z.object({ device_id: z.string().regex(/^[\w-]{1,32}$/) })
const EMPTY = z.object({})

/** What the document does not have: devices, so that money is spent. */
export function deviceRoutes(context: Context): Router {
  const { expenses } = context
  const router = new Router()

  router.post('/wechat/device/start', async (koa) => {
    const user = await requireUser(context, koa)
    const { id, price_per_minute } = await expenses.start(user.id, readJson(koa, START).device_id)
    koa.body = success({ expense_id: id, price_per_minute })
  })

  router.post('/wechat/device/stop', async (koa) => {
    const user = await requireUser(context, koa)
    readJson(koa, EMPTY)
    const expense = await expenses.stop(user.id)
    if (!expense) throw new AppError(10)
    koa.body = success(viewExpense(expense))
  })

  router.get('/wechat/device/running', async (koa) => {
    const running = await expenses.running((await requireUser(context, koa)).id)
    koa.body = success(running ? { ...viewExpense(running), price_per_minute: running.price_per_minute } : null)
  })
  return router
}
