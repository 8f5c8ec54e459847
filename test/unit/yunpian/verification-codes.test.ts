import { describe, expect, it, vi } from 'vitest'
import { memoryStore, type Store } from 'weixin-kit'
import { type CheckedCode, type VerificationCodeOptions, Yunpian } from 'weixin-kit/yunpian'

const API_KEY = '0123456789abcdef0123456789abcdef'
const MOBILE = '13800138000'
const START = Date.parse('2026-03-01T10:00:00+08:00')

function setUp(options: VerificationCodeOptions = {}) {
  let now = START
  const clock = () => now
  const inner = memoryStore({ clock })
  const written: string[] = []
  const store: Store = {
    ...inner,
    set: (key, value, ttlMs) => {
      written.push(key, value)
      return inner.set(key, value, ttlMs)
    },
    setIfAbsent: (key, value, ttlMs) => {
      written.push(key, value)
      return inner.setIfAbsent(key, value, ttlMs)
    }
  }
  const yunpian = new Yunpian({ apiKey: API_KEY, clock })
  const codes = yunpian.verificationCode({ store, ...options })
  const issue = async (mobile = MOBILE) => {
    const issued = await codes.issue(mobile)
    if (!issued.issued) expect.fail(issued.reason)
    return issued
  }
  const advance = (seconds: number) => {
    now += seconds * 1000
  }
  return { codes, issue, store, written, yunpian, advance }
}
const other = (code: string) => String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0')

describe('a store that executes a write which its caller gave up', () => {
  // As Redis does after a pause: the command arrives, its response does not.
  const late = (method: 'setIfAbsent' | 'set', part: string) => {
    let isLate = true
    const { codes, store } = setUp()
    const write = store[method].bind(store)
    const failing = async (key: string, value: string, ttlMs?: number) => {
      const result = await write(key, value, ttlMs)
      if (!isLate || !key.includes(part)) return result
      isLate = false
      throw new Error('timed out')
    }
    Object.assign(store, { [method]: failing })
    return codes
  }

  it.each([
    ['setIfAbsent', ':pause:'],
    ['setIfAbsent', ':day:'],
    ['set', ':current:']
  ] as const)('makes nobody wait: %s of %s', async (method, part) => {
    const codes = late(method, part)
    await expect(codes.issue(MOBILE)).rejects.toMatchObject({ code: 'ERR_STORE' })
    await expect.poll(() => codes.issue(MOBILE)).toMatchObject({ issued: true })
  })
})

