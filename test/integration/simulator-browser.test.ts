import { spawnSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OfficialAccount } from 'weixin-kit/mp'
import { toNodeHandler } from 'weixin-kit/node'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type SimulatorServer } from 'weixin-kit/simulator'

const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .map((command) => spawnSync('which', [command], { encoding: 'utf8' }).stdout?.trim())
  .find(Boolean)

/** A page of an application: logs in, configures the JS-SDK and uses it; what came of it stands in its title. */
const page = (script: string, body: string) => `<!doctype html><html lang="zh"><meta charset="utf-8"><title>…</title>
<script src="${script}"></script>${body}<script>
const say = (text) => { document.title = text }
fetch('/config?url=' + encodeURIComponent(location.href)).then((response) => response.json()).then((config) => {
  wx.config({ ...config, jsApiList: ['chooseWXPay', 'scanQRCode', 'chooseImage', 'uploadImage', 'updateAppMessageShareData'] })
  wx.ready(() => say('ready'))
  wx.error(({ errMsg }) => say(errMsg))
})
const on = (id, run) => { document.getElementById(id).onclick = run }
on('pay', async () => {
  const params = await (await fetch('/order')).json()
  wx.chooseWXPay({ ...params, timestamp: params.timeStamp, success: () => say('paid'), cancel: () => say('cancelled'), fail: ({ errMsg }) => say(errMsg) })
})
on('bridge', async () => {
  WeixinJSBridge.invoke('getBrandWCPayRequest', await (await fetch('/order')).json(), ({ err_msg }) => say(err_msg))
})
on('forged', async () => {
  const params = { ...(await (await fetch('/order')).json()), nonceStr: 'x' }
  wx.chooseWXPay({ ...params, timestamp: params.timeStamp, success: () => say('paid'), fail: ({ errMsg }) => say(errMsg) })
})
on('scan', () => wx.scanQRCode({ needResult: 1, success: ({ resultStr }) => say('scanned ' + resultStr) }))
on('share', () => wx.updateAppMessageShareData({ title: 't', success: ({ errMsg }) => say(errMsg) }))
on('hidden', () => wx.getLocation({ fail: ({ errMsg }) => say(errMsg) }))
on('picture', () => wx.chooseImage({ count: 1, success: ({ localIds }) => wx.uploadImage({ localId: localIds[0], success: ({ serverId }) => say('media ' + serverId) }) }))
</script></html>`
const BUTTONS = ['pay', 'bridge', 'forged', 'scan', 'share', 'hidden', 'picture']

describe.runIf(executablePath)('a page of an application in Chromium', () => {
  const simulator = createSimulator({
    seed: 'chromium',
    deliver: { pay: async () => new Response(null, { status: 204 }) }
  })
  const options = simulator.clientOptions
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...options })
  const pay = new WeChatPay({ ...simulator.credentials.payV3, ...options })
  const ming = simulator.user({ id: 'ming', nickname: '小明' })
  let server: SimulatorServer
  let app: Server
  let browser: Browser
  let origin = ''
  let orders = 0

  beforeAll(async () => {
    server = await simulator.listen({ control: true })
    const handle = async (request: Request): Promise<Response> => {
      const url = new URL(request.url)
      if (url.pathname === '/config')
        return Response.json(await mp.jssdk.config({ url: url.searchParams.get('url') ?? '', jsApiList: [] }))
      if (url.pathname === '/order') {
        const order = {
          out_trade_no: `C0000${++orders}`,
          description: '茶',
          notify_url: 'https://shop.example.com/pay'
        }
        const payer = { openid: ming.openid() }
        const { prepay_id } = await pay.transactions.jsapi({ ...order, amount: { total: 1 }, payer })
        return Response.json(pay.jsapiParams(prepay_id))
      }
      if (url.pathname === '/logged-in') {
        const code = url.searchParams.get('code') ?? ''
        return new Response(`<title>${(await mp.oauth.exchangeCode(code)).openid}</title>`, {
          headers: { 'content-type': 'text/html' }
        })
      }
      const script = `${server.baseUrl('res.wx.qq.com')}/open/js/jweixin-1.6.0.js`
      const buttons = BUTTONS.map((id) => `<button id="${id}">${id}</button>`).join('')
      return new Response(page(script, buttons), { headers: { 'content-type': 'text/html; charset=utf-8' } })
    }
    app = createServer(toNodeHandler(handle))
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(app.address() as AddressInfo).port}`
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox', '--disable-gpu'] })
  }, 30_000)

  afterAll(async () => {
    await browser?.close()
    app?.close()
    await simulator.close()
  })

  it('logs in on the consent page', async () => {
    const tab = await browser.newPage()
    const { appId } = simulator.credentials.officialAccount
    const query = new URLSearchParams({
      appid: appId,
      redirect_uri: `${origin}/logged-in`,
      response_type: 'code',
      scope: 'snsapi_userinfo',
      state: 's'
    })
    await tab.goto(`${server.baseUrl('open.weixin.qq.com')}/connect/oauth2/authorize?${query}#wechat_redirect`)
    await tab.getByRole('button', { name: /同意/ }).click()
    await tab.waitForURL(/logged-in/)
    expect(await tab.title()).toBe(ming.openid())
    await tab.close()
  }, 30_000)

  it('configures the JS-SDK, pays, cancels, scans, shares and uploads', async () => {
    const tab = await browser.newPage()
    const until = async (text: string | RegExp) => {
      const pattern = typeof text === 'string' ? `^${text}$` : text.source
      await tab.waitForFunction(`new RegExp(${JSON.stringify(pattern)}).test(document.title)`)
    }
    await tab.goto(`${origin}/shop?a=1&b=茶#part`)
    await until('ready')
    const sheet = tab.frameLocator('iframe[title="weixin-kit simulator"]')

    await tab.click('#pay')
    await sheet.getByText('¥ 0.01').waitFor()
    await sheet.getByRole('button', { name: /支付/ }).click()
    await until('paid')
    expect(simulator.pay.order('C00001')).toMatchObject({ state: 'SUCCESS', payment: { openid: ming.openid() } })

    await tab.waitForSelector('iframe', { state: 'detached' })
    await tab.click('#bridge')
    await sheet.getByRole('button', { name: /取消/ }).click()
    await until('get_brand_wcpay_request:cancel')
    expect(simulator.pay.order('C00002')?.state).toBe('NOTPAY')

    await tab.click('#forged')
    await until(/^chooseWXPay:fail.*验证签名失败/)

    await tab.click('#scan')
    await sheet.getByRole('textbox').fill('https://example.com/table/7')
    await sheet.getByRole('button', { name: /扫描/ }).click()
    await until('scanned https://example.com/table/7')

    await tab.click('#share')
    await until('updateAppMessageShareData:ok')
    await tab.click('#hidden')
    await until('getLocation:permission denied')

    await tab.click('#picture')
    await tab.click('button[name=simulator_sample]')
    await until(/^media /)
    const file = await mp.media.get((await tab.title()).slice('media '.length))
    expect(file.kind === 'file' && file.file.contentType).toBe('image/png')
    await tab.close()
  }, 60_000)

  it('is refused when the page signed another address', async () => {
    const tab = await browser.newPage()
    await tab.route('**/config?*', async (route) =>
      route.continue({ url: `${origin}/config?url=${encodeURIComponent(`${origin}/other`)}` })
    )
    await tab.goto(`${origin}/shop`)
    await tab.waitForFunction("document.title === 'config:invalid signature'")
    await tab.close()
  }, 30_000)
})
