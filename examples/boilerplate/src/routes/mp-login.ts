import type { FetchHandler } from 'weixin-kit'
import { describeError } from '../../../shared/describe-error.ts'
import { page } from '../../../shared/html-page.ts'
import type { Context } from '../app.ts'
import { AUTHORIZE, INDEX, WECHAT_API } from '../paths.ts'

const FAILURES = {
  return_path: [400, '不能回到这个地址', '登录之后只能回到本站的页面'],
  denied: [403, '你没有同意授权', '需要时可以再登录一次'],
  state: [400, '登录已经失效', '请在同一个浏览器里重新登录'],
  exchange: [502, '微信没有完成登录', '请稍后再试一次'],
  snapshot: [403, '当前是快照页', '请点击页面底部的「使用完整服务」后重新登录']
} as const

/** Login on web pages: to WeChat and back to where it was asked for, the index page unless told otherwise. */
export function mpLogin(context: Context): { authorize: FetchHandler; callback: FetchHandler } {
  const { mp, users, sessions, config, log } = context
  return mp.oauth.loginHandlers({
    redirectUri: `${config.PUBLIC_URL}${WECHAT_API}/wechat-mp/callback`,
    scope: 'snsapi_userinfo',
    returnToParam: 'next',
    onLogin: async ({ token, user, returnTo, request }) => {
      await users.save(mp.appId, {
        openid: token.openid,
        unionid: user?.unionid,
        nickname: user?.nickname,
        avatar: user?.headimgurl
      })
      const cookie = await sessions.start(token.openid, request.headers.get('cookie'))
      return {
        redirectTo: returnTo === '/' ? INDEX : returnTo,
        headers: { 'set-cookie': cookie }
      }
    },
    onError: (error, { failure }) => {
      if (failure === 'login') throw error
      if (failure === 'exchange') log(`login: ${describeError(error)}`)
      const [status, title, advice] = FAILURES[failure]
      const content = `<div class="face">!</div><h1>${title}</h1><p>${advice}</p><a href="${AUTHORIZE}">重新登录</a>`
      return page(title, content, status)
    }
  })
}
