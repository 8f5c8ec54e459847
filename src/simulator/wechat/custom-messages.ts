import type { Route } from '../framework/service.ts'
import { type ApiCall, api, knownOpenid, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import type { AccountState, WeChatState } from './state.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** What opens the window for customer-service messages (客服消息), for how long and for how many. */
const WINDOWS = {
  message: { forMs: 48 * HOUR_MS, count: 5 },
  click: { forMs: MINUTE_MS, count: 3 },
  follow: { forMs: MINUTE_MS, count: 3 },
  scan: { forMs: MINUTE_MS, count: 3 },
  pay: { forMs: 48 * HOUR_MS, count: Number.MAX_SAFE_INTEGER },
  enter: { forMs: MINUTE_MS, count: 2 }
} as const

export type WindowCause = keyof typeof WINDOWS

/** A person did something that lets the account write to them. */
export function openWindow(wx: WeChatState, state: AccountState, openid: string, cause: WindowCause): void {
  const { forMs, count } = WINDOWS[cause]
  state.windows.set(`${openid}\n${cause}`, { until: wx.now + forMs, left: count })
  state.lastActive.set(openid, wx.now)
}

function useWindow(wx: WeChatState, state: AccountState, openid: string): void {
  const causes = Object.keys(WINDOWS) as WindowCause[]
  const open = causes
    .map((cause) => state.windows.get(`${openid}\n${cause}`))
    .filter((one) => one !== undefined && one.until > wx.now)
  if (open.length === 0) throw new Refusal(45015)
  const free = open.find((one) => one !== undefined && one.left > 0)
  if (!free) throw new Refusal(45047)
  free.left--
}

const media = (call: ApiCall, value: unknown) => {
  const id = text(value, 40007)
  const found = call.state.media.get(id)
  if (!found || (found.expiresAt !== undefined && call.wx.now >= found.expiresAt)) throw new Refusal(40007)
}
const optionalText = (value: unknown) => {
  if (value !== undefined && typeof value !== 'string') throw new Refusal(40035)
}

type Check = (call: ApiCall, content: Readonly<Record<string, unknown>>) => void

/** Kinds of messages and the check of their content. */
const CHECKS: Readonly<Record<string, Check>> = {
  text: (_, { content }) => {
    if (Buffer.byteLength(text(content, 44004)) > 2048) throw new Refusal(45002)
  },
  image: (call, { media_id }) => media(call, media_id),
  voice: (call, { media_id }) => media(call, media_id),
  video: (call, { media_id, thumb_media_id, title, description }) => {
    media(call, media_id)
    media(call, thumb_media_id)
    optionalText(title)
    optionalText(description)
  },
  music: (call, { musicurl, hqmusicurl, thumb_media_id }) => {
    text(musicurl, 41010)
    text(hqmusicurl, 41010)
    media(call, thumb_media_id)
  },
  news: (_, { articles }) => {
    if (!Array.isArray(articles) || articles.length === 0) throw new Refusal(44003)
    if (articles.length > 1) throw new Refusal(45008)
    text(object(articles[0], 44003).title, 44003)
  },
  mpnews: (_, { media_id }) => void text(media_id, 40007),
  mpnewsarticle: (_, { article_id }) => void text(article_id, 41011),
  msgmenu: (_, { list }) => {
    if (!Array.isArray(list) || list.length === 0) throw new Refusal(41011)
    for (const item of list) text(object(item, 41011).content, 44004)
  },
  wxcard: (_, { card_id }) => void text(card_id, 41011),
  miniprogrampage: (call, content) => {
    text(content.title, 41011)
    text(content.pagepath, 40165)
    if (call.account.kind === 'officialAccount' && !call.wx.of(text(content.appid, 40166))) throw new Refusal(40166)
    media(call, content.thumb_media_id)
  },
  link: (_, { title, url, thumb_url }) => {
    text(title, 41011)
    text(url, 41010)
    optionalText(thumb_url)
  }
}
const MINI_PROGRAM_TYPES = ['text', 'image', 'link', 'miniprogrampage']

function send(call: ApiCall): void {
  const { wx, state, account, body } = call
  const openid = knownOpenid(call, body.touser)
  const type = text(body.msgtype, 40008)
  const check = Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined
  const isAllowed = account.kind === 'miniProgram' ? MINI_PROGRAM_TYPES.includes(type) : type !== 'link'
  if (!check || !isAllowed) throw new Refusal(40008)
  const content = object(body[type], type === 'text' ? 44004 : 41011)
  check(call, content)
  if (state.blacklist.has(openid)) throw new Refusal(43019)
  useWindow(wx, state, openid)
  state.typing.delete(openid)
  wx.receive({
    appId: account.appId,
    openid,
    kind: 'custom',
    content: { msgtype: type, [type]: content, customservice: body.customservice }
  })
}

/** Customer-service messages. */
export function customMessageRoutes(wx: WeChatState): Route[] {
  const kinds = { kinds: ['officialAccount', 'miniProgram'] as const }
  return [
    api(wx, 'POST', '/cgi-bin/message/custom/send', send, kinds),
    api(
      wx,
      'POST',
      '/cgi-bin/message/custom/typing',
      (call) => {
        const { state, body } = call
        const openid = knownOpenid(call, body.touser)
        if (body.command !== 'Typing' && body.command !== 'CancelTyping') throw new Refusal(45072)
        if (wx.now - (state.lastActive.get(openid) ?? Number.NEGATIVE_INFINITY) > 30_000) throw new Refusal(45080)
        const until = state.typing.get(openid) ?? 0
        if (body.command === 'CancelTyping') {
          state.typing.delete(openid)
          return
        }
        if (until > wx.now) throw new Refusal(45081)
        state.typing.set(openid, wx.now + 15_000)
      },
      kinds
    )
  ]
}
