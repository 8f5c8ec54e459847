import { describe, expect, it } from 'vitest'
import { memoryStore, type Store } from 'weixin-kit'
import { OfficialAccount, type OfficialAccountOptions } from 'weixin-kit/mp'
import { json, type SeenRequest, stubFetch } from '../../support/stub-fetch.ts'

/** WeChat as far as tokens go: `stable` in both modes, and a list of tokens that it accepts. */
function upstream(over: Partial<OfficialAccountOptions> = {}) {
  const clock = { now: 1_700_000_000_000 }
  const counts = { normal: 0, force: 0, plain: 0, calls: 0 }
  const state = { serial: 0, current: 'token-0', accepts: (token: string) => token === state.current }
  const pause = () => new Promise((resolve) => setImmediate(resolve))
  const fetch = stubFetch(async ({ url, body }: SeenRequest) => {
    await pause()
    if (url.pathname === '/cgi-bin/stable_token') {
      if (JSON.parse(body).force_refresh) {
        counts.force++
        state.current = `token-${++state.serial}`
      } else counts.normal++
      return json({ access_token: state.current, expires_in: 7200 })
    }
    if (url.pathname === '/cgi-bin/token') {
      counts.plain++
      state.current = `token-${++state.serial}`
      return json({ access_token: state.current, expires_in: 7200 })
    }
    counts.calls++
    if (!state.accepts(url.searchParams.get('access_token') ?? '')) {
      return json({ errcode: 40001, errmsg: 'invalid credential, access_token is invalid or not latest' })
    }
    return json({ ip_list: ['203.0.113.1'] })
  })
  const store = over.store ?? memoryStore({ clock: () => clock.now })
  const client = (more: Partial<OfficialAccountOptions> = {}) =>
    new OfficialAccount({
      appId: 'wx0123456789abcdef',
      appSecret: 'not-a-real-secret',
      clock: () => clock.now,
      store,
      fetch,
      ...over,
      ...more
    })
  return { clock, counts, state, store, fetch, client }
}
const refused = (errcode: number) => expect.objectContaining({ code: 'ERR_WECHAT_API', errcode })

describe('a refused token', () => {
  it('is replaced by the stored one of another process without a fetch', async () => {
    const { counts, state, client } = upstream()
    const [a, b] = [client(), client()]
    await Promise.all([a.network.callbackIps(), b.network.callbackIps()])
    await a.accessToken.forceRefresh()
    expect(counts).toMatchObject({ normal: 1, force: 1 })
    await b.network.callbackIps()
    expect(counts).toMatchObject({ normal: 1, force: 1 })
    expect(state.current).toBe('token-1')
  })

  it('is dropped, replaced by force when WeChat insists on it, and the call repeated once', async () => {
    const { counts, state, client } = upstream()
    const mp = client()
    await mp.network.callbackIps()
    // stable_token in normal mode still answers token-0, which the API refuses.
    state.accepts = (token) => token !== 'token-0'
    counts.calls = 0
    expect(await mp.network.callbackIps()).toEqual(['203.0.113.1'])
    expect(counts).toMatchObject({ calls: 2, normal: 2, force: 1 })
  })

  it('costs one forced refresh for 500 concurrent calls over four clients on one store', async () => {
    const { counts, state, client } = upstream()
    const clients = [client(), client(), client(), client()]
    await Promise.all(clients.map((mp) => mp.network.callbackIps()))
    state.accepts = (token) => token !== 'token-0'
    const results = await Promise.all(
      clients.flatMap((mp) => Array.from({ length: 125 }, () => mp.network.callbackIps()))
    )
    expect(results).toHaveLength(500)
    expect(counts.force).toBe(1)
    expect(counts.normal).toBeLessThanOrEqual(6)
  })

  it('gives the error after one repeat, and no further force within a minute', async () => {
    const { clock, counts, state, client } = upstream()
    const mp = client()
    state.accepts = () => false
    await expect(mp.network.callbackIps()).rejects.toThrow(refused(40001))
    expect(counts).toMatchObject({ calls: 2, force: 1 })
    for (let second = 0; second < 59; second += 5) {
      await expect(mp.network.callbackIps()).rejects.toThrow(refused(40001))
      clock.now += 5_000
    }
    expect(counts.force).toBe(1)
    clock.now += 5_000
    await expect(mp.network.callbackIps()).rejects.toThrow(refused(40001))
    expect(counts.force).toBe(2)
  })

  it('never loops, however many calls fail at once', async () => {
    const { counts, state, client } = upstream()
    const clients = [client(), client()]
    state.accepts = () => false
    const results = await Promise.allSettled(
      clients.flatMap((mp) => Array.from({ length: 200 }, () => mp.network.callbackIps()))
    )
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
    expect(counts.force).toBe(1)
    expect(counts.calls).toBeLessThanOrEqual(800)
    expect(counts.normal).toBeLessThan(20)
  })

  it('does not remove a newer token (compare and delete)', async () => {
    const { store, state, client } = upstream()
    const mp = client()
    const old = await mp.accessToken.get()
    await mp.accessToken.forceRefresh()
    expect(await mp.accessToken.invalidate(old)).toBe(false)
    expect(await store.get('weixin-kit:wx0123456789abcdef:stable_token')).toContain(state.current)
    expect(await mp.accessToken.invalidate(state.current)).toBe(true)
  })

  it('is not retried with the same token by the retry of safe calls', async () => {
    const { counts, state, client } = upstream({ maxRetries: 5 })
    state.accepts = () => false
    await expect(client().network.callbackIps()).rejects.toThrow(refused(40001))
    expect(counts.calls).toBe(2)
  })

  it('is not replaced for 41001, nor for web tokens', async () => {
    const fetch = stubFetch(({ url }) =>
      url.pathname === '/cgi-bin/stable_token'
        ? json({ access_token: 'T', expires_in: 7200 })
        : json({ errcode: url.pathname.startsWith('/sns') ? 42001 : 41001, errmsg: 'x' })
    )
    const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: 'not-a-real-secret', fetch })
    await expect(mp.network.callbackIps()).rejects.toThrow(refused(41001))
    await expect(mp.oauth.userInfo({ access_token: 'a', openid: 'o' })).rejects.toThrow(refused(42001))
    expect(fetch.seen.map(({ url }) => url.pathname)).toEqual([
      '/cgi-bin/stable_token',
      '/cgi-bin/getcallbackip',
      '/sns/userinfo'
    ])
  })
})

