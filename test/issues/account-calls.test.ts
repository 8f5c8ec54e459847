import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { undiciFetch } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { listen } from '../support/loopback.ts'
import { json, type SeenRequest, stubFetch } from '../support/stub-fetch.ts'

const appId = 'wx0123456789abcdef'
const account = { appId, appSecret: 'not-a-real-secret', maxRetries: 0 }
const code = (expected: string) => expect.objectContaining({ code: expected })
const answering = (answer: (request: SeenRequest) => Response) =>
  stubFetch((request) =>
    request.url.pathname.endsWith('stable_token') ? json({ access_token: 'T', expires_in: 7200 }) : answer(request)
  )

describe('text that is sent', () => {
  it.each([
    ['half an emoji', '生日😀'.slice(0, 3), '生日\uFFFD'],
    ['the other half', '😀!'.slice(1), '\uFFFD!'],
    ['a control character', 'a\u0001b', 'a\uFFFDb'],
    ['a whole emoji and line breaks', '😀\n\t"\\', '😀\n\t"\\'],
    ['a backslash and a u', '\\ud83d', '\\ud83d']
  ])('leaves without an escape that WeChat refuses: %s', async (_, content, expected) => {
    const fetch = answering(() => json({ errcode: 0 }))
    await new OfficialAccount({ ...account, fetch }).customerService.send({
      touser: 'o',
      msgtype: 'text',
      text: { content }
    })
    const { body } = fetch.seen[1] ?? expect.fail('nothing sent')
    expect(JSON.parse(body).text.content).toBe(expected)
    expect(body.replaceAll('\\\\', '')).not.toMatch(/\\u/)
  })
})

describe('tokens from elsewhere', () => {
  const users = answering(() => json({ subscribe: 1, openid: 'o' }))

  it('need no appSecret, but calls that send it say so', async () => {
    const mp = new OfficialAccount({ appId, accessTokenProvider: { get: async () => 'ELSEWHERE' }, fetch: users })
    expect((await mp.users.info('o')).openid).toBe('o')
    expect(users.seen.at(-1)?.url.searchParams.get('access_token')).toBe('ELSEWHERE')
    await expect(mp.oauth.exchangeCode('C')).rejects.toMatchObject({ code: 'ERR_CONFIG', option: 'appSecret' })
    expect(() => mp.oauth.createState()).toThrow(code('ERR_CONFIG'))
    await expect(mp.quota.clearWithAppSecret()).rejects.toThrow(code('ERR_CONFIG'))
  })

  it.each([undefined, null, '', 'two words', '{"access_token":"T"}', { access_token: 'T' }, 7])(
    'are checked before anything is sent: %j',
    async (token) => {
      const fetch = answering(() => json({}))
      const accessTokenProvider = { get: async () => token as string }
      const mp = new OfficialAccount({ appId, accessTokenProvider, fetch })
      await expect(mp.users.info('o')).rejects.toMatchObject({
        code: 'ERR_CONFIG',
        option: 'accessTokenProvider',
        step: 'accessToken'
      })
      expect(fetch.seen).toHaveLength(0)
    }
  )

  it('may be those of WeChat Cloud: in another parameter, or none at all', async () => {
    const fetch = answering(() => json({ subscribe: 1, openid: 'o' }))
    const provider = { get: async () => 'FILE', parameter: 'cloudbase_access_token' as const }
    await new OfficialAccount({ appId, accessTokenProvider: provider, fetch }).users.info('o')
    await new OfficialAccount({ appId, cloud: 'open-api', fetch }).users.info('o')
    expect(fetch.seen.map(({ url }) => String(url))).toEqual([
      'https://api.weixin.qq.com/cgi-bin/user/info?cloudbase_access_token=FILE&openid=o&lang=zh_CN',
      'http://api.weixin.qq.com/cgi-bin/user/info?openid=o&lang=zh_CN'
    ])
  })
})

