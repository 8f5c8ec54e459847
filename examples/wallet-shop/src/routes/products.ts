import { type RequestHandler, Router } from 'express'
import { LARGEST_ID, PAGE, sliceOf, wholeBetween } from '../../../shared/numbers.ts'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { AppError } from '../error-codes.ts'
import { byScriptOnly } from '../guard.ts'
import { id, keyOf, read } from '../input.ts'
import { PURSES, type Purse } from '../models/purses.ts'
import { viewProduct } from '../views.ts'

const LIST = PAGE.extend({ shop_id: wholeBetween(0, LARGEST_ID).default(0) })

/** Products, and buying one of them. */
export function productRoutes(context: Context): Router {
  const { catalogue, checkout, config } = context
  const router = Router()

  router.get('/products', async (request, response) => {
    const { shop_id, ...page } = read(request.query, LIST)
    const rows = await catalogue.products(shop_id, sliceOf(page))
    response.json({ code: 0, data: rows.map(viewProduct) })
  })

  router.get('/product/:id', async (request, response) => {
    const product = await catalogue.product(read(request.params.id, id))
    if (!product) throw new AppError(10002)
    response.json({ code: 0, data: viewProduct(product) })
  })

  for (const purse of Object.keys(PURSES) as Purse[]) {
    const path = `/product/:id/with_${purse}`
    const buy: RequestHandler<{ id: string }> = async (request, response) => {
      const user = await requireUser(context, request)
      const product = await checkout.buy(user.id, read(request.params.id, id), purse, keyOf(request))
      response.json({ code: 0, data: product })
    }
    // The document buys by GET; POST is what new clients use.
    router.route(path).all(byScriptOnly(config)).get(buy).post(buy)
  }
  return router
}
