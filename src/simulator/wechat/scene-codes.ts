import { type Route, route } from '../framework/service.ts'
import { answerJson, api, integer, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { drawCodeJpeg } from './picture.ts'
import type { SceneCode } from './records.ts'
import type { WeChatState } from './state.ts'

const MAX_SECONDS = 2_592_000
const DEFAULT_SECONDS = 60
const MAX_PERMANENT = 100_000

/** The code behind a ticket, while it is valid. */
export function sceneCode(wx: WeChatState, ticket: string): { appId: string; code: SceneCode } | undefined {
  for (const [appId, state] of wx.accounts) {
    const code = state.sceneCodes.get(ticket)
    if (code && (code.expiresAt === undefined || code.expiresAt > wx.now)) return { appId, code }
  }
  return undefined
}

/** QR codes with a scene (带参数的二维码). */
export function sceneCodeRoutes(wx: WeChatState): Route[] {
  return [
    api(
      wx,
      'POST',
      '/cgi-bin/qrcode/create',
      ({ state, body }) => {
        const action = text(body.action_name, 40053)
        const match = /^QR_(LIMIT_)?(STR_)?SCENE$/.exec(action)
        if (!match) throw new Refusal(40053)
        const isPermanent = match[1] !== undefined
        const given = object(object(body.action_info, 40053).scene, 40053)
        const scene = match[2]
          ? text(given.scene_str, 40053)
          : integer(given.scene_id, 40053, 1, isPermanent ? 100_000 : 4_294_967_295)
        if (typeof scene === 'string' && [...scene].length > 64) throw new Refusal(40053)
        if (
          isPermanent &&
          [...state.sceneCodes.values()].filter((one) => one.expiresAt === undefined).length >= MAX_PERMANENT
        ) {
          throw new Refusal(45029)
        }
        const seconds = isPermanent
          ? undefined
          : Math.min(integer(body.expire_seconds ?? DEFAULT_SECONDS, 40053, 1, 2 ** 31), MAX_SECONDS)
        const code: SceneCode = {
          ticket: `gQ${wx.context.random.text(88)}==`,
          scene,
          expiresAt: seconds === undefined ? undefined : wx.now + seconds * 1000,
          url: `http://weixin.qq.com/q/${wx.context.random.text(22)}`
        }
        state.sceneCodes.set(code.ticket, code)
        wx.made({ kind: 'scene', text: code.ticket, title: `scene ${scene}` })
        return answerJson({
          ticket: code.ticket,
          ...(seconds === undefined ? {} : { expire_seconds: seconds }),
          url: code.url
        })
      },
      { kinds: ['officialAccount'] }
    )
  ]
}

/** `showqrcode` on `mp.weixin.qq.com`. */
export function sceneCodePictureRoutes(wx: WeChatState): Route[] {
  return [
    route('GET', '/cgi-bin/showqrcode', (exchange) => {
      const found = sceneCode(wx, exchange.query.get('ticket') ?? '')
      if (!found) return new Response(null, { status: 404 })
      exchange.account = found.appId
      return new Response(new Uint8Array(drawCodeJpeg(found.code.url, 430)), {
        headers: { 'content-type': 'image/jpg' }
      })
    })
  ]
}
