import { describe, expect, it, vi } from 'vitest'
import { memoryStore } from 'weixin-kit'
import { type LoginHandlersOptions, OfficialAccount, type OfficialAccountOptions } from 'weixin-kit/mp'
import { json, stubFetch } from '../../support/stub-fetch.ts'

const APP_ID = 'wx0123456789abcdef'
const TOKEN = { access_token: 'A', expires_in: 7200, refresh_token: 'R', openid: 'o1', scope: 'snsapi_base' }

function setup(over: Partial<OfficialAccountOptions> = {}) {
  const clock = { now: 1_700_000_000_000 }
  const used = new Set<string>()
  const fetch = stubFetch(async ({ url }) => {
    await new Promise((resolve) => setImmediate(resolve))
    if (url.pathname === '/sns/userinfo') return json({ openid: 'o1', nickname: 'Ann', privilege: [] })
    const code = url.searchParams.get('code') ?? ''
    if (used.has(code)) return json({ errcode: 40163, errmsg: 'code been used' })
    used.add(code)
    return json(TOKEN)
  })
  const store = memoryStore({ clock: () => clock.now })
  const mp = new OfficialAccount({
    appId: APP_ID,
    appSecret: 'not-a-real-secret',
    clock: () => clock.now,
    store,
    fetch,
    ...over
  })
  return { clock, store, fetch, mp }
}
const code = (expected: string) => expect.objectContaining({ code: expected })

