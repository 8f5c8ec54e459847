import type { Route } from '../framework/service.ts'
import { api, integer, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import type { WeChatState } from './state.ts'

const MAX_BYTES = 4_096
const MAX_SECONDS = 2_592_000

/** Short keys (短 key 托管). */
export function shortKeyRoutes(wx: WeChatState): Route[] {
  return [
    api(wx, 'POST', '/cgi-bin/shorten/gen', ({ state, body }) => {
      const long_data = text(body.long_data, 40097)
      if (Buffer.byteLength(long_data) > MAX_BYTES) throw new Refusal(40097)
      const seconds = integer(body.expire_seconds ?? MAX_SECONDS, 40097, 1, MAX_SECONDS)
      const short_key = wx.context.random.text(15)
      state.links.set(short_key, {
        long_data,
        create_time: Math.floor(wx.now / 1000),
        expires_at: wx.now + seconds * 1000
      })
      return { short_key }
    }),
    api(wx, 'POST', '/cgi-bin/shorten/fetch', ({ state, body }) => {
      const found = state.links.get(text(body.short_key, 40097))
      if (found?.long_data === undefined || Number(found.expires_at) <= wx.now) throw new Refusal(40097)
      const expire_seconds = Math.floor((Number(found.expires_at) - wx.now) / 1000)
      return { long_data: found.long_data, create_time: found.create_time, expire_seconds }
    })
  ]
}