it.each([
  ['the quota of the day', 45009],
  ['an address that is not on the list', 40164],
  ['a wrong secret', 40125]
])('asks once for a token that is refused because of %s', async (_, errcode) => {
  const clock = { now: 1_700_000_000_000 }
  const fetch = stubFetch(() => json({ errcode, errmsg: 'refused' }))
  const mp = new OfficialAccount({ ...account, fetch, clock: () => clock.now })
  for (let call = 0; call < 300; call++) await expect(mp.users.info('o')).rejects.toMatchObject({ errcode })
  expect(fetch.seen).toHaveLength(1)
  clock.now += 5_001
  await expect(mp.users.info('o')).rejects.toMatchObject({ errcode, step: 'accessToken' })
  expect(fetch.seen).toHaveLength(2)
})

describe('request', () => {
  const form = new FormData()
  form.set('media', new Blob(['x'], { type: 'image/jpeg' }), 'a.jpg')

  it.each([
    ['an object', { a: 1 }, 'application/json', '{"a":1}'],
    ['JSON as text', '{"a":1}', 'application/json', '{"a":1}'],
    ['text', 'a=1', 'text/plain;charset=UTF-8', 'a=1'],
    ['bytes', Buffer.from('{"a":1}'), null, '{"a":1}'],
    ['a blob', new Blob(['x'], { type: 'image/png' }), 'image/png', 'x'],
    ['a form', form, expect.stringMatching(/^multipart\/form-data; boundary=/), expect.stringContaining('name="media"')]
  ])('sends %s as it is', async (_, body, type, sent) => {
    const fetch = answering(() => json({ errcode: 0, ok: true }))
    const mini = new MiniProgram({ ...account, fetch })
    expect(await mini.request({ method: 'POST', path: '/wxa/some_new_api', body })).toEqual({ ok: true })
    const { headers, body: text } = fetch.seen[1] ?? expect.fail('nothing sent')
    expect([headers.get('content-type'), text]).toEqual([type, sent])
  })

  it('takes a content type from the caller, and gives a file', async () => {
    const fetch = answering(() => new Response('GIF89a', { headers: { 'content-type': 'image/gif' } }))
    const mini = new MiniProgram({ ...account, fetch })
    const headers = { 'Content-Type': 'application/json; charset=utf-8' }
    const body = Buffer.from('{}')
    const file = await mini.request({ method: 'POST', path: '/wxa/picture', body, returns: 'file' }, { headers })
    expect([Buffer.from(await file.bytes()).toString(), file.fileName]).toEqual(['GIF89a', 'picture.gif'])
    expect(fetch.seen[1]?.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const refusing = new MiniProgram({ ...account, fetch: answering(() => json({ errcode: 48001, errmsg: 'no' })) })
    const refused = refusing.request({ method: 'GET', path: '/wxa/picture', returns: 'file' })
    await expect(refused).rejects.toMatchObject({ errcode: 48001 })
  })
})

describe('undiciFetch', () => {
  const seen: { length: string | undefined; encoding: string | undefined; type: string | undefined }[] = []
  const serve = () =>
    listen((request, response) => {
      const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type } = request.headers
      seen.push({ length, encoding, type })
      request.resume().on('end', () => {
        if (request.url?.includes('stable_token')) return response.end('{"access_token":"T","expires_in":7200}')
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        response.end(gzipSync('{"errcode":0,"type":"image","media_id":"M","created_at":1}'))
      })
    })

  it('sends a length with every body whose length is known, and decodes what is compressed all the same', async () => {
    const server = await serve()
    const mp = new OfficialAccount({ ...account, baseUrl: server.url, fetch: undiciFetch() })
    const file = { type: 'image' as const, data: Buffer.from([0xff, 0xd8, 0xff]), fileName: 'ä b.jpg' }
    expect((await mp.media.upload(file)).media_id).toBe('M')
    const form = new FormData()
    form.set('text', 'ü')
    for (const body of [form, new Blob(['abc'], { type: 'x/y' }), Buffer.from('abc'), 'abc', { a: 1 }]) {
      expect(await mp.request({ method: 'POST', path: '/x', body })).toMatchObject({ media_id: 'M' })
    }
    expect(seen).toHaveLength(7)
    for (const { length, encoding } of seen) expect([Number(length) > 0, encoding]).toEqual([true, undefined])
    expect(seen.map(({ type }) => type?.split(';')[0])).toEqual([
      'application/json',
      'multipart/form-data',
      'multipart/form-data',
      'x/y',
      undefined,
      'text/plain',
      'application/json'
    ])
    await server.close()
  })
})