describe('authorizeUrl', () => {
  const { mp } = setup()

  it('has the parameters in the order of the document and the fragment', () => {
    const url = mp.oauth.authorizeUrl({
      redirectUri: 'https://example.com/back?x=1&y=中',
      scope: 'snsapi_userinfo',
      state: 'abc'
    })
    expect(url.href).toBe(
      'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0123456789abcdef' +
        '&redirect_uri=https%3A%2F%2Fexample.com%2Fback%3Fx%3D1%26y%3D%25E4%25B8%25AD' +
        '&response_type=code&scope=snsapi_userinfo&state=abc#wechat_redirect'
    )
    expect(url.searchParams.get('redirect_uri')).toBe('https://example.com/back?x=1&y=%E4%B8%AD')
  })

  it('appends the flags before the fragment', () => {
    const params = { redirectUri: new URL('https://example.com/'), scope: 'snsapi_base', state: 'a' } as const
    const url = mp.oauth.authorizeUrl({ ...params, forcePopup: true, forceSnapShot: true })
    expect(url.href).toMatch(/&state=a&forcePopup=true&forceSnapShot=true#wechat_redirect$/)
  })

  it.each([
    { redirectUri: '/relative' },
    { redirectUri: 'javascript:alert(1)' },
    { scope: 'snsapi_login' },
    { state: '' },
    { state: 'with-dash' },
    { state: 'a'.repeat(129) },
    { forcePopup: 'yes' }
  ])('refuses %j', (change) => {
    const params = { redirectUri: 'https://example.com/', scope: 'snsapi_base', state: 'a', ...change }
    expect(() => mp.oauth.authorizeUrl(params as never)).toThrow(code('ERR_INVALID_PARAM'))
  })

  it('makes the QR page', () => {
    const url = mp.oauth.qrConnectUrl({ redirectUri: 'https://example.com/', state: 'a', lang: 'en' })
    expect(url.href).toBe(
      'https://open.weixin.qq.com/connect/qrconnect?appid=wx0123456789abcdef&redirect_uri=https%3A%2F%2Fexample.com%2F' +
        '&response_type=code&scope=snsapi_login&state=a&lang=en#wechat_redirect'
    )
  })

  it('stays where browsers can reach it when calls go through a gateway, and follows a simulator', () => {
    const page = (baseUrl: string) =>
      setup({ baseUrl }).mp.oauth.qrConnectUrl({ redirectUri: 'https://example.com/', state: 'a' })
    expect(page('https://gateway.internal/wechat').host).toBe('open.weixin.qq.com')
    expect(page('http://127.0.0.1:8080/api.weixin.qq.com').href).toMatch(
      /^http:\/\/127\.0\.0\.1:8080\/open\.weixin\.qq\.com\/connect\/qrconnect\?/
    )
  })
})

describe('exchangeCode', () => {
  it('exchanges a code once for 50 concurrent calls and a late repeat', async () => {
    const { mp, fetch, clock } = setup()
    const results = await Promise.all(Array.from({ length: 50 }, () => mp.oauth.exchangeCode('C', { login: 'L' })))
    expect(results.every((token) => token.openid === 'o1')).toBe(true)
    clock.now += 29_000
    expect(await mp.oauth.exchangeCode('C', { login: 'L' })).toEqual(TOKEN)
    expect(fetch.seen).toHaveLength(1)
    expect(Object.fromEntries(fetch.seen[0]?.url.searchParams ?? [])).toEqual({
      appid: APP_ID,
      secret: 'not-a-real-secret',
      code: 'C',
      grant_type: 'authorization_code'
    })
    clock.now += 2_000
    await expect(mp.oauth.exchangeCode('C', { login: 'L' })).rejects.toMatchObject({ errcode: 40163, kind: 'user' })
  })

  it('answers a repeat in another process from the store, whose keys do not hold the code', async () => {
    const { mp, fetch, store } = setup()
    const keys: string[] = []
    const spy = {
      ...store,
      setIfAbsent: (key: string, ...rest: [string, number?]) => {
        keys.push(key)
        return store.setIfAbsent(key, ...rest)
      }
    }
    const other = setup({ store: spy, fetch }).mp
    await mp.oauth.exchangeCode('THECODE', { login: 'L' })
    expect(await other.oauth.exchangeCode('THECODE', { login: 'L' })).toEqual(TOKEN)
    expect(fetch.seen).toHaveLength(1)
    expect(keys.join()).toContain(`weixin-kit:${APP_ID}:oauth-code:`)
    expect(keys.join()).not.toContain('THECODE')
  })

  it('remembers a code for the login that began with it and for nobody else', async () => {
    const { mp, fetch } = setup()
    await mp.oauth.exchangeCode('C', { login: 'L' })
    for (const options of [{ login: 'another' }, {}, undefined]) {
      await expect(mp.oauth.exchangeCode('C', options)).rejects.toMatchObject({ errcode: 40163 })
    }
    expect(fetch.seen).toHaveLength(4)
    const both = await Promise.allSettled([mp.oauth.exchangeCode('D', { login: 'M' }), mp.oauth.exchangeCode('D')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await mp.oauth.exchangeCode('E', { login: 'L' })).toEqual(TOKEN)
    expect(fetch.seen).toHaveLength(6)
  })

  it('keeps codes of two accounts apart', async () => {
    const { mp, fetch, store } = setup()
    await mp.oauth.exchangeCode('C1', { login: 'L' })
    const other = setup({ store, fetch, appId: 'wx1111111111111111' }).mp
    await expect(other.oauth.exchangeCode('C1', { login: 'L' })).rejects.toMatchObject({ errcode: 40163 })
  })

  it('does not repeat after a failure, and does not remember it', async () => {
    let calls = 0
    const { mp } = setup({
      fetch: async () => {
        if (++calls === 1) throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
        return json(TOKEN)
      }
    })
    await expect(mp.oauth.exchangeCode('C', { login: 'L' })).rejects.toThrow(code('ERR_CONNECTION'))
    expect(calls).toBe(1)
    expect((await mp.oauth.exchangeCode('C', { login: 'L' })).openid).toBe('o1')
  })

  it("one caller's abort leaves the exchange to the others", async () => {
    const { mp, fetch } = setup()
    const controller = new AbortController()
    const aborted = mp.oauth.exchangeCode('C', { login: 'L', signal: controller.signal })
    const other = mp.oauth.exchangeCode('C', { login: 'L' })
    controller.abort('mine')
    await expect(aborted).rejects.toBe('mine')
    expect((await other).openid).toBe('o1')
    expect(fetch.seen).toHaveLength(1)
  })

  it('refuses an empty code and a response without openid', async () => {
    const { mp } = setup({ fetch: async () => json({ access_token: 'A' }) })
    await expect(mp.oauth.exchangeCode('')).rejects.toThrow(code('ERR_INVALID_PARAM'))
    await expect(mp.oauth.exchangeCode('C', { login: 'L' })).rejects.toThrow(code('ERR_UNEXPECTED_RESPONSE'))
  })
})

describe('checkToken', () => {
  it('tells a void token from a failed check', async () => {
    const answering = (errcode: number) => setup({ fetch: async () => json({ errcode, errmsg: '' }), maxRetries: 0 }).mp
    const check = (mp: OfficialAccount) => mp.oauth.checkToken({ access_token: 'A', openid: 'o' })
    expect(await check(answering(0))).toBe(true)
    for (const errcode of [40001, 40003, 40014, 42001, 42007]) expect(await check(answering(errcode))).toBe(false)
    await expect(check(answering(-1))).rejects.toMatchObject({ errcode: -1 })
    await expect(check(answering(45009))).rejects.toMatchObject({ errcode: 45009 })
  })
})

describe('state', () => {
  const verify = (mp: OfficialAccount, made: ReturnType<OfficialAccount['oauth']['createState']>, change = {}) =>
    mp.oauth.verifyState({
      state: made.state,
      cookieHeader: `other=1; ${made.cookie.name}=${made.cookie.value}; more=2`,
      code: 'C',
      ...change
    })

  it('is of the form that WeChat takes, and new each time', () => {
    const { mp } = setup()
    const states = Array.from({ length: 200 }, () => mp.oauth.createState().state)
    expect(new Set(states).size).toBe(200)
    for (const state of states) expect(state).toMatch(/^[0-9a-zA-Z]{1,128}$/)
  })

  it('carries the return path', async () => {
    const { mp } = setup()
    const made = mp.oauth.createState({ returnTo: '/订单?page=2#top' })
    expect(await verify(mp, made)).toEqual({
      returnTo: '/%E8%AE%A2%E5%8D%95?page=2#top',
      isRepeat: false,
      login: expect.stringMatching(/^[0-9a-f]{64}$/)
    })
  })

  it('works once, except for the very same callback, and for half a minute with another code', async () => {
    const { mp, clock } = setup()
    const made = mp.oauth.createState()
    expect(await verify(mp, made)).toMatchObject({ isRepeat: false })
    expect(await verify(mp, made)).toMatchObject({ isRepeat: true })
    expect(await verify(mp, made, { code: 'another' })).toMatchObject({ isRepeat: true })
    clock.now += 30_000
    expect(await verify(mp, made)).toMatchObject({ isRepeat: true })
    await expect(verify(mp, made, { code: 'another' })).rejects.toThrow(code('ERR_SIGNATURE_REPLAYED'))
  })

  it('is used up for as long as it lives', async () => {
    const { mp, clock } = setup()
    const made = mp.oauth.createState()
    await verify(mp, made)
    clock.now += 599_000
    await expect(verify(mp, made, { code: 'another' })).rejects.toThrow(code('ERR_SIGNATURE_REPLAYED'))
    expect(await verify(mp, made)).toMatchObject({ isRepeat: true })
  })

  it('is used up as well after the clock was set back', async () => {
    const { mp, clock } = setup()
    const made = mp.oauth.createState()
    await verify(mp, made)
    clock.now -= 60_000
    await expect(verify(mp, made, { code: 'another' })).rejects.toThrow(code('ERR_SIGNATURE_REPLAYED'))
  })

  it('lives 10 minutes', async () => {
    const { mp, clock } = setup()
    const made = mp.oauth.createState()
    clock.now += 599_000
    await verify(mp, made)
    clock.now += 2_000
    await expect(verify(mp, made)).rejects.toThrow(code('ERR_SIGNATURE_EXPIRED'))
  })

  it('is bound to the browser by its cookie', async () => {
    const { mp } = setup()
    const [mine, theirs] = [mp.oauth.createState(), mp.oauth.createState()]
    const withCookie = (cookieHeader: string | null) => verify(mp, mine, { cookieHeader })
    await expect(withCookie(null)).rejects.toThrow(code('ERR_SIGNATURE_MISSING'))
    await expect(withCookie(`${theirs.cookie.name}=${theirs.cookie.value}`)).rejects.toThrow(
      code('ERR_SIGNATURE_MISSING')
    )
    await expect(withCookie(`${mine.cookie.name}=${theirs.cookie.value}`)).rejects.toThrow(
      code('ERR_SIGNATURE_MISMATCH')
    )
  })

  it('holds over https only with the cookie that no other host of the domain can set', async () => {
    const { mp } = setup()
    const made = mp.oauth.createState({ secure: true })
    expect(made.cookie.name).toMatch(/^__Host-wxkit_oauth_[0-9a-f]{12}$/)
    // What the prefix asks of a browser: Secure, Path=/, no Domain.
    expect(made.cookie.header).toBe(
      `${made.cookie.name}=${made.cookie.value}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure`
    )
    const planted = `${made.cookie.name.replace('__Host-', '')}=${made.cookie.value}`
    await expect(verify(mp, made, { cookieHeader: planted })).rejects.toThrow(code('ERR_SIGNATURE_MISMATCH'))
    const own = `${made.cookie.name}=${made.cookie.value}`
    expect(await verify(mp, made, { cookieHeader: `${planted.replace(/=.*/, '=x')}; ${own}` })).toMatchObject({
      isRepeat: false,
      login: expect.any(String)
    })
    const open = mp.oauth.createState()
    await expect(verify(mp, open, { cookieHeader: `__Host-${open.cookie.name}=${open.cookie.value}` })).rejects.toThrow(
      code('ERR_SIGNATURE_MISMATCH')
    )
    expect(() => mp.oauth.createState({ secure: 'yes' as never })).toThrow(code('ERR_INVALID_PARAM'))
  })

  it('does not let the return path be exchanged', async () => {
    const { mp } = setup()
    const made = mp.oauth.createState({ returnTo: '/mine' })
    const [binding] = made.cookie.value.split('.')
    const forged = `${binding}.${Buffer.from('//evil.com').toString('base64url')}`
    await expect(verify(mp, made, { cookieHeader: `${made.cookie.name}=${forged}` })).rejects.toThrow(
      code('ERR_SIGNATURE_MISMATCH')
    )
  })

  it('is refused when any digit of it changed, or by another account or secret', async () => {
    const { mp, store } = setup()
    const made = mp.oauth.createState()
    for (let at = 0; at < made.state.length; at++) {
      const changed = made.state.slice(0, at) + (made.state[at] === '0' ? '1' : '0') + made.state.slice(at + 1)
      await expect(verify(mp, { ...made, state: changed })).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^ERR_SIGNATURE_(MISMATCH|MISSING)$/) })
      )
    }
    for (const change of [{ appId: 'wx1111111111111111' }, { appSecret: 'another-secret' }]) {
      await expect(verify(setup({ store, ...change }).mp, made)).rejects.toThrow(code('ERR_SIGNATURE_MISMATCH'))
    }
    for (const state of ['', null, 'a', made.state.toUpperCase(), `${made.state}0`]) {
      await expect(verify(mp, made, { state })).rejects.toMatchObject({ name: 'SignatureError' })
    }
    expect(await verify(mp, made)).toMatchObject({ isRepeat: false })
  })

  it('refuses a path that could lead away', () => {
    const { mp } = setup()
    expect(() => mp.oauth.createState({ returnTo: '//evil.com' })).toThrow(code('ERR_INVALID_PARAM'))
  })
})

