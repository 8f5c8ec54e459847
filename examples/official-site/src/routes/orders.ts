import { type Request, Router } from 'express'
import { isWeixinKitError } from 'weixin-kit'
import { z } from 'zod'
import { addressOf } from '../../../shared/express-app.ts'
import { words } from '../../../shared/words.ts'
import type { Context } from '../app.ts'
import { requireAdmin, requireUser, requireUserOrAdmin } from '../auth.ts'
import { sendData } from '../envelope.ts'
import { AppError } from '../error-codes.ts'
import { FEN, REQUEST_ID, readDeleteQuery, readJson } from '../input.ts'
import type { Order } from '../models/orders.ts'
import { viewOrder, viewRefund } from '../models/views.ts'
import { readPage } from '../pagination.ts'
import { createRefund } from '../payments.ts'
import { syncRefunds } from '../reconcile.ts'

/** `total_fee` is what the page showed: the price itself comes from the list. */
const ORDER = z.object({ body: words(40), total_fee: FEN.optional() })
const REFUND = z.object({ request_id: REQUEST_ID, refund_fee: FEN })
const DELETE = z.object({ uuid: z.uuid() })

/** Orders of the current user, and their refunds by an administrator. */
export function orderRoutes(context: Context): Router {
  const { products, orders, refunds, pay } = context
  const router = Router()

  router.post('/api/wx/pay/orders/', async (request, response) => {
    const user = await requireUser(context, request)
    const { body, total_fee: shown } = readJson(request, ORDER)
    const product = await products.find(body)
    if (!product || (shown !== undefined && shown !== product.total_fee)) throw new AppError(1402)
    const { total_fee } = product
    const { openid } = user
    const order = await orders.create({ owner: openid, body, total_fee, client_ip: addressOf(request) })
    const prepayId = await orders.place(order, { trade_type: 'JSAPI', openid, body }).catch((cause: unknown) => {
      throw isWeixinKitError(cause) ? new AppError(1820, { cause }) : cause
    })
    const placed = (await orders.find({ id: order.id })) ?? order
    sendData(request, response, { wx_pay_order: viewOrder(placed), pay_params: pay.jsapiParams(prepayId) })
  })

  router.get('/api/wx/pay/orders/', async (request, response) => {
    const openid = await requireUserOrAdmin(context, request)
    const page = readPage(request)
    const { rows, total } = await orders.list(openid, page)
    const { page: number, per_page } = page
    sendData(request, response, { wx_pay_orders: rows.map(viewOrder), total, page: number, per_page })
  })

  router.get('/api/wx/pay/orders/:uuid/', async (request, response) => {
    const order = await findOrder(request)
    const settled = await orders.look(order)
    const list = await syncRefunds(context, await refunds.list(settled))
    sendData(request, response, { wx_pay_order: viewOrder(settled), wx_pay_refunds: list.map(viewRefund) })
  })

  router.post('/api/wx/pay/orders/:uuid/refunds/', async (request, response) => {
    await requireAdmin(context, request)
    const { request_id, refund_fee } = readJson(request, REFUND)
    const order = await findOrder(request)
    const refund = await createRefund(context, order, request_id, refund_fee)
    sendData(request, response, { wx_pay_refund: viewRefund(refund) })
  })

  router.delete('/api/wx/pay/orders/', async (request, response) => {
    await requireAdmin(context, request)
    const { uuid } = readDeleteQuery(request, DELETE)
    const order = await orders.find({ uuid })
    if (!order) throw new AppError(1104)
    // Money was, or may still be, paid for it: an order like that is history and stays.
    if (!(await orders.delete(uuid))) throw new AppError(1103)
    sendData(request, response, {})
  })
  return router

  /** The order of the path: an administrator sees all, a user their own (1103 for another's). */
  async function findOrder(request: Request): Promise<Order> {
    const openid = await requireUserOrAdmin(context, request)
    const uuid = z.uuid().safeParse(request.params.uuid)
    const order = uuid.success ? await orders.find({ uuid: uuid.data }) : undefined
    if (!order) throw new AppError(1104)
    if (openid !== undefined && order.owner !== openid) throw new AppError(1103)
    return order
  }
}
