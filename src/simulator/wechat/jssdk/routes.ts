import { forLocalPages } from '../../framework/cross-origin.ts'
import type { Exchange } from '../../framework/exchange.ts'
import { htmlPage } from '../../framework/page.ts'
import { CASHIER_HOST, CASHIER_PATH, PAYMENT_CHECK_PATH } from '../../framework/payment-pages.ts'
import { type Route, route } from '../../framework/service.ts'
import { formatOf } from '../media-format.ts'
import { storeReceived, storeVoice } from '../media-store.ts'
import type { WeChatState } from '../state.ts'
import { checkConfig } from './check-config.ts'
import { pageScript } from './page-script.ts'

export const JSSDK_HOST = 'res.wx.qq.com'

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const refused = (error: string) => Response.json({ error }, { status: 400 })

function config(wx: WeChatState, exchange: Exchange): Response {
  const given = exchange.json() as Readonly<Record<string, unknown>> | undefined
  const { appId, nonceStr, timestamp, signature, url } = given ?? {}
  exchange.account = text(appId)
  const values = {
    appId: text(appId),
    nonceStr: text(nonceStr),
    timestamp: text(timestamp),
    signature: text(signature)
  }
  const result = checkConfig(wx, values, text(url))
  if (result === 'config:ok') exchange.verified(`wx.config for ${text(url)}`)
  else exchange.refused(`${result}: the page is ${text(url)}`)
  return Response.json({ result })
}

function upload(wx: WeChatState, exchange: Exchange): Response {
  const account = wx.of(exchange.query.get('appid') ?? '')?.account
  if (!account) return refused('unknown appid')
  exchange.account = account.appId
  const bytes = Buffer.from(exchange.body)
  if (exchange.query.get('type') === 'voice') return Response.json({ serverId: storeVoice(wx, account.appId, bytes) })
  if (!formatOf(bytes)?.startsWith('image/')) return refused('this is not a picture (PNG, JPEG, GIF, BMP)')
  return Response.json({ serverId: storeReceived(wx, account.appId, 'image', bytes) })
}

const SCAN_SCRIPT = `
const say = (outcome, text) => parent.postMessage({ simulator: 'scan', outcome, text }, '*')
document.forms[0].onsubmit = (event) => {
  event.preventDefault()
  if (event.submitter?.value === 'cancel') say('cancel', '')
  else say('ok', document.forms[0].elements.simulator_code.value)
}`

function scanPage(): Response {
  return htmlPage(
    '扫一扫 · Scan',
    `<div class="mark" aria-hidden="true">扫</div><h1>扫一扫 · Scan</h1><p>二维码里的内容 · what the code says</p>
<form><input type="text" name="simulator_code" aria-label="二维码内容 · content of the code" autofocus>
<button class="yes" value="ok">扫描 · Scan</button><button class="no" value="cancel">取消 · Cancel</button></form>`,
    { script: SCAN_SCRIPT }
  )
}

/** The JS-SDK: its script, and what the script asks the simulator. */
export function jssdkRoutes(wx: WeChatState): Route[] {
  const local = (path: string, handler: (exchange: Exchange) => Response) => [
    route('POST', path, (exchange) => forLocalPages(wx.context, exchange, () => handler(exchange))),
    route('OPTIONS', path, (exchange) => forLocalPages(wx.context, exchange, () => handler(exchange)))
  ]
  const own = `https://${JSSDK_HOST}/simulator/jssdk`
  return [
    route('GET', '/open/js/:file', (exchange, { file = '' }) => {
      if (!/^jweixin-\d+\.\d+\.\d+\.js$/.test(file)) return new Response('not found', { status: 404 })
      const at = (url: string) => exchange.publicUrl(url)
      const script = pageScript({
        config: at(`${own}/config`),
        upload: at(`${own}/upload`),
        share: at(`${own}/share`),
        scan: at(`${own}/scan`),
        checkPayment: at(`https://${CASHIER_HOST}${PAYMENT_CHECK_PATH}`),
        cashier: at(`https://${CASHIER_HOST}${CASHIER_PATH}`)
      })
      return new Response(script, {
        headers: { 'content-type': 'application/javascript; charset=utf-8', 'cache-control': 'no-store' }
      })
    }),
    route('GET', '/simulator/jssdk/scan', scanPage),
    ...local('/simulator/jssdk/config', (exchange) => config(wx, exchange)),
    ...local('/simulator/jssdk/upload', (exchange) => upload(wx, exchange)),
    ...local('/simulator/jssdk/share', () => Response.json({}))
  ]
}
