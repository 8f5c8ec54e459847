import type { FetchHandler } from 'weixin-kit'
import { API, type Context } from '../app.ts'
import { sessionToken } from './mp-login.ts'

/** The page to which the login returns. */
export function indexPage({ users, sessions, mp }: Context): FetchHandler {
  return async (request) => {
    const openid = await sessions.find(sessionToken(request))
    const user = openid === undefined ? undefined : await users.find(mp.appId, openid)
    const body = user
      ? `<p>你好，<b>${escapeHtml(user.nickname || user.openid)}</b></p>${user.is_following ? '<p>已关注公众号</p>' : ''}`
      : `<p><a href="${API}/wechat-mp/authorize">微信登录</a></p>`
    const page = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>boilerplate</title><style>body{font:16px/1.6 sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}</style><h1>boilerplate</h1>${body}</html>`
    return new Response(page, {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        'x-content-type-options': 'nosniff'
      }
    })
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
