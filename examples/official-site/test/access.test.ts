import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, type Harness, startHarness } from './harness.ts'

const UUID = '00000000-0000-4000-8000-000000000000'
const ORDERS = '/api/wx/pay/orders/'
const PRODUCTS = '/api/wx/pay/products/'
const PAYOUT = { request_id: 'request-1', openid: 'o1', amount: 100, desc: 'x' }

/** Every endpoint behind `login_required` and who may call it. */
const PROTECTED: readonly [method: string, path: string, who: 'user' | 'admin' | 'both', body?: object][] = [
  ['GET', '/api/current_user/', 'user'],
  ['POST', ORDERS, 'user', { body: '试付一分', total_fee: 1 }],
  ['PUT', PRODUCTS, 'admin', { body: '奶茶', total_fee: 1 }],
  ['DELETE', `${PRODUCTS}?uuid=${UUID}`, 'admin'],
  ['POST', '/api/sms/codes/', 'user', { mobile: '13800138000' }],
  ['PUT', '/api/sms/codes/', 'user', { mobile: '13800138000', code: '000000' }],
  ['GET', ORDERS, 'both'],
  ['GET', `${ORDERS}${UUID}/`, 'both'],
  ['GET', '/extensions/qn/upload_token/', 'both'],
  ['POST', `${ORDERS}${UUID}/refunds/`, 'admin', { request_id: 'request-1', refund_fee: 1 }],
  ['DELETE', `${ORDERS}?uuid=${UUID}`, 'admin'],
  ['POST', '/api/wx/mch_pays/', 'admin', PAYOUT],
  ['GET', '/api/wx/mch_pays/', 'admin'],
  ['POST', '/api/wx/red_packs/', 'admin', { request_id: 'request-1', re_openid: 'o1', total_amount: 100 }],
  ['GET', '/api/wx/red_packs/', 'admin'],
  ['POST', '/api/qn/order_exports/', 'admin'],
  ['GET', '/api/current_admin/', 'admin'],
  ['PUT', '/api/current_admin/password/', 'admin', { password_old: ADMIN_PASSWORD, password_new: 'stolen' }]
]

let harness: Harness
let user: { cookie: string }
let admin: { authorization: string }
beforeAll(async () => {
  harness = await startHarness()
  user = { cookie: (await harness.login(harness.simulator.user())).cookie }
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

const tokenOf = (cookie: string) => cookie.split('=')[1] ?? ''

describe('another site', () => {
  it.each(PROTECTED.filter(([method]) => method !== 'GET'))(
    'changes nothing by %s %s',
    async (method, path, who, body) => {
      for (const foreign of [
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'https://evil.example' },
        { origin: 'null' }
      ]) {
        const headers: Record<string, string> = { ...(who === 'user' ? user : admin), ...foreign }
        const answer = await harness.call(method, path, { headers, ...(body ? { body } : {}) })
        expect(answer.body).toEqual({ code: 1103, message: 'Forbidden', data: {} })
      }
    }
  )
})

describe('login_required', () => {
  it.each(PROTECTED)('%s %s is for %s', async (method, path, who, body) => {
    const asked = harness.simulator.log.entries.length
    const strangers: Record<string, string>[] = [
      {},
      { cookie: 'wx_session=' },
      { cookie: `wx_session=${'A'.repeat(43)}` },
      { cookie: `wx_session=${admin.authorization.slice(7)}` },
      { authorization: 'Bearer' },
      { authorization: `Bearer ${'A'.repeat(43)}` },
      { authorization: `Bearer ${tokenOf(user.cookie)}` },
      { authorization: `Basic ${Buffer.from(`admin:${ADMIN_PASSWORD}`).toString('base64')}` },
      ...(who === 'user' ? [admin] : who === 'admin' ? [user] : [])
    ]
    for (const headers of strangers) {
      const answer = await harness.call(method, path, { headers, ...(body ? { body } : {}) })
      expect(answer.status).toBe(401)
      expect(answer.body).toEqual({ code: 1101, message: 'Unauthorized', data: {} })
    }
    // Whoever is nobody makes no call to WeChat, WeChat Pay, Qiniu or Yunpian.
    expect(harness.simulator.log.entries).toHaveLength(asked)
  })

  it.each(PROTECTED)('%s %s has no other methods that do something', async (method, path) => {
    const bare = path.split('?')[0]
    const known = PROTECTED.filter((one) => one[1].split('?')[0] === bare).map(([name]) => name)
    // The price list is for everybody.
    if (bare === PRODUCTS) known.push('GET')
    for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((name) => !known.includes(name))) {
      const answer = await harness.call(other, path, { headers: { ...user, ...admin } })
      expect(answer.body.code).toBe(1104)
    }
    const disguised = await harness.call('POST', '/api/current_user/', {
      headers: { ...user, 'x-http-method-override': method }
    })
    expect(disguised.body.code).toBe(1104)
  })
})

