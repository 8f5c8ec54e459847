import { describe, expect, it } from 'vitest'
import { setUp } from './wechat-client.ts'

const MINUTE = 60_000

describe('cgi-bin/token', () => {
  it('invalidates the token before, after five minutes of grace', async () => {
    const { simulator, mp } = setUp()
    const first = String((await mp.token()).access_token)
    expect(first.length).toBeGreaterThan(128)
    const second = String((await mp.token()).access_token)
    expect(second).not.toBe(first)
    const call = async (access_token: string) =>
      ((await (await mp.fetch('/cgi-bin/getcallbackip', { access_token })).json()) as { errcode?: number }).errcode ?? 0
    expect([await call(first), await call(second)]).toEqual([0, 0])
    await simulator.clock.advance(5 * MINUTE)
    expect([await call(first), await call(second)]).toEqual([40001, 0])
    await simulator.clock.advance(115 * MINUTE)
    expect(await call(second)).toBe(42001)
    expect(await call('')).toBe(41001)
    expect(await call('short')).toBe(40014)
    expect(await call('x'.repeat(100))).toBe(40001)
  })

  it('checks every parameter', async () => {
    const { simulator, mp } = setUp()
    const code = async (query: Record<string, string>) => (await mp.token(query)).errcode
    expect(await code({ grant_type: 'x' })).toBe(40002)
    expect(await code({ appid: '' })).toBe(41002)
    expect(await code({ appid: 'wx0000000000000000' })).toBe(40013)
    expect(await code({ secret: '' })).toBe(41004)
    expect(await code({ secret: 'wrong' })).toBe(40125)
    simulator.wechat.freezeSecret(true)
    expect(await code({})).toBe(40243)
  })

  it('refuses an address that is not on the list', async () => {
    const { mp } = setUp({ accounts: { wechat: [{ ipAllowList: ['10.0.0.1'] }] } })
    const answer = await mp.token()
    expect(answer.errcode).toBe(40164)
    expect(answer.errmsg).toMatch(/invalid ip 127\.0\.0\.1.*rid: \w{8}-\w{8}-\w{8}$/)
  })
})

describe('cgi-bin/stable_token', () => {
  it('gives the same token for its life, and never less than five minutes', async () => {
    const { simulator, mp } = setUp()
    const first = await mp.stableToken()
    await simulator.clock.advance(114 * MINUTE)
    expect(await mp.stableToken()).toEqual({ access_token: first.access_token, expires_in: 360 })
    await simulator.clock.advance(MINUTE)
    const next = await mp.stableToken()
    expect(next).toMatchObject({ expires_in: 7200 })
    expect(next.access_token).not.toBe(first.access_token)
    const old = await mp.fetch('/cgi-bin/getcallbackip', { access_token: String(first.access_token) })
    expect(await old.json()).toHaveProperty('ip_list')
  })

  it('is not touched by cgi-bin/token', async () => {
    const { simulator, mp } = setUp()
    const stable = String((await mp.stableToken()).access_token)
    await mp.token()
    await mp.token()
    await simulator.clock.advance(10 * MINUTE)
    expect(await (await mp.fetch('/cgi-bin/getcallbackip', { access_token: stable })).json()).toHaveProperty('ip_list')
  })

  it('forces a new one at once, but not within 30 seconds and not more than 20 times a day', async () => {
    const { simulator, mp } = setUp()
    const first = await mp.stableToken()
    const second = await mp.stableToken(true)
    expect(second.access_token).not.toBe(first.access_token)
    expect((await mp.stableToken(true)).access_token).toBe(second.access_token)
    const old = await mp.fetch('/cgi-bin/getcallbackip', { access_token: String(first.access_token) })
    expect(await old.json()).toMatchObject({ errcode: 40001 })
    for (let i = 1; i < 20; i++) {
      await simulator.clock.advance(30_000)
      expect((await mp.stableToken(true)).errcode).toBeUndefined()
    }
    await simulator.clock.advance(30_000)
    expect((await mp.stableToken(true)).errcode).toBe(45009)
  })

  it('takes JSON only', async () => {
    const { mp } = setUp()
    const body = new URLSearchParams({ grant_type: 'client_credential', appid: mp.appId, secret: mp.appSecret })
    const answer = await (await mp.fetch('/cgi-bin/stable_token', {}, { method: 'POST', body })).json()
    expect(answer).toMatchObject({ errcode: 41002 })
  })
})

