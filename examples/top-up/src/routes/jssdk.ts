import Router from '@koa/router'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { AppError, success } from '../error-codes.ts'
import { readJson } from '../input.ts'

const PAGE = z.object({ url: z.url({ protocol: /^https?$/ }).max(2048) })

/** Interface 8: what `wx.config` takes. */
export function jssdkRoutes({ mp, config }: Context): Router {
  const router = new Router()

  router.post('/wechat/jsapi/signature', async (koa) => {
    const { url } = readJson(koa, PAGE)
    // WeChat takes registered hosts only, so that another one is always a mistake of the page.
    if (!config.jssdkHosts.includes(new URL(url).host)) throw new AppError(1)
    const signed = await mp.jssdk.config({ url, jsApiList: ['scanQRCode'], debug: config.JSSDK_DEBUG })
    const { appId, timestamp, nonceStr, signature, jsApiList } = signed
    koa.body = success({ debug: config.JSSDK_DEBUG, appId, timestamp, nonceStr, signature, jsApiList })
  })
  return router
}
