import { createHash, createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { memoryStore } from 'weixin-kit'
import { Geetest, type GeetestForm, type GeetestOptions, type Registration } from 'weixin-kit/geetest'
import { fcParameters } from '../../support/fc-parameters.ts'
import { followersOf } from '../../support/followers-of.ts'
import { json, type SeenRequest, stubFetch } from '../../support/stub-fetch.ts'

const KEY = '36fc3fe98530eeb58c0b7a0c5f1b2a11'
const ID = '48a6ebac4ebc6642d68c217fca33eb4d'
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const session = 'openid-1'

/** A Geetest that says yes to every seccode. */
const kind = ({ url, body }: SeenRequest): Response =>
  url.pathname === '/register.php'
    ? json({ challenge: 'd8c6a4f2b1e09d7c5a3f1e2d4c6b8a90' })
    : json({ seccode: md5(new URLSearchParams(body).get('seccode') ?? '') })

function setUp(
  answer: (request: SeenRequest, index: number) => Response = kind,
  options: Partial<GeetestOptions> = {}
) {
  const fetch = stubFetch(answer)
  return { fetch, geetest: new Geetest({ captchaId: ID, privateKey: KEY, fetch, ...options }) }
}
const solved = ({ challenge }: Registration, tail = 'f3'): GeetestForm => ({
  geetest_challenge: challenge.challenge + tail,
  geetest_validate: 'v',
  geetest_seccode: 'v|jordan'
})
const down = () => {
  throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })
}

describe('register', () => {
  it('asks for a challenge and digests it with the key', async () => {
    const { geetest, fetch } = setUp()
    const { challenge, failback } = await geetest.register({
      session,
      userId: 'user-7',
      client_type: 'h5',
      ip_address: '203.0.113.9'
    })
    expect(challenge).toEqual({
      success: 1,
      gt: ID,
      challenge: md5(`d8c6a4f2b1e09d7c5a3f1e2d4c6b8a90${KEY}`),
      new_captcha: true
    })
    expect(failback).toBeUndefined()
    const query = Object.fromEntries(fetch.seen[0]?.url.searchParams ?? [])
    expect(query).toMatchObject({
      gt: ID,
      json_format: '1',
      digestmod: 'md5',
      client_type: 'h5',
      ip_address: '203.0.113.9'
    })
    // Not the name of the user.
    expect(query.user_id).toMatch(/^[0-9a-f]{64}$/)
    expect(fetch.seen[0]?.url.origin).toBe('https://api.geetest.com')
  })

  it.each([
    ['a refused connection', down],
    ['status 500', () => json({}, 500)],
    ['a page of a proxy with 502', () => new Response('<html>', { status: 502 })]
  ])('falls back on %s', async (_, answer) => {
    const warnings: string[] = []
    const { geetest } = setUp(answer as () => Response, {
      logger: { warn: (message) => warnings.push(message) },
      maxRetries: 0
    })
    const { challenge, failback } = await geetest.register({ session })
    expect(challenge).toMatchObject({ success: 0, gt: ID, new_captcha: true })
    expect(challenge.challenge).toMatch(/^[a-z0-9]{32}$/)
    expect(failback?.cause).toMatchObject({ code: expect.stringMatching(/^ERR_/) })
    expect(warnings.join()).toContain('failback')
  })

  it.each([['0'], [0]])('does not open the door because of a wrong id (challenge %j)', async (challenge) => {
    const { geetest } = setUp(() => json({ challenge }))
    await expect(geetest.register({ session })).rejects.toMatchObject({
      code: 'ERR_GEETEST',
      kind: 'config',
      upstreamCode: '0',
      hint: { zh: expect.any(String) }
    })
  })

  it.each([
    ['HTML', () => new Response('<html>')],
    ['status 403', () => json({ challenge: 'c'.repeat(32) }, 403)],
    ['status 404', () => new Response('no such page', { status: 404 })],
    ['no challenge', () => json({})],
    ['an empty challenge', () => json({ challenge: '' })],
    ['a list', () => json([])],
    ['null', () => json(null)]
  ])('does not take %s for an outage', async (_, answer) => {
    const { geetest } = setUp(answer as () => Response)
    await expect(geetest.register({ session })).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
  })

  it.each(['localhost', '203.0.113.9:443', '1.2.3', '203.0.113.9, 10.0.0.1', ' ::1', 7])(
    'refuses %j as an address',
    async (ip_address) => {
      const { geetest, fetch } = setUp()
      const failure = { code: 'ERR_INVALID_PARAM', option: 'ip_address' }
      const about = { session, ip_address: ip_address as string }
      await expect(geetest.register(about)).rejects.toMatchObject(failure)
      await expect(geetest.validate({ ...about, form: {} })).rejects.toMatchObject(failure)
      expect(fetch.seen).toEqual([])
    }
  )

  it.each(['203.0.113.9', '2001:db8::1', '::ffff:10.0.0.1'])('takes %s as an address', async (ip_address) => {
    const { geetest, fetch } = setUp()
    await geetest.register({ session, ip_address })
    expect(fetch.seen[0]?.url.searchParams.get('ip_address')).toBe(ip_address)
  })

  it('gives failback challenges that cannot be guessed, as long as the SDK version has them', async () => {
    const { geetest } = setUp(down, { version: '3.0', maxRetries: 0 })
    const seen = new Set<string>()
    for (let i = 0; i < 50; i++) seen.add((await geetest.register({ session })).challenge.challenge)
    expect(seen.size).toBe(50)
    for (const challenge of seen) expect(challenge).toMatch(/^[0-9a-f]{34}$/)
  })

  it('times out soon and falls back', async () => {
    const silent = () => new Promise<Response>(() => undefined) as unknown as Response
    const { geetest } = setUp(silent, { timeoutMs: 20, maxRetries: 0 })
    expect((await geetest.register({ session })).failback?.cause).toMatchObject({ code: 'ERR_TIMEOUT' })
  })

  it('does not take an abort of the caller for a failure of Geetest', async () => {
    const { geetest } = setUp(() => new Promise<Response>(() => undefined) as unknown as Response)
    const controller = new AbortController()
    const failure = geetest.register({ session }, { signal: controller.signal })
    controller.abort('gone')
    await expect(failure).rejects.toBe('gone')
  })
})

