import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookiesOf, logIn } from '../../shared/test/client.ts'
import { secretsIn } from '../../shared/test/secrets.ts'
import { type Harness, startHarness } from './harness.ts'

const USER = '/boilerplate/wechat/api/v1/wechat-miniapp/user'
const AUTHORIZE = '/boilerplate/wechat/api/v1/wechat-mp/authorize'
const CALLBACK = '/boilerplate/api/v1/wechat-mp/callback'
const GATEWAY = '/boilerplate/api/v1/wechat-mp/gateway'
const INDEX = '/boilerplate/wechat/mp/index'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.close())

describe('bodies', () => {
  it.each(['{', '[]', '7', 'null', '{}', { code: 7 }, { code: '' }, { code: 'x'.repeat(20_000) }, '{"__proto__":{}}'])(
    'like %j are refused with 1001',
    async (body) => {
      const answer = await harness.call('POST', USER, { body })
      expect(answer.status).toBe(400)
      expect(answer.body).toEqual({ error_code: 1001 })
    }
  )

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'of type %j are refused: a form of another site can send them',
    async (type) => {
      const body = JSON.stringify({ code: harness.simulator.user().login() })
      const answer = await harness.call('POST', USER, { headers: { 'content-type': type }, body })
      expect(answer.body).toEqual({ error_code: 1001 })
    }
  )

  it.each([USER, GATEWAY])('of a megabyte are cut at %s', async (path) => {
    const answer = await harness.call('POST', `${path}?signature=1&timestamp=1&nonce=1`, {
      body: 'x'.repeat(1_000_000)
    })
    expect(answer.status).toBe(413)
  })
})

describe('tokens', () => {
  it('that are missing, foreign, made up or of the other kind are refused with 1002', async () => {
    const user = harness.simulator.user()
    const { body } = await harness.call('POST', USER, { body: { code: user.login() } })
    const web = cookiesOf(await logIn(harness.url, AUTHORIZE, user))
    const { iv, encryptedData } = user.encryptedData()
    const token = String(body.token)
    for (const authorization of [
      '',
      'wechat',
      token,
      `Bearer ${token}`,
      `wechat ${token}x`,
      `wechat ${token} x`,
      `wechat ${'A'.repeat(43)}`,
      `wechat ${web.split('=')[1]}`,
      "wechat ' OR 1=1 --",
      'wechat *'
    ]) {
      const answer = await harness.call('PUT', USER, {
        headers: { authorization, cookie: web },
        body: { iv, encrypted_data: encryptedData }
      })
      expect(answer.status).toBe(401)
      expect(answer.body).toEqual({ error_code: 1002 })
    }
    const page = await harness.call('GET', INDEX, { headers: { cookie: `boilerplate_openid_token=${token}` } })
    expect(page.text).toContain('你还没有登录')
  })

  it('of web pages are new after each login, and the one before it ends', async () => {
    const { simulator, call } = harness
    const first = await logIn(harness.url, AUTHORIZE, simulator.user())
    const session = /^boilerplate_openid_token=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/
    expect(first.headers.get('set-cookie')).toMatch(session)
    const before = cookiesOf(first)
    const started = await call('GET', AUTHORIZE)
    const back = simulator.user().authorize(started.headers.get('location') ?? '')
    const cookie = `${cookiesOf(started)}; ${before}`
    const after = cookiesOf(await call('GET', back.pathname + back.search, { headers: { cookie } }))
    expect(after).not.toBe(before)
    expect((await call('GET', INDEX, { headers: { cookie: before } })).text).toContain('你还没有登录')
    expect((await call('GET', INDEX, { headers: { cookie: after } })).text).toContain('你好')
  })
})

describe('addresses', () => {
  it.each([
    '//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\\evil.example',
    '/\t/evil.example',
    '/%2f/evil.example',
    '/%252f%252fevil.example',
    '@evil.example'
  ])('%j is no place to return to', async (next) => {
    const answer = await harness.call('GET', `${AUTHORIZE}?next=${encodeURIComponent(next)}`)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
    expect(answer.text).not.toContain('evil')
  })

  it.each([
    ['GET', USER],
    ['DELETE', USER],
    ['POST', AUTHORIZE],
    ['POST', CALLBACK],
    ['DELETE', INDEX],
    ['GET', '/nowhere'],
    ['GET', '/boilerplate/%2e%2e/%2e%2e/etc/passwd'],
    ['GET', '/%ff']
  ])('%s %s is answered 1003', async (method, path) => {
    const answer = await harness.call(method, path)
    expect(answer.status).toBe(404)
    expect(answer.body).toEqual({ error_code: 1003 })
  })

  it('take no other method at the gateway', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) expect((await harness.call(method, GATEWAY)).status).toBe(405)
  })

  it('serve pages that run no script and fit into no frame', async () => {
    const { headers } = await harness.call('GET', INDEX)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.+frame-ancestors 'none'$/)
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

it('tells no secret, neither to the caller nor to the log', async () => {
  const { simulator } = harness
  const answers: string[] = []
  for (const kind of ['html', 'truncated', 'reset'] as const) {
    simulator.fail('/sns/jscode2session', kind, 3)
    answers.push((await harness.call('POST', USER, { body: { code: simulator.user().login() } })).text)
    simulator.recover()
    simulator.fail('/sns/oauth2/access_token', kind, 3)
    answers.push((await logIn(harness.url, AUTHORIZE, simulator.user())).text)
    simulator.recover()
  }
  await simulator.user().send('你好')
  expect(answers.filter((text) => text.includes('2003'))).toHaveLength(3)
  expect(harness.logged()).toContain('2003')
  expect(secretsIn(answers.join('\n') + harness.logged(), simulator)).toEqual([])
})