describe('loginHandlers', () => {
  const SITE = 'https://site.example'
  function login(over: Partial<LoginHandlersOptions> = {}, account = setup()) {
    const logins: { openid: string; isRepeat: boolean; returnTo: string; nickname: string | undefined }[] = []
    const failures: [string, string][] = []
    const handlers = account.mp.oauth.loginHandlers({
      redirectUri: `${SITE}/wechat/callback`,
      scope: 'snsapi_base',
      onLogin: ({ token, user, isRepeat, returnTo }) => {
        logins.push({ openid: token.openid, isRepeat, returnTo, nickname: user?.nickname })
        return { headers: { 'set-cookie': 'session=1' } }
      },
      onError: (error, { failure }) => {
        failures.push([failure, (error as { code: string }).code])
        return new Response('failed', { status: 418 })
      },
      ...over
    })
    const start = async (query = '') => {
      const response = await handlers.authorize(new Request(`${SITE}/wechat/login${query}`))
      const location = new URL(response.headers.get('location') ?? 'about:blank')
      const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';')
      return { response, location, cookie, state: location.searchParams.get('state') ?? '' }
    }
    const back = (query: string, cookie?: string) =>
      handlers.callback(new Request(`${SITE}/wechat/callback${query}`, cookie ? { headers: { cookie } } : {}))
    return { ...account, handlers, logins, failures, start, back }
  }

  it('sends the browser to WeChat with a cookie for this host only', async () => {
    const { start } = login()
    const { response, location } = await start('?return_to=%2Forders%3Fpage%3D2')
    expect(response.status).toBe(302)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(location.origin + location.pathname).toBe('https://open.weixin.qq.com/connect/oauth2/authorize')
    expect(location.hash).toBe('#wechat_redirect')
    expect(location.searchParams.get('redirect_uri')).toBe(`${SITE}/wechat/callback`)
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-wxkit_oauth_[0-9a-f]{12}=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/
    )
  })

  it('takes away the oldest logins of a browser before its requests become too large to be accepted', async () => {
    const { handlers, start, back, logins } = login()
    const jar = new Map<string, string>([['session', 'x'.repeat(5000)]])
    const path = `/${'a'.repeat(1000)}`
    let last = ''
    for (let attempt = 0; attempt < 20; attempt++) {
      const headers = { cookie: [...jar].map((pair) => pair.join('=')).join('; ') }
      const response = await handlers.authorize(new Request(`${SITE}/login?return_to=${path}`, { headers }))
      last = new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (line.includes('Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure')) jar.delete(name)
        else jar.set(name, value)
      }
    }
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    expect(jar.has('session')).toBe(true)
    expect(cookie.length - 5000).toBeLessThan(6000)
    await back(`?code=C&state=${last}`, cookie)
    expect(logins).toMatchObject([{ returnTo: path }])
    expect((await start()).response.headers.getSetCookie()).toHaveLength(1)
  })

  it('logs in, returns to the path and gives the headers of onLogin', async () => {
    const { start, back, logins } = login()
    const { state, cookie } = await start('?return_to=%2Forders%3Fpage%3D2')
    const response = await back(`?code=C&state=${state}`, cookie)
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('/orders?page=2')
    expect(response.headers.get('set-cookie')).toBe('session=1')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(logins).toEqual([{ openid: 'o1', isRepeat: false, returnTo: '/orders?page=2', nickname: undefined }])
  })

  it('answers the second callback of WeChat like the first, with one exchange', async () => {
    const { start, back, logins, fetch } = login()
    const { state, cookie } = await start()
    const responses = await Promise.all([1, 2, 3].map(() => back(`?code=C&state=${state}`, cookie)))
    expect(responses.map(({ status }) => status)).toEqual([302, 302, 302])
    expect(logins.map(({ isRepeat }) => isRepeat).sort()).toEqual([false, true, true])
    expect(fetch.seen).toHaveLength(1)
  })

  it('gives the profile for snsapi_userinfo, and the QR page for snsapi_login', async () => {
    const profile = login({ scope: 'snsapi_userinfo' })
    const first = await profile.start()
    await profile.back(`?code=C&state=${first.state}`, first.cookie)
    expect(profile.logins[0]?.nickname).toBe('Ann')
    const { location } = await login({ scope: 'snsapi_login' }).start()
    expect(location.pathname).toBe('/connect/qrconnect')
  })

  it('keeps two logins of one browser apart', async () => {
    const { start, back, logins } = login()
    const [a, b] = [await start('?return_to=/a'), await start('?return_to=/b')]
    const cookies = `${a.cookie}; ${b.cookie}`
    await back(`?code=C1&state=${b.state}`, cookies)
    await back(`?code=C2&state=${a.state}`, cookies)
    expect(logins.map(({ returnTo }) => returnTo)).toEqual(['/b', '/a'])
  })

  it.each(['//evil.com', '/\\evil.com', '/%09/evil.com', 'https://evil.com', '/%5cevil.com'])(
    'refuses to return to %j',
    async (path) => {
      const { start, failures } = login()
      const { response } = await start(`?return_to=${encodeURIComponent(path)}`)
      expect(response.status).toBe(418)
      expect(failures).toEqual([['return_path', 'ERR_INVALID_PARAM']])
    }
  )

  it('names each failure', async () => {
    const { start, back, failures, logins, clock } = login()
    const { state, cookie } = await start()
    await back(`?state=${state}`, cookie)
    await back('?code=C', cookie)
    await back(`?code=C&state=${state}`)
    await back(`?code=C&state=${state.slice(0, -1)}x`, cookie)
    await back(`?code=C&state=${state}`, cookie)
    clock.now += 30_000
    await back(`?code=D&state=${state}`, cookie)
    expect(failures).toEqual([
      ['denied', 'ERR_SIGNATURE_MISSING'],
      ['state', 'ERR_SIGNATURE_MISSING'],
      ['state', 'ERR_SIGNATURE_MISSING'],
      ['state', 'ERR_SIGNATURE_MISMATCH'],
      ['state', 'ERR_SIGNATURE_REPLAYED']
    ])
    expect(logins).toHaveLength(1)
  })

  it('does not touch the code of a login that is not its own', async () => {
    const { start, back, fetch } = login()
    const { state } = await start()
    await back(`?code=STOLEN&state=${state}`, 'wxkit_oauth_000000000000=x')
    expect(fetch.seen).toHaveLength(0)
  })

  it('reports WeChat and the application apart', async () => {
    const account = setup({ fetch: async () => json({ errcode: 40029, errmsg: 'invalid code' }) })
    const { start, back, failures } = login({}, account)
    const { state, cookie } = await start()
    await back(`?code=C&state=${state}`, cookie)
    const app = login({
      onLogin: () => {
        throw Object.assign(new Error('database'), { code: 'DB' })
      }
    })
    const second = await app.start()
    await app.back(`?code=C&state=${second.state}`, second.cookie)
    expect([...failures, ...app.failures]).toEqual([
      ['exchange', 'ERR_WECHAT_API'],
      ['login', 'DB']
    ])
  })

  it('has plain responses without onError, and lets the error of the application out', async () => {
    const plain = setup().mp.oauth.loginHandlers({
      redirectUri: `${SITE}/cb`,
      scope: 'snsapi_base',
      onLogin: () => {
        throw new Error('database')
      }
    })
    const refused = await plain.callback(new Request(`${SITE}/cb?code=C&state=x`))
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('ERR_SIGNATURE_MISMATCH')
    const started = await plain.authorize(new Request(`${SITE}/login`))
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state')
    const headers = { cookie: (started.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
    await expect(plain.callback(new Request(`${SITE}/cb?code=C&state=${state}`, { headers }))).rejects.toThrow(
      'database'
    )
    const error = vi.fn()
    const busyFetch = async () => json({ errcode: -1, errmsg: 'busy' })
    const upstream = setup({ fetch: busyFetch, maxRetries: 0, logger: { error } })
    const busy = upstream.mp.oauth.loginHandlers({
      redirectUri: `${SITE}/cb`,
      scope: 'snsapi_base',
      onLogin: () => undefined
    })
    const again = await busy.authorize(new Request(`${SITE}/login`))
    const query = new URL(again.headers.get('location') ?? '').searchParams
    const cookie = (again.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const failed = await busy.callback(
      new Request(`${SITE}/cb?code=C&state=${query.get('state')}`, { headers: { cookie } })
    )
    expect(failed.status).toBe(502)
    await busy.callback(new Request(`${SITE}/cb?code=C&state=x`))
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('-1 busy'),
      expect.objectContaining({ code: 'ERR_WECHAT_API' })
    )
  })

  it('takes a whole response or another path of this site from onLogin, and no other site', async () => {
    const answer = async (reply: Awaited<ReturnType<LoginHandlersOptions['onLogin']>>) => {
      const { start, back, failures } = login({ onLogin: () => reply })
      const { state, cookie } = await start()
      return { response: await back(`?code=C&state=${state}`, cookie), failures }
    }
    expect((await answer(new Response('mine', { status: 201 }))).response.status).toBe(201)
    expect((await answer({ redirectTo: '/welcome' })).response.headers.get('location')).toBe('/welcome')
    expect((await answer(undefined)).response.headers.get('location')).toBe('/')
    expect((await answer({ redirectTo: 'https://evil.com' })).failures).toEqual([['login', 'ERR_INVALID_PARAM']])
  })

  it('takes GET only, so that a link checker does not use a code up', async () => {
    const { handlers, fetch } = login()
    for (const method of ['HEAD', 'POST', 'PUT']) {
      expect((await handlers.callback(new Request(`${SITE}/wechat/callback?code=C`, { method }))).status).toBe(405)
      expect((await handlers.authorize(new Request(`${SITE}/wechat/login`, { method }))).status).toBe(405)
    }
    expect(fetch.seen).toHaveLength(0)
  })

  it('checks its options', () => {
    const { mp } = setup()
    const good = { redirectUri: `${SITE}/cb`, scope: 'snsapi_base', onLogin: () => undefined } as const
    for (const change of [{ redirectUri: '/cb' }, { scope: 'all' }, { onLogin: 1 }, { onEror: () => 1 }]) {
      expect(() => mp.oauth.loginHandlers({ ...good, ...change } as never)).toThrow(code('ERR_CONFIG'))
    }
  })

  it('takes an ordinary cookie for http, as on a development machine', async () => {
    const { start } = login({ redirectUri: 'http://localhost:3000/cb' })
    expect((await start()).response.headers.get('set-cookie')).toMatch(
      /^wxkit_oauth_.*; Path=\/; HttpOnly; SameSite=Lax$/
    )
  })
})
