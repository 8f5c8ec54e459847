import type { Route } from '../framework/service.ts'
import { type ApiCall, api, integer, knownOpenid, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { pushSubscribeResult } from './gateway-events.ts'
import type { SubscribeTemplate } from './records.ts'
import type { WeChatState } from './state.ts'
import { isSubscribeValue } from './subscribe-value.ts'

const MAX_TEMPLATES = 50
const LANGUAGES = ['zh_CN', 'en_US', 'zh_HK', 'zh_TW']
const STATES = ['developer', 'trial', 'formal']

const PUBLIC_TITLES = [
  {
    tid: 99,
    title: '订单支付成功通知',
    type: 2,
    categoryId: '616',
    keys: ['character_string1', 'amount2', 'thing3', 'time4']
  },
  { tid: 271, title: '预约成功通知', type: 2, categoryId: '616', keys: ['thing1', 'date2', 'phone_number3', 'name4'] },
  { tid: 401, title: '名片被查看提醒', type: 2, categoryId: '616', keys: ['name1', 'time2', 'phrase3'] },
  { tid: 1536, title: '设备告警通知', type: 3, categoryId: '616', keys: ['thing1', 'time2', 'number3'] }
] as const

function checkData(template: SubscribeTemplate, value: unknown): Record<string, string> {
  const data = object(value, 47003, 'argument invalid! data is not an object')
  const filled: Record<string, string> = {}
  for (const key of template.keys) {
    const item = data[key]
    const shown = typeof item === 'object' && item !== null ? (item as { value?: unknown }).value : undefined
    if (typeof shown !== 'string') throw new Refusal(47003, `argument invalid! data.${key}.value is empty`)
    if (!isSubscribeValue(key, shown)) throw new Refusal(47003, `argument invalid! data.${key}.value invalid`)
    filled[key] = shown
  }
  return filled
}

function checkPage(call: ApiCall, value: unknown): void {
  if (value === undefined || value === '') return
  if (typeof value !== 'string' || value.startsWith('http')) throw new Refusal(41030)
  const { pages } = call.state
  const [path = ''] = value.replace(/^\//, '').split('?')
  if (pages.length > 0 && !pages.includes(path)) throw new Refusal(41030)
}

function send(call: ApiCall): Record<string, unknown> {
  const { wx, state, body, account } = call
  const openid = knownOpenid(call, body.touser)
  const template = state.subscribeTemplates.get(text(body.template_id, 40037))
  if (!template) throw new Refusal(40037)
  if (account.kind === 'miniProgram') checkPage(call, body.page)
  if (!STATES.includes(String(body.miniprogram_state ?? 'formal'))) throw new Refusal(40097)
  if (!LANGUAGES.includes(String(body.lang ?? 'zh_CN'))) throw new Refusal(40097)
  const key = `${openid}\n${template.id}`
  const left = state.subscriptions.get(key)
  if (left === undefined || left === 0) throw new Refusal(43101)
  const data = checkData(template, body.data)
  if (left !== null) state.subscriptions.set(key, left - 1)
  call.exchange.verified(left === null ? 'long-term subscription' : `subscription, ${left - 1} left`)
  wx.receive({
    appId: account.appId,
    openid,
    kind: 'subscribe',
    content: { template_id: template.id, title: template.title, data, page: body.page, miniprogram: body.miniprogram }
  })
  const msgid = wx.context.random.id64()
  pushSubscribeResult(wx, account, openid, template.id, msgid)
  return account.kind === 'miniProgram' ? {} : { msgid: BigInt(msgid) }
}

/** Adds a template to an account, as `addtemplate` does. */
export function addSubscribeTemplate(
  wx: WeChatState,
  appId: string,
  template: {
    tid?: string | undefined
    title?: string | undefined
    keys: readonly string[]
    type?: 2 | 3 | undefined
    id?: string | undefined
  }
): SubscribeTemplate {
  const state = wx.resolve(appId)
  const added: SubscribeTemplate = {
    id: template.id ?? wx.context.random.text(43),
    tid: template.tid ?? '0',
    title: template.title ?? '订阅消息',
    keys: template.keys,
    type: template.type ?? 2
  }
  state.subscribeTemplates.set(added.id, added)
  return added
}

/** Subscribe messages (订阅消息) of mini programs, subscription notices of official accounts, and their templates. */
export function subscribeRoutes(wx: WeChatState): Route[] {
  const both = { kinds: ['miniProgram', 'officialAccount'] as const }
  return [
    api(wx, 'POST', '/cgi-bin/message/subscribe/send', send, { kinds: ['miniProgram'] }),
    api(wx, 'POST', '/cgi-bin/message/subscribe/bizsend', send, { kinds: ['officialAccount'] }),
    api(
      wx,
      'POST',
      '/wxaapi/newtmpl/addtemplate',
      ({ state, account, body }) => {
        const tid = typeof body.tid === 'number' ? String(body.tid) : text(body.tid, 40097)
        const found = PUBLIC_TITLES.find((one) => String(one.tid) === tid)
        if (!found) throw new Refusal(40097)
        const { kidList } = body
        if (!Array.isArray(kidList) || kidList.length < 2 || kidList.length > 5) throw new Refusal(40097)
        if (state.subscribeTemplates.size >= MAX_TEMPLATES) throw new Refusal(45026)
        const keys = kidList.map(
          (kid) =>
            found.keys[integer(typeof kid === 'string' ? Number(kid) : kid, 40097, 1, found.keys.length) - 1] ?? ''
        )
        return {
          priTmplId: addSubscribeTemplate(wx, account.appId, { tid, title: found.title, keys, type: found.type }).id
        }
      },
      both
    ),
    api(
      wx,
      'POST',
      '/wxaapi/newtmpl/deltemplate',
      ({ state, body }) => {
        if (!state.subscribeTemplates.delete(text(body.priTmplId, 40037))) throw new Refusal(40037)
      },
      both
    ),
    api(
      wx,
      'GET',
      '/wxaapi/newtmpl/gettemplate',
      ({ state }) => ({
        data: [...state.subscribeTemplates.values()].map((one) => ({
          priTmplId: one.id,
          title: one.title,
          content: one.keys.map((key) => `${key}:{{${key}.DATA}}`).join('\n'),
          example: one.keys.map((key) => `${key}:示例`).join('\n'),
          type: one.type
        }))
      }),
      both
    ),
    api(wx, 'GET', '/wxaapi/newtmpl/getcategory', () => ({ data: [{ id: 616, name: '电商平台' }] }), both),
    api(
      wx,
      'GET',
      '/wxaapi/newtmpl/getpubtemplatetitles',
      ({ query }) => {
        const ids = query.get('ids')?.split(',') ?? []
        const start = Number(query.get('start'))
        const limit = Number(query.get('limit'))
        if (ids.length === 0 || !Number.isInteger(start) || !(limit >= 1 && limit <= 30)) throw new Refusal(40097)
        const all = PUBLIC_TITLES.filter((one) => ids.includes(one.categoryId)).map(({ keys: _, ...one }) => one)
        return { count: all.length, data: all.slice(start, start + limit) }
      },
      both
    ),
    api(
      wx,
      'GET',
      '/wxaapi/newtmpl/getpubtemplatekeywords',
      ({ query }) => {
        const found = PUBLIC_TITLES.find((one) => String(one.tid) === query.get('tid'))
        if (!found) throw new Refusal(40097)
        return {
          count: found.keys.length,
          data: found.keys.map((name, i) => ({ kid: i + 1, name, example: '示例', rule: name.replace(/\d+$/, '') }))
        }
      },
      both
    )
  ]
}
