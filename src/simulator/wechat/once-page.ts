import { browserUsers } from '../framework/browser-user.ts'
import type { Exchange } from '../framework/exchange.ts'
import { escapeHtml, htmlPage, userChoice } from '../framework/page.ts'
import { type Route, route } from '../framework/service.ts'
import type { UserRecord } from '../framework/users.ts'
import type { WeChatState } from './state.ts'

interface OnceRequest {
  readonly appId: string
  readonly scene: number
  readonly templateId: string
  readonly redirectUrl: URL
  readonly reserved: string
}

/** Reads the consent page of a one-time subscription (一次性订阅消息). */
export function readOnceRequest(wx: WeChatState, page: URL): OnceRequest | string {
  const query = page.searchParams
  const appId = query.get('appid') ?? ''
  const scene = Number(query.get('scene'))
  const redirect = query.get('redirect_url') ?? ''
  const reserved = query.get('reserved') ?? ''
  if (wx.of(appId)?.account.kind !== 'officialAccount') return 'appid 参数错误 (unknown appid)'
  if (query.get('action') !== 'get_confirm') return 'action must be get_confirm'
  if (!query.has('scene') || !Number.isInteger(scene) || scene < 0 || scene > 10_000) return 'scene must be 0 to 10000'
  if (!query.get('template_id')) return 'template_id is missing'
  if (!/^https?:\/\//.test(redirect) || !URL.canParse(redirect)) return 'redirect_url is not a URL'
  if (!/^[a-zA-Z0-9]{0,128}$/.test(reserved)) return 'reserved must be at most 128 letters and digits'
  return { appId, scene, templateId: query.get('template_id') ?? '', redirectUrl: new URL(redirect), reserved }
}

/** Where the browser goes after the decision; a confirmation may be used for one message. */
export function decideOnce(wx: WeChatState, request: OnceRequest, user: UserRecord, confirmed: boolean): URL {
  const url = new URL(request.redirectUrl)
  const openid = user.openid(request.appId)
  // Several consents with one scene do not add up.
  if (confirmed) wx.of(request.appId)?.subscriptions.set(`once\n${openid}\n${request.scene}\n${request.templateId}`, 1)
  if (confirmed) url.searchParams.set('openid', openid)
  url.searchParams.set('template_id', request.templateId)
  url.searchParams.set('action', confirmed ? 'confirm' : 'cancel')
  url.searchParams.set('scene', String(request.scene))
  if (request.reserved) url.searchParams.set('reserved', request.reserved)
  return url
}

function answer(wx: WeChatState, exchange: Exchange): Response {
  const request = readOnceRequest(wx, exchange.url)
  if (typeof request === 'string')
    return htmlPage('参数错误', `<div class="mark" aria-hidden="true">!</div><h1>${escapeHtml(request)}</h1>`)
  exchange.account = request.appId
  const users = browserUsers(wx.context.users)
  if (exchange.method === 'GET') {
    const choices = users.map(({ id, profile }) => ({ id, nickname: profile.nickname }))
    return htmlPage(
      '一次性订阅消息',
      `<div class="mark" aria-hidden="true">订</div><h1>订阅一条消息 · Subscribe to one message</h1><p>${escapeHtml(wx.of(request.appId)?.account.name ?? '')}</p>
<form method="post">${userChoice(choices)}
<button class="yes" name="simulator_decision" value="allow">确认 · Confirm</button>
<button class="no" name="simulator_decision" value="refuse">取消 · Cancel</button></form>`
    )
  }
  const form = exchange.form()
  const user = wx.context.users.byId(form.get('simulator_user') ?? '') ?? users[0]
  if (!user) return htmlPage('参数错误', '<h1>nobody is here</h1>')
  const target = decideOnce(wx, request, user, form.get('simulator_decision') === 'allow')
  return new Response(null, { status: 302, headers: { location: target.href } })
}

export function oncePageRoutes(wx: WeChatState): Route[] {
  return [
    route('GET', '/mp/subscribemsg', (exchange) => answer(wx, exchange)),
    route('POST', '/mp/subscribemsg', (exchange) => answer(wx, exchange))
  ]
}
