import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { memoryStore, SignatureError } from 'weixin-kit'
import { type CallbackHandlerOptions, Qiniu } from 'weixin-kit/qiniu'
import { fcParameters } from '../../support/fc-parameters.ts'

const FORM = 'application/x-www-form-urlencoded'
const NOW = Date.parse('2026-03-01T10:00:00Z')
const URL_CALLED = 'https://app.example/qiniu/callback?shop=7'
const qiniu = new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'photos', clock: () => NOW })

interface Parts {
  url?: string
  body?: string
  contentType?: string
  scheme?: 'QBox' | 'Qiniu'
  signedUrl?: string
  signedBody?: string
  authorization?: string | null
  headers?: Record<string, string>
  by?: Qiniu
}
function request(parts: Parts = {}): Request {
  const {
    url = URL_CALLED,
    body = 'key=a&hash=h',
    contentType = FORM,
    scheme = 'QBox',
    headers = {},
    by = qiniu
  } = parts
  const authorization =
    parts.authorization === undefined
      ? by.managementAuthorization({
          scheme,
          method: 'POST',
          url: parts.signedUrl ?? url,
          contentType,
          headers,
          body: parts.signedBody ?? body
        })
      : parts.authorization
  return new Request(url, {
    method: 'POST',
    headers: { 'content-type': contentType, ...headers, ...(authorization === null ? {} : { authorization }) },
    body
  })
}
async function run(received: Request, options: Partial<CallbackHandlerOptions> = {}) {
  const seen: unknown[] = []
  const handler = qiniu.callbackHandler({ onUploaded: (fields) => void seen.push(fields), ...options })
  const answer = await handler(received)
  return { status: answer.status, body: await answer.json(), type: answer.headers.get('content-type'), seen }
}