describe('plain tokens, of which every fetch voids the one before', () => {
  it('asks once for many concurrent failures', async () => {
    const { counts, state, client } = upstream({ tokenKind: 'plain' })
    const mp = client()
    await mp.network.callbackIps()
    state.current = 'made by somebody else'
    await Promise.all(Array.from({ length: 300 }, () => mp.network.callbackIps()))
    expect(counts.plain).toBe(2)
  })

  it('asks once a minute at most while every token is refused', async () => {
    const { clock, counts, state, client } = upstream({ tokenKind: 'plain' })
    const mp = client()
    state.accepts = () => false
    for (let second = 0; second < 60; second += 2) {
      await expect(mp.network.callbackIps()).rejects.toThrow(refused(40001))
      clock.now += 2_000
    }
    expect(counts.plain).toBe(2)
    clock.now += 2_000
    await expect(mp.network.callbackIps()).rejects.toThrow(refused(40001))
    expect(counts.plain).toBe(3)
  })
})

describe('tokens from elsewhere', () => {
  it('are asked for again once, and told what was refused', async () => {
    const told: string[] = []
    let serial = 0
    const { state, counts, client } = upstream()
    state.accepts = (token) => token === 'mine-1'
    const mp = client({
      accessTokenProvider: {
        get: async () => `mine-${serial}`,
        invalidate: async (token) => {
          told.push(token)
          serial++
        }
      }
    })
    await mp.network.callbackIps()
    expect(told).toEqual(['mine-0'])
    expect(counts).toMatchObject({ normal: 0, force: 0, calls: 2 })
  })

  it('end with the error when the source has no other', async () => {
    const { state, counts, client } = upstream()
    state.accepts = () => false
    const mp = client({ accessTokenProvider: { get: async () => 'mine' } })
    await expect(mp.network.callbackIps()).rejects.toThrow(refused(40001))
    expect(counts.calls).toBe(1)
  })
})

describe('forced refreshes by hand', () => {
  it('are one a minute over all clients; within it the current token is answered', async () => {
    const { clock, counts, client } = upstream()
    const [a, b] = [client(), client()]
    const tokens = await Promise.all([a, b, a, b].map((mp) => mp.accessToken.forceRefresh()))
    expect(new Set(tokens)).toEqual(new Set(['token-1']))
    expect(counts.force).toBe(1)
    clock.now += 60_001
    expect(await b.accessToken.forceRefresh()).toBe('token-2')
  })

  it('do not repeat after a failure', async () => {
    const seen: string[] = []
    const fetch = stubFetch(({ body }) => {
      seen.push(body)
      return new Response('bad gateway', { status: 502 })
    })
    const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: 'not-a-real-secret', fetch })
    await expect(mp.accessToken.forceRefresh()).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_UNEXPECTED_RESPONSE' })
    )
    expect(seen).toHaveLength(1)
  })
})

it('keeps the tokens of two accounts apart on one store', async () => {
  const store: Store = memoryStore()
  const fetch = stubFetch(({ body }) => json({ access_token: `of ${JSON.parse(body).appid}`, expires_in: 7200 }))
  const client = (appId: string) => new OfficialAccount({ appId, appSecret: 'not-a-real-secret', fetch, store })
  expect(await client('wx1111111111111111').accessToken.get()).toBe('of wx1111111111111111')
  expect(await client('wx2222222222222222').accessToken.get()).toBe('of wx2222222222222222')
})

it('shows neither secret nor token when it is inspected', async () => {
  const { inspect } = await import('node:util')
  const { client } = upstream()
  const mp = client({ appSecret: 'very-secret-value' })
  await mp.accessToken.get()
  const shown = inspect(mp, { depth: 10, showHidden: true }) + JSON.stringify(mp)
  expect(shown).not.toContain('very-secret-value')
  expect(shown).not.toContain('token-0')
})
