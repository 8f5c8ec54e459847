import type { Route } from '../framework/service.ts'
import { type ApiCall, answerJson, api, knownOpenid, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'

import type { Follower } from './records.ts'
import type { AccountState, WeChatState } from './state.ts'

const PAGE = 10_000
const MAX_TAGS = 100
const MAX_TAGS_PER_USER = 20

/** Makes a person a follower. */
export function follow(
  wx: WeChatState,
  state: AccountState,
  openid: string,
  scene: string,
  qr?: number | string
): Follower {
  const follower: Follower = {
    subscribeTime: Math.floor(wx.now / 1000),
    scene,
    remark: '',
    tagIds: [],
    qrScene: typeof qr === 'number' ? qr : 0,
    qrSceneStr: typeof qr === 'string' ? qr : ''
  }
  state.followers.set(openid, follower)
  return follower
}

function info(call: ApiCall, openid: string, lang: string): Record<string, unknown> {
  const user = call.wx.context.users.byOpenid(call.account.appId, openid)
  if (!user) throw new Refusal(40003)
  const unionid = user.unionid(call.account.appId)
  const follower = call.state.followers.get(openid)
  if (!follower) return { subscribe: 0, openid, ...(unionid ? { unionid } : {}) }
  return {
    subscribe: 1,
    openid,
    nickname: '',
    sex: 0,
    language: lang,
    city: '',
    province: '',
    country: '',
    headimgurl: '',
    subscribe_time: follower.subscribeTime,
    ...(unionid ? { unionid } : {}),
    remark: follower.remark,
    groupid: follower.tagIds[0] ?? 0,
    tagid_list: follower.tagIds,
    subscribe_scene: follower.scene,
    qr_scene: follower.qrScene,
    qr_scene_str: follower.qrSceneStr
  }
}

const language = (value: unknown) => (value === 'zh_TW' || value === 'en' ? value : 'zh_CN')

function openidList(call: ApiCall, value: unknown, max: number): string[] {
  if (!Array.isArray(value) || value.length === 0) throw new Refusal(40031)
  if (value.length > max) throw new Refusal(40032)
  return value.map((openid) => {
    const id = knownOpenid(call, openid, 40031)
    if (!call.state.followers.has(id)) throw new Refusal(40003)
    return id
  })
}

function page(all: string[], next: string | null, size = PAGE): Record<string, unknown> {
  const start = next ? all.indexOf(next) + 1 : 0
  if (next && start === 0) throw new Refusal(40003)
  const openid = all.slice(start, start + size)
  return {
    total: all.length,
    count: openid.length,
    ...(openid.length > 0 ? { data: { openid } } : {}),
    next_openid: openid.at(-1) ?? ''
  }
}

function tagName(state: AccountState, value: unknown): string {
  const name = text(object(value, 45157).name, 45157)
  if (Buffer.byteLength(name) > 30) throw new Refusal(45158)
  if ([...state.tags.values()].includes(name)) throw new Refusal(45157)
  return name
}

function tagId(state: AccountState, value: unknown): number {
  if (typeof value !== 'number' || !state.tags.has(value)) throw new Refusal(45159)
  return value
}

const tagged = (state: AccountState, id: number) =>
  [...state.followers].filter(([, one]) => one.tagIds.includes(id)).map(([openid]) => openid)

/** Openids at this account of people who followed another: any account here may have moved (账号迁移). */
function changedOpenids(call: ApiCall): Record<string, unknown>[] {
  const { wx, account, body } = call
  const from = text(body.from_appid, 63178)
  const old = [...wx.accounts.values()].find((one) => [one.account.appId, one.account.originalId].includes(from))
  if (old?.account.kind !== 'officialAccount' || old === call.state) throw new Refusal(63178)
  const list = body.openid_list
  if (!Array.isArray(list) || list.length === 0) throw new Refusal(63182)
  if (list.length > 100) throw new Refusal(40032)
  return list.map((ori_openid) => {
    const user = old.followers.has(ori_openid) && wx.context.users.byOpenid(old.account.appId, ori_openid)
    if (!user) return { ori_openid, err_msg: 'ori_openid error' }
    return { ori_openid, new_openid: user.openid(account.appId), err_msg: 'ok' }
  })
}

/** Followers, remarks, tags and the black list. */
export function followerRoutes(wx: WeChatState): Route[] {
  const kinds = { kinds: ['officialAccount'] as const }
  return [
    api(
      wx,
      'GET',
      '/cgi-bin/user/info',
      (call) => {
        const openid = call.query.get('openid')
        if (!openid) throw new Refusal(41009)
        return answerJson(info(call, openid, language(call.query.get('lang'))))
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/user/info/batchget',
      (call) => {
        const list = call.body.user_list
        if (!Array.isArray(list) || list.length === 0) throw new Refusal(40031)
        if (list.length > 100) throw new Refusal(40032)
        const user_info_list = list.map((one) => {
          const { openid, lang } = object(one, 40031)
          return info(call, text(openid, 40031), language(lang))
        })
        return answerJson({ user_info_list })
      },
      kinds
    ),
    api(
      wx,
      'GET',
      '/cgi-bin/user/get',
      ({ state, query }) => answerJson(page([...state.followers.keys()], query.get('next_openid'))),
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/user/info/updateremark',
      (call) => {
        const follower = call.state.followers.get(knownOpenid(call, call.body.openid))
        if (!follower) throw new Refusal(46004)
        if (typeof call.body.remark !== 'string' || [...call.body.remark].length >= 30) throw new Refusal(40035)
        follower.remark = call.body.remark
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/changeopenid',
      (call) => answerJson({ errcode: 0, errmsg: 'ok', result_list: changedOpenids(call) }),
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/tags/create',
      ({ state, body }) => {
        if (state.tags.size >= MAX_TAGS) throw new Refusal(45056)
        const name = tagName(state, body.tag)
        const id = Math.max(99, ...state.tags.keys()) + 1
        state.tags.set(id, name)
        return answerJson({ tag: { id, name } })
      },
      kinds
    ),
    api(
      wx,
      'GET',
      '/cgi-bin/tags/get',
      ({ state }) =>
        answerJson({ tags: [...state.tags].map(([id, name]) => ({ id, name, count: tagged(state, id).length })) }),
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/tags/update',
      ({ state, body }) => {
        const id = tagId(state, object(body.tag, 45159).id)
        if (id < 100) throw new Refusal(45058)
        state.tags.set(id, tagName(state, body.tag))
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/tags/delete',
      ({ state, body }) => {
        const id = tagId(state, object(body.tag, 45159).id)
        if (id < 100) throw new Refusal(45058)
        state.tags.delete(id)
        for (const one of state.followers.values()) one.tagIds = one.tagIds.filter((other) => other !== id)
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/user/tag/get',
      ({ state, body }) => {
        const { total: _, ...rest } = page(
          tagged(state, tagId(state, body.tagid)),
          (body.next_openid as string | undefined) || null
        )
        return answerJson(rest)
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/tags/members/batchtagging',
      (call) => {
        const id = tagId(call.state, call.body.tagid)
        for (const openid of openidList(call, call.body.openid_list, 50)) {
          const follower = call.state.followers.get(openid)
          if (!follower || follower.tagIds.includes(id)) continue
          if (follower.tagIds.length >= MAX_TAGS_PER_USER) throw new Refusal(45059)
          follower.tagIds.push(id)
        }
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/tags/members/batchuntagging',
      (call) => {
        const id = tagId(call.state, call.body.tagid)
        for (const openid of openidList(call, call.body.openid_list, 50)) {
          const follower = call.state.followers.get(openid)
          if (follower) follower.tagIds = follower.tagIds.filter((other) => other !== id)
        }
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/tags/getidlist',
      (call) => {
        const follower = call.state.followers.get(knownOpenid(call, call.body.openid))
        if (!follower) throw new Refusal(40003)
        return answerJson({ tagid_list: follower.tagIds })
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/tags/members/getblacklist',
      ({ state, body }) => answerJson(page([...state.blacklist], (body.begin_openid as string | undefined) || null)),
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/tags/members/batchblacklist',
      (call) => {
        for (const openid of openidList(call, call.body.openid_list, 20)) call.state.blacklist.add(openid)
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/tags/members/batchunblacklist',
      (call) => {
        for (const openid of openidList(call, call.body.openid_list, 20)) call.state.blacklist.delete(openid)
      },
      kinds
    )
  ]
}
