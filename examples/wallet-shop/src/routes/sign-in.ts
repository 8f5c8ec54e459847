import { createHash } from 'node:crypto'
import { Router } from 'express'
import { isWeixinKitError } from 'weixin-kit'
import { toExpressHandler } from 'weixin-kit/express'
import type { LoginHandlers, OfficialAccount } from 'weixin-kit/mp'
import { z } from 'zod'
import { onOwnAddress } from '../../../shared/express-app.ts'
import type { Context } from '../app.ts'
import { logIn } from '../auth.ts'
import { AppError } from '../error-codes.ts'
import { byScriptOnly } from '../guard.ts'
import { read } from '../input.ts'

const SIGN_IN_PATH = '/account/signin'
const SIGN_IN = z.object({ code: z.string().regex(/^[\w-]{1,256}$/) })
/** WeChat forgets a code after five minutes (10 in the documents of apps). */
const CODE_MS = 15 * 60_000

/**
 * Login by WeChat. An app sends the `code` of its SDK and nothing else. A browser that comes back from WeChat's consent page
 * brings `state`, too, which was made by `/account/authorize` for this browser.
 */
export function signInRoutes(context: Context): Router {
  const { app, mp, users, store } = context
  const router = Router()
  const web = mp && webLogin(context, mp)
  const { PUBLIC_URL } = context.config
  if (web) router.get('/account/authorize', onOwnAddress(PUBLIC_URL, context.log), toExpressHandler(web.authorize))
  const finishWebLogin = web && toExpressHandler(web.callback)

  router.get(SIGN_IN_PATH, (request, response, next) => {
    if (request.query.state === undefined) return next()
    // Without an Official Account nobody was sent to WeChat from here.
    if (!finishWebLogin) throw new AppError(10005)
    finishWebLogin(request, response, next)
  })

  // Without `state` a link could log anybody in as somebody else: here only for what is no browser, and scripts of our page.
  router.get(SIGN_IN_PATH, byScriptOnly(context.config), async (request, response) => {
    const { code } = read(request.query, SIGN_IN)
    const mark = `code:${createHash('sha256').update(code).digest('hex')}`
    if (!(await store.setIfAbsent(mark, '1', CODE_MS))) throw new AppError(10001)
    const profile = await askWechat(app, code)
    await logIn(context, await users.ofWechat(profile), request, response)
  })
  return router
}

async function askWechat(app: OfficialAccount, code: string) {
  try {
    const token = await app.oauth.exchangeCode(code)
    return { ...(await app.oauth.userInfo(token)), openid: token.openid }
  } catch (cause) {
    if (!isWeixinKitError(cause)) throw cause
    const isRefused = cause.code === 'ERR_WECHAT_API' && cause.kind === 'user'
    throw new AppError(10001, { cause, status: isRefused ? 400 : 502 })
  }
}

/** Both ends of a login on the page; a failure goes back to it and says in `signin` why. */
function webLogin({ users, sessions, config, log }: Context, mp: OfficialAccount): LoginHandlers {
  return mp.oauth.loginHandlers({
    redirectUri: config.PUBLIC_URL + SIGN_IN_PATH,
    scope: 'snsapi_userinfo',
    returnToParam: 'next',
    onLogin: async ({ token, user, request }) => {
      const account = await users.ofWechat({ ...user, openid: token.openid, unionid: user?.unionid ?? token.unionid })
      return { headers: { 'set-cookie': await sessions.start(String(account.id), request.headers.get('cookie')) } }
    },
    onError: (error, { failure }) => {
      if (failure === 'login') throw error
      if (failure === 'exchange') log(`GET ${SIGN_IN_PATH} → ${String(error)}`)
      return new Response(null, { status: 302, headers: { location: `/?signin=${failure}` } })
    }
  })
}
