import type { SimulatorContext } from '../framework/context.ts'
import type { Exchange } from '../framework/exchange.ts'
import { misspelt } from '../framework/real-paths.ts'
import { createRoutes, listRoutes, type Route, type SimulatorService } from '../framework/service.ts'
import { refill } from '../framework/state-json.ts'
import type { UserRecord } from '../framework/users.ts'
import { answerJson, answerRefusal } from './api.ts'
import { createWeChatControl } from './control.ts'
import { openWindow } from './custom-messages.ts'
import { ERRMSG, Refusal } from './errcodes.ts'
import { API_FAMILIES, JSSDK_FAMILIES, PAGE_FAMILIES, SITE_FAMILIES } from './families.ts'
import { isRealWeChatPath } from './real-paths.ts'
import { ShippingBook } from './shipping/shipping-book.ts'
import { WeChatState } from './state.ts'
import { createWeChatVerbs } from './user-verbs.ts'
import { createWeChatViews } from './views.ts'

/** Not one of WeChat's numbers, so that nobody takes it for a response of WeChat. */
const NOT_SIMULATED = 501

const API_HOSTS = ['api', 'api2', 'sh.api', 'sz.api', 'hk.api'].map((name) => `${name}.weixin.qq.com`)

const JSSDK_HOSTS = ['res.wx.qq.com', 'res2.wx.qq.com']

/** @internal Official accounts, mini programs and the open platform. */
export function createWeChatService(context: SimulatorContext) {
  const wx = new WeChatState(context)
  context.payments.add((notice) => {
    const { appId, openid, mchId, outTradeNo, transactionId } = notice
    const state = wx.of(appId)
    if (!state) return
    if (state.tradeManaged) new ShippingBook(wx, state).paid(notice)
    const payment = { appId, openid, mchId, outTradeNo, at: wx.now }
    wx.payments.set(transactionId, payment)
    wx.payments.set(`${mchId}\n${outTradeNo}`, payment)
    if (state.account.kind === 'officialAccount') openWindow(wx, state, openid, 'pay')
  })

  context.refunds.add(({ transactionId, isWhole }) => {
    for (const state of wx.accounts.values()) {
      const order = state.shippingOrders.get(transactionId)
      if (order && isWhole) new ShippingBook(wx, state).refunded(order)
    }
  })

  const wrongMethod = (exchange: Exchange, row: Route) => {
    const code = row.method === 'GET' ? 43001 : exchange.path === '/wxa/msg_sec_check' ? 43302 : 43002
    return answerRefusal(wx, exchange, new Refusal(code))
  }
  const rows = {
    'api.weixin.qq.com': API_FAMILIES.flatMap((family) => family(wx)),
    'open.weixin.qq.com': PAGE_FAMILIES.flatMap((family) => family(wx)),
    'res.wx.qq.com': JSSDK_FAMILIES.flatMap((family) => family(wx)),
    'mp.weixin.qq.com': SITE_FAMILIES.flatMap((family) => family(wx))
  }
  const api = createRoutes(rows['api.weixin.qq.com'], wrongMethod)
  const site = createRoutes(rows['mp.weixin.qq.com'])
  const tables = new Map([
    ...API_HOSTS.map((host) => [host, api] as const),
    ['open.weixin.qq.com', createRoutes(rows['open.weixin.qq.com'])],
    ...JSSDK_HOSTS.map((host) => [host, createRoutes(rows['res.wx.qq.com'])] as const)
  ])
  const known = rows['api.weixin.qq.com'].map(({ pattern }) => pattern)
  const missing = () => new Response('not found', { status: 404 })

  return {
    name: 'wechat',
    hosts: [...API_HOSTS, ...JSSDK_HOSTS, 'open.weixin.qq.com', 'mp.weixin.qq.com', 'mmbiz.qpic.cn'],
    endpoints: Object.entries(rows).flatMap(([host, own]) => listRoutes(host, own)),
    handle: (exchange: Exchange): Response | Promise<Response> => {
      const answer = (tables.get(exchange.host) ?? site)(exchange)
      if (answer) return answer
      const isApi = API_HOSTS.includes(exchange.host)
      exchange.noteUnknownPath(isApi ? known : [])
      if (!isApi) return missing()
      const isReal = isRealWeChatPath(exchange.path) && !misspelt(exchange.path, known)
      if (isReal) return answerJson({ errcode: NOT_SIMULATED, errmsg: exchange.noteNotSimulated() })
      return answerRefusal(wx, exchange, new Refusal(40066))
    },
    fault: (exchange, { errcode, errmsg, status }): Response | undefined => {
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
      const perAccount = [...accounts].map(([appId, { account: __, ...state }]) => [appId, state] as const)
      return { platform, accounts: Object.fromEntries(perAccount) }
    },
    restore: (state: unknown) => {
      const { platform, accounts } = state as { platform: unknown; accounts: Record<string, unknown> }
      refill(wx, platform)
      for (const [appId, saved] of Object.entries(accounts)) {
        const held = wx.of(appId)
        if (!held) continue
        refill(held, saved)
        const book = new ShippingBook(wx, held)
        for (const order of held.shippingOrders.values()) book.resume(order)
      }
    },
    control: createWeChatControl(wx),
    verbs: (user: UserRecord) => createWeChatVerbs(wx, user),
    views: createWeChatViews(wx)
  } satisfies SimulatorService & Record<string, unknown>
}
