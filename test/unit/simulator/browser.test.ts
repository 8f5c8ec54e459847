import { afterEach, describe, expect, it } from 'vitest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type ListenOptions, type Simulator } from 'weixin-kit/simulator'

const open: Simulator[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()))
})

async function start(options: ListenOptions = {}) {
  const paid: string[] = []
  const simulator = createSimulator({
    seed: 'browser',
    deliver: {
      pay: async () => {
        paid.push('notified')
        return new Response(null, { status: 204 })
      }
    }
  })
  open.push(simulator)
  const { url } = await simulator.listen({ control: true, ...options })
  const pay = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions })
  const order = { out_trade_no: 'B00001', description: '茶 <b>', notify_url: 'https://shop.example.com/pay' }
  const amount = { total: 1234 }
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
  return { simulator, url, pay, order, amount, paid, mp }
}

const submit = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' })

describe('the cashier', () => {
  it('takes a JSAPI prepay_id, names payer, price and shop, pays, and leads back', async () => {
    const { simulator, url, pay, order, amount, paid } = await start()
    const ming = simulator.user({ id: 'ming', nickname: '小明' })
    const { prepay_id } = await pay.transactions.jsapi({ ...order, amount, payer: { openid: ming.openid() } })
    const page = `${url}/-/cashier?${new URLSearchParams({ prepay_id, back: 'http://127.0.0.1:3000/done?a=1' })}`
    const response = await fetch(page)
    const html = await response.text()
    expect(html).toContain('¥ 12.34')
    expect(html).toContain('小明 (ming)')
    expect(html).toContain('茶 &lt;b&gt;')
    expect(html).toContain('href="http://127.0.0.1:3000/done?a=1"')
    expect(response.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self' http:\/\/localhost:\*/)
    const cancelled = await submit(page, { simulator_decision: 'cancel' })
    expect(await cancelled.text()).toContain('支付已取消')
    expect(simulator.pay.order('B00001')?.state).toBe('NOTPAY')
    const done = await submit(page, { simulator_decision: 'pay' })
    expect(await done.text()).toContain('支付成功')
    expect(simulator.pay.order('B00001')).toMatchObject({ state: 'SUCCESS', payment: { openid: ming.openid() } })
    expect(paid).toEqual(['notified'])
    expect(await (await fetch(page)).text()).toContain('The order is SUCCESS')
  })

  it('refuses a form of another site, somebody else’s order, and an unknown person', async () => {
    const { simulator, url, pay, order, amount } = await start()
    const ming = simulator.user('ming')
    simulator.user('lily')
    const { prepay_id } = await pay.transactions.jsapi({ ...order, amount, payer: { openid: ming.openid() } })
    const page = `${url}/-/cashier?prepay_id=${prepay_id}`
    for (const origin of ['https://evil.example.com', 'null', 'http://127.0.0.1:1']) {
      expect((await submit(page, { simulator_decision: 'pay' }, { origin })).status).toBe(403)
    }
    const refused = await submit(`${page}&who=lily`, { simulator_decision: 'pay' }, { origin: url })
    expect(await refused.text()).toContain('下单账号与支付账号不一致')
    expect(await (await fetch(`${page}&who=nobody`)).text()).toContain('Nobody here is called nobody')
    expect(simulator.pay.order('B00001')?.state).toBe('NOTPAY')
    expect(await (await fetch(`${url}/-/cashier?prepay_id=nothing`)).text()).toContain('There is no order')
  })

  it('lets whoever consented pay an APP order and an H5 order', async () => {
    const { simulator, url, pay, order, amount } = await start()
    const cookie = { cookie: `simulator_user=${simulator.user('amy').id}` }
    const { appId } = simulator.credentials.app
    const appPay = new WeChatPay({ ...simulator.credentials.payV3, appId, ...simulator.clientOptions })
    const { prepay_id } = await appPay.transactions.app({ ...order, amount })
    const cashier = `${url}/-/cashier?prepay_id=${prepay_id}`
    const asked = await (await fetch(cashier, { headers: cookie })).text()
    expect(asked).toContain('(amy)')
    await submit(cashier, { simulator_decision: 'pay' }, cookie)
    expect(simulator.pay.order('B00001')?.payment?.openid).toBe(simulator.user('amy').openid('app'))

    const scene_info = { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } }
    const { h5_url } = await pay.transactions.h5({ ...order, out_trade_no: 'B00002', amount, scene_info })
    const h5 = `${h5_url.replace('https:/', url)}&redirect_url=${encodeURIComponent('https://shop.example.com/back')}`
    expect(await (await fetch(h5, { headers: cookie })).text()).toContain('(amy)')
    const back = await submit(h5, { simulator_decision: 'pay' }, cookie)
    expect(back.headers.get('location')).toBe('https://shop.example.com/back')
    expect(simulator.pay.order('B00002')?.payment?.openid).toBe(simulator.user('amy').openid())
  })
})

