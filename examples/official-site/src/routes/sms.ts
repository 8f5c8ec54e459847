import { Router } from 'express'
import { RateLimit } from 'weixin-kit'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { sendData } from '../envelope.ts'
import { AppError } from '../error-codes.ts'
import { readJson } from '../input.ts'

const MOBILE = z.string().regex(/^1\d{10}$/)
const SEND = z.object({ mobile: MOBILE })
const CHECK = z.object({ mobile: MOBILE, code: z.string().regex(/^\d{6}$/) })

/** Verification codes by SMS (YUNPIAN_API_KEY), for pages that want a phone number that is real. */
export function smsRoutes(context: Context): Router {
  const { yunpian, store, config } = context
  const codes = yunpian.verificationCode({ store, purpose: 'official-site' })
  // The library counts by number; this ends it that one login has messages sent to a thousand numbers.
  const messages = new RateLimit({ store, name: 'sms', limit: 10, windowSeconds: 24 * 3600 })
  const router = Router()

  router.post('/api/sms/codes/', async (request, response) => {
    const user = await requireUser(context, request)
    const { mobile } = readJson(request, SEND)
    if (!(await messages.take(user.uuid)).allowed) throw new AppError(1103)
    const sent = await codes.send(mobile, (code) =>
      yunpian.sms.singleSend({ mobile, text: config.YUNPIAN_CODE_TEXT.replace('#code#', code) })
    )
    // Too soon or too often for this number.
    if (!sent.issued) throw new AppError(1103)
    sendData(request, response, { expires_in: sent.expiresInSeconds })
  })

  router.put('/api/sms/codes/', async (request, response) => {
    await requireUser(context, request)
    const { mobile, code } = readJson(request, CHECK)
    if (!(await codes.check(mobile, code)).ok) throw new AppError(1402)
    sendData(request, response, {})
  })
  return router
}
