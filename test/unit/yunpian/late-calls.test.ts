import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryStore } from 'weixin-kit'
import { Yunpian, type YunpianOptions } from 'weixin-kit/yunpian'
import { gate, settledTurns } from '../../support/gate.ts'
import { json, stubFetch } from '../../support/stub-fetch.ts'

const PART = '../../../src/yunpian/calls.ts'
const API_KEY = '0123456789abcdef0123456789abcdef'
const MOBILE = '13800138000'
const TEXT = '【云片网】您的验证码是1234'
const SENT = { code: 0, msg: '发送成功', count: 1, fee: 0.05, unit: 'RMB', mobile: MOBILE, sid: '3310228982' }
const SECRET = 'a-secret-of-the-address'

const store = memoryStore()
let issued = ''
let part: ReturnType<typeof gate>
let entry: typeof import('weixin-kit/yunpian')

// By another process, so to say: one that has loaded everything.
beforeAll(async () => {
  const codes = new Yunpian({ apiKey: API_KEY }).verificationCode({ store })
  await codes.send(MOBILE, (code) => {
    issued = code
  })
})
beforeEach(async () => {
  vi.resetModules()
  part = gate()
  vi.doMock(PART, part.load)
  entry = await import('weixin-kit/yunpian')
})
afterEach(() => {
  vi.doUnmock(PART)
})

function setUp(options: Partial<YunpianOptions> = {}) {
  const fetch = stubFetch(() => json(SENT))
  return { fetch, yunpian: new entry.Yunpian({ apiKey: API_KEY, fetch, ...options }) }
}
const errorOf = (make: () => unknown): unknown => {
  try {
    return make()
  } catch (error) {
    return error
  }
}
const statusPush = () =>
  new Request(`https://a.example/push?secret=${SECRET}`, {
    method: 'POST',
    body: new URLSearchParams({ sms_status: JSON.stringify([{ sid: '1', mobile: MOBILE, report_status: 'SUCCESS' }]) })
  })

describe('a call while the rest of the client is loaded', () => {
  it('waits, and is sent once', async () => {
    const { yunpian, fetch } = setUp()
    const calls = Promise.all([
      yunpian.sms.singleSend({ mobile: MOBILE, text: TEXT }),
      yunpian.user.get(),
      yunpian.request({ path: '/v2/sms/single_send.json', body: { mobile: MOBILE } })
    ])
    await settledTurns()
    expect(fetch.seen).toHaveLength(0)
    part.open()
    expect(await calls).toEqual([SENT, SENT, SENT])
    expect(fetch.seen.map(({ url }) => url.pathname).sort()).toEqual([
      '/v2/sms/single_send.json',
      '/v2/sms/single_send.json',
      '/v2/user/get.json'
    ])
  })

  it('is sent as it was made, whatever becomes of its parameters', async () => {
    const { yunpian, fetch } = setUp()
    const params = { mobile: '', text: TEXT }
    const calls = [MOBILE, '13900139000'].map((mobile) => {
      params.mobile = mobile
      return yunpian.sms.singleSend(params)
    })
    params.mobile = 'nobody'
    part.open()
    await Promise.all(calls)
    const mobiles = fetch.seen.map(({ body }) => new URLSearchParams(body).get('mobile'))
    expect(mobiles).toEqual([MOBILE, '13900139000'])
  })

  it('ends at once with the reason of an abort; nothing is sent, then or later', async () => {
    const { yunpian, fetch } = setUp()
    const abort = new AbortController()
    const reason = { any: 'thing' }
    const call = yunpian.sms.singleSend({ mobile: MOBILE, text: TEXT }, { signal: abort.signal })
    abort.abort(reason)
    await expect(call).rejects.toBe(reason)
    part.open()
    await settledTurns()
    expect(fetch.seen).toHaveLength(0)
  })

  it('is refused for wrong parameters as ever', async () => {
    const { yunpian, fetch } = setUp()
    const calls = [
      yunpian.sms.singleSend({ mobile: 'x', text: TEXT }),
      yunpian.sms.multiSend({ mobile: ['+85261234567'], text: [TEXT] }),
      yunpian.voice.send({ mobile: '1', code: '1234' })
    ]
    part.open()
    const refused = await Promise.allSettled(calls)
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'ERR_INVALID_PARAM' } })
    expect(fetch.seen).toHaveLength(0)
  })
})

