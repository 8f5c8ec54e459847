import { request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretsIn } from '../../shared/test/secrets.ts'
import { ADMIN_PASSWORD, type Harness, startHarness } from './harness.ts'

let harness: Harness
let user: Record<string, string>
let admin: Record<string, string>
beforeAll(async () => {
  harness = await startHarness()
  user = { cookie: (await harness.login(harness.simulator.user())).cookie }
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

const ORDERS = '/api/wx/pay/orders/'
const PRODUCTS = '/api/wx/pay/products/'
const post = (path: string, body: unknown, headers = user) => harness.call('POST', path, { headers, body })

describe('text that means something to a database', () => {
  const TEXTS = ["'; DROP TABLE wx_pay_orders; --", "' OR '1'='1", '$1', '%', '\\', '{"$gt":""}', '{{7*7}}', '<script>']

  it.each(TEXTS)('%s is text', async (text) => {
    await harness.call('PUT', PRODUCTS, { headers: admin, body: { body: text, total_fee: 1 } })
    const placed = await post(ORDERS, { body: text, total_fee: 1 })
    expect(placed.body.data).toMatchObject({ wx_pay_order: { body: text } })
    const { uuid } = placed.body.data.wx_pay_order as { uuid: string }
    const read = await harness.call('GET', `${ORDERS}${uuid}/`, { headers: user })
    expect(read.body.data).toMatchObject({ wx_pay_order: { body: text } })
    const login = await harness.call('PUT', '/api/admin/login/', { body: { name: text, password: text } })
    expect(login.body.code).toBe(1403)
  })

  it.each([
    ['GET', `${ORDERS}?page=1'`, 1202],
    ['GET', `${ORDERS}?fields=uuid'--`, 1202],
    ['GET', `${ORDERS}?fields=__proto__`, 1202],
    ['GET', `${ORDERS}'%20OR%201=1/`, 1104],
    ['DELETE', `${ORDERS}?uuid=' OR 1=1 --`, 1602],
    ['DELETE', `${ORDERS}?uuid[]=x`, 1601],
    ['GET', '/%ff', 1104],
    ['GET', `${ORDERS}%ff/`, 1100],
    ['GET', '/../../etc/passwd', 1104]
  ])('%s %s is answered %i', async (method, path, code) => {
    const answer = await harness.call(method, path, { headers: { ...user, ...admin } })
    expect(answer.body).toMatchObject({ code, data: {} })
    expect(answer.text).not.toMatch(/at \S+ \(|select|node_modules/i)
  })

  it.each(['a\u0000b', 'a\u0007b', '\ud800', '', '  '])('%j is refused before the database sees it', async (text) => {
    expect((await post(ORDERS, { body: text, total_fee: 1 })).body.code).toBe(1402)
    const offered = await harness.call('PUT', PRODUCTS, { headers: admin, body: { body: text, total_fee: 1 } })
    expect(offered.body.code).toBe(1402)
    const login = await harness.call('PUT', '/api/admin/login/', { body: { name: text, password: 'x' } })
    expect(login.body.code).toBe(1402)
    const payout = { request_id: 'request-1', openid: 'o1', amount: 100, desc: text }
    expect((await post('/api/wx/mch_pays/', payout, admin)).body.code).toBe(1402)
  })
})

describe('names of people', () => {
  it.each([
    ['👨‍👩‍👧‍👦🇨🇳', '👨‍👩‍👧‍👦🇨🇳'],
    ['小\u0000明', '小明'],
    ['half \ud83d', 'half \ufffd'],
    ['a\nb\u0007', 'a\nb\u0007'],
    ['x'.repeat(5000), 'x'.repeat(5000)]
  ])('%j are kept', async (nickname, kept) => {
    const { cookie } = await harness.login(harness.simulator.user({ nickname }))
    const { body } = await harness.call('GET', '/api/current_user/', { headers: { cookie } })
    expect(body.data).toMatchObject({ wx_user: { nickname: kept } })
  })
})

describe('bodies', () => {
  const JSON_TYPE = { 'content-type': 'application/json' }

  it.each([
    ['too large', 'x'.repeat(200_000)],
    ['deeply nested', '['.repeat(50_000)],
    ['nested and closed', `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`],
    ['a list', '[1]'],
    ['null', 'null'],
    ['with a prototype', '{"__proto__":{"body":"tea","total_fee":1},"constructor":1}']
  ])('that are %s are answered 1100 or 1401', async (_, body) => {
    expect([1100, 1401]).toContain((await post(ORDERS, body)).body.code)
  })

  it('that unfold while they are read are cut', async () => {
    const body = gzipSync(JSON.stringify({ body: 'x'.repeat(20_000_000), total_fee: 1 }))
    const headers = { ...user, ...JSON_TYPE, 'content-encoding': 'gzip' }
    const response = await fetch(harness.app.url + ORDERS, { method: 'POST', headers, body })
    expect(await response.json()).toMatchObject({ code: 1100 })
  })

  it('that only WeChat sends are cut too, and nothing is acknowledged', async () => {
    const body = `<xml>${'x'.repeat(1_000_000)}</xml>`
    for (const path of ['pay/notify/', 'pay/refund_notify/', 'gateway/?signature=a&timestamp=1&nonce=2']) {
      const response = await fetch(`${harness.app.url}/extensions/wx/${path}`, { method: 'POST', body })
      expect(await response.text()).not.toContain('SUCCESS')
      expect(response.status).toBeGreaterThanOrEqual(400)
    }
  })
})

describe('ways off the site', () => {
  const EVIL = [
    '//evil.example',
    '///evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\r\nset-cookie: a=b',
    '/%5cevil.example/%2e%2e',
    '/%2f/evil.example',
    '/%252f/evil.example',
    'evil.example',
    '@evil.example',
    ''
  ]

  it.each(EVIL)('%j is no place to return to after a login', async (state) => {
    const query = `?state=${encodeURIComponent(state)}`
    const started = await harness.call('GET', `/extensions/wx/user/authorize/${query}`)
    expect(started.body).toEqual({ code: 1202, message: 'GET方法url参数值错误', data: {} })
    const answer = await harness.call('GET', `/extensions/testing/wx/user/logout/${query}`)
    const target = new URL(answer.headers.get('location') ?? '/', harness.app.url)
    expect(target.origin).toBe(harness.app.url)
    expect(answer.headers.getSetCookie().every((line) => line.startsWith('wx_session='))).toBe(true)
  })

  it('is none in the Host header either', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
    const location = await new Promise<string>((resolve, reject) => {
      const path = `${harness.app.url}/extensions/wx/user/authorize/`
      httpRequest(path, { headers }, (response) => resolve(response.headers.location ?? ''))
        .once('error', reject)
        .end()
    })
    expect(new URL(location).searchParams.get('redirect_uri')).toMatch(harness.app.url)
  })
})

it('tells no secret, neither to the caller nor to the log', async () => {
  const { simulator } = harness
  const answers: string[] = []
  const ask = async (...[method, path, options]: Parameters<Harness['call']>) =>
    answers.push((await harness.call(method, path, options)).text)
  const page = `/api/wx/js_sdk_config/?url=${encodeURIComponent('https://shop.example.com/')}`
  await ask('GET', page)
  for (const kind of ['html', 'truncated', 'bad-signature'] as const) {
    simulator.fail('/pay/unifiedorder', kind)
    await ask('POST', ORDERS, { headers: user, body: { body: '试付一分', total_fee: 1 } })
  }
  simulator.fail(/api\.weixin\.qq\.com/, { errcode: 40001, times: 4 })
  await ask('POST', '/api/qn/wx_temp_images/', { body: { media_id: 'x' } })
  simulator.fail('/sms/single_send', { status: 400 })
  await ask('POST', '/api/sms/codes/', { headers: user, body: { mobile: '13800138000' } })
  simulator.fail(/qiniu/, { status: 401 })
  await ask('POST', '/api/qn/order_exports/', { headers: admin })
  await ask('GET', '/extensions/qn/upload_token/', { headers: user })
  await ask('PUT', '/api/admin/login/', { body: { name: 'admin', password: ADMIN_PASSWORD } })

  const own = { password: ADMIN_PASSWORD, session: user.cookie?.split('=')[1] ?? '' }
  expect(secretsIn(answers.join('\n'), simulator, own)).toEqual([])
  expect(harness.logged()).toContain('1820')
  expect(secretsIn(harness.logged(), simulator, { ...own, admin: admin.authorization?.slice(7) ?? '' })).toEqual([])
})
