import { randomUUID } from 'node:crypto'
import Router from '@koa/router'
import { RateLimit, YunpianError } from 'weixin-kit'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { codesOf } from '../codes.ts'
import { AppError, success } from '../error-codes.ts'
import { mobile, readJson } from '../input.ts'

const field = z.string().min(1).max(256)
const CAPTCHA = z.object({ mobile, geetest_challenge: field, geetest_validate: field, geetest_seccode: field })

/** Interfaces 9 and 2: the captcha, and the SMS code that only who solved it may ask for. */
export function captchaRoutes(context: Context): Router {
  const { geetest, yunpian, visitors, store, config } = context
  const codes = codesOf(context)
  const hour = { store, windowSeconds: 3600 }
  // Every challenge is a call to Geetest, and a session in the store.
  const challenges = new RateLimit({ ...hour, name: 'captcha-address', limit: 60 })
  const perAddress = new RateLimit({ ...hour, name: 'sms-address', limit: 20 })
  const perVisitor = new RateLimit({ ...hour, name: 'sms-visitor', limit: 5 })
  // While Geetest is down anybody passes: then an address has few tries.
  const unproven = new RateLimit({ ...hour, name: 'sms-unproven', limit: 3 })
  const router = new Router()

  router.get('/wechat/geetest', async (koa) => {
    if (!(await challenges.take(koa.ip)).allowed) throw new AppError(6)
    let visitor = await visitors.find(koa.get('cookie'))
    if (visitor === undefined) {
      visitor = randomUUID()
      koa.append('set-cookie', await visitors.start(visitor, koa.get('cookie')))
    }
    const { challenge } = await geetest.register({ session: visitor })
    koa.body = success({ ...challenge, success: Boolean(challenge.success) })
  })

  router.post('/wechat/captcha', async (koa) => {
    const { mobile, ...form } = readJson(koa, CAPTCHA)
    const visitor = await visitors.find(koa.get('cookie'))
    if (visitor === undefined) throw new AppError(4)
    if (!(await perAddress.take(koa.ip)).allowed || !(await perVisitor.take(visitor)).allowed) throw new AppError(6)
    const result = await geetest.validate({ session: visitor, form })
    if (!result.ok) throw new AppError(4)
    if (!result.isProven && !(await unproven.take(koa.ip)).allowed) throw new AppError(6)
    const text = (code: string) => config.YUNPIAN_CODE_TEXT.replace('#code#', code)
    const sent = await codes.send(mobile, (code) => yunpian.sms.singleSend({ mobile, text: text(code) })).catch(tooMany)
    if (!sent.issued) throw new AppError(6)
    koa.body = success('success')
  })
  return router
}

/** Too many messages for a number are not a failure of Yunpian. */
function tooMany(cause: unknown): never {
  const isLimit = cause instanceof YunpianError && (cause.kind === 'rate_limit' || cause.kind === 'quota')
  throw isLimit ? new AppError(6, { cause }) : cause
}
