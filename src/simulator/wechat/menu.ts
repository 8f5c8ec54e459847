import type { Route } from '../framework/service.ts'
import { type ApiCall, answerJson, api, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import type { WeChatState } from './state.ts'

const NEEDS_KEY = [
  'click',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select'
]
const OTHER_TYPES = ['view', 'media_id', 'view_limited', 'miniprogram', 'article_id', 'article_view_limited']
const MAX_CONDITIONAL = 50

interface Codes {
  readonly type: number
  readonly name: number
  readonly key: number
  readonly url: number
  readonly nameBytes: number
}
const TOP: Codes = { type: 40017, name: 40018, key: 40019, url: 40020, nameBytes: 16 }
const SUB: Codes = { type: 40024, name: 40025, key: 40026, url: 40027, nameBytes: 60 }

function limited(value: unknown, bytes: number, errcode: number): string {
  const given = text(value, errcode)
  if (Buffer.byteLength(given) > bytes) throw new Refusal(errcode)
  return given
}

function checkButton(call: ApiCall, value: unknown, codes: Codes): void {
  const button = object(value, codes.type)
  limited(button.name, codes.nameBytes, codes.name)
  const children = button.sub_button
  if (Array.isArray(children) && children.length > 0) {
    // There is no third level.
    if (codes === SUB) throw new Refusal(40023)
    if (children.length > 5) throw new Refusal(40023)
    for (const child of children) checkButton(call, child, SUB)
    return
  }
  const type = text(button.type, codes === SUB ? codes.type : 41007)
  if (NEEDS_KEY.includes(type)) limited(button.key, 128, codes.key)
  else if (!OTHER_TYPES.includes(type)) throw new Refusal(codes.type)
  if (type === 'view' || type === 'miniprogram') {
    const url = limited(button.url, 1024, codes.url)
    if (!/^https?:\/\//.test(url)) throw new Refusal(codes === SUB ? 40027 : 40020)
  }
  if (type === 'miniprogram') {
    if (call.wx.of(text(button.appid, 40166))?.account.kind !== 'miniProgram') throw new Refusal(40166)
    text(button.pagepath, 40165)
  }
  if (type === 'media_id' || type === 'view_limited') {
    const media = call.state.media.get(text(button.media_id, 40007))
    if (!media || media.expiresAt !== undefined) throw new Refusal(40007)
  }
  if (type.startsWith('article')) text(button.article_id, 41011)
}

function checkMenu(call: ApiCall): readonly unknown[] {
  const { button } = call.body
  if (!Array.isArray(button) || button.length === 0 || button.length > 3) throw new Refusal(40016)
  for (const one of button) checkButton(call, one, TOP)
  call.exchange.verified(`menu of ${button.length} buttons`)
  return button
}

/** What the platform prints back: every button has a list of sub-buttons. */
function printed(buttons: unknown): unknown {
  if (!Array.isArray(buttons)) return buttons
  return buttons.map((one) => ({
    ...(one as object),
    sub_button: printed((one as { sub_button?: unknown }).sub_button ?? [])
  }))
}

function asSelfMenu(buttons: unknown): unknown {
  if (!Array.isArray(buttons)) return []
  return buttons.map((one) => {
    const { sub_button, ...rest } = one as { sub_button?: unknown[] }
    return sub_button && sub_button.length > 0 ? { ...rest, sub_button: { list: asSelfMenu(sub_button) } } : rest
  })
}

/** Menus (自定义菜单) and conditional menus (个性化菜单). */
export function menuRoutes(wx: WeChatState): Route[] {
  const kinds = { kinds: ['officialAccount'] as const }
  const written = { ...kinds, escaped: 40033 }
  const matches = (call: ApiCall, openid: string) => {
    const tags = call.state.followers.get(openid)?.tagIds ?? []
    return call.state.conditionalMenus.findLast(({ matchrule }) => {
      const tag = matchrule.tag_id
      return (
        (tag === undefined || tag === '' || tags.includes(Number(tag))) && matchrule.client_platform_type === undefined
      )
    })
  }
  return [
    api(
      wx,
      'POST',
      '/cgi-bin/menu/create',
      (call) => {
        call.state.menu = { button: checkMenu(call) }
      },
      written
    ),
    api(
      wx,
      'GET',
      '/cgi-bin/menu/get',
      ({ state }) => {
        if (!state.menu) throw new Refusal(46003)
        const conditional = state.conditionalMenus.map((one) => ({ ...one, button: printed(one.button) }))
        const menuid = conditional.length > 0 ? { menuid: 400_000_000 } : {}
        return answerJson({
          menu: { button: printed(state.menu.button), ...menuid },
          ...(conditional.length > 0 ? { conditionalmenu: conditional } : {})
        })
      },
      kinds
    ),
    api(
      wx,
      'GET',
      '/cgi-bin/menu/delete',
      ({ state }) => {
        state.menu = undefined
        state.conditionalMenus = []
      },
      kinds
    ),
    api(
      wx,
      'GET',
      '/cgi-bin/get_current_selfmenu_info',
      ({ state }) =>
        answerJson({
          is_menu_open: state.menu ? 1 : 0,
          selfmenu_info: { button: asSelfMenu(state.menu?.button ?? []) }
        }),
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/menu/addconditional',
      (call) => {
        const { state, body } = call
        if (!state.menu) throw new Refusal(65303)
        const button = checkMenu(call)
        const matchrule = object(body.matchrule, 65304)
        const used = Object.values(matchrule).filter((value) => value !== undefined && value !== '')
        if (used.length === 0) throw new Refusal(65304)
        if (matchrule.tag_id !== undefined && !state.tags.has(Number(matchrule.tag_id))) throw new Refusal(45159)
        if (state.conditionalMenus.length >= MAX_CONDITIONAL) throw new Refusal(65305)
        const menuid = 400_000_001 + state.menuId++
        state.conditionalMenus.push({ menuid, button, matchrule: { ...matchrule } })
        return answerJson({ menuid: String(menuid) })
      },
      written
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/menu/delconditional',
      ({ state, body }) => {
        const left = state.conditionalMenus.filter((one) => String(one.menuid) !== String(body.menuid))
        if (left.length === state.conditionalMenus.length) throw new Refusal(65301)
        state.conditionalMenus = left
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/menu/trymatch',
      (call) => {
        const openid = text(call.body.user_id, 65302)
        if (!call.state.followers.has(openid)) throw new Refusal(65302)
        if (!call.state.menu) throw new Refusal(65303)
        return answerJson({ button: printed(matches(call, openid)?.button ?? call.state.menu.button) })
      },
      kinds
    )
  ]
}