describe('callbackHandler', () => {
  it.each(['QBox', 'Qiniu'] as const)('hands over the fields of a callback signed by %s', async (scheme) => {
    const answer = await run(request({ scheme, body: 'key=a%2Bb&name=%E4%B8%AD+1&empty=' }))
    expect(answer).toEqual({
      status: 200,
      body: {},
      type: 'application/json',
      seen: [{ key: 'a+b', name: '中 1', empty: '' }]
    })
  })

  it('answers what onUploaded returns', async () => {
    const { body } = await run(request(), { onUploaded: async ({ key }) => ({ key: `${key}!` }) })
    expect(body).toEqual({ key: 'a!' })
  })

  it('takes JSON with the Qiniu scheme', async () => {
    const { seen } = await run(
      request({ scheme: 'Qiniu', contentType: 'application/json', body: '{"size":9007199254740993}' })
    )
    expect(seen).toEqual([{ size: '9007199254740993' }])
  })

  const forged: [string, Parts, string][] = [
    ['without a signature', { authorization: null }, 'ERR_SIGNATURE_MISSING'],
    ['with another kind of header', { authorization: 'Bearer abc' }, 'ERR_SIGNATURE_MISSING'],
    ['with a scheme of its own', { authorization: 'qbox ak:aaaa' }, 'ERR_SIGNATURE_MISSING'],
    [
      'signed for another access key',
      { by: new Qiniu({ accessKey: 'other', secretKey: 'sk', bucket: 'photos' }) },
      'ERR_SIGNATURE_UNKNOWN_SERIAL'
    ],
    [
      'signed with another secret',
      { by: new Qiniu({ accessKey: 'ak', secretKey: 'guess', bucket: 'photos' }) },
      'ERR_SIGNATURE_MISMATCH'
    ],
    ['with another body', { signedBody: 'key=b' }, 'ERR_SIGNATURE_MISMATCH'],
    ['for another path', { signedUrl: 'https://app.example/other?shop=7' }, 'ERR_SIGNATURE_MISMATCH'],
    ['for another query', { signedUrl: 'https://app.example/qiniu/callback?shop=8' }, 'ERR_SIGNATURE_MISMATCH'],
    [
      'for another host',
      { scheme: 'Qiniu', signedUrl: 'https://evil.example/qiniu/callback?shop=7' },
      'ERR_SIGNATURE_MISMATCH'
    ],
    [
      'with JSON that QBox does not protect',
      { contentType: 'application/json', body: '{"key":"a"}' },
      'ERR_SIGNATURE_MISMATCH'
    ],
    [
      'with bytes that the signature leaves out',
      { scheme: 'Qiniu', contentType: 'application/octet-stream' },
      'ERR_SIGNATURE_MISMATCH'
    ],
    ['from long ago', { scheme: 'Qiniu', headers: { 'X-Qiniu-Date': '20260301T094459Z' } }, 'ERR_SIGNATURE_EXPIRED'],
    ['with a date that is none', { scheme: 'Qiniu', headers: { 'X-Qiniu-Date': 'today' } }, 'ERR_SIGNATURE_EXPIRED']
  ]
  it.each(forged)('refuses a callback %s', async (_, parts, code) => {
    const { status, body, seen } = await run(request(parts))
    expect({ status, body, seen }).toEqual({ status: 401, body: { error: code }, seen: [] })
  })

  it('verifies a callback without a body, whatever its type', () => {
    const request = { method: 'POST', host: 'app.example', target: '/cb', contentType: 'text/plain', body: '' }
    const authorization = qiniu.managementAuthorization({ ...request, scheme: 'QBox', url: 'https://app.example/cb' })
    expect(qiniu.verifyCallback({ ...request, authorization })).toBe('QBox')
  })

  it('takes no second date beside the signed one for fresh', () => {
    const signed = { method: 'POST', host: 'app.example', target: '/cb', contentType: FORM, body: 'key=a' }
    const old = ['X-Qiniu-Date', '20260201T100000Z'] as const
    const authorization = qiniu.managementAuthorization({
      ...signed,
      scheme: 'Qiniu',
      url: 'https://app.example/cb',
      method: 'POST',
      headers: Object.fromEntries([old])
    })
    const fresh = ['X-Qiniu-Date', '20260301T100000Z'] as const
    expect(() => qiniu.verifyCallback({ ...signed, headers: [fresh, old], authorization })).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_EXPIRED' })
    )
  })

  it('accepts a date within 15 minutes', async () => {
    const { status } = await run(request({ scheme: 'Qiniu', headers: { 'X-Qiniu-Date': '20260301T094501Z' } }))
    expect(status).toBe(200)
  })

  it('verifies what Qiniu called, not what a proxy made of it', async () => {
    const inner = { url: 'http://127.0.0.1:3000/callback?shop=7', signedUrl: URL_CALLED, scheme: 'Qiniu' } as const
    expect((await run(request(inner))).status).toBe(401)
    expect((await run(request(inner), { publicUrl: 'https://app.example/qiniu/callback' })).status).toBe(200)
  })

  it('answers a failure of the application so that the uploader gets 579, and logs no secret', async () => {
    const lines: string[] = []
    const logging = new Qiniu({
      accessKey: 'ak',
      secretKey: 'sk',
      bucket: 'photos',
      logger: { error: (m) => lines.push(m) }
    })
    const handler = logging.callbackHandler({
      onUploaded: () => {
        throw new Error('database down')
      }
    })
    const answer = await handler(request())
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'callback failed' }])
    expect(lines.join()).toContain('database down')
  })

  it('runs once for repeats, and stores the response', async () => {
    const store = memoryStore()
    let runs = 0
    const options = { store, onUploaded: () => ({ run: ++runs }) }
    const results = await Promise.all(Array.from({ length: 20 }, () => run(request(), options)))
    expect(runs).toBe(1)
    for (const { body } of results) expect(body).toEqual({ run: 1 })
    expect((await run(request({ body: 'key=b' }), options)).body).toEqual({ run: 2 })
  })

  const DATED = { scheme: 'Qiniu', headers: { 'X-Qiniu-Date': '20260301T100000Z' } } as const

  it('takes signed dates only, if asked to', async () => {
    expect((await run(request(DATED), { requireDate: true })).status).toBe(200)
    const undated: Parts[] = [{}, { scheme: 'Qiniu' }, { scheme: 'QBox', headers: DATED.headers }]
    for (const parts of undated) {
      const { status, body, seen } = await run(request(parts), { requireDate: true })
      expect({ status, body, seen }).toEqual({ status: 401, body: { error: 'ERR_SIGNATURE_MISSING' }, seen: [] })
    }
  })

  it('remembers a dated callback for as long as its date is accepted', async () => {
    let now = NOW - 14 * 60_000
    const clocked = new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'photos', clock: () => now })
    let runs = 0
    const store = memoryStore({ clock: () => now })
    const handler = clocked.callbackHandler({ store, dedupeSeconds: 1, onUploaded: () => ({ run: ++runs }) })
    for (const minutes of [0, 10, 20, 28]) {
      now = NOW - 14 * 60_000 + minutes * 60_000
      expect((await handler(request(DATED))).status).toBe(200)
    }
    now = NOW + 16 * 60_000
    expect((await handler(request(DATED))).status).toBe(401)
    expect(runs).toBe(1)
  })

  it('keeps two accounts with one store apart', async () => {
    const store = memoryStore()
    const other = new Qiniu({ accessKey: 'other', secretKey: 'sk', bucket: 'photos', clock: () => NOW })
    let runs = 0
    const options = { store, onUploaded: () => ({ run: ++runs }) }
    await qiniu.callbackHandler(options)(request())
    await other.callbackHandler(options)(request({ by: other }))
    expect(runs).toBe(2)
  })

  it('names the store when it fails, and runs nothing', async () => {
    const codes: unknown[] = []
    const logging = new Qiniu({
      accessKey: 'ak',
      secretKey: 'sk',
      bucket: 'photos',
      logger: { error: (_, fields) => codes.push(fields?.code) }
    })
    const store = { ...memoryStore(), setIfAbsent: () => Promise.reject(new Error('READONLY')) }
    const onUploaded = vi.fn()
    expect((await logging.callbackHandler({ store, onUploaded })(request())).status).toBe(500)
    expect(codes).toEqual(['ERR_STORE'])
    expect(onUploaded).not.toHaveBeenCalled()
  })

  it('runs again when it failed the first time', async () => {
    const store = memoryStore()
    let runs = 0
    const options = {
      store,
      onUploaded: () => {
        if (++runs === 1) throw new Error('once')
        return {}
      }
    }
    expect((await run(request(), options)).status).toBe(500)
    expect((await run(request(), options)).status).toBe(200)
  })

  it('answers 500, never 401, for what the application throws, and reports everything refused', async () => {
    const refused = new SignatureError('mismatch', 'of something that the application verified', { product: 'pay' })
    const seen: unknown[] = []
    const onError = (error: unknown, context: { status: number }) => seen.push([error, context.status])
    const { status } = await run(request(), { onUploaded: () => Promise.reject(refused), onError })
    expect(status).toBe(500)
    expect((await run(request({ authorization: '' }), { onError })).status).toBe(401)
    expect(seen).toEqual([
      [refused, 500],
      [expect.objectContaining({ code: 'ERR_SIGNATURE_MISSING' }), 401]
    ])
  })

  it('takes POST only, and bodies up to its limit', async () => {
    expect((await run(new Request(URL_CALLED))).status).toBe(405)
    expect((await run(request({ body: `key=${'a'.repeat(70_000)}` }))).status).toBe(413)
    expect((await run(request({ body: 'key=abc' }), { bodyLimitBytes: 3 })).status).toBe(413)
  })

  it('says that a body parser was there first', async () => {
    const received = request()
    await received.text()
    await expect(run(received)).rejects.toMatchObject({ code: 'ERR_BODY_ALREADY_PARSED' })
  })

  it('refuses JSON that is no object', async () => {
    const { status, seen } = await run(request({ scheme: 'Qiniu', contentType: 'application/json', body: '[1]' }))
    expect({ status, seen }).toEqual({ status: 400, seen: [] })
  })

  it('never runs for a signature that was made up', async () => {
    const header = fc.oneof(
      fc.string(),
      fc.stringMatching(/^(QBox|Qiniu) ak:[\w-]{27}=$/),
      fc.base64String().map((text) => `QBox ak:${text}`)
    )
    await fc.assert(
      fc.asyncProperty(
        header,
        fc.string(),
        fc.constantFrom(FORM, 'application/json', 'text/plain'),
        async (text, body, contentType) => {
          const authorization = text.replace(/[^\x20-\x7e]/g, '').trim()
          const { status, seen } = await run(request({ authorization, body, contentType }))
          expect({ status, seen }).toEqual({ status: 401, seen: [] })
        }
      ),
      fcParameters(300)
    )
  })

  it.each([
    ['onUploaded', {}],
    ['publicUrl', { onUploaded: () => ({}), publicUrl: '/relative' }],
    ['store', { onUploaded: () => ({}), store: {} }]
  ])('needs a right %s', (option, options) => {
    expect(() => qiniu.callbackHandler(options as never)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', option })
    )
  })
})