describe('mistakes', () => {
  it('names all missing options at once', () => {
    expect(() => new OfficialAccount({} as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG',
        message: expect.stringMatching(/"appId", "appSecret" are required/)
      })
    )
  })

  it('takes undefined for an option that is absent', () => {
    expect(new OfficialAccount({ ...account, baseUrl: undefined, store: undefined, logger: undefined }).appId).toBe(
      appId
    )
  })

  it('names a wrong baseUrl with status and host', async () => {
    const fetch = stubFetch(() => new Response('<html>not here</html>', { status: 404 }))
    const mp = new OfficialAccount({ ...account, baseUrl: 'https://proxy.example.com/wx', fetch })
    await expect(mp.users.info('o')).rejects.toMatchObject({
      code: 'ERR_UNEXPECTED_RESPONSE',
      status: 404,
      message: expect.stringMatching(/HTTP 404 from proxy\.example\.com.*baseUrl/)
    })
  })

  it.each([
    ['parameters beside url', '?url=https://m.example.com/a?x=1&y=2', /encodeURIComponent/],
    ['an escaped ampersand', `?url=${encodeURIComponent('https://m.example.com/a?x=1&amp;y=2')}`, /&amp;/]
  ])('points out to a page: %s', async (_, query, advice) => {
    const fetch = answering(() => json({ errcode: 0, ticket: 'TICKET', expires_in: 7200 }))
    const handler = new OfficialAccount({ ...account, fetch }).jssdk.handler({
      allowedHosts: ['m.example.com'],
      jsApiList: []
    })
    const refused = await handler(new Request(`https://m.example.com/sign${query}`))
    const { error } = (await refused.json()) as { error: { message: string } }
    expect([refused.status, error.message]).toEqual([400, expect.stringMatching(advice)])
    const good = `?url=${encodeURIComponent('https://m.example.com/a?x=1&y=2')}&_=1700000000`
    expect((await handler(new Request(`https://m.example.com/sign${good}`))).status).toBe(200)
  })
})

it.each([
  [10, 280],
  [279, 280],
  [430, 430],
  [2000, 1280]
])('makes a code of %i pixels %i wide, as WeChat does, and says so', async (width, sent) => {
  const warnings: string[] = []
  const fetch = answering(
    () => new Response(Buffer.from([0xff, 0xd8, 0xff]), { headers: { 'content-type': 'image/jpeg' } })
  )
  const mini = new MiniProgram({ ...account, fetch, logger: { warn: (line) => void warnings.push(line) } })
  await mini.wxacode.unlimited({ scene: 'a', width })
  expect(JSON.parse(fetch.seen[1]?.body ?? '')).toEqual({ scene: 'a', width: sent })
  expect(warnings).toHaveLength(width === sent ? 0 : 1)
})

it('sends every client to one simulator', async () => {
  const simulator = 'http://127.0.0.1:8080/'
  const fetch = answering(() => json({ subscribe: 1, openid: 'o' }))
  await new OfficialAccount({ ...account, simulator, fetch }).users.info('o')
  await new OfficialAccount({ ...account, simulator, baseUrl: 'https://proxy.example.com', fetch }).users.info('o')
  expect(fetch.seen.map(({ url }) => url.host + url.pathname)).toEqual([
    '127.0.0.1:8080/api.weixin.qq.com/cgi-bin/stable_token',
    '127.0.0.1:8080/api.weixin.qq.com/cgi-bin/user/info',
    'proxy.example.com/cgi-bin/stable_token',
    'proxy.example.com/cgi-bin/user/info'
  ])
})
