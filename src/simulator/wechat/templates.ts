import type { Route } from '../framework/service.ts'
import { type ApiCall, answerJson, api, integer, knownOpenid, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { pushTemplateResult } from './gateway-events.ts'
import type { Template } from './records.ts'
import type { WeChatState } from './state.ts'

const DEDUPE_MS = 600_000
const MONTH_MS = 30 * 86_400_000
const MAX_TEMPLATES = 25
const INDUSTRIES: Readonly<Record<string, readonly [string, string]>> = {
  1: ['IT科技', '互联网|电子商务'],
  2: ['IT科技', 'IT软件与服务'],
  4: ['IT科技', '电子技术'],
  39: ['其他', '其他']
}

/** Template texts hold `{{first.DATA}}`; the names in them are what `data` must fill. */
export function templateKeys(content: string): string[] {
  return [...content.matchAll(/\{\{(\w+)\.DATA\}\}/g)].map((match) => match[1] ?? '')
}

/** The line of an item that cannot be sent to a mini program or page. */
function checkJump(call: ApiCall): void {
  const { miniprogram, url } = call.body
  if (url !== undefined && typeof url !== 'string') throw new Refusal(40035)
  if (miniprogram === undefined) return
  const { appid, pagepath } = object(miniprogram, 40035)
  if (appid === undefined && pagepath === undefined) return
  const target = call.wx.of(text(appid, 40166))
  if (target?.account.kind !== 'miniProgram') throw new Refusal(40166)
  if (pagepath !== undefined && typeof pagepath !== 'string') throw new Refusal(40165)
}

function checkData(template: Template, value: unknown): Record<string, string> {
  const data = object(value, 47003, 'argument invalid! data is not an object')
  const filled: Record<string, string> = {}
  for (const key of templateKeys(template.content)) {
    const item = data[key]
    const shown = typeof item === 'object' && item !== null ? (item as { value?: unknown }).value : undefined
    if (typeof shown !== 'string' || shown === '')
      throw new Refusal(47003, `argument invalid! data.${key}.value is empty`)
    filled[key] = shown
  }
  return filled
}

/** Sends a message a follower can receive, or says why not. */
function receiver(call: ApiCall): string {
  const openid = knownOpenid(call, call.body.touser)
  if (!call.state.followers.has(openid)) throw new Refusal(43004)
  if (call.state.blacklist.has(openid)) throw new Refusal(43019)
  return openid
}

function send(call: ApiCall): Record<string, unknown> {
  const { wx, state, body, account } = call
  const openid = receiver(call)
  const template = state.templates.get(text(body.template_id, 40037))
  if (!template) throw new Refusal(40037)
  const data = checkData(template, body.data)
  checkJump(call)
  if (body.client_msg_id !== undefined) {
    const id = text(body.client_msg_id, 40035)
    if (id.length > 32) throw new Refusal(40035, 'client_msg_id is longer than 32 characters')
    const sent = state.clientMessageIds.get(`${openid}\n${id}`)
    if (sent && wx.now - sent.at < DEDUPE_MS) return { msgid: BigInt(sent.msgid) }
  }
  const msgid = wx.context.random.id64()
  if (typeof body.client_msg_id === 'string')
    state.clientMessageIds.set(`${openid}\n${body.client_msg_id}`, { at: wx.now, msgid })
  call.exchange.verified('template, data, receiver follows')
  const shown = template.content.replace(/\{\{(\w+)\.DATA\}\}/g, (_, key: string) => data[key] ?? '')
  wx.receive({
    appId: account.appId,
    openid,
    kind: 'template',
    content: {
      template_id: template.id,
      title: template.title,
      text: shown,
      data,
      url: body.url,
      miniprogram: body.miniprogram
    }
  })
  pushTemplateResult(wx, account, openid, msgid)
  return { msgid: BigInt(msgid) }
}

/** Template messages (模板消息) and one-time subscriptions (一次性订阅消息). */
export function templateRoutes(wx: WeChatState): Route[] {
  const kinds = { kinds: ['officialAccount'] as const }
  return [
    api(wx, 'POST', '/cgi-bin/message/template/send', send, kinds),
    api(
      wx,
      'POST',
      '/cgi-bin/template/api_set_industry',
      ({ state, body }) => {
        const ids = [body.industry_id1, body.industry_id2].map((id) =>
          typeof id === 'number' ? String(id) : text(id, 40102)
        )
        const [first = '', second = ''] = ids
        if (!/^\d{1,2}$/.test(first) || !/^\d{1,2}$/.test(second)) throw new Refusal(40102)
        if (state.industry && wx.now - state.industryChangedAt < MONTH_MS) throw new Refusal(43100)
        state.industry = [first, second]
        state.industryChangedAt = wx.now
      },
      kinds
    ),
    api(
      wx,
      'GET',
      '/cgi-bin/template/get_industry',
      ({ state }) => {
        if (!state.industry) throw new Refusal(40102)
        const [primary, secondary] = state.industry.map((id) => {
          const [first_class, second_class] = INDUSTRIES[id] ?? ['其他', `行业 ${id}`]
          return { first_class, second_class }
        })
        return answerJson({ primary_industry: primary, secondary_industry: secondary })
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/template/api_add_template',
      ({ state, body }) => {
        const short = text(body.template_id_short, 40037)
        if (state.templates.size >= MAX_TEMPLATES) throw new Refusal(45026)
        const names = Array.isArray(body.keyword_name_list)
          ? body.keyword_name_list.map(String)
          : ['keyword1', 'keyword2']
        const id = wx.context.random.text(43)
        state.templates.set(id, {
          id,
          title: `模板 ${short}`,
          content: names.map((name, i) => `${name}：{{keyword${i + 1}.DATA}}`).join('\n'),
          example: names.map((name) => `${name}：示例`).join('\n'),
          primaryIndustry: 'IT科技',
          deputyIndustry: '互联网|电子商务'
        })
        return { template_id: id }
      },
      kinds
    ),
    api(
      wx,
      'GET',
      '/cgi-bin/template/get_all_private_template',
      ({ state }) =>
        answerJson({
          template_list: [...state.templates.values()].map((one) => ({
            template_id: one.id,
            title: one.title,
            primary_industry: one.primaryIndustry,
            deputy_industry: one.deputyIndustry,
            content: one.content,
            example: one.example
          }))
        }),
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/template/del_private_template',
      ({ state, body }) => {
        if (!state.templates.delete(text(body.template_id, 40037))) throw new Refusal(40037)
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/message/template/subscribe',
      (call) => {
        const { body, state } = call
        const openid = knownOpenid(call, body.touser)
        const templateId = text(body.template_id, 40037)
        const scene = integer(typeof body.scene === 'string' ? Number(body.scene) : body.scene, 40129, 0, 10_000)
        const title = text(body.title, 41011)
        if ([...title].length > 15) throw new Refusal(45003)
        const content = text(object(object(body.data, 47003).content, 47003).value, 44004)
        if ([...content].length > 200) throw new Refusal(45002)
        checkJump(call)
        const key = `once\n${openid}\n${scene}\n${templateId}`
        if (!state.subscriptions.delete(key)) throw new Refusal(43101)
        wx.receive({
          appId: call.account.appId,
          openid,
          kind: 'once',
          content: { scene, title, text: content, url: body.url }
        })
      },
      kinds
    )
  ]
}
