import { type RequestHandler, Router } from 'express'
import { toExpressHandler } from 'weixin-kit/express'
import { escapeHtml, page } from '../../../shared/html-page.ts'
import type { Context } from '../app.ts'

/** The page at `/`: who is logged in, and what there is to open. */
export function homeRoutes({ userSessions, wxUsers, upstream }: Context): Router {
  const router = Router()
  const home: RequestHandler = toExpressHandler(async (request) => {
    const uuid = await userSessions.find(request.headers.get('cookie'))
    const user = uuid === undefined ? undefined : await wxUsers.findByUuid(uuid)
    const name = user?.nickname || '微信用户'
    const simulated = upstream.controlUrl
      ? `<p>微信由模拟器提供：<a class="text" href="${escapeHtml(upstream.controlUrl)}">打开模拟器</a></p>`
      : ''
    const content = user
      ? `<div class="face">${escapeHtml([...name][0] ?? '')}</div><h1>你好，${escapeHtml(name)}</h1><p>已用微信登录</p><a href="/api/current_user/">查看我的资料</a>`
      : '<div class="face">官</div><h1>公司官网</h1><p>用微信登录，再回到这里</p><a href="/extensions/wx/user/authorize/?state=%2F">微信登录</a>'
    return page('official-site', content + simulated)
  })
  router.get('/', home)
  return router
}