describe('what is told at once', () => {
  it('does not wait for the part', () => {
    const { yunpian } = setUp()
    const wrong = 1 as never
    expect(
      [
        () => new entry.Yunpian({ apiKey: 'with space' }),
        () => yunpian.verificationCode({ digits: 3 }),
        () => yunpian.statusHandler({ secret: 'short', onStatus: () => undefined }),
        () => yunpian.replyHandler({ onReply: wrong }),
        () => yunpian.templateHandler({ secret: SECRET, onReviewed: wrong }),
        () => yunpian.request({ path: 'no-slash' }),
        () => entry.normalizeMobile('x')
      ]
        .map(errorOf)
        .map((error) => `${(error as { code: string }).code} ${(error as { option: string }).option}`)
    ).toEqual([
      'ERR_CONFIG apiKey',
      'ERR_CONFIG digits',
      'ERR_CONFIG secret',
      'ERR_CONFIG onReply',
      'ERR_CONFIG onReviewed',
      'ERR_INVALID_PARAM path',
      'ERR_INVALID_PARAM mobile'
    ])
    expect(entry.normalizeMobile('+86 138-0013-8000')).toBe(MOBILE)
    expect(entry.inspectText(TEXT).segments).toBe(1)
  })
})

describe('verification codes while the rest is loaded', () => {
  it('sends one code, whatever is called at once and becomes of the options', async () => {
    const { yunpian, fetch } = setUp()
    const options = { perNumberPerDay: 1, ttlSeconds: 60 }
    const codes = yunpian.verificationCode(options)
    options.perNumberPerDay = 1_000
    options.ttlSeconds = 30
    let sent = ''
    const send = () =>
      codes.send(MOBILE, (code, mobile) => {
        sent = code
        return yunpian.sms.singleSend({ mobile, text: `【云片网】您的验证码是${code}` })
      })
    const early = [send(), send(), send()]
    part.open()
    const results = await Promise.all(early)
    expect(results.filter(({ issued }) => issued)).toEqual([{ issued: true, expiresInSeconds: 60 }])
    expect(fetch.seen).toHaveLength(1)
    expect(await codes.check(MOBILE, sent)).toEqual({ ok: true })
  })

  it('counts every try', async () => {
    const wrong = issued === '000000' ? '000001' : '000000'
    const codes = setUp().yunpian.verificationCode({ store, maxAttempts: 3 })
    const early = Array.from({ length: 5 }, () => codes.check(MOBILE, wrong))
    part.open()
    const reasons = (await Promise.all(early)).map((result) => !result.ok && result.reason)
    expect(reasons.sort()).toEqual(['too_many_attempts', 'too_many_attempts', 'wrong', 'wrong', 'wrong'])
    expect(await codes.check(MOBILE, issued)).toMatchObject({ reason: 'too_many_attempts' })
  })
})

describe('a part that cannot be loaded', () => {
  it('sends nothing, takes no try and no pause, and is asked for again', async () => {
    part.failOnce()
    part.open()
    const { yunpian, fetch } = setUp()
    const untouched = memoryStore()
    const touched = Object.keys(untouched).map((name) => vi.spyOn(untouched, name as keyof typeof untouched))
    const codes = yunpian.verificationCode({ store: untouched })
    const deliver = vi.fn()
    const failed = await Promise.allSettled([
      codes.send(MOBILE, deliver),
      codes.check(MOBILE, '123456'),
      yunpian.sms.singleSend({ mobile: MOBILE, text: TEXT })
    ])
    for (const one of failed) {
      expect(one).toMatchObject({ reason: { name: 'ConfigError', code: 'ERR_MISSING_DEPENDENCY' } })
    }
    for (const method of touched) expect(method).not.toHaveBeenCalled()
    expect(deliver).not.toHaveBeenCalled()
    expect(fetch.seen).toHaveLength(0)
    expect(await codes.send(MOBILE, deliver)).toMatchObject({ issued: true })
    expect(deliver).toHaveBeenCalledTimes(1)
  })

  it('has a push delivered again, and handled once', async () => {
    part.failOnce()
    part.open()
    const onStatus = vi.fn()
    const handler = setUp().yunpian.statusHandler({ secret: SECRET, onStatus })
    await expect(handler(statusPush())).rejects.toMatchObject({ code: 'ERR_MISSING_DEPENDENCY' })
    expect(onStatus).not.toHaveBeenCalled()
    for (let delivery = 0; delivery < 2; delivery++) expect((await handler(statusPush())).status).toBe(200)
    expect(onStatus).toHaveBeenCalledTimes(1)
  })
})

it('receives an early push with the options and the memory of its handler', async () => {
  const onStatus = vi.fn()
  const handler = setUp().yunpian.statusHandler({ secret: SECRET, onStatus })
  const early = [handler(statusPush()), handler(statusPush().clone())]
  part.open()
  await Promise.all(early)
  expect((await handler(statusPush())).status).toBe(200)
  expect(onStatus).toHaveBeenCalledTimes(1)
})