describe('a page of another site', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    ''
  ])('cannot place an order with the cookie and content type %j', async (type) => {
    const orders = harness.simulator.pay.orders.length
    const body = JSON.stringify({ body: '试付一分', total_fee: 1 })
    const answer = await harness.call('POST', ORDERS, { headers: { ...user, 'content-type': type }, body })
    expect(answer.body.code).toBe(1100)
    expect(harness.simulator.pay.orders).toHaveLength(orders)
  })

  it('gets no permission from a response', async () => {
    const headers = { ...user, origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    for (const method of ['OPTIONS', 'GET']) {
      const answer = await harness.call(method, ORDERS, { headers })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('x-powered-by')).toBeNull()
    }
  })
})

describe('sessions', () => {
  it('have cookies that scripts and other sites do not get', async () => {
    const { simulator, call } = harness
    const started = await call('GET', '/extensions/wx/user/authorize/')
    const flags = /^wxkit_oauth_\w+=\S+; Max-Age=600; Path=\/; HttpOnly; Same/
    expect(started.headers.get('set-cookie')).toMatch(flags)
    const back = simulator.user().authorize(started.headers.get('location') ?? '')
    const cookie = started.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const landed = await call('GET', back.pathname + back.search, { headers: { cookie } })
    const session = /^wx_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/
    expect(landed.headers.get('set-cookie')).toMatch(session)
  })

  it('are new after each login, and the one before it ends', async () => {
    const { simulator, call } = harness
    const planted = `wx_session=${'B'.repeat(43)}`
    const before = (await harness.login(simulator.user())).cookie
    for (const earlier of [planted, before]) {
      const started = await call('GET', '/extensions/wx/user/authorize/')
      const back = simulator.user().authorize(started.headers.get('location') ?? '')
      const cookie = `${started.headers.getSetCookie()[0]?.split(';')[0]}; ${earlier}`
      const landed = await call('GET', back.pathname + back.search, { headers: { cookie } })
      const fresh = landed.headers.getSetCookie()[0]?.split(';')[0] ?? ''
      expect(fresh).not.toBe(earlier)
      expect((await call('GET', '/api/current_user/', { headers: { cookie: fresh } })).body.code).toBe(0)
      expect((await call('GET', '/api/current_user/', { headers: { cookie: earlier } })).body.code).toBe(1101)
    }
  })

  it('of an administrator all end with the password', async () => {
    const [mine, stolen] = [await harness.adminLogin(), await harness.adminLogin()]
    const change = (headers: { authorization: string }, password_old: string, password_new: string) =>
      harness.call('PUT', '/api/current_admin/password/', { headers, body: { password_old, password_new } })
    expect((await change(mine, ADMIN_PASSWORD, 'another password')).body.code).toBe(0)
    for (const headers of [mine, stolen])
      expect((await harness.call('GET', '/api/current_admin/', { headers })).body.code).toBe(1101)
  })
})