describe('bypass status', () => {
  it('is asked at most every ten seconds, and anything but success means failback without a register call', async () => {
    let now = 0
    let status = 'fail'
    const { geetest, fetch } = setUp(
      (request) => (request.url.hostname === 'bypass.geetest.com' ? json({ status }) : kind(request)),
      {
        useBypassStatus: true,
        clock: () => now
      }
    )
    expect((await geetest.register({ session })).failback).toEqual({ cause: 'bypass' })
    await geetest.register({ session })
    expect(fetch.seen.map(({ url }) => url.pathname)).toEqual(['/v1/bypass_status.php'])
    expect(fetch.seen[0]?.url.searchParams.get('gt')).toBe(ID)
    status = 'success'
    expect(await geetest.bypassStatus()).toBe('fail')
    now = 10_001
    expect(await geetest.bypassStatus()).toBe('success')
    expect((await geetest.register({ session })).failback).toBeUndefined()
  })

  it('is asked again when the clock was set back', async () => {
    let now = 3_600_000
    let status = 'fail'
    const { geetest } = setUp(() => json({ status }), { clock: () => now })
    expect(await geetest.bypassStatus()).toBe('fail')
    status = 'success'
    now = 0
    expect(await geetest.bypassStatus()).toBe('success')
  })

  it.each([[() => new Response('oops')], [down], [() => json(null)]])(
    'is fail when it cannot be read',
    async (answer) => {
      expect(await setUp(answer as () => Response).geetest.bypassStatus()).toBe('fail')
    }
  )
})