describe('calls', () => {
  it('are counted per day and minute, and can be reset ten times a month', async () => {
    const { simulator, mp } = setUp()
    simulator.wechat.limitCalls('/cgi-bin/getcallbackip', { day: 2 })
    const call = async () => (await mp.get('/cgi-bin/getcallbackip')).errcode ?? 0
    expect([await call(), await call(), await call()]).toEqual([0, 0, 45009])
    const quota = await mp.post('/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/getcallbackip' })
    expect(quota.quota).toEqual({ daily_limit: 2, used: 2, remain: 0 })
    for (let i = 0; i < 10; i++) expect((await mp.post('/cgi-bin/clear_quota', { appid: mp.appId })).errcode).toBe(0)
    expect(await call()).toBe(0)
    expect((await mp.post('/cgi-bin/clear_quota', { appid: mp.appId })).errcode).toBe(48006)
    simulator.wechat.limitCalls('/cgi-bin/getcallbackip', { minute: 1 })
    expect(await call()).toBe(0)
    expect(await call()).toBe(45011)
    await simulator.clock.advance(60_000)
    expect(await call()).toBe(0)
  })

  it('name the wrong method, the missing body and escaped text', async () => {
    const { mp } = setUp()
    expect((await mp.get('/cgi-bin/menu/create')).errcode).toBe(43002)
    expect((await mp.post('/cgi-bin/menu/get', {})).errcode).toBe(43001)
    expect((await mp.get('/cgi-bin/nothing')).errcode).toBe(40066)
    expect((await mp.post('/cgi-bin/clear_quota', '')).errcode).toBe(44002)
    expect((await mp.post('/cgi-bin/clear_quota', 'appid=1')).errcode).toBe(47001)
    expect((await mp.post('/cgi-bin/clear_quota', '{"appid":"\\u4e2d"}')).errcode).toBe(40033)
  })

  it('explain a rid to the account it belongs to', async () => {
    const { simulator, mp, mini } = setUp()
    const { errmsg } = await mp.get('/cgi-bin/menu/get')
    const rid = /rid: (\S+)$/.exec(String(errmsg))?.[1]
    expect((await mp.post('/cgi-bin/openapi/rid/get', { rid })).request).toMatchObject({
      request_url: '/cgi-bin/menu/get'
    })
    expect((await mini.post('/cgi-bin/openapi/rid/get', { rid })).errcode).toBe(76003)
    expect((await mp.post('/cgi-bin/openapi/rid/get', { rid: 'x' })).errcode).toBe(76002)
    await simulator.clock.advance(8 * 86_400_000)
    expect((await mp.post('/cgi-bin/openapi/rid/get', { rid })).errcode).toBe(76001)
  })

  it('can be made to fail with any code', async () => {
    const { simulator, mp } = setUp()
    await mp.stableToken()
    for (const errcode of [-1, 40001, 42001, 45009, 50004, 89503]) {
      simulator.fail('/cgi-bin/getcallbackip', { errcode })
      expect((await mp.get('/cgi-bin/getcallbackip')).errcode).toBe(errcode)
    }
    simulator.fail('/cgi-bin/getcallbackip', { status: 502, headers: { 'retry-after': '1' } })
    const { access_token } = await mp.stableToken()
    const response = await mp.fetch('/cgi-bin/getcallbackip', { access_token: String(access_token) })
    expect([response.status, response.headers.get('retry-after')]).toEqual([502, '1'])
  })
})
