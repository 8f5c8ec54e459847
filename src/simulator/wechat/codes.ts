import type { Route } from '../framework/service.ts'
import { type ApiCall, api, object, sha1, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { drawCode, drawCodeJpeg } from './picture.ts'
import { codeMark } from './scan-code.ts'
import type { WeChatState } from './state.ts'

const SCENE = /^[0-9a-zA-Z!#$&'()*+,/:;=?@\-._~]{1,32}$/
const QUERY = /^[0-9a-zA-Z!#$&'()*+,/:;=?@\-._~%]*$/
const MAX_LIMITED_CODES = 100_000
const ENV_VERSIONS = ['release', 'trial', 'develop']
const MAX_LINK_DAYS = 30

function checkEnvironment(value: unknown): void {
  if (value !== undefined && !ENV_VERSIONS.includes(String(value))) throw new Refusal(40097)
}

function picture(call: ApiCall, page: string, scene: string): Response {
  const { appId } = call.account
  const content = `${appId}/${page}?${scene}`
  const comment = codeMark(appId, page.replace(/^\//, ''), scene)
  const { width, auto_color, line_color, is_hyaline, env_version } = call.body
  checkEnvironment(env_version)
  if (width !== undefined && (typeof width !== 'number' || !Number.isInteger(width))) throw new Refusal(40097)
  // Out of range is set to the bound, not refused.
  const size = Math.min(1280, Math.max(280, width ?? 430))
  const mini = JSON.stringify({ appId, page: page.replace(/^\//, ''), scene })
  call.wx.made({ kind: 'miniProgram', text: `mini:${mini}`, title: `${page}${scene === '' ? '' : ` · ${scene}`}` })
  if (is_hyaline === true) {
    const { r, g, b } =
      auto_color === true || line_color === undefined ? { r: 0, g: 0, b: 0 } : object(line_color, 40097)
    const color = [Number(r), Number(g), Number(b)] as const
    if (color.some((part) => !(part >= 0 && part <= 255))) throw new Refusal(40097)
    return new Response(new Uint8Array(drawCode(content, { size, transparent: true, color, comment })), {
      headers: { 'content-type': 'image/png' }
    })
  }
  return new Response(new Uint8Array(drawCodeJpeg(content, size, comment)), {
    headers: { 'content-type': 'image/jpeg' }
  })
}

function path(value: unknown, max: number): string {
  const given = text(value, 40159)
  if ([...given].length > max) throw new Refusal(40159)
  if (/[?&]scancode_time=/.test(given)) throw new Refusal(85096)
  return given
}

function limitedCode(call: ApiCall, max: number): Response {
  const given = path(call.body.path, max)
  const { limitedPaths } = call.state
  const [page = '', query = ''] = given.split('?')
  const id = sha1(given)
  if (!limitedPaths.has(id) && limitedPaths.size >= MAX_LIMITED_CODES) throw new Refusal(45029)
  const answer = picture(call, page, query)
  limitedPaths.add(id)
  return answer
}

function checkPage(call: ApiCall, page: string): void {
  const { pages } = call.state
  if (page.startsWith('/') || page.includes('?')) throw new Refusal(41030)
  if (call.body.check_path !== false && pages.length > 0 && !pages.includes(page)) throw new Refusal(41030)
}

/** Expiry of a scheme or link in seconds since 1970; 0 for one that does not expire. */
function expiry(wx: WeChatState, body: Readonly<Record<string, unknown>>, isByDefault: boolean): number {
  if ((body.is_expire ?? isByDefault) !== true) return 0
  const now = Math.floor(wx.now / 1000)
  if (body.expire_type === 1) {
    const days = body.expire_interval
    if (typeof days !== 'number' || days < 1 || days > MAX_LINK_DAYS) throw new Refusal(40097)
    return now + days * 86_400
  }
  const time = body.expire_time ?? now + MAX_LINK_DAYS * 86_400
  if (typeof time !== 'number' || time <= now || time > now + MAX_LINK_DAYS * 86_400 + 60) throw new Refusal(40097)
  return time
}

function jump(value: unknown): Record<string, unknown> {
  const given = object(value ?? {}, 40097)
  checkEnvironment(given.env_version)
  const query = given.query ?? ''
  if (typeof query !== 'string' || query.length > 1024) throw new Refusal(40097)
  if (!QUERY.test(query)) throw new Refusal(40212)
  return { path: String(given.path ?? ''), query, env_version: String(given.env_version ?? 'release') }
}

/** Codes (小程序码), schemes and links of mini programs. */
export function codeRoutes(wx: WeChatState): Route[] {
  const kinds = ['miniProgram'] as const
  const keep = (call: ApiCall, link: string, info: Record<string, unknown>) => {
    wx.made({ kind: 'link', text: link, title: String(info.path ?? '') })
    call.state.links.set(link, { ...info, appid: call.account.appId, create_time: Math.floor(wx.now / 1000) })
    return link
  }
  const lookUp = ({ state, body }: ApiCall, field: string) => {
    const info = state.links.get(text(body[field], 40097))
    if (!info) throw new Refusal(40097)
    return info
  }
  return [
    api(wx, 'POST', '/wxa/getwxacode', (call) => limitedCode(call, 1024), { kinds, notJson: 40159 }),
    api(wx, 'POST', '/cgi-bin/wxaapp/createwxaqrcode', (call) => limitedCode(call, 128), { kinds, notJson: 40159 }),
    api(
      wx,
      'POST',
      '/wxa/getwxacodeunlimit',
      (call) => {
        if (call.body.scene === '') throw new Refusal(40169)
        const scene = text(call.body.scene, 40129)
        if ([...scene].length > 32) throw new Refusal(40169)
        if (!SCENE.test(scene)) throw new Refusal(40129)
        const page = call.body.page ?? ''
        if (typeof page !== 'string') throw new Refusal(41030)
        if (page !== '') checkPage(call, page)
        return picture(call, page, scene)
      },
      { kinds, notJson: 40169, escaped: 40129 }
    ),
    api(
      wx,
      'POST',
      '/wxa/generatescheme',
      (call) => {
        const target = jump(call.body.jump_wxa)
        const expire_time = expiry(wx, call.body, false)
        const openlink = keep(call, `weixin://dl/business/?t=${wx.context.random.text(11)}`, { ...target, expire_time })
        return { openlink }
      },
      { kinds, escaped: 40212 }
    ),
    api(
      wx,
      'POST',
      '/wxa/generate_urllink',
      (call) => {
        const target = jump(call.body)
        const expire_time = expiry(wx, call.body, true)
        return { url_link: keep(call, `https://wxaurl.cn/${wx.context.random.text(11)}`, { ...target, expire_time }) }
      },
      { kinds, escaped: 40212 }
    ),
    api(
      wx,
      'POST',
      '/wxa/genwxashortlink',
      (call) => {
        const page_url = path(call.body.page_url, 1024)
        const title = String(call.body.page_title ?? '')
        return {
          link: keep(call, `#小程序://${title || call.account.name}/${wx.context.random.text(15)}`, { path: page_url })
        }
      },
      { kinds }
    ),
    api(wx, 'POST', '/wxa/queryscheme', (call) => ({ scheme_info: lookUp(call, 'scheme'), visit_openid: '' }), {
      kinds
    }),
    api(wx, 'POST', '/wxa/query_urllink', (call) => ({ url_link_info: lookUp(call, 'url_link'), visit_openid: '' }), {
      kinds
    })
  ]
}
