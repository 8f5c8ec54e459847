import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { MessageGateway } from 'weixin-kit/gateway'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator, type SimulatorOptions } from 'weixin-kit/simulator'
import { setUp } from './wechat-client.ts'

const open: Simulator[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()))
})
function make(options: SimulatorOptions = {}) {
  const simulator = createSimulator(options)
  open.push(simulator)
  return simulator
}
const API = 'https://api.weixin.qq.com'

describe('other people’s clients', () => {
  it('ask for tokens and tickets by POST, in the query or in a form', async () => {
    const simulator = make()
    const { appId, appSecret } = simulator.credentials.officialAccount
    const query = new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret: appSecret })
    const byQuery = await simulator.fetch(`${API}/cgi-bin/token?${query}`, { method: 'POST' })
    expect(byQuery.headers.get('x-simulator-hint')).toContain('takes POST, too')
    expect(await byQuery.json()).toHaveProperty('access_token')
    const byForm = await simulator.fetch(`${API}/cgi-bin/token`, { method: 'POST', body: query })
    const { access_token } = (await byForm.json()) as { access_token: string }
    const form = new URLSearchParams({ access_token, type: 'jsapi' })
    const ticket = await simulator.fetch(`${API}/cgi-bin/ticket/getticket`, { method: 'POST', body: form })
    expect(await ticket.json()).toMatchObject({ errcode: 0, expires_in: 7200 })
    const other = await simulator.fetch(`${API}/cgi-bin/user/info?access_token=${access_token}`, { method: 'POST' })
    expect(await other.json()).toMatchObject({ errcode: 43001 })
    const ips = await simulator.fetch(`${API}/cgi-bin/getcallbackip?access_token=${access_token}`)
    expect(Object.keys((await ips.json()) as object)).toEqual(['ip_list'])
  })

  it('prove a session with an empty body and in upper-case hex', async () => {
    const { mini, simulator } = setUp()
    const ming = simulator.user('ming')
    const login = new URLSearchParams({
      appid: mini.appId,
      secret: mini.appSecret,
      js_code: ming.login(),
      grant_type: 'authorization_code'
    })
    const session = (await (await simulator.fetch(`${API}/sns/jscode2session?${login}`)).json()) as {
      session_key: string
    }
    const signature = createHmac('sha256', session.session_key).update('').digest('hex').toUpperCase()
    const query = { openid: ming.openid('miniProgram'), signature, sig_method: 'hmac_sha256' }
    expect(await mini.get('/wxa/checksession', query)).toMatchObject({ errcode: 0 })
    const { access_token } = await mini.stableToken()
    const url = `${API}/wxa/business/getuserencryptkey?${new URLSearchParams({ ...query, access_token: String(access_token) })}`
    expect(await (await simulator.fetch(url, { method: 'POST' })).json()).toHaveProperty('key_info_list')
  })
})

describe('receivers', () => {
  it.each([
    'OK',
    '',
    'success',
    '{"code":"SUCCESS"}',
    '<xml><return_code><![CDATA[OK]]></return_code></xml>',
    '<xml><return_code>FAIL</return_code><return_msg>later</return_msg></xml>'
  ])('of a v2 payment that respond with %j have not processed it', async (body) => {
    const simulator = make({ deliver: { pay: async () => new Response(body) } })
    const { appId, mchId, apiKey } = simulator.credentials.payV2
    const pay = new WeChatPayV2({
      appId,
      mchId,
      apiKey,
      notifyUrl: 'https://shop.example.com/n',
      ...simulator.clientOptions
    })
    const { code_url } = await pay.orders.unified({
      trade_type: 'NATIVE',
      body: 'Tea',
      out_trade_no: 'B0000001',
      total_fee: 1,
      product_id: '1',
      spbill_create_ip: '203.0.113.7'
    })
    const { delivery } = await simulator.user('ming').pay(code_url)
    expect((await delivery?.first)?.attempts).toMatchObject([
      { delivered: false, note: expect.stringContaining('the body says it was not processed') }
    ])
  })

  it('that do not verify are found out', async () => {
    const careless = make({ deliver: { gateway: async () => new Response('success') } })
    careless.wechat.forgeMessages()
    careless.wechat.unsignMessages()
    for (const trick of ['forged', 'unsigned']) {
      const { delivery } = await careless.user('ming').send('hi')
      expect(delivery.attempts.map(({ note }) => note)).toEqual([
        `the ${trick} message was ACCEPTED: the signature is not verified`
      ])
    }
    const simulator: Simulator = make({ deliver: { gateway: (request) => gateway.handler()(request) } })
    const gateway = new MessageGateway({ ...simulator.credentials.gateway, clock: simulator.clock.now })
    simulator.wechat.forgeMessages()
    const { delivery } = await simulator.user('ming').send('hi')
    expect(delivery.attempts[0]?.note).toContain('refused, as it should be')
    const { delivery: genuine } = await simulator.user('ming').send('hi')
    expect(genuine.state).toBe('delivered')
  })
})

describe('accounts', () => {
  const template = { id: 'PAID_ORDER', keys: ['thing1', 'amount2'] }

  it('have the templates that the application is configured with', async () => {
    const simulator = make({
      accounts: {
        wechat: [
          { kind: 'miniProgram', subscribeTemplates: [template] },
          { kind: 'officialAccount', templates: [{ id: 'T1', content: '{{first.DATA}}' }] }
        ]
      }
    })
    const ming = simulator.user('ming')
    await ming.subscribe('PAID_ORDER')
    await expect(ming.subscribe('PAID_ODER')).rejects.toThrow(/no subscribe template "PAID_ODER".*PAID_ORDER/)
  })
})
