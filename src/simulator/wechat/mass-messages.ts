import type { Route } from '../framework/service.ts'
import { type ApiCall, answerJson, api, integer, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { push } from './gateway-events.ts'
import type { MassRecord, Media } from './records.ts'
import type { AccountState, WeChatState } from './state.ts'

const DAY_MS = 86_400_000
const TEMPORARY_MS = 3 * DAY_MS
const SEND_MS = 3_000
const KINDS = ['mpnews', 'text', 'voice', 'image', 'mpvideo', 'wxcard']
/** Messages that one person receives in a calendar month from a service account. */
const PER_PERSON_AND_MONTH = 4

/** Mass messages (群发). */
export function massMessageRoutes(wx: WeChatState): Route[] {
  const row = (path: string, handler: (call: ApiCall) => unknown) =>
    api(wx, 'POST', `/cgi-bin/message/mass/${path}`, handler, { kinds: ['officialAccount'] })
  return [
    row('sendall', (call) => {
      const filter = object(call.body.filter, 40035)
      if (typeof filter.is_to_all !== 'boolean') throw new Refusal(40035)
      const { followers, tags } = call.state
      if (filter.is_to_all) return send(call, [...followers.keys()], true)
      const tag = integer(filter.tag_id, 40050, 0, 1_000_000)
      if (!tags.has(tag)) throw new Refusal(45159)
      return send(
        call,
        [...followers].filter(([, one]) => one.tagIds.includes(tag)).map(([openid]) => openid),
        false
      )
    }),
    row('send', (call) => {
      const { touser } = call.body
      if (!Array.isArray(touser) || touser.length < 2 || touser.length > 10_000) throw new Refusal(40031)
      const known = touser.filter((one) => wx.context.users.byOpenid(call.account.appId, String(one)))
      if (known.length === 0) throw new Refusal(40003)
      return send(call, known.map(String), false)
    }),
    row('preview', (call) => {
      const { body, account } = call
      const openid = text(body.towxname ?? body.touser, 40003)
      if (body.towxname === undefined && !wx.context.users.byOpenid(account.appId, openid)) throw new Refusal(40003)
      const kind = kindOf(call)
      // A preview has one picture, under another name than the real thing.
      if (kind === 'image' && body.images !== undefined) throw new Refusal(40007)
      wx.receive({ appId: account.appId, openid, kind: 'custom', content: body })
      return { errmsg: 'preview success', msg_id: BigInt(wx.context.random.digits(9)) }
    }),
    row('delete', ({ state, body }) => {
      const known = [...state.massMessages.values()].find((one) => one.msgId === String(body.msg_id))
      if (!known) throw new Refusal(40059)
      if (body.article_idx !== undefined && Number(body.article_idx) > known.articles) throw new Refusal(40060)
      known.status = 'DELETE'
    }),
    row('get', ({ state, body }) => {
      const known = state.massMessages.get(String(body.msg_id))
      if (!known) throw new Refusal(40059)
      return answerJson({ msg_id: BigInt(known.msgId), msg_status: known.status })
    }),
    row('speed/get', ({ state }) => ({ speed: state.massSpeed, realspeed: [80, 60, 45, 30, 10][state.massSpeed] })),
    row('speed/set', ({ state, body }) => {
      if (body.speed === undefined) throw new Refusal(45084)
      state.massSpeed = integer(body.speed, 45083, 0, 4)
    }),
    api(wx, 'POST', '/cgi-bin/media/uploadvideo', (call) => answerJson(makeVideo(call)), { kinds: ['officialAccount'] })
  ]
}

/** A video for mass messages is made from an uploaded one; nothing else can be sent as `mpvideo`. */
function makeVideo(call: ApiCall): object {
  const { body, state, wx } = call
  const video = mediaOf(call, body.media_id, 'video')
  const id = `${wx.context.random.text(63)}_${wx.context.random.text(1)}`
  state.media.set(id, { ...video, id, type: 'mpvideo', createdAt: wx.now, expiresAt: wx.now + TEMPORARY_MS })
  return { type: 'video', media_id: id, created_at: Math.floor(wx.now / 1000) }
}

function mediaOf({ state, wx }: ApiCall, id: unknown, type: string): Media {
  const media = state.media.get(text(id, 40007))
  if (media?.type !== type || (media.expiresAt ?? Infinity) <= wx.now) throw new Refusal(40007)
  return media
}

function kindOf(call: ApiCall): string {
  const { body, state } = call
  const kind = text(body.msgtype, 40008)
  if (!KINDS.includes(kind)) throw new Refusal(40008)
  if (kind === 'text') text(object(body.text, 44004).content, 44004)
  if (kind === 'mpnews') {
    const id = text(object(body.mpnews, 40007).media_id, 40007)
    if (!state.drafts.has(id)) throw new Refusal(40007)
  }
  if (kind === 'mpvideo') mediaOf(call, object(body.mpvideo, 40007).media_id, 'mpvideo')
  return kind
}

function send(call: ApiCall, openids: readonly string[], isToAll: boolean): unknown {
  const { state, body, wx, account } = call
  const kind = kindOf(call)
  if (kind === 'image' && !Array.isArray(object(body.images, 40007).media_ids)) throw new Refusal(40007)
  refuseAgain(wx, state, body.clientmsgid)
  const day = Math.floor((wx.now + 8 * 3_600_000) / DAY_MS)
  if (isToAll && state.massToAllDay === day) throw new Refusal(45028)
  if (isToAll) state.massToAllDay = day
  const month = new Date(wx.now + 8 * 3_600_000).toISOString().slice(0, 7)
  const receivers = openids.filter((openid) => {
    const key = `${month}\n${openid}`
    const count = state.massReceived.get(key) ?? 0
    if (count >= PER_PERSON_AND_MONTH || state.blacklist.has(openid)) return false
    state.massReceived.set(key, count + 1)
    return true
  })
  const draft = kind === 'mpnews' ? state.drafts.get(String(object(body.mpnews, 40007).media_id)) : undefined
  const record: MassRecord = {
    msgId: makeId(wx),
    msgDataId: makeId(wx),
    kind,
    articles: draft?.articles.length ?? 0,
    at: wx.now,
    status: 'SENDING'
  }
  state.massMessages.set(record.msgId, record)
  if (typeof body.clientmsgid === 'string')
    state.clientMessageIds.set(`mass ${body.clientmsgid}`, { at: wx.now, msgid: record.msgId })
  if (draft) state.drafts.delete(String(object(body.mpnews, 40007).media_id))
  wx.context.clock.schedule(SEND_MS, () => {
    if (record.status === 'SENDING') record.status = 'SEND_SUCCESS'
    for (const openid of receivers) wx.receive({ appId: account.appId, openid, kind: 'custom', content: body })
  })
  push(wx, account, 'mphelper', SEND_MS, {
    Event: 'MASSSENDJOBFINISH',
    MsgID: BigInt(record.msgId),
    Status: 'send success',
    TotalCount: openids.length,
    FilterCount: receivers.length,
    SentCount: receivers.length,
    ErrorCount: 0,
    CopyrightCheckResult: { Count: 0, ResultList: '', CheckState: 1 },
    ArticleUrlResult: { Count: 0, ResultList: '' }
  })
  return {
    errmsg: 'send job submission success',
    msg_id: BigInt(record.msgId),
    ...(draft ? { msg_data_id: BigInt(record.msgDataId) } : {})
  }
}

/** Ten digits, the first of them no zero: the id is a number on the wire. */
const makeId = (wx: WeChatState): string => String(wx.context.random.int(1_000_000_000, 9_999_999_999))

/** A number that was used within a day: the earlier message stands. */
function refuseAgain(wx: WeChatState, state: AccountState, given: unknown): void {
  if (given === undefined) return
  const id = text(given, 45067)
  if (Buffer.byteLength(id) > 64) throw new Refusal(45067)
  const known = state.clientMessageIds.get(`mass ${id}`)
  if (!known || wx.now - known.at > DAY_MS) return
  throw new Refusal(45065, undefined, { msg_id: BigInt(known.msgid) })
}
