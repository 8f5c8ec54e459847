import type { FetchHandler } from 'weixin-kit'
import { escapeHtml, page } from '../../../shared/html-page.ts'
import type { Context } from '../app.ts'
import { API } from '../paths.ts'

/** The page to which the login returns. */
export function indexPage({ users, sessions, mp }: Context): FetchHandler {
  return async (request) => {
    const openid = await sessions.find(request.headers.get('cookie'))
    const user = openid === undefined ? undefined : await users.find(mp.appId, openid)
    if (!user) {
      return page(
        'boilerplate',
        `<div class="face">?</div><h1>你还没有登录</h1><p>用微信登录，再回到这里</p><a href="${API}/wechat-mp/authorize">微信登录</a>`
      )
    }
    const name = escapeHtml(user.nickname || '微信用户')
    const face = escapeHtml([...(user.nickname || '微')][0] ?? '')
    const following = user.is_following ? '已关注公众号' : '还没有关注公众号'
    return page(
      'boilerplate',
      `<div class="face">${face}</div><h1>你好，${name}</h1><p>${following}</p><small>${escapeHtml(user.openid)}</small>`
    )
  }
}
