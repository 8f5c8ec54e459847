import { describe, expect, it } from 'vitest'
import { OfficialAccount, tokenServer, tokenServerHandler } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'

const SECRET = 'a-secret-of-at-least-32-characters'
const URL_OF_SERVER = 'https://tokens.example.com/wechat'

function setUp(options: { secret?: string } = {}) {
  const simulator = createSimulator()
  const { officialAccount } = simulator.credentials
  const owner = new OfficialAccount({ ...officialAccount, ...simulator.clientOptions })
  const failures: unknown[] = []
  const handler = tokenServerHandler({ accounts: [owner], secret: SECRET, onError: (error) => failures.push(error) })
  let asked = 0
  const provider = tokenServer({
    url: URL_OF_SERVER,
    appId: officialAccount.appId,
    secret: options.secret ?? SECRET,
    clock: simulator.clientOptions.clock,
    fetch: (input, init) => {
      asked++
      return handler(new Request(input, init))
    }
  })
  const guest = new OfficialAccount({
    appId: officialAccount.appId,
    accessTokenProvider: provider,
    ...simulator.clientOptions
  })
  const ask = (init: RequestInit = {}, query = `?appid=${officialAccount.appId}`) =>
    handler(
      new Request(URL_OF_SERVER + query, {
        ...init,
        headers: { authorization: `Bearer ${SECRET}`, ...(init.headers as object) }
      })
    )
  return { simulator, owner, guest, provider, ask, failures, count: () => asked, appId: officialAccount.appId }
}

describe('token server', () => {
  it('lets another program use the account without its AppSecret, and asks once', async () => {
    const { guest, owner, count } = setUp()
    await Promise.all(Array.from({ length: 50 }, () => guest.network.callbackIps()))
    expect(count()).toBe(1)
    expect(await guest.accessToken.get()).toBe(await owner.accessToken.get())
  })

  it('replaces a token that WeChat refused, for all', async () => {
    const { simulator, guest, owner } = setUp()
    const before = await guest.accessToken.get()
    simulator.wechat.invalidateTokens()
    await guest.network.callbackIps()
    const after = await guest.accessToken.get()
    expect(after).not.toBe(before)
    expect(await owner.accessToken.get()).toBe(after)
  })

  it('says for how long, and never lets a proxy keep it', async () => {
    const { ask, appId } = setUp()
    const response = await ask()
    expect(response.headers.get('cache-control')).toBe('no-store')
    const body = (await response.json()) as { expires_in: number }
    expect(body).toMatchObject({ appid: appId, access_token: expect.any(String) })
    expect(body.expires_in).toBeGreaterThan(7000)
  })

  it.each<[string, number, Parameters<ReturnType<typeof setUp>['ask']>]>([
    ['no secret', 401, [{ headers: { authorization: '' } }]],
    ['a wrong secret', 401, [{ headers: { authorization: `Bearer ${SECRET}x` } }]],
    ['the secret of another scheme', 401, [{ headers: { authorization: `Basic ${SECRET}` } }]],
    ['another account', 404, [{}, '?appid=wx0000000000000000']],
    ['no account', 404, [{}, '']],
    ['another method', 405, [{ method: 'DELETE' }]],
    ['a body that is not JSON', 400, [{ method: 'POST', body: 'refused' }]],
    ['a body without a token', 400, [{ method: 'POST', body: '{"refused":1}' }]],
    ['a body that is too large', 400, [{ method: 'POST', body: 'x'.repeat(5000) }]]
  ])('refuses %s', async (_, status, args) => {
    const { ask } = setUp()
    const response = await ask(...args)
    expect(response.status).toBe(status)
    expect(await response.text()).not.toContain('access_token')
  })

  it('a token that was refused long ago replaces nothing', async () => {
    const { ask, owner } = setUp()
    const current = await owner.accessToken.get()
    const response = await ask({ method: 'POST', body: JSON.stringify({ refused: 'an-older-token' }) })
    expect(await response.json()).toMatchObject({ access_token: current })
  })

  it('a failure of WeChat is a code for the caller and an error for the server', async () => {
    const { simulator, ask, failures } = setUp()
    simulator.wechat.freezeSecret(true)
    const response = await ask()
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ error: 'ERR_WECHAT_API' })
    expect(failures).toEqual([expect.objectContaining({ errcode: 40243 })])
  })

  it('names a wrong secret to its user, without showing it', async () => {
    const { guest } = setUp({ secret: 'another-secret-of-32-characters-' })
    const error = await guest.network.callbackIps().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE', status: 401 })
    expect(String(error)).not.toContain('another-secret')
  })

  it('does not depend on a reporter that fails', async () => {
    const simulator = createSimulator()
    const owner = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
    const report = () => Promise.reject(new Error('the log is full'))
    const handler = tokenServerHandler({ accounts: [owner], secret: SECRET, onError: report })
    simulator.wechat.freezeSecret(true)
    const url = `${URL_OF_SERVER}?appid=${simulator.credentials.officialAccount.appId}`
    const response = await handler(new Request(url, { headers: { authorization: `Bearer ${SECRET}` } }))
    expect(response.status).toBe(503)
  })

  const get = (fetch: () => Response, timeoutMs = 5_000) =>
    tokenServer({
      url: URL_OF_SERVER,
      appId: 'wx0123456789abcdef',
      secret: SECRET,
      timeoutMs,
      fetch: async () => fetch()
    })
      .get()
      .catch((reason: unknown) => reason)
  const bodyThat = (pull: (body: ReadableStreamDefaultController<Uint8Array>) => void) =>
    new Response(new ReadableStream({ pull }))
  const cut = new TypeError('terminated')

  it.each<[string, () => Response, object]>([
    ['a body that breaks off', () => bodyThat((body) => body.error(cut)), { code: 'ERR_CONNECTION', cause: cut }],
    [
      'a body without an end',
      () => bodyThat((body) => body.enqueue(new Uint8Array(50_000))),
      { code: 'ERR_BODY_TOO_LARGE' }
    ],
    ['an empty token', () => Response.json({ access_token: '' }), { code: 'ERR_UNEXPECTED_RESPONSE' }],
    [
      'the token of another account',
      () => Response.json({ appid: 'wx9999999999999999', access_token: 'TOKEN', expires_in: 7200 }),
      { code: 'ERR_UNEXPECTED_RESPONSE', message: expect.stringContaining('another appid') }
    ]
  ])('refuses %s from the server', async (_, respond, expected) => {
    expect(await get(respond)).toMatchObject(expected)
  })

  it('names a time limit that passed while the body was read', async () => {
    const late = () => bodyThat((body) => body.error(new DOMException('The operation was aborted.', 'TimeoutError')))
    expect(await get(late)).toMatchObject({ code: 'ERR_TIMEOUT' })
  })

  it('does not repeat what quotes the secret', async () => {
    const error = await get(() => Response.json({ error: `Bearer ${SECRET}` }, { status: 401 }))
    expect(error).toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
    expect(String(error)).not.toContain(SECRET.slice(0, 12))
  })

  it('checks its options', () => {
    const { owner } = setUp()
    expect(() => tokenServerHandler({ accounts: [owner], secret: 'short' })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', option: 'secret' })
    )
    expect(() => tokenServerHandler({ accounts: [{}] as never, secret: SECRET })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', option: 'accounts' })
    )
    expect(() => tokenServer({ url: 'ftp://x', appId: 'wx0123456789abcdef', secret: SECRET })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', option: 'url' })
    )
  })
})