describe('validate', () => {
  it('asks Geetest with what the page sent', async () => {
    const { geetest, fetch } = setUp(kind, { clock: () => 1_700_000_000_000 })
    const registration = await geetest.register({ session })
    expect(await geetest.validate({ session, form: solved(registration) })).toEqual({
      ok: true,
      mode: 'normal',
      isProven: true
    })
    expect(Object.fromEntries(new URLSearchParams(fetch.seen[1]?.body))).toMatchObject({
      seccode: 'v|jordan',
      challenge: `${registration.challenge.challenge}f3`,
      captchaid: ID,
      json_format: '1',
      timestamp: '1700000000'
    })
  })

  it('accepts the short names of SDK 3.0', async () => {
    const { geetest } = setUp()
    const { challenge } = await geetest.register({ session })
    const form = { challenge: challenge.challenge, validate: 'v', seccode: 'v|jordan' }
    expect(await geetest.validate({ session, form })).toEqual({ ok: true, mode: 'normal', isProven: true })
  })

  it('lets a challenge serve once, even for a hundred at the same time', async () => {
    const { geetest } = setUp()
    const registration = await geetest.register({ session })
    const all = await Promise.all(
      Array.from({ length: 100 }, () => geetest.validate({ session, form: solved(registration) }))
    )
    expect(all.filter(({ ok }) => ok)).toHaveLength(1)
    expect(all.filter((result) => !result.ok && result.reason === 'unknown_challenge')).toHaveLength(99)
  })

  it('refuses the challenge of another session, one that was never issued, and one that is too old', async () => {
    let now = 0
    const { geetest, fetch } = setUp(kind, { clock: () => now, challengeTtlSeconds: 60 })
    const registration = await geetest.register({ session })
    const refused = { ok: false, reason: 'unknown_challenge' }
    expect(await geetest.validate({ session: 'openid-2', form: solved(registration) })).toEqual(refused)
    const invented = { geetest_challenge: 'e'.repeat(34), geetest_validate: 'v', geetest_seccode: 's' }
    expect(await geetest.validate({ session, form: invented })).toEqual(refused)
    now = 60_000
    expect(await geetest.validate({ session, form: solved(registration) })).toEqual(refused)
    expect(fetch.seen).toHaveLength(1)
  })

  it('remembers the mode on the server, whatever the page says', async () => {
    const { geetest } = setUp(({ url }) =>
      url.pathname === '/register.php' ? json({ challenge: 'c'.repeat(32) }) : json({ seccode: 'false' })
    )
    const registration = await geetest.register({ session })
    const form = { ...solved(registration), success: 0, gt_server_status: 0 }
    expect(await geetest.validate({ session, form })).toEqual({ ok: false, mode: 'normal', reason: 'refused' })
  })

  it('shares challenges over processes through the store', async () => {
    const store = memoryStore()
    const registration = await setUp(kind, { store }).geetest.register({ session })
    expect(await setUp(kind, { store }).geetest.validate({ session, form: solved(registration) })).toMatchObject({
      ok: true
    })
  })

  it('reports the failback of 3.1, and accepts it once', async () => {
    const { geetest } = setUp(down, { maxRetries: 0 })
    const registration = await geetest.register({ session })
    expect(await geetest.validate({ session, form: solved(registration, '') })).toEqual({
      ok: true,
      mode: 'failback',
      isProven: false
    })
    expect(await geetest.validate({ session, form: solved(registration, '') })).toMatchObject({ ok: false })
  })

  it.each([
    ['false', { seccode: 'false' }],
    ['the seccode itself', { seccode: 'v|jordan' }],
    ['an empty text', { seccode: '' }],
    ['a number', { seccode: 1 }],
    ['nothing', {}],
    ['sha256, although the account has md5', { seccode: createHash('sha256').update('v|jordan').digest('hex') }]
  ])('refuses the response %s', async (_, answer) => {
    const { geetest } = setUp((request) => (request.url.pathname === '/register.php' ? kind(request) : json(answer)))
    const form = solved(await geetest.register({ session }))
    expect(await geetest.validate({ session, form })).toEqual({ ok: false, mode: 'normal', reason: 'refused' })
  })

  const DIGESTS = {
    md5: md5('v|jordan'),
    sha256: createHash('sha256').update('v|jordan').digest('hex'),
    'hmac-sha256': createHmac('sha256', KEY).update('v|jordan').digest('hex')
  }
  it.each([
    ['md5', ['md5']],
    // Which of both an account with another digest gets is not documented.
    ['sha256', ['md5', 'sha256']],
    ['hmac-sha256', ['md5', 'hmac-sha256']]
  ] as const)('takes of an account with %s only the digests %j of the seccode', async (digestmod, accepted) => {
    const responses = { ...DIGESTS, another: createHash('sha256').update('v|other').digest('hex') }
    for (const [name, seccode] of Object.entries(responses)) {
      const answer = (request: SeenRequest) =>
        request.url.pathname === '/register.php' ? kind(request) : json({ seccode: seccode.toUpperCase() })
      const { geetest } = setUp(answer, { digestmod })
      const form = solved(await geetest.register({ session }))
      expect([name, (await geetest.validate({ session, form })).ok]).toEqual([name, accepted.includes(name as never)])
    }
  })

  it.each([
    ['no challenge', { geetest_challenge: '' }],
    ['no validate', { geetest_validate: undefined }],
    ['no seccode', { geetest_seccode: null }],
    ['spaces only', { geetest_validate: ' \t' }],
    ['a seccode of 513 characters', { geetest_seccode: 's'.repeat(513) }]
  ])('asks nobody about a form with %s', async (_, over) => {
    const { geetest, fetch } = setUp()
    const form = { ...solved(await geetest.register({ session })), ...over }
    expect(await geetest.validate({ session, form })).toMatchObject({ ok: false, reason: 'missing' })
    expect(fetch.seen).toHaveLength(1)
  })

  it('takes fields of 512 characters, and trims what a page padded', async () => {
    const { geetest, fetch } = setUp()
    const form = { ...solved(await geetest.register({ session })), geetest_seccode: ` ${'s'.repeat(512)}\n` }
    expect(await geetest.validate({ session, form })).toMatchObject({ ok: true })
    expect(new URLSearchParams(fetch.seen[1]?.body).get('seccode')).toBe('s'.repeat(512))
  })

  it('fails closed when Geetest cannot be reached, after one repeat', async () => {
    const { geetest, fetch } = setUp((request) =>
      request.url.pathname === '/register.php' ? kind(request) : json({}, 503)
    )
    const form = solved(await geetest.register({ session }))
    expect(await geetest.validate({ session, form })).toEqual({ ok: false, mode: 'normal', reason: 'unreachable' })
    expect(fetch.seen).toHaveLength(3)
  })

  it('does not take a mistake for an outage', async () => {
    const { geetest } = setUp((request) =>
      request.url.pathname === '/register.php' ? kind(request) : new Response('<html>', { status: 404 })
    )
    const form = solved(await geetest.register({ session }))
    await expect(geetest.validate({ session, form })).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
  })

  it('keeps two accounts with one store apart', async () => {
    const store = memoryStore()
    const registration = await setUp(kind, { store }).geetest.register({ session })
    const other = setUp(kind, { store, captchaId: 'f'.repeat(32) }).geetest
    expect(await other.validate({ session, form: solved(registration) })).toMatchObject({ reason: 'unknown_challenge' })
  })

  it('says that the store failed', async () => {
    const broken = { ...memoryStore(), set: () => Promise.reject(new Error('READONLY')) }
    await expect(setUp(kind, { store: broken }).geetest.register({ session })).rejects.toMatchObject({
      code: 'ERR_STORE'
    })
    const silent = { ...memoryStore(), get: () => new Promise<undefined>(() => undefined) }
    vi.useFakeTimers()
    try {
      const { geetest } = setUp(kind, { store: silent })
      const failure = expect(
        geetest.validate({ session, form: { challenge: 'c', validate: 'v', seccode: 's' } })
      ).rejects.toMatchObject({ code: 'ERR_STORE' })
      await vi.advanceTimersByTimeAsync(10_000)
      await failure
    } finally {
      vi.useRealTimers()
    }
  })

  it('leaves nothing in a signal that lives as long as the process', async () => {
    const { signal } = new AbortController()
    const { geetest } = setUp()
    const registration = await geetest.register({ session }, { signal })
    await geetest.validate({ session, form: solved(registration) }, { signal })
    expect(followersOf(signal)).toBe(0)
  })

  it('never accepts what nobody issued, and never throws for a page’s fields', async () => {
    const { geetest } = setUp()
    const field = fc.oneof(fc.string(), fc.anything())
    await fc.assert(
      fc.asyncProperty(field, field, field, async (geetest_challenge, geetest_validate, geetest_seccode) => {
        const result = await geetest.validate({
          session,
          form: { geetest_challenge, geetest_validate, geetest_seccode }
        })
        expect(result.ok).toBe(false)
      }),
      fcParameters(300)
    )
  })

  it.each([[undefined], [''], [7]])('needs a session: %j', async (wrong) => {
    const { geetest } = setUp()
    await expect(geetest.validate({ session: wrong as string, form: {} })).rejects.toMatchObject({
      code: 'ERR_INVALID_PARAM'
    })
    await expect(geetest.register({ session: wrong as string })).rejects.toMatchObject({ option: 'session' })
  })
})

