import type { UserRecord } from '../framework/users.ts'
import type { ChatLine, ChatView, CodeView, MenuButton, ScanView } from '../framework/views.ts'
import { ConsentError, readConsentRequest } from './oauth-decision.ts'
import { readOnceRequest } from './once-page.ts'
import type { ReceivedMessage, SentMessage } from './records.ts'
import { readCode } from './scan-code.ts'
import { sceneCode } from './scene-codes.ts'
import type { AccountState, WeChatState } from './state.ts'

/** Lines of a chat that are shown. */
const MOST_LINES = 200

/** @internal What the console shows of the official accounts and mini programs. */
export interface WeChatViews {
  chats(user: UserRecord): ChatView[]
  codes(): CodeView[]
  media(appId: string, id: string): { data: Uint8Array; contentType: string } | undefined
  /** What a scanned text or picture leads to; `undefined` when it is not of WeChat. */
  scan(text: string): ScanView | undefined
}

/** Events of people; others are of the platform, and nobody sees them in a chat. */
const DEEDS =
  /^(?:subscribe|unsubscribe|SCAN|CLICK|VIEW|LOCATION|user_enter_tempsession|subscribe_msg_popup_event|(?:scancode|pic|location)_\w+)$/

function lineOf({ time, kind, content }: ReceivedMessage): ChatLine {
  if (kind === 'notice') return { time, side: 'notice', kind, content }
  const fields = content as Readonly<Record<string, unknown>>
  if (kind === 'custom') {
    const type = String(fields.msgtype)
    return { time, side: 'them', kind: type, content: fields[type] ?? {} }
  }
  if (kind === 'reply') return { time, side: 'them', kind: String(fields.MsgType), content }
  return { time, side: 'them', kind, content }
}

const sentLine = ({ time, fields, ...rest }: SentMessage): ChatLine => ({
  time,
  side: 'me',
  kind: String(fields.MsgType),
  content: fields,
  outcome: rest.outcome,
  tookMs: rest.tookMs,
  note: rest.note,
  deliveryId: rest.deliveryId
})

function chatOf(wx: WeChatState, state: AccountState, user: UserRecord): ChatView {
  const { account } = state
  const { appId } = account
  const openid = user.openid(appId)
  const isSeen = ({ fields: { MsgType, Event } }: SentMessage) => MsgType !== 'event' || DEEDS.test(String(Event))
  const isOwn = (one: { appId: string; openid: string }) => one.appId === appId && one.openid === openid
  const lines = [
    ...[...wx.sent.values()].filter((one) => isOwn(one) && isSeen(one)).map(sentLine),
    ...[...wx.received.values()].filter(isOwn).map(lineOf)
  ].sort((a, b) => a.time - b.time)
  return {
    appId,
    kind: account.kind === 'miniProgram' ? 'miniProgram' : 'officialAccount',
    name: account.name,
    openid,
    isFollower: state.followers.has(openid),
    menu: (state.menu?.button ?? []) as readonly MenuButton[],
    subscribeTemplates: [...state.subscribeTemplates.values()].map(({ id, title }) => {
      const left = state.subscriptions.get(`${openid}\n${id}`)
      return { id, title, left: left === undefined ? 0 : left }
    }),
    lines: lines.slice(-MOST_LINES)
  }
}

/** A page of the platform, under its own host or behind a path prefix of this simulator. */
function scanPage(wx: WeChatState, url: URL): ScanView | undefined {
  if (/\/connect\/(?:oauth2\/authorize|qrconnect)$/.test(url.pathname)) {
    try {
      const { account, scope, redirectUri } = readConsentRequest(wx, url)
      return { kind: 'authorize', url: url.href, account: account.name, scope, redirectUri: redirectUri.href }
    } catch (error) {
      if (error instanceof ConsentError) return { kind: 'wrong', problem: `${error.code} ${error.message}` }
      throw error
    }
  }
  if (!url.pathname.endsWith('/mp/subscribemsg')) return undefined
  const request = readOnceRequest(wx, url)
  if (typeof request === 'string') return { kind: 'wrong', problem: request }
  const account = wx.of(request.appId)?.account.name ?? request.appId
  return { kind: 'subscribeOnce', url: url.href, account, redirectUri: request.redirectUrl.href }
}

/** @internal */
export function createWeChatViews(wx: WeChatState): WeChatViews {
  const nameOf = (appId: string) => wx.of(appId)?.account.name ?? appId
  const scene = (ticket: string): ScanView | undefined => {
    const found = sceneCode(wx, ticket)
    return (
      found && {
        kind: 'scene',
        ticket,
        appId: found.appId,
        account: nameOf(found.appId),
        scene: String(found.code.scene)
      }
    )
  }
  const program = (appId: string, page: string, query: string): ScanView => ({
    kind: 'miniProgram',
    appId,
    account: nameOf(appId),
    page,
    scene: query
  })
  return {
    chats: (user) =>
      [...wx.accounts.values()]
        .filter(({ account }) => account.kind === 'officialAccount' || account.kind === 'miniProgram')
        .map((state) => chatOf(wx, state, user)),
    codes: () => [...wx.madeCodes.values()],
    media: (appId, id) => {
      const media = wx.of(appId)?.media.get(id)
      return media && { data: media.bytes, contentType: media.contentType }
    },
    scan: (text) => {
      if (text.startsWith('data:') || text.startsWith('mini:')) {
        const {
          appId,
          page,
          scene: query
        } = text.startsWith('mini:')
          ? (JSON.parse(text.slice(5)) as { appId: string; page: string; scene: string })
          : readCode(text)
        return program(appId, page, query)
      }
      const direct = scene(text)
      if (direct) return direct
      for (const [appId, state] of wx.accounts) {
        const link = state.links.get(text)
        if (link) return program(appId, String(link.path ?? ''), String(link.query ?? ''))
        for (const code of state.sceneCodes.values()) if (code.url === text) return scene(code.ticket)
      }
      if (!URL.canParse(text)) return undefined
      const url = new URL(text)
      const ticket = url.pathname.endsWith('/cgi-bin/showqrcode') ? url.searchParams.get('ticket') : null
      if (ticket !== null) return scene(ticket) ?? { kind: 'wrong', problem: 'This ticket is unknown or has expired.' }
      return scanPage(wx, url)
    }
  }
}