describe('verificationCode', () => {
  it('takes an option that is undefined for one that is not given', async () => {
    const { codes, issue } = setUp({ ttlSeconds: undefined, digits: undefined, purpose: undefined } as never)
    const { code, expiresInSeconds } = await issue()
    expect([code.length, expiresInSeconds]).toEqual([6, 300])
    expect(await codes.check(MOBILE, code)).toEqual({ ok: true })
  })

  it('accepts a code once, however the number is written', async () => {
    const { codes, issue } = setUp()
    const { code, expiresInSeconds } = await issue('+86 138-0013-8000')
    expect(code).toMatch(/^\d{6}$/)
    expect(expiresInSeconds).toBe(300)
    expect(await codes.check(MOBILE, ` ${code} `)).toEqual({ ok: true })
    expect(await codes.check(MOBILE, code)).toEqual({ ok: false, reason: 'expired', attemptsLeft: 0 })
  })

  it('counts wrong tries and then refuses even the right code', async () => {
    const { codes, issue } = setUp({ maxAttempts: 3 })
    const { code } = await issue()
    const results: CheckedCode[] = []
    for (let i = 0; i < 3; i++) results.push(await codes.check(MOBILE, other(code)))
    expect(results.map((result) => !result.ok && result.attemptsLeft)).toEqual([2, 1, 0])
    expect(await codes.check(MOBILE, code)).toMatchObject({ ok: false, reason: 'too_many_attempts' })
  })

  it('counts tries for as long as the code lives, and starts again with the next code', async () => {
    const { codes, issue, advance } = setUp({ maxAttempts: 2, ttlSeconds: 300 })
    const { code } = await issue()
    for (let i = 0; i < 2; i++) await codes.check(MOBILE, other(code))
    advance(299)
    expect(await codes.check(MOBILE, code)).toMatchObject({ ok: false, reason: 'too_many_attempts' })
    const next = await issue()
    expect(await codes.check(MOBILE, next.code)).toEqual({ ok: true })
  })

  it('is good until its last second, and long input is a wrong try', async () => {
    const { codes, issue, advance } = setUp({ ttlSeconds: 300, maxAttempts: 5 })
    const { code } = await issue()
    advance(299)
    const padded = code.padStart(100_000, ' ')
    expect(await codes.check(MOBILE, padded)).toMatchObject({ ok: false, reason: 'wrong', attemptsLeft: 4 })
    expect(await codes.check(MOBILE, code)).toEqual({ ok: true })
  })

  it('expires', async () => {
    const { codes, issue, advance } = setUp({ ttlSeconds: 60 })
    const { code } = await issue()
    advance(60)
    expect(await codes.check(MOBILE, code)).toMatchObject({ ok: false, reason: 'expired' })
  })

  it('keeps numbers, purposes and accounts apart', async () => {
    const { codes, issue, store, yunpian } = setUp()
    const { code } = await issue()
    expect(await codes.check('13800138001', code)).toMatchObject({ ok: false, reason: 'expired' })
    const payment = yunpian.verificationCode({ store, purpose: 'pay' })
    expect(await payment.check(MOBILE, code)).toMatchObject({ ok: false, reason: 'expired' })
    const elsewhere = new Yunpian({ apiKey: API_KEY.replace('0', '1') }).verificationCode({ store })
    expect(await elsewhere.check(MOBILE, code)).toMatchObject({ ok: false, reason: 'expired' })
    expect(await codes.check(MOBILE, code)).toEqual({ ok: true })
  })

  it('does not take the record of one number for another', async () => {
    const { codes, issue, store } = setUp()
    const { code } = await issue()
    await issue('13800138001')
    // Somebody with write access to the store copies the record to another number.
    const keys: string[] = []
    const spy: Store = {
      ...store,
      get: (key) => {
        keys.push(key)
        return store.get(key)
      }
    }
    const spied = new Yunpian({ apiKey: API_KEY }).verificationCode({ store: spy })
    await spied.check(MOBILE, '000')
    await spied.check('13800138001', '000')
    const [from = '', to = ''] = keys
    await store.set(to, (await store.get(from)) ?? '')
    expect(await codes.check('13800138001', code)).toMatchObject({ ok: false, reason: 'wrong' })
  })

  it('limits resending and the codes of a day, in Beijing time', async () => {
    const { codes, issue, advance } = setUp({ resendAfterSeconds: 60, perNumberPerDay: 3 })
    await issue()
    expect(await codes.issue(MOBILE)).toEqual({ issued: false, reason: 'too_soon', retryAfterSeconds: 60 })
    advance(45)
    expect(await codes.issue(MOBILE)).toMatchObject({ retryAfterSeconds: 15 })
    for (let i = 0; i < 2; i++) {
      advance(60)
      await issue()
    }
    advance(60)
    const limited = await codes.issue(MOBILE)
    expect(limited).toMatchObject({ issued: false, reason: 'daily_limit' })
    // From 10:03:45 to midnight.
    expect(!limited.issued && limited.retryAfterSeconds).toBe(14 * 3600 - 225)
    advance(14 * 3600 - 225)
    await issue()
  })

  it('lets only one of many through at once, and no more a day than allowed', async () => {
    const { codes } = setUp({ resendAfterSeconds: 60 })
    const all = await Promise.all(Array.from({ length: 500 }, () => codes.issue(MOBILE)))
    expect(all.filter(({ issued }) => issued)).toHaveLength(1)
    const eager = setUp({ resendAfterSeconds: 0, perNumberPerDay: 7 })
    const many = await Promise.all(Array.from({ length: 500 }, () => eager.codes.issue(MOBILE)))
    expect(many.filter(({ issued }) => issued)).toHaveLength(7)
  })

  it('asks for no longer wait than the pause when the clock was set back by an hour', async () => {
    const { codes, issue, advance } = setUp({ resendAfterSeconds: 60 })
    await issue()
    advance(-3600)
    expect(await codes.issue(MOBILE)).toEqual({ issued: false, reason: 'too_soon', retryAfterSeconds: 60 })
  })

  it.each(['setIfAbsent', 'set'] as const)('names the store that fails at %s', async (method) => {
    const store = { ...memoryStore(), [method]: () => Promise.reject(new Error('READONLY')) }
    const codes = new Yunpian({ apiKey: API_KEY }).verificationCode({ store })
    const deliver = vi.fn()
    await expect(codes.send(MOBILE, deliver)).rejects.toMatchObject({ code: 'ERR_STORE', cause: expect.any(Error) })
    expect(deliver).not.toHaveBeenCalled()
  })

  it('does not wait for ever for a store that is silent', async () => {
    vi.useFakeTimers()
    try {
      const store = { ...memoryStore(), get: () => new Promise<undefined>(() => undefined) }
      const codes = new Yunpian({ apiKey: API_KEY }).verificationCode({ store })
      const failure = expect(codes.check(MOBILE, '123456')).rejects.toMatchObject({ code: 'ERR_STORE' })
      await vi.advanceTimersByTimeAsync(10_000)
      await failure
    } finally {
      vi.useRealTimers()
    }
  })

  it('replaces the older code', async () => {
    const { codes, issue, advance } = setUp()
    const first = await issue()
    advance(60)
    const second = await issue()
    if (first.code !== second.code) expect(await codes.check(MOBILE, first.code)).toMatchObject({ reason: 'wrong' })
    expect(await codes.check(MOBILE, second.code)).toEqual({ ok: true })
  })

  it('gives everything back when the message could not be sent', async () => {
    const { codes } = setUp({ perNumberPerDay: 1 })
    let sent = ''
    const failure = codes.send(MOBILE, (code) => {
      sent = code
      throw new Error('gateway down')
    })
    await expect(failure).rejects.toThrow('gateway down')
    expect(await codes.check(MOBILE, sent)).toMatchObject({ ok: false, reason: 'expired' })
    const again = await codes.send('+8613800138000', (code, mobile) => {
      expect(mobile).toBe(MOBILE)
      sent = code
    })
    expect(again).toEqual({ issued: true, expiresInSeconds: 300 })
    expect(await codes.check(MOBILE, sent)).toEqual({ ok: true })
    expect(await codes.send(MOBILE, () => expect.fail('sent'))).toMatchObject({ issued: false })
  })

  it.each([
    ['no response', 'ECONNRESET', true],
    ['no connection', 'ECONNREFUSED', false]
  ])('keeps the code when the message may be on its way: %s', async (_, code, isKept) => {
    const { codes } = setUp()
    const fetch = async () => {
      throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code }) })
    }
    const { sms } = new Yunpian({ apiKey: API_KEY, fetch, maxRetries: 0 })
    let sent = ''
    const failure = codes.send(MOBILE, (one, mobile) => {
      sent = one
      return sms.singleSend({ mobile, text: `【云片网】您的验证码是${one}` })
    })
    await expect(failure).rejects.toMatchObject({ code: 'ERR_CONNECTION', requestSent: isKept })
    expect((await codes.issue(MOBILE)).issued).toBe(!isKept)
    expect((await codes.check(MOBILE, sent)).ok).toBe(isKept)
  })

  it('writes neither code nor number into the store', async () => {
    const { codes, issue, written } = setUp({ digits: 8 })
    const { code } = await issue()
    await codes.check(MOBILE, other(code))
    expect(written.length).toBeGreaterThan(4)
    for (const text of written) {
      expect(text).not.toContain(code)
      expect(text).not.toContain(MOBILE)
      expect(text).not.toContain(API_KEY)
    }
  })

  it('salts: the same code of the same number never looks the same', async () => {
    const { issue, written } = setUp({ digits: 4, resendAfterSeconds: 0, perNumberPerDay: 50 })
    for (let i = 0; i < 50; i++) await issue()
    const hashes = written.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text).hash)
    expect(new Set(hashes).size).toBe(50)
  })

  it('makes every digit equally likely', async () => {
    const { issue } = setUp({ digits: 4, resendAfterSeconds: 0, perNumberPerDay: 1000 })
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 1000; i++)
      for (const digit of (await issue()).code) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1
    // 400 each; six standard deviations are 114.
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(114)
  })

  it.each([
    ['digits', 3],
    ['digits', 9],
    ['ttlSeconds', 1],
    ['maxAttempts', 0],
    ['store', {}],
    ['perNumberPerDay', 0.5],
    ['maxAttempt', 5]
  ])('refuses %s: %j', (name, value) => {
    expect(() => setUp({ [name]: value })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option: name }))
  })

  it.each([['12'], [''], ['1380013800a'], ['+861380013800'], [undefined], [{}]])(
    'refuses the number %j',
    async (mobile) => {
      const { codes } = setUp()
      await expect(codes.issue(mobile as string)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'mobile' })
      await expect(codes.check(mobile as string, '1')).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
    }
  )

  it('survives whatever is sent as a code, or stands in the store', async () => {
    const { codes, issue, store } = setUp()
    await issue()
    await expect(codes.check(MOBILE, 123456 as never)).rejects.toMatchObject({ option: 'code' })
    for (const odd of ['', '０', '\u0000', 'é'.repeat(10_000)])
      expect(await codes.check(MOBILE, odd)).toMatchObject({ ok: false })
    const broken = new Yunpian({ apiKey: API_KEY }).verificationCode({
      store: { ...store, get: async () => '{"id":1' }
    })
    expect(await broken.check(MOBILE, '123456')).toMatchObject({ reason: 'expired' })
  })
})

describe('10 000 checks at once in memory', () => {
  const runs = (name: string, guess: (code: string, index: number) => string, successes: number) =>
    it(name, async () => {
      const { codes, issue, store } = setUp({ maxAttempts: 5 })
      const { code } = await issue()
      let looks = 0
      const compare = { ...store, compareAndDelete: (key: string, value: string) => store.compareAndDelete(key, value) }
      const counted = new Yunpian({ apiKey: API_KEY, clock: () => START }).verificationCode({ store: compare })
      const results = await Promise.all(
        Array.from({ length: 10_000 }, async (_, index) => {
          const result = await counted.check(MOBILE, guess(code, index))
          if (result.ok || result.reason === 'wrong') looks++
          return result
        })
      )
      expect(results.filter(({ ok }) => ok)).toHaveLength(successes)
      expect(looks).toBeLessThanOrEqual(5)
      expect((await codes.check(MOBILE, code)).ok).toBe(false)
    })

  runs('all right: one success', (code) => code, 1)
  runs('all wrong: no success', other, 0)
  runs('the right one comes too late', (code, index) => (index < 5 ? other(code) : code), 0)
})
