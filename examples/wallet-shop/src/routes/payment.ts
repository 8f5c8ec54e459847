import { type Request, type RequestHandler, Router } from 'express'
import { ConfigError, isWeixinKitError, RateLimit, WeChatPayError } from 'weixin-kit'
import { z } from 'zod'
import { addressOf } from '../../../shared/express-app.ts'
import { syncPayment } from '../../../shared/sync-payment.ts'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { AppError } from '../error-codes.ts'
import { fromOwnPages } from '../guard.ts'
import { id, read } from '../input.ts'
import type { Item } from '../models/catalogue.ts'
import type { TopUp } from '../models/top-ups.ts'
import { viewItem, viewOrder } from '../views.ts'

const ORDER = z.object({ item_id: id })
const PAYMENT_ID = z.string().regex(/^\w{1,32}$/)

/** What can be topped up, and orders of WeChat Pay for it. */
export function paymentRoutes(context: Context): Router {
  const { catalogue, topUps, pay, store } = context
  const orders = new RateLimit({ store, name: 'top-up-orders', limit: 30, windowSeconds: 600 })
  const queries = new RateLimit({ store, name: 'top-up-queries', limit: 60, windowSeconds: 60 })
  const router = Router()

  router.get('/payment_items', async (_request, response) => {
    response.json({ code: 0, data: (await catalogue.items()).map(viewItem) })
  })

  const readItem: RequestHandler<{ id: string }> = async (request, response) => {
    response.json({ code: 0, data: viewItem(await find(read(request.params.id, id))) })
  }
  // The document reads by POST.
  router.route('/payment_item/:id').get(readItem).post(readItem)

  router.post('/payment_order', fromOwnPages, async (request, response) => {
    const user = await requireUser(context, request)
    const item = await find(itemIdOf(request))
    if (!(await orders.take(String(user.id))).allowed) throw new AppError(10001, { status: 429 })
    const order = await topUps.create(user.id, item, addressOf(request))
    const prepayId = await place(order)
    await topUps.update(order, { status: 'placed', prepay_id: prepayId })
    const data = { ...viewItem(item), ...pay.appParams(prepayId), payment_id: order.payment_id }
    response.json({ code: 0, data })
  })

  router.get('/payment_order/:payment_id', async (request, response) => {
    const user = await requireUser(context, request)
    const order = await topUps.find(read(request.params.payment_id, PAYMENT_ID))
    if (order?.user_id !== user.id) throw new AppError(10002)
    // WeChat Pay is asked, within limits, so that a notification that is late keeps nobody waiting.
    const isAsked = order.status === 'placed' && (await queries.take(String(user.id))).allowed
    if (isAsked) await syncPayment(pay, topUps.asOpenPayment(order))
    const settled = isAsked ? await topUps.find(order.payment_id) : order
    response.json({ code: 0, data: viewOrder(settled ?? order) })
  })
  return router

  async function find(itemId: number): Promise<Item> {
    const item = await catalogue.item(itemId)
    if (!item) throw new AppError(10002)
    return item
  }

  /** The `prepay_id`; the client repeats the call under its number by itself when an answer is lost. */
  async function place(order: TopUp): Promise<string> {
    const { payment_id, name, money, client_ip, time_expire } = order
    try {
      const { prepay_id } = await pay.orders.unified({
        trade_type: 'APP',
        body: `${context.config.SHOP_NAME}-${name}`.slice(0, 127),
        out_trade_no: payment_id,
        total_fee: money,
        spbill_create_ip: client_ip,
        time_expire
      })
      return prepay_id
    } catch (cause) {
      if (!isWeixinKitError(cause)) throw cause
      // Where nothing is known, the order stays open for the sweep: its prepay_id never left, so that nobody can pay it.
      if (cause instanceof WeChatPayError || cause instanceof ConfigError)
        await topUps.update(order, { status: 'failed' })
      throw new AppError(10001, { cause, status: 502 })
    }
  }
}

/** The document calls it a "URL Parameter" and has no place for it in the path: the query or the body, but not two of them. */
function itemIdOf({ query, body }: Request): number {
  const given = [query.item_id, (body as { item_id?: unknown } | undefined)?.item_id].filter(
    (value) => value !== undefined
  )
  const ids = given.map((item_id) => read({ item_id }, ORDER).item_id)
  const [first] = ids
  if (first === undefined || ids.some((other) => other !== first)) throw new AppError(10005)
  return first
}
