import type { FetchHandler } from 'weixin-kit'
import { type Context, INDEX, WECHAT_API } from '../app.ts'

const COOKIE = 'boilerplate_openid_token'
const LIFE_SECONDS = 30 * 24 * 3600

/** Login on web pages: to WeChat and back to where it was asked for, the index page unless told otherwise. */
export function mpLogin({ mp, users, sessions, config }: Context): { authorize: FetchHandler; callback: FetchHandler } {
  return mp.oauth.loginHandlers({
    redirectUri: `${config.PUBLIC_URL}${WECHAT_API}/wechat-mp/callback`,
    scope: 'snsapi_userinfo',
    returnToParam: 'next',
    onLogin: async ({ token, user, returnTo }) => {
      await users.save(mp.appId, {
        openid: token.openid,
        unionid: user?.unionid,
        nickname: user?.nickname,
        avatar: user?.headimgurl
      })
      const session = await sessions.create(token.openid)
      const secure = config.PUBLIC_URL.startsWith('https:') ? '; Secure' : ''
      return {
        redirectTo: returnTo === '/' ? INDEX : returnTo,
        headers: {
          'set-cookie': `${COOKIE}=${session}; Max-Age=${LIFE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure}`
        }
      }
    }
  })
}

export function sessionToken(request: Request): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(request.headers.get('cookie') ?? '')?.[1]
}
