import { Router } from 'express'
import { z } from 'zod'
import { actAs, PEOPLE, who } from '../../../shared/simulated-person.ts'
import type { Context } from '../app.ts'
import { AppError } from '../error-codes.ts'
import { read } from '../input.ts'

const WHO = z.object({ who })

/**
 * What the page needs in place of a phone with WeChat on it: people who log in by the SDK of the app, and the address of the
 * cashier. Only where WeChat is simulated.
 */
export function testingRoutes({ upstream }: Context): Router {
  const { controlUrl } = upstream
  const router = Router()
  if (!controlUrl) return router

  router.get('/testing', (_request, response) => {
    response.json({ code: 0, data: { people: PEOPLE, cashier: `${controlUrl}-/cashier` } })
  })

  // The code is for `GET /account/signin`, as the SDK gives it to an app.
  router.post('/testing/sdk_code', async (request, response) => {
    const code = await actAs(controlUrl, read(request.body, WHO).who, 'appLogin').catch((cause: unknown) => {
      throw new AppError(10001, { status: 502, cause })
    })
    response.json({ code: 0, data: { code } })
  })
  return router
}
