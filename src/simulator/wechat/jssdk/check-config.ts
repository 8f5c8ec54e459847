import { sha1 } from '../api.ts'
import type { WeChatState } from '../state.ts'

/** The configuration that a page gives to `wx.config`. */
export interface JssdkConfig {
  readonly appId: string
  readonly nonceStr: string
  /** Seconds since 1970. */
  readonly timestamp: number | string
  readonly signature: string
}

/** What the front end of WeChat says to a configuration. */
export type JssdkVerdict = 'config:ok' | 'config:invalid signature' | 'config:invalid appid'

/** Whether one of the valid tickets of the account gives this signature for the page. */
export function checkConfig(wx: WeChatState, config: JssdkConfig, url: string): JssdkVerdict {
  const { appId, nonceStr, timestamp, signature } = config
  if (!wx.of(appId)) return 'config:invalid appid'
  const [page] = url.split('#')
  const fits = [...wx.tickets].some(([ticket, { appId: owner, type, expiresAt }]) => {
    if (owner !== appId || type !== 'jsapi' || wx.now >= expiresAt) return false
    return sha1(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page}`) === signature
  })
  return fits ? 'config:ok' : 'config:invalid signature'
}
