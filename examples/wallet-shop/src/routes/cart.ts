import { Router } from 'express'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { AppError, ERROR_CODES } from '../error-codes.ts'
import { id, keyOf, read } from '../input.ts'
import { type CartResult, NothingBoughtError } from '../models/checkout.ts'
import { PURSES, type Purse } from '../models/purses.ts'
import { viewCartItem } from '../views.ts'

const PUT = z.object({ product_id: id, num: z.int().min(1).max(99).optional() })

export function cartRoutes(context: Context): Router {
  const { cart, catalogue, checkout } = context
  const router = Router()

  router.get('/cart', async (request, response) => {
    const user = await requireUser(context, request)
    const rows = await cart.list(user.id)
    response.json({ code: 0, data: rows.map(({ item, product }) => viewCartItem(item, product)) })
  })

  router.post('/cart', async (request, response) => {
    const user = await requireUser(context, request)
    const { product_id, num } = read(request.body, PUT)
    if (!(await catalogue.product(product_id))) throw new AppError(10002)
    if (!(await cart.put(user.id, product_id, num))) throw new AppError(10001)
    response.json({ code: 0 })
  })

  router.delete('/cart/:id', async (request, response) => {
    const user = await requireUser(context, request)
    if (!(await cart.remove(user.id, read(request.params.id, id)))) throw new AppError(10002)
    response.json({ code: 0 })
  })

  for (const purse of Object.keys(PURSES) as Purse[]) {
    router.post(`/cart/pay_with_${purse}`, async (request, response) => {
      const user = await requireUser(context, request)
      const { code, data } = await pay(checkout.buyCart(user.id, purse, keyOf(request)))
      response.status(code === 0 ? 200 : ERROR_CODES[code].status).json({ code, data })
    })
  }
  return router
}

/** The document has both lists in every response, also where nothing was bought. */
async function pay(bought: Promise<CartResult>): Promise<{ code: 0 | 10002 | 10006; data: CartResult }> {
  try {
    return { code: 0, data: await bought }
  } catch (error) {
    if (error instanceof NothingBoughtError) return { code: error.errorCode as 10002 | 10006, data: error.result }
    throw error
  }
}
