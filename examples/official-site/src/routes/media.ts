import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import { isWeixinKitError } from 'weixin-kit'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { adminToken, requireAdmin, requireUser } from '../auth.ts'
import { sendData } from '../envelope.ts'
import { AppError, failAs } from '../error-codes.ts'
import { readJson } from '../input.ts'

const TOKEN_SECONDS = 3600
const MAX_IMAGE_BYTES = 10 * 1024 * 1024
const MEDIA = z.object({ media_id: z.string().regex(/^[\w-]{1,256}$/) })

/** Pictures: from WeChat into the bucket, and upload tokens for browsers. */
export function mediaRoutes(context: Context): Router {
  const { mp, qiniu } = context
  const router = Router()

  router.post('/api/qn/wx_temp_images/', async (request, response) => {
    const { media_id } = readJson(request, MEDIA)
    const key = `wx/${randomUUID()}`
    // Made before anything is downloaded, so that a wrong Qiniu key shows as what it is.
    await failAs(1850, () => qiniu.uploadToken({ key, mimeLimit: 'image/*', fsizeLimit: MAX_IMAGE_BYTES }))
    const { key: stored } = await qiniu
      .transferMedia({
        from: mp.media,
        mediaId: media_id,
        key,
        policy: { mimeLimit: 'image/*', fsizeLimit: MAX_IMAGE_BYTES }
      })
      .catch((cause: unknown) => {
        throw new AppError(codeOfTransferFailure(cause), { cause })
      })
    sendData(request, response, { url: qiniu.publicUrl(stored).href })
  })

  // For pages (a logged-in user) and for the CMS (an administrator): the document lists it twice.
  router.get('/extensions/qn/upload_token/', async (request, response) => {
    await (adminToken(request) ? requireAdmin(context, request) : requireUser(context, request))
    const uptoken = await failAs(1850, () =>
      qiniu.uploadToken({ saveKey: 'u/$(etag)$(ext)', fsizeLimit: MAX_IMAGE_BYTES, expiresInSeconds: TOKEN_SECONDS })
    )
    response.json({ uptoken })
  })
  return router
}

/** 1801: no access token. 1803: WeChat has no such picture. 1851: Qiniu did not take it. */
function codeOfTransferFailure(cause: unknown): 1801 | 1803 | 1851 {
  if (!isWeixinKitError(cause)) return 1851
  if (cause.operation === 'accessToken.get') return 1801
  return cause.product === 'qiniu' ? 1851 : 1803
}
