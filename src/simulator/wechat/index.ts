import type { SimulatorContext } from '../framework/context.ts'
import type { Exchange } from '../framework/exchange.ts'
import { createRoutes, type Route, type SimulatorService } from '../framework/service.ts'
import { refill, toStateJson } from '../framework/state-json.ts'
import type { UserRecord } from '../framework/users.ts'
import { answerJson, answerRefusal } from './api.ts'
import { codeRoutes } from './codes.ts'
import { createWeChatControl } from './control.ts'
import { customMessageRoutes, openWindow } from './custom-messages.ts'
import { customerAccountRoutes } from './customer-accounts.ts'
import { draftRoutes } from './drafts.ts'
import { ERRMSG, Refusal } from './errcodes.ts'
import { followerRoutes } from './followers.ts'
import { fileRoutes, mediaRoutes } from './media.ts'
import { menuRoutes } from './menu.ts'
import { oauthApiRoutes } from './oauth-api.ts'
import { oauthPageRoutes } from './oauth-pages.ts'
import { oncePageRoutes } from './once-page.ts'
import { sceneCodePictureRoutes, sceneCodeRoutes } from './scene-codes.ts'
import { securityRoutes } from './security.ts'
import { sessionRoutes } from './session.ts'
import { shortKeyRoutes } from './short-keys.ts'
import { WeChatState } from './state.ts'
import { subscribeRoutes } from './subscribe.ts'
import { templateRoutes } from './templates.ts'
import { tokenRoutes } from './tokens.ts'
import { createWeChatVerbs } from './user-verbs.ts'

const API_HOSTS = ['api', 'api2', 'sh.api', 'sz.api', 'hk.api'].map((name) => `${name}.weixin.qq.com`)

/** @internal Official accounts, mini programs and the open platform. */
export function createWeChatService(context: SimulatorContext) {
  const wx = new WeChatState(context)
  context.onPaid(({ appId, openid, mchId, outTradeNo, transactionId }) => {
    const state = wx.of(appId)
    if (!state) return
    const payment = { appId, openid, mchId, outTradeNo, at: wx.now }
    wx.payments.set(transactionId, payment)
    wx.payments.set(`${mchId}\n${outTradeNo}`, payment)
    if (state.account.kind === 'officialAccount') openWindow(wx, state, openid, 'pay')
  })

  const wrongMethod = (exchange: Exchange, row: Route) => {
    const code = row.method === 'GET' ? 43001 : exchange.path === '/wxa/msg_sec_check' ? 43302 : 43002
    return answerRefusal(wx, exchange, new Refusal(code))
  }
  const api = createRoutes(
    [
      ...tokenRoutes(wx),
      ...oauthApiRoutes(wx),
      ...sessionRoutes(wx),
      ...mediaRoutes(wx),
      ...followerRoutes(wx),
      ...templateRoutes(wx),
      ...subscribeRoutes(wx),
      ...customMessageRoutes(wx),
      ...customerAccountRoutes(wx),
      ...shortKeyRoutes(wx),
      ...draftRoutes(wx),
      ...menuRoutes(wx),
      ...sceneCodeRoutes(wx),
      ...codeRoutes(wx),
      ...securityRoutes(wx)
    ],
    wrongMethod
  )
  const pages = createRoutes(oauthPageRoutes(wx))
  const site = createRoutes([...sceneCodePictureRoutes(wx), ...oncePageRoutes(wx), ...fileRoutes(wx)])
  const missing = () => new Response('not found', { status: 404 })

  return {
    name: 'wechat',
    hosts: [...API_HOSTS, 'open.weixin.qq.com', 'mp.weixin.qq.com', 'mmbiz.qpic.cn'],
    handle: (exchange: Exchange) => {
      const isApi = API_HOSTS.includes(exchange.host)
      const answer = (isApi ? api : exchange.host === 'open.weixin.qq.com' ? pages : site)(exchange)
      if (answer) return answer
      exchange.noteUnknownPath()
      return isApi ? answerRefusal(wx, exchange, new Refusal(40066)) : missing()
    },
    fault: (exchange, { errcode, errmsg, status }) => {
      if (errcode !== undefined) {
        const refusal = new Refusal(Number(errcode), errmsg ?? ERRMSG[Number(errcode)])
        const shaped = answerRefusal(wx, exchange, refusal)
        return status === undefined ? shaped : new Response(shaped.body, { status, headers: shaped.headers })
      }
      if (status === undefined) return undefined
      const body = answerJson({ errcode: -1, errmsg: ERRMSG[-1] })
      return new Response(body.body, { status, headers: body.headers })
    },
    snapshot: () => {
      const { context: _, accounts, ...platform } = wx
      const perAccount = [...accounts].map(([appId, { account: __, ...state }]) => [appId, toStateJson(state)])
      return { platform: toStateJson(platform), accounts: Object.fromEntries(perAccount) }
    },
    restore: (state: unknown) => {
      const { platform, accounts } = state as { platform: unknown; accounts: Record<string, unknown> }
      refill(wx, platform)
      for (const [appId, saved] of Object.entries(accounts)) {
        const held = wx.of(appId)
        if (held) refill(held, saved)
      }
    },
    control: createWeChatControl(wx),
    verbs: (user: UserRecord) => createWeChatVerbs(wx, user)
  } satisfies SimulatorService & Record<string, unknown>
}