describe('the JS-SDK', () => {
  const json = (body: unknown, origin?: string) => ({
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(origin ? { origin } : {}) }
  })

  it('is served, and its configuration is verified for pages of this machine only', async () => {
    const { url, mp } = await start()
    const script = await (await fetch(`${url}/res.wx.qq.com/open/js/jweixin-1.6.0.js`)).text()
    expect(script).toContain(`${url}/wx.tenpay.com/simulator/cashier`)
    expect(() => new Function(script)).not.toThrow()
    const page = 'http://127.0.0.1:3000/pay?a=1'
    const config = await mp.jssdk.config({ url: page, jsApiList: [] })
    const target = `${url}/res.wx.qq.com/simulator/jssdk/config`
    const ask = async (more: object, origin?: string) => fetch(target, json({ ...config, url: page, ...more }, origin))
    const local = await ask({}, 'http://127.0.0.1:3000')
    expect(local.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:3000')
    expect(await local.json()).toEqual({ result: 'config:ok' })
    expect(await (await ask({ url: `${page}&b=2` }, 'http://localhost:1')).json()).toEqual({
      result: 'config:invalid signature'
    })
    for (const origin of ['https://evil.example.com', undefined, 'null'])
      expect((await ask({}, origin)).status).toBe(403)
    const preflight = await fetch(target, { method: 'OPTIONS', headers: { origin: 'http://localhost:5173' } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type')
  })

  it('turns pictures into media, and verifies a payment before the cashier opens', async () => {
    const { simulator, url, mp, pay, order, amount } = await start()
    const origin = { origin: 'http://127.0.0.1:3000' }
    const { appId } = simulator.credentials.officialAccount
    const png = Buffer.from('89504e470d0a1a0a00', 'hex')
    const upload = (body: Uint8Array<ArrayBuffer>) =>
      fetch(`${url}/res.wx.qq.com/simulator/jssdk/upload?appid=${appId}&type=image`, {
        method: 'POST',
        body,
        headers: origin
      })
    const { serverId } = (await (await upload(new Uint8Array(png))).json()) as { serverId: string }
    const file = await mp.media.get(serverId)
    expect(file.kind === 'file' && Buffer.from(await file.file.bytes())).toEqual(png)
    expect((await upload(new Uint8Array([1, 2]))).status).toBe(400)

    const openid = simulator.user('ming').openid()
    const { prepay_id } = await pay.transactions.jsapi({ ...order, amount, payer: { openid } })
    const check = async (params: object) =>
      (await fetch(`${url}/wx.tenpay.com/simulator/jssdk-pay`, json(params, origin.origin))).json()
    const params = pay.jsapiParams(prepay_id)
    expect(await check(params)).toEqual({ prepay_id })
    expect(await check({ ...params, nonceStr: 'x' })).toMatchObject({ error: expect.stringContaining('验证签名失败') })
  })
})

describe('a person', () => {
  it('logs in to a mobile app', async () => {
    const { simulator } = await start()
    const { appId, appSecret } = simulator.credentials.app
    const amy = simulator.user('amy')
    const query = { appid: appId, secret: appSecret, code: amy.appLogin(), grant_type: 'authorization_code' }
    const answer = await simulator.fetch(
      `https://api.weixin.qq.com/sns/oauth2/access_token?${new URLSearchParams(query)}`
    )
    expect(await answer.json()).toMatchObject({
      openid: amy.openid('app'),
      scope: 'snsapi_userinfo',
      unionid: amy.unionid()
    })
    expect(() => amy.appLogin({ account: 'officialAccount' })).toThrow('not a mobile app')
  })

  it.each([
    ['jpeg', {}],
    ['png', { is_hyaline: true }]
  ])('scans a code back: %s', async (_, more) => {
    const { simulator, url } = await start()
    const mini = new MiniProgram({ ...simulator.credentials.miniProgram, ...simulator.clientOptions })
    const file = await mini.wxacode.unlimited({ page: 'pages/card/index', scene: 'a=1&b=2', ...more })
    const { bytes } = file
    const expected = { page: 'pages/card/index', scene: 'a=1&b=2' }
    const amy = simulator.user('amy')
    expect(amy.scanCode(bytes)).toEqual(expected)
    const base64 = Buffer.from(bytes).toString('base64')
    const poster = Buffer.from(`<svg><image href="data:image/png;base64,${base64}"/></svg>`)
    expect(amy.scanCode(poster)).toEqual(expected)
    expect(() => amy.scanCode(bytes.subarray(0, 10))).toThrow('no mini program code')
    const answer = await fetch(`${url}/-/users/amy/scanCode`, {
      method: 'POST',
      body: JSON.stringify([base64]),
      headers: { 'content-type': 'application/json' }
    })
    expect(await answer.json()).toEqual({ result: expected })
  })
})
