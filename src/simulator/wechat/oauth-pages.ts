import { browserUsers, rememberedUser, userCookie } from '../framework/browser-user.ts'
import { isForeignForm } from '../framework/cross-origin.ts'
import type { Exchange } from '../framework/exchange.ts'
import { escapeHtml, htmlPage, userChoice } from '../framework/page.ts'
import { type Route, route } from '../framework/service.ts'
import type { UserRecord } from '../framework/users.ts'
import {
  ConsentError,
  type ConsentRequest,
  grant,
  isInDocumentedOrder,
  readConsentRequest,
  refuse
} from './oauth-decision.ts'
import { drawCode } from './picture.ts'
import type { WeChatState } from './state.ts'

function redirect(url: URL, user?: UserRecord): Response {
  const headers = new Headers({ location: url.href, 'cache-control': 'no-store' })
  if (user) headers.set('set-cookie', userCookie(user))
  return new Response(null, { status: 302, headers })
}

function consentPage(wx: WeChatState, request: ConsentRequest, search: string): Response {
  const { account, redirectUri, scope } = request
  const isLogin = scope === 'snsapi_login'
  const picture = isLogin
    ? `<img alt="" src="data:image/png;base64,${drawCode(redirectUri.href, { size: 160 }).toString('base64')}">`
    : '<div class="mark" aria-hidden="true">微</div>'
  const asked = isLogin
    ? '<h1>微信扫码登录</h1><p>Log in by scanning · 用下面的按钮代替扫码</p>'
    : '<h1>授权登录 · Authorize</h1><p>该网页申请获取以下信息 · This page asks for the following</p>'
  const rights =
    scope === 'snsapi_base'
      ? '<li>你的 openid · your openid</li>'
      : '<li>你的 openid · your openid</li><li>昵称、头像 · nickname and picture</li>'
  const users = browserUsers(wx.context.users).map(({ id, profile }) => ({ id, nickname: profile.nickname }))
  // With an action of its own the form leaves #wechat_redirect behind, which a browser would carry on to the application.
  return htmlPage(
    `${account.name} · 授权`,
    `${picture}${asked}<p><strong>${escapeHtml(account.name)}</strong> → ${escapeHtml(redirectUri.host)}</p><ul>${rights}</ul>
<form method="post" action="${escapeHtml(search)}">${userChoice(users)}
<button class="yes" name="simulator_decision" value="allow">同意 · Allow</button>
<button class="no" name="simulator_decision" value="refuse">拒绝 · Refuse</button></form>`
  )
}

function errorPage(error: ConsentError): Response {
  return htmlPage(
    'Oops! Something went wrong:(',
    `<div class="mark" aria-hidden="true">!</div><h1>${escapeHtml(error.message)}</h1><p>错误码 · error code <code>${error.code}</code></p>`
  )
}

function answerPage(wx: WeChatState, exchange: Exchange): Response {
  try {
    const request = readConsentRequest(wx, exchange.url)
    exchange.account = request.account.appId
    exchange.verified('appid, scope, redirect_uri and state')
    if (!isInDocumentedOrder(exchange.url))
      exchange.hint ??= 'the parameters are not in the documented order, which some clients of WeChat insist on'
    if (exchange.method === 'GET') {
      // snsapi_base is silent: no page, the browser is sent back at once.
      if (request.scope !== 'snsapi_base') return consentPage(wx, request, exchange.url.search)
      const user = rememberedUser(wx.context.users, exchange) ?? browserUsers(wx.context.users)[0]
      if (user) return redirect(grant(wx, request, user), user)
      return consentPage(wx, request, exchange.url.search)
    }
    if (isForeignForm(wx.context, exchange))
      throw new ConsentError(10004, '另一网站提交了此表单 (another site sent this form)')
    const form = exchange.form()
    if (form.get('simulator_decision') !== 'allow') return redirect(refuse(request))
    const user = wx.context.users.byId(form.get('simulator_user') ?? '') ?? browserUsers(wx.context.users)[0]
    if (!user) throw new ConsentError(10006, 'nobody is here')
    return redirect(grant(wx, request, user), user)
  } catch (error) {
    if (error instanceof ConsentError) return errorPage(error)
    throw error
  }
}

/** The pages of `open.weixin.qq.com` that a browser is sent to. */
export function oauthPageRoutes(wx: WeChatState): Route[] {
  const answer = (exchange: Exchange) => answerPage(wx, exchange)
  return [
    route('GET', '/connect/oauth2/authorize', answer),
    route('POST', '/connect/oauth2/authorize', answer),
    route('GET', '/connect/qrconnect', answer),
    route('POST', '/connect/qrconnect', answer)
  ]
}
