import { Router } from 'express'
import { isWeixinKitError } from 'weixin-kit'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { sendData } from '../envelope.ts'
import { AppError } from '../error-codes.ts'
import { readQuery } from '../input.ts'
import { viewWxUser } from '../models/views.ts'

const CONFIG_QUERY = z.object({ url: z.url({ protocol: /^https?$/ }).refine((url) => !url.includes('#')) })

/** What a page needs: its JS-SDK configuration and its user. */
export function userRoutes(context: Context): Router {
  const router = Router()

  router.get('/api/wx/js_sdk_config/', async (request, response) => {
    const { url } = readQuery(request, CONFIG_QUERY)
    const config = await context.mp.jssdk.config({ url, jsApiList: [] }).catch((cause: unknown) => {
      throw new AppError(codeOfTicketFailure(cause), { cause })
    })
    sendData(request, response, {
      appid: config.appId,
      noncestr: config.nonceStr,
      signature: config.signature,
      timestamp: Number(config.timestamp)
    })
  })

  router.get('/api/current_user/', async (request, response) => {
    sendData(request, response, { wx_user: viewWxUser(await requireUser(context, request)) })
  })
  return router
}

/** The ticket needs an access token first: which of the two steps failed. */
function codeOfTicketFailure(cause: unknown): 1801 | 1802 {
  return isWeixinKitError(cause) && cause.step === 'accessToken' ? 1801 : 1802
}
