import { type Request, type RequestHandler, Router } from 'express'
import { RateLimit } from 'weixin-kit'
import { toExpressHandler } from 'weixin-kit/express'
import { z } from 'zod'
import { addressOf } from '../../../shared/express-app.ts'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { AppError } from '../error-codes.ts'
import { id, read } from '../input.ts'
import type { Item } from '../models/catalogue.ts'
import { NOTIFY_PATH } from '../services.ts'
import { viewItem, viewOrder } from '../views.ts'

const ORDER = z.object({ item_id: id })
const PAYMENT_ID = z.string().regex(/^\w{1,32}$/)

/** What WeChat Pay calls: the raw body, verified by the library. */
export function notifyRoutes({ pay, topUps }: Context): Router {
  const handler = pay.notifyHandler({ onPaid: (payment) => topUps.settle(payment) })
  return Router().post(NOTIFY_PATH, toExpressHandler(handler))
}

/** What can be topped up, and orders of WeChat Pay for it. */
export function paymentRoutes(context: Context): Router {
  const { catalogue, topUps, pay, store, config } = context
  const limit = new RateLimit({ store, name: 'top-up-orders', limit: 30, windowSeconds: 600 })
  const router = Router()

  router.get('/payment_items', async (_request, response) => {
    response.json({ code: 0, data: (await catalogue.items()).map(viewItem) })
  })

  const readItem: RequestHandler<{ id: string }> = async (request, response) => {
    response.json({ code: 0, data: viewItem(await find(read(request.params.id, id))) })
  }
  // The document reads by POST.
  router.route('/payment_item/:id').get(readItem).post(readItem)

  router.post('/payment_order', async (request, response) => {
    const { id: owner } = await requireUser(context, request)
    const item = await find(itemIdOf(request))
    if (!(await limit.take(String(owner))).allowed) throw new AppError(10001, { status: 429 })
    const { id: item_id, name, money: total_fee, charge } = item
    const values = { owner, item_id, name, total_fee, charge, client_ip: addressOf(request) }
    const order = await topUps.create(values)
    const body = `${config.SHOP_NAME}-${name}`.slice(0, 127)
    const params = pay.appParams(await topUps.place(order, { trade_type: 'APP', body }))
    response.json({ code: 0, data: { ...viewItem(item), ...params, payment_id: order.out_trade_no } })
  })

  router.get('/payment_order/:payment_id', async (request, response) => {
    const { id: owner } = await requireUser(context, request)
    const order = await topUps.find({ owner, out_trade_no: read(request.params.payment_id, PAYMENT_ID) })
    if (!order) throw new AppError(10002)
    response.json({ code: 0, data: viewOrder(await topUps.look(order)) })
  })
  return router

  async function find(itemId: number): Promise<Item> {
    const item = await catalogue.item(itemId)
    if (!item) throw new AppError(10002)
    return item
  }
}

/** The document calls it a "URL Parameter" and has no place for it in the path: the query or the body, but not two of them. */
function itemIdOf({ query, body }: Request): number {
  const given = [query, (body ?? {}) as { item_id?: unknown }].filter(({ item_id }) => item_id !== undefined)
  const [first, ...others] = given.map((fields) => read(fields, ORDER).item_id)
  if (first === undefined || others.some((other) => other !== first)) throw new AppError(10005)
  return first
}
