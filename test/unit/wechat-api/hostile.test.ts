import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type FetchLike, memoryStore } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount, type OfficialAccountOptions } from 'weixin-kit/mp'
import { json, stubFetch } from '../../support/stub-fetch.ts'

const SECRET = 'appsecret-value-0123456789'
const client = (over: Partial<OfficialAccountOptions>) =>
  new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: SECRET, maxRetries: 0, ...over })
const failed = async (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('resolved'),
    (error: unknown) => error as Error & { code: string }
  )
const code = (expected: string) => expect.objectContaining({ code: expected })

describe('no secret leaves', () => {
  const upstreams: [string, FetchLike, Partial<OfficialAccountOptions>][] = [
    [
      'a refused connection',
      async () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })),
      {}
    ],
    ['a timeout', () => new Promise(() => undefined), { timeoutMs: 5 }],
    ['HTML', async (url) => new Response(`<html>${url}</html>`, { status: 502 }), {}],
    ['an error that quotes the call', async (url) => json({ errcode: 40013, errmsg: `invalid ${url}` }), {}],
    ['a cut answer', async () => new Response('{"access_token":"SECRETTOKEN'), {}]
  ]

  it.each(upstreams)('when the upstream is %s', async (_, fetch, options) => {
    const lines: string[] = []
    const write = (message: string, fields?: unknown) => void lines.push(message + inspect(fields, { depth: 10 }))
    const logger = { debug: write, info: write, warn: write, error: write }
    const mp = client({ fetch, logger, tokenKind: 'plain', ...options })
    for (const work of [
      () => mp.accessToken.get(),
      () => mp.oauth.exchangeCode('CODE-OF-THE-USER'),
      () => mp.oauth.refreshToken('REFRESH-TOKEN-VALUE'),
      () => mp.quota.clearWithAppSecret()
    ]) {
      const error = await failed(work())
      expect(error.code).toMatch(/^ERR_/)
      const shown = [inspect(error, { depth: 10 }), JSON.stringify(error), error.stack, ...lines].join('\n')
      for (const secret of [SECRET, 'CODE-OF-THE-USER', 'REFRESH-TOKEN-VALUE', 'SECRETTOKEN'])
        expect(shown).not.toContain(secret)
    }
  })
})

describe('request()', () => {
  it.each([
    '@evil.com/x',
    '//evil.com/x',
    '/\\evil.com',
    '.evil.com/x',
    'cgi-bin/user/get',
    ':80@evil.com/',
    '/a b',
    '/a#b',
    '',
    undefined
  ])('sends no token to %j', async (path) => {
    const fetch = stubFetch(() => json({}))
    const mp = client({ fetch, accessTokenProvider: { get: async () => 'TOKEN' } })
    await expect(mp.request({ method: 'GET', path } as never)).rejects.toThrow(code('ERR_INVALID_PARAM'))
    expect(fetch.seen).toHaveLength(0)
  })

  it('takes a query in the path as well', async () => {
    const fetch = stubFetch(() => json({ ok: 1 }))
    const mp = client({ fetch, accessTokenProvider: { get: async () => 'TOKEN' } })
    expect(await mp.request({ method: 'GET', path: '/cgi-bin/x?a=1', query: { b: 2 } })).toEqual({ ok: 1 })
    expect(fetch.seen[0]?.url.href).toBe('https://api.weixin.qq.com/cgi-bin/x?a=1&access_token=TOKEN&b=2')
  })
})

describe('what callers and stores get wrong', () => {
  it('refuses a stream of text', async () => {
    const fetch = stubFetch(() => json({}))
    const mp = client({ fetch, accessTokenProvider: { get: async () => 'TOKEN' } })
    const data = Readable.from(['text']) as unknown as AsyncIterable<Uint8Array>
    await expect(mp.media.upload({ type: 'image', data, fileName: 'a.png' })).rejects.toThrow(code('ERR_INVALID_PARAM'))
    expect(fetch.seen).toHaveLength(0)
  })

  it('gives errors of this library when the store holds rubbish', async () => {
    const inner = memoryStore()
    const store = { ...inner, setIfAbsent: async () => false, get: async () => 'done:{' }
    const mp = client({ store, fetch: stubFetch(() => json({})) })
    await expect(mp.oauth.exchangeCode('C', { login: 'L' })).rejects.toThrow(code('ERR_STORE'))
    const mini = new MiniProgram({ appId: 'wx0123456789abcdef', appSecret: SECRET, store })
    expect(await mini.session.find('a'.repeat(43))).toBeUndefined()
  })

  it('keeps a field named __proto__ a field', async () => {
    const body = '{"errcode":0,"__proto__":{"polluted":true},"ip_list":[]}'
    const mp = client({ fetch: async () => new Response(body), accessTokenProvider: { get: async () => 'T' } })
    const answer = await mp.request<Record<string, unknown>>({ method: 'GET', path: '/x' })
    expect(answer.polluted).toBeUndefined()
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('access tokens', () => {
  it('of a provider are the ones that accessToken answers', async () => {
    const told: string[] = []
    let serial = 1
    const fetch = stubFetch(() => json({}))
    const invalidate = async (token: string) => {
      told.push(token)
      serial++
    }
    const { accessToken } = client({ fetch, accessTokenProvider: { get: async () => `mine-${serial}`, invalidate } })
    expect(await accessToken.get()).toBe('mine-1')
    expect(await accessToken.invalidate('mine-1')).toBe(true)
    expect(await accessToken.forceRefresh()).toBe('mine-3')
    expect(told).toEqual(['mine-1', 'mine-2'])
    expect(fetch.seen).toHaveLength(0)
  })

  it('are replaced when a download answers that they are void', async () => {
    let token = 'old'
    const fetch = stubFetch(({ url }) =>
      url.searchParams.get('access_token') === 'new'
        ? new Response('PICTURE', { headers: { 'content-type': 'image/png' } })
        : json({ errcode: 40014, errmsg: 'invalid access_token' })
    )
    const invalidate = async () => {
      token = 'new'
    }
    const mp = client({ fetch, accessTokenProvider: { get: async () => token, invalidate } })
    const material = await mp.media.get('m')
    expect(material.kind === 'file' && Buffer.from(await material.file.bytes()).toString()).toBe('PICTURE')
  })

  it('never follow a redirect', async () => {
    const { listen } = await import('../../support/loopback.ts')
    const seen: string[] = []
    const server = await listen((request, response) => {
      seen.push(request.url ?? '')
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    const mp = client({ baseUrl: server.url, accessTokenProvider: { get: async () => 'TOKEN' } })
    await expect(mp.network.callbackIps()).rejects.toThrow(code('ERR_CONNECTION'))
    expect(seen).toHaveLength(1)
    await server.close()
  })
})
