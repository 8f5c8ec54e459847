import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import { isWeixinKitError, RateLimit } from 'weixin-kit'
import { toExpressHandler } from 'weixin-kit/express'
import { z } from 'zod'
import { addressOf } from '../../../shared/express-app.ts'
import type { Context } from '../app.ts'
import { requireUserOrAdmin } from '../auth.ts'
import { sendData } from '../envelope.ts'
import { AppError, failAs } from '../error-codes.ts'
import { readJson } from '../input.ts'

const TOKEN_SECONDS = 3600
const IMAGE_BYTES = 10 * 1024 * 1024
const IMAGE = { mimeLimit: 'image/*', fsizeLimit: IMAGE_BYTES }
const MEDIA = z.object({ media_id: z.string().regex(/^[\w-]{1,256}$/) })

/** Pictures: from WeChat into the bucket, and upload tokens for browsers. */
export function mediaRoutes(context: Context): Router {
  const { mp, qiniu, store } = context
  // The document asks for no login here, and each call costs the account's quota at WeChat.
  const images = new RateLimit({ store, name: 'images', limit: 60, windowSeconds: 600 })
  const router = Router()

  router.post('/api/qn/wx_temp_images/', async (request, response) => {
    const { media_id } = readJson(request, MEDIA)
    if (!(await images.take(addressOf(request))).allowed) throw new AppError(1103)
    const { key } = await qiniu
      .transferMedia({ from: mp.media, mediaId: media_id, key: `wx/${randomUUID()}`, policy: IMAGE })
      .catch((cause: unknown) => {
        throw new AppError(codeOfTransferFailure(cause), { cause })
      })
    sendData(request, response, { url: qiniu.publicUrl(key).href })
  })

  // For pages (a logged-in user) and for the CMS (an administrator): the document lists it twice.
  const uploadToken = qiniu.uploadTokenHandler({
    // The route before it has let nobody else through.
    authorize: () => true,
    policy: () => ({ ...IMAGE, saveKey: 'u/$(etag)$(ext)', expiresInSeconds: TOKEN_SECONDS })
  })
  router.get(
    '/extensions/qn/upload_token/',
    (request, _response, next) => void requireUserOrAdmin(context, request).then(() => next(), next),
    toExpressHandler((request) => failAs(1850, () => uploadToken(request)))
  )
  return router
}

/** 1801: no access token. 1803: WeChat has no such picture. 1850: Qiniu refuses our account. 1851: it did not take the bytes. */
function codeOfTransferFailure(cause: unknown): 1801 | 1803 | 1850 | 1851 {
  if (!isWeixinKitError(cause)) return 1851
  if (cause.step === 'accessToken') return 1801
  if (cause.product !== 'qiniu') return 1803
  const isCredential = cause.step === 'region' || (cause.code === 'ERR_QINIU' && cause.status === 401)
  return isCredential ? 1850 : 1851
}
