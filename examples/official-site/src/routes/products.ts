import { Router } from 'express'
import { z } from 'zod'
import { words } from '../../../shared/words.ts'
import type { Context } from '../app.ts'
import { requireAdmin } from '../auth.ts'
import { sendData } from '../envelope.ts'
import { AppError } from '../error-codes.ts'
import { FEN, readDeleteQuery, readJson } from '../input.ts'
import { viewProduct } from '../models/views.ts'
import { readPage } from '../pagination.ts'

const PRODUCT = z.object({ body: words(40), total_fee: FEN })
const DELETE = z.object({ uuid: z.uuid() })

/** The price list: everybody reads it, administrators write it. */
export function productRoutes(context: Context): Router {
  const { products } = context
  const router = Router()

  router.get('/api/wx/pay/products/', async (request, response) => {
    const page = readPage(request)
    const { rows, total } = await products.list(page)
    const { page: number, per_page } = page
    sendData(request, response, { wx_pay_products: rows.map(viewProduct), total, page: number, per_page })
  })

  router.put('/api/wx/pay/products/', async (request, response) => {
    await requireAdmin(context, request)
    const { body, total_fee } = readJson(request, PRODUCT)
    sendData(request, response, { wx_pay_product: viewProduct(await products.setPrice(body, total_fee)) })
  })

  router.delete('/api/wx/pay/products/', async (request, response) => {
    await requireAdmin(context, request)
    const { uuid } = readDeleteQuery(request, DELETE)
    if (!(await products.delete(uuid))) throw new AppError(1104)
    sendData(request, response, {})
  })
  return router
}
