import { Router } from 'express'
import { toExpressHandler } from 'weixin-kit/express'
import type { Context } from '../app.ts'
import { NOTIFY_PATH } from '../services.ts'

/** What WeChat Pay calls: the raw body, verified by the library. */
export function notifyRoutes({ pay, topUps }: Context): Router {
  const router = Router()
  const handler = pay.notifyHandler({ onPaid: async (payment) => void (await topUps.settle(payment)) })
  router.post(NOTIFY_PATH, toExpressHandler(handler))
  return router
}
