import type { Middleware } from 'koa'
import { route } from 'weixin-kit'
import { toKoaMiddleware } from 'weixin-kit/koa'
import { describeError } from '../../../shared/describe-error.ts'
import { page } from '../../../shared/html-page.ts'
import { pageRoutes } from '../../../shared/page-files.ts'
import { storableText } from '../../../shared/storable-text.ts'
import { scriptUrl } from '../../../shared/upstream.ts'
import type { Context } from '../app.ts'
import { rememberProfile } from '../profiles.ts'
import { NOTIFY_PATH } from '../services.ts'

const AUTHORIZE = '/wechat/authorize'
const FAILURES = {
  return_path: [400, '不能回到这个地址', '登录之后只能回到本站的页面'],
  denied: [403, '你没有同意授权', '需要时可以再登录一次'],
  state: [400, '登录已经失效', '请在同一个浏览器里重新登录'],
  exchange: [502, '微信没有完成登录', '请稍后再试一次'],
  snapshot: [403, '当前是快照页', '请点击页面底部的“使用完整服务”后重新登录']
} as const

/** What WeChat and WeChat Pay call, and the page: handlers of the library, mounted above the body parser. */
export function wechatHandlers(context: Context): Middleware {
  const { mp, pay, recharges, sessions, store, config, upstream, log } = context
  const login = mp.oauth.loginHandlers({
    redirectUri: `${config.PUBLIC_URL}${AUTHORIZE}/callback`,
    scope: 'snsapi_userinfo',
    returnToParam: 'next',
    onLogin: async ({ token, user, request }) => {
      await rememberProfile(store, token.openid, {
        nick_name: storableText(user?.nickname ?? ''),
        head_img_url: user?.headimgurl ?? ''
      })
      return { headers: { 'set-cookie': await sessions.start(token.openid, request.headers.get('cookie')) } }
    },
    onError: (error, { failure }) => {
      if (failure === 'login') throw error
      if (failure === 'exchange') log(`login: ${describeError(error)}`)
      const [status, title, advice] = FAILURES[failure]
      const content = `<div class="face">!</div><h1>${title}</h1><p>${advice}</p><a href="${AUTHORIZE}">重新登录</a>`
      return page(title, content, status)
    }
  })
  const scripts = {
    jssdk: scriptUrl(upstream, 'res.wx.qq.com', '/open/js/jweixin-1.6.0.js'),
    geetest: scriptUrl(upstream, 'static.geetest.com', '/static/tools/gt.js')
  }
  return toKoaMiddleware(
    route({
      [`GET ${AUTHORIZE}`]: login.authorize,
      [`GET ${AUTHORIZE}/callback`]: login.callback,
      [`POST ${NOTIFY_PATH}`]: pay.notifyHandler({ onPaid: (payment) => recharges.settle(payment) }),
      'GET /scripts.json': async () => Response.json(scripts, { headers: { 'cache-control': 'no-store' } }),
      ...pageRoutes(
        new URL('../../page/', import.meta.url),
        Object.values(scripts).map((url) => new URL(url).origin)
      )
    })
  )
}