describe('registerHandler', () => {
  it('answers what initGeetest takes, and tells of the failback', async () => {
    const told: unknown[] = []
    const handler = setUp(down, { maxRetries: 0 }).geetest.registerHandler({
      session: (request) => request.headers.get('x-session') ?? undefined,
      userInfo: () => ({ client_type: 'h5' }),
      onFailback: ({ failback }) => told.push(failback?.cause)
    })
    const answer = await handler(new Request('https://app.example/geetest?t=1', { headers: { 'x-session': session } }))
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toMatchObject({ success: 0, gt: ID, new_captcha: true })
    expect(told).toHaveLength(1)
    expect((await handler(new Request('https://app.example/geetest'))).status).toBe(401)
  })

  it('sends what userInfo says, and reports what failed', async () => {
    const { geetest, fetch } = setUp(() => new Response('<html>'))
    const errors: unknown[] = []
    const options = { session: () => session, userInfo: () => ({ client_type: 'h5' as const }) }
    const request = new Request('https://app.example/geetest')
    const handler = geetest.registerHandler({
      ...options,
      onError: (error, context) => errors.push([error, context.request])
    })
    const response = await handler(request)
    expect([response.status, await response.json()]).toEqual([500, { error: 'ERR_UNEXPECTED_RESPONSE' }])
    expect(errors).toEqual([[expect.objectContaining({ code: 'ERR_UNEXPECTED_RESPONSE' }), request]])
    expect(fetch.seen[0]?.url.searchParams.get('client_type')).toBe('h5')
    await expect(geetest.registerHandler(options)(request)).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
    expect(() => geetest.registerHandler({ session: 'one' as never })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', option: 'session' })
    )
  })
})

it('takes any path of its host, and no other host', async () => {
  const { geetest, fetch } = setUp(() => json({ ok: 1 }))
  expect(await geetest.request({ method: 'POST', path: '/x.php', query: { a: 1 }, body: { b: '2' } })).toEqual({
    ok: 1
  })
  expect(fetch.seen[0]).toMatchObject({ method: 'POST', body: 'b=2' })
  await expect(async () => geetest.request({ method: 'GET', path: '.evil.example/' })).rejects.toMatchObject({
    code: 'ERR_INVALID_PARAM'
  })
})

it('shows no key', () => {
  const { geetest } = setUp()
  expect(inspect(geetest, { depth: 9, showHidden: true }) + JSON.stringify(geetest)).not.toContain(KEY)
})