describe('uploadTokenHandler', () => {
  const withRegion = new Qiniu({
    accessKey: 'ak',
    secretKey: 'sk',
    bucket: 'photos',
    region: 'z2',
    domain: 'cdn.example.com'
  })

  it('answers a token for what the policy permits', async () => {
    const handler = withRegion.uploadTokenHandler({
      authorize: () => true,
      policy: (received) => ({ key: `u/${new URL(received.url).searchParams.get('name')}`, expiresInSeconds: 60 })
    })
    const answer = await handler(new Request('https://app.example/token?name=a.jpg'))
    const body = (await answer.json()) as { token: string }
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      token: body.token,
      uptoken: body.token,
      uploadUrl: 'https://upload-z2.qiniup.com/',
      domain: 'cdn.example.com'
    })
    expect(JSON.parse(Buffer.from(body.token.split(':')[2] ?? '', 'base64url').toString()).scope).toBe('photos:u/a.jpg')
  })

  it('refuses by the policy, with a response of yours, and other methods', async () => {
    expect(
      (
        await withRegion.uploadTokenHandler({ authorize: () => true, policy: () => undefined })(
          new Request('https://a.example')
        )
      ).status
    ).toBe(403)
    const login = withRegion.uploadTokenHandler({
      authorize: () => true,
      policy: async () => new Response(null, { status: 401 })
    })
    expect((await login(new Request('https://a.example'))).status).toBe(401)
    expect((await login(new Request('https://a.example', { method: 'PUT' }))).status).toBe(405)
    expect(() => withRegion.uploadTokenHandler({ authorize: () => true } as never)).toThrow(
      expect.objectContaining({ option: 'policy' })
    )
    expect(() => withRegion.uploadTokenHandler({ policy: () => ({}) } as never)).toThrow(
      expect.objectContaining({ option: 'authorize' })
    )
  })

  it('asks first who is there, and gives the response to the policy', async () => {
    const users = new Map([['a', { id: 7 }]])
    const asked: unknown[] = []
    const handler = withRegion.uploadTokenHandler({
      authorize: async (received) => users.get(received.headers.get('authorization') ?? ''),
      policy: (_, user) => {
        asked.push(user)
        return { saveKey: `u/${user.id}/$(etag)` }
      }
    })
    expect((await handler(new Request('https://a.example'))).status).toBe(401)
    expect(asked).toEqual([])
    expect((await handler(new Request('https://a.example', { headers: { authorization: 'a' } }))).status).toBe(200)
    expect(asked).toEqual([{ id: 7 }])
    const login = withRegion.uploadTokenHandler({
      authorize: () => Response.redirect('https://a.example/login', 302),
      policy: () => ({})
    })
    expect((await login(new Request('https://a.example'))).status).toBe(302)
  })

  it('reports what failed, or throws it to the framework', async () => {
    const failure = new Error('database down')
    const options = { authorize: () => Promise.reject(failure), policy: () => ({}) }
    const request = new Request('https://a.example')
    const seen: unknown[] = []
    const reported = withRegion.uploadTokenHandler({ ...options, onError: (...given) => seen.push(given) })
    expect((await reported(request)).status).toBe(500)
    expect(seen).toEqual([[failure, { request }]])
    await expect(withRegion.uploadTokenHandler(options)(request)).rejects.toBe(failure)
  })
})
