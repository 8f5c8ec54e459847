import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Yunpian, type YunpianOptions } from 'weixin-kit/yunpian'
import { describeCode } from '../../../src/yunpian/codes.ts'
import { followersOf } from '../../support/followers-of.ts'
import { json, type SeenRequest, stubFetch } from '../../support/stub-fetch.ts'
import { YUNPIAN_ENDPOINTS } from '../../support/yunpian-endpoints.ts'

const API_KEY = '0123456789abcdef0123456789abcdef'
const TEXT = '【云片网】您的验证码是1234'
const SENT = { code: 0, msg: '发送成功', count: 1, fee: 0.05, unit: 'RMB', mobile: '13800138000', sid: 3310228982 }

function setUp(
  answer: (request: SeenRequest, index: number) => Response | Promise<Response> = () => json(SENT),
  options: Partial<YunpianOptions> = {}
) {
  const fetch = stubFetch(answer)
  return { fetch, yunpian: new Yunpian({ apiKey: API_KEY, fetch, ...options }) }
}
const formOf = (request: SeenRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body))
const refused = () => {
  throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })
}
const reset = () => {
  throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) })
}
const period = { start_time: new Date('2026-03-01T00:00:00Z'), end_time: '2026-03-02 00:00:00' }

describe('singleSend', () => {
  it('posts a form, and gives the 64-bit sid as text', async () => {
    const { yunpian, fetch } = setUp(
      () => new Response(JSON.stringify(SENT).replace('3310228982', '9223372036854775807'))
    )
    const sent = await yunpian.sms.singleSend({
      mobile: '+86 138-0013-8000',
      text: TEXT,
      uid: 'order-1',
      extend: '01',
      callback_url: new URL('https://a.example/s'),
      register: true
    })
    expect(sent).toEqual({ ...SENT, sid: '9223372036854775807' })
    const [request] = fetch.seen
    expect(String(request?.url)).toBe('https://sms.yunpian.com/v2/sms/single_send.json')
    expect(request?.headers.get('content-type')).toBe('application/x-www-form-urlencoded;charset=utf-8')
    expect(formOf(request)).toEqual({
      apikey: API_KEY,
      mobile: '13800138000',
      text: TEXT,
      uid: 'order-1',
      extend: '01',
      callback_url: 'https://a.example/s',
      register: 'true'
    })
  })

  it('encodes the + of a foreign number', async () => {
    const { yunpian, fetch } = setUp()
    await yunpian.sms.singleSend({ mobile: '00852 6123 4567', text: TEXT })
    expect(fetch.seen[0]?.body).toContain('mobile=%2B85261234567')
  })

  it('is not repeated once it may have been sent', async () => {
    for (const answer of [
      reset,
      () => json({}, 502),
      () => new Response('<html>', { status: 200 }),
      () => json({ code: -51, msg: 'busy' }, 400)
    ]) {
      const { yunpian, fetch } = setUp(answer as () => Response)
      await expect(yunpian.sms.singleSend({ mobile: '13800138000', text: TEXT })).rejects.toMatchObject({
        product: 'yunpian'
      })
      expect(fetch.seen).toHaveLength(1)
    }
  })

  it('is repeated while the connection was never made', async () => {
    const { yunpian, fetch } = setUp((_, index) => (index === 0 ? refused() : json(SENT)))
    await yunpian.sms.singleSend({ mobile: '13800138000', text: TEXT })
    expect(fetch.seen).toHaveLength(2)
  })

  it.each([
    ['mobile', { mobile: '123', text: TEXT }],
    ['mobile', { text: TEXT }],
    ['text', { mobile: '13800138000', text: ' ' }],
    ['text', { mobile: '13800138000', text: '【云片网】😀' }],
    ['text', { mobile: '13800138000', text: '【云片网】a\u200bb' }],
    ['extend', { mobile: '13800138000', text: TEXT, extend: 'a' }],
    ['uid', { mobile: '13800138000', text: TEXT, uid: 'x'.repeat(257) }],
    ['callback_url', { mobile: '13800138000', text: TEXT, callback_url: 'x' }],
    ['txt', { mobile: '13800138000', text: TEXT, txt: 'x' }]
  ])('refuses a wrong %s before anything is sent', async (option, params) => {
    const { yunpian, fetch } = setUp()
    const failure = yunpian.sms.singleSend(params as never)
    await expect(failure).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option })
    await expect(failure).rejects.not.toThrow(/13800138000|验证码/)
    expect(fetch.seen).toHaveLength(0)
  })
})

it('keeps nothing in a signal that lives long', async () => {
  const { signal } = new AbortController()
  const { yunpian } = setUp()
  await yunpian.sms.singleSend({ mobile: '13800138000', text: TEXT }, { signal })
  expect(followersOf(signal)).toBe(0)
})

describe('many at once', () => {
  const items = {
    total_count: 1,
    total_fee: 0.05,
    unit: 'RMB',
    data: [
      { code: 0, msg: 'OK', count: 1, fee: 0.05, unit: 'RMB', mobile: '13800138000', sid: 1 },
      { code: 22, msg: '超限', count: 0, fee: 0, unit: 'RMB', mobile: '13800138001', sid: 0 }
    ]
  }

  it('has an error for each number that failed', async () => {
    const { yunpian, fetch } = setUp(() => json(items))
    const { data } = await yunpian.sms.batchSend({ mobile: ['13800138000', '+8613800138001'], text: TEXT })
    expect(formOf(fetch.seen[0]).mobile).toBe('13800138000,13800138001')
    expect(data[0]).toMatchObject({ sid: '1' })
    expect(data[0]?.error).toBeUndefined()
    expect(data[1]?.error).toMatchObject({ code: 'ERR_YUNPIAN', upstreamCode: '22', kind: 'quota', retryable: true })
    await yunpian.sms.tplBatchSend({ mobile: ['13800138000'], tpl_id: '9007199254740993', tpl_value: { code: 1234 } })
    expect(formOf(fetch.seen[1])).toMatchObject({ tpl_id: '9007199254740993', tpl_value: '%23code%23=1234' })
  })

  it('keeps commas, percent signs and line breaks of each text apart', async () => {
    const { yunpian, fetch } = setUp(() => json(items))
    const text = ['【a】1,2', '【b】100%\n+&']
    await yunpian.sms.multiSend({ mobile: ['13800138000', '13800138001'], text })
    const parts = (formOf(fetch.seen[0]).text ?? '').split(',')
    expect(parts.map((part) => new URLSearchParams(`x=${part}`).get('x'))).toEqual(text)
  })

  it.each([
    ['text', { mobile: ['13800138000'], text: ['【a】1', '【a】2'] }],
    ['mobile', { mobile: ['+85261234567'], text: ['【a】1'] }],
    ['mobile', { mobile: [], text: [] }],
    ['mobile', { mobile: Array.from({ length: 1001 }, () => '13800138000'), text: [] }],
    ['text', { mobile: ['13800138000'], text: ['【a】\u0007'] }]
  ])('multiSend refuses a wrong %s', async (option, params) => {
    await expect(setUp().yunpian.sms.multiSend(params)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option })
  })

  it.each([[{}], [{ code: '' }], [{ '': 'x' }], [{ '##': 'x' }]])(
    'a template has names and values: %j',
    async (tpl_value) => {
      const failure = setUp().yunpian.sms.tplSingleSend({
        mobile: '13800138000',
        tpl_id: 1,
        tpl_value: tpl_value as never
      })
      if (Object.keys(tpl_value).length === 0) await failure
      else await expect(failure).rejects.toMatchObject({ option: 'tpl_value' })
    }
  )
})

describe('every call', () => {
  const y = (yunpian: Yunpian): Record<string, () => Promise<unknown>> => ({
    'sms.singleSend': () => yunpian.sms.singleSend({ mobile: '13800138000', text: TEXT }),
    'sms.batchSend': () => yunpian.sms.batchSend({ mobile: ['13800138000'], text: TEXT }),
    'sms.multiSend': () => yunpian.sms.multiSend({ mobile: ['13800138000'], text: [TEXT] }),
    'sms.tplSingleSend': () => yunpian.sms.tplSingleSend({ mobile: '13800138000', tpl_id: 1, tpl_value: { a: 'b' } }),
    'sms.tplBatchSend': () => yunpian.sms.tplBatchSend({ mobile: ['13800138000'], tpl_id: 1, tpl_value: { a: 'b' } }),
    'sms.pullStatus': () => yunpian.sms.pullStatus({ page_size: 50 }),
    'sms.pullReply': () => yunpian.sms.pullReply(),
    'sms.getReply': () => yunpian.sms.getReply({ ...period, mobile: '+8613800138000' }),
    'sms.getRecord': () => yunpian.sms.getRecord(period),
    'sms.count': () => yunpian.sms.count(period),
    'sms.getBlackWord': () => yunpian.sms.getBlackWord({ text: TEXT }),
    'sms.getTotalFee': () => yunpian.sms.getTotalFee({ date: '2026-03-01' }),
    'sms.regComplete': () => yunpian.sms.regComplete({ mobile: '13800138000', time: new Date(0) }),
    'tpl.getDefault': () => yunpian.tpl.getDefault(),
    'tpl.get': () => yunpian.tpl.get({ tpl_id: 1 }),
    'tpl.add': () => yunpian.tpl.add({ tpl_content: '【a】#code#', notify_type: 0, callback: 'https://a.example' }),
    'tpl.update': () => yunpian.tpl.update({ tpl_id: 1, tpl_content: '【a】#code#', lang: 'en' }),
    'tpl.del': () => yunpian.tpl.del({ tpl_id: 1 }),
    'tpl.addVoiceNotify': () => yunpian.tpl.addVoiceNotify({ tpl_content: '#code#' }),
    'tpl.updateVoiceNotify': () => yunpian.tpl.updateVoiceNotify({ tpl_id: 1, tpl_content: '#code#' }),
    'sign.add': () => yunpian.sign.add({ sign: '云片', license_url: 'https://a.example/l.png' }),
    'sign.update': () => yunpian.sign.update({ old_sign: '云片', sign: '云片二' }),
    'sign.get': () => yunpian.sign.get({ sign: '云片', page_num: 1, page_size: 20 }),
    'user.get': () => yunpian.user.get(),
    'user.set': () => yunpian.user.set({ emergency_contact: 'me', alarm_balance: 100 }),
    'voice.send': () => yunpian.voice.send({ mobile: '010-8888 7777', code: '1234' }),
    'voice.tplNotify': () => yunpian.voice.tplNotify({ mobile: '13800138000', tpl_id: 1, tpl_value: { a: 'b' } }),
    'voice.pullStatus': () => yunpian.voice.pullStatus({ type: 1 }),
    'flow.getPackage': () => yunpian.flow.getPackage({ carrier: '10086' }),
    'flow.recharge': () => yunpian.flow.recharge({ mobile: '13800138000', sn: 1008601 }),
    'flow.pullStatus': () => yunpian.flow.pullStatus(),
    'shortUrl.shorten': () => yunpian.shortUrl.shorten({ long_url: 'https://a.example/x', stat_duration: 3 }),
    'shortUrl.stat': () => yunpian.shortUrl.stat({ sid: 'abc', start_time: new Date(0) })
  })
  const rows = Object.entries(YUNPIAN_ENDPOINTS)

  it('is called here', () => {
    expect(Object.keys(y(setUp().yunpian))).toEqual(Object.keys(YUNPIAN_ENDPOINTS))
    expect(rows.length).toBeGreaterThan(30)
  })

  it.each(rows)('%s goes to its path with the key', async (name, { host, path }) => {
    const { yunpian, fetch } = setUp(() => json({ code: 0, data: [], sign: {}, short_url: {}, stat: {} }))
    await y(yunpian)[name]?.()
    expect(String(fetch.seen[0]?.url)).toBe(`https://${host}.yunpian.com${path}`)
    expect(formOf(fetch.seen[0]).apikey).toBe(API_KEY)
  })

  it.each(rows)('%s is retried only if that does no harm', async (name, { idempotent }) => {
    const { yunpian, fetch } = setUp((_, index) =>
      index === 0 ? reset() : json({ code: 0, data: [], sign: {}, short_url: {}, stat: {} })
    )
    const call = y(yunpian)[name]?.()
    if (idempotent) await call
    else await expect(call).rejects.toMatchObject({ code: 'ERR_CONNECTION', requestSent: true })
    expect(fetch.seen).toHaveLength(idempotent ? 2 : 1)
    // Sends and destructive reads, in words: the table must not be loosened unnoticed.
    if (/send|pull|recharge|notify|add|update|del|set|shorten|regComplete/i.test(name)) expect(idempotent).toBe(false)
  })

  it('has times in Beijing time', async () => {
    const { yunpian, fetch } = setUp(() => json({ total: 3 }))
    expect(await yunpian.sms.count(period)).toEqual({ total: 3 })
    expect(formOf(fetch.seen[0])).toMatchObject({ start_time: '2026-03-01 08:00:00', end_time: '2026-03-02 00:00:00' })
    await expect(yunpian.sms.count({ ...period, start_time: 'yesterday' })).rejects.toMatchObject({
      option: 'start_time'
    })
  })

  it('follows a base URL, also over the hosts', async () => {
    const { yunpian, fetch } = setUp(() => json({ code: 0 }), { baseUrl: 'http://127.0.0.1:9/sms.yunpian.com' })
    await yunpian.voice.send({ mobile: '13800138000', code: '1234' })
    expect(String(fetch.seen[0]?.url)).toBe('http://127.0.0.1:9/voice.yunpian.com/v2/voice/send.json')
    const overseas = setUp(() => json({ code: 0 }), { baseUrl: 'https://us.yunpian.com' })
    await overseas.yunpian.voice.send({ mobile: '13800138000', code: '1234' })
    expect(overseas.fetch.seen[0]?.url.host).toBe('us.yunpian.com')
  })

  it('reads black words in both shapes', async () => {
    const of = (body: unknown) => setUp(() => json(body)).yunpian.sms.getBlackWord({ text: TEXT })
    expect(await of(['a', 'b'])).toEqual(['a', 'b'])
    expect(await of([{ black_word: 'a' }])).toEqual(['a'])
    expect(await of([])).toEqual([])
  })

  it('takes any path', async () => {
    const { yunpian, fetch } = setUp(() => json({ code: 0, x: 1 }))
    expect(await yunpian.request({ path: '/v2/new/call.json', host: 'voice', body: { a: 1 } })).toEqual({
      code: 0,
      x: 1
    })
    expect(formOf(fetch.seen[0])).toEqual({ apikey: API_KEY, a: '1' })
    await expect(yunpian.request({ path: 'https://evil.example' })).rejects.toMatchObject({ option: 'path' })
  })
})

describe('errors', () => {
  it.each([
    [3, 400, 'quota', false],
    [8, 400, 'rate_limit', true],
    [-1, 400, 'config', false],
    [-51, 400, 'busy', true],
    [5, 200, 'config', false],
    ['22', 200, 'quota', true]
  ])('code %j with status %i', async (code, status, kind, retryable) => {
    const { yunpian } = setUp(() => json({ http_status_code: status, code, msg: '消息', detail: '详情' }, status))
    await expect(yunpian.sms.singleSend({ mobile: '13800138000', text: TEXT })).rejects.toMatchObject({
      code: 'ERR_YUNPIAN',
      status,
      upstreamCode: String(code),
      upstreamMessage: '消息: 详情',
      kind,
      retryable
    })
  })

  const documented = [...Array(28).keys()]
    .map((n) => n + 1)
    .concat(33, 43, 53, -1, -2, -3, -4, -5, -6, -50, -51, -52, -53, -54, -55, -56, -57)
  it.each(documented)('knows the code %i', (code) => {
    const { kind, hint } = describeCode(code)
    expect(kind).not.toBe('unknown')
    expect(hint.en).not.toContain('does not know this code')
    expect(hint.en.length).toBeGreaterThan(10)
    expect(hint.zh).toMatch(/\p{Script=Han}/u)
  })

  it('tells unknown codes by their range', () => {
    expect(describeCode(99)).toMatchObject({ kind: 'request', retryable: false })
    expect(describeCode(-30)).toMatchObject({ kind: 'config', retryable: false })
    expect(describeCode(-99)).toMatchObject({ kind: 'busy', retryable: true })
  })

  it('shows neither key nor number, in messages, logs, traces and inspections', async () => {
    const lines: unknown[] = []
    const log = (...line: unknown[]) => void lines.push(line)
    const answers = [
      () =>
        json(
          {
            code: 10,
            msg: `手机号 13800138000 在黑名单`,
            detail: `+85261234567 apikey=${API_KEY}`,
            mobile: '13800138000'
          },
          400
        ),
      () => new Response(`<html>13800138000 apikey=${API_KEY}`, { status: 502 }),
      reset
    ]
    for (const answer of answers) {
      const { yunpian } = setUp(answer as () => Response, { logger: { debug: log, info: log, warn: log, error: log } })
      const error = await yunpian.sms.singleSend({ mobile: '13800138000', text: TEXT }).catch((cause: unknown) => cause)
      const shown = [
        inspect(error, { depth: 9 }),
        JSON.stringify(error),
        (error as Error).stack,
        inspect(lines, { depth: 9 })
      ].join()
      expect(shown).not.toMatch(/13800138000|61234567|0123456789abcdef/)
      expect(inspect(yunpian, { depth: 9, showHidden: true }) + JSON.stringify(yunpian)).not.toContain(API_KEY)
    }
  })

  it.each([
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: 'a b' }],
    ['apikey', { apiKey: 'x', apikey: 'x' }]
  ])('the constructor refuses %s: %j', (option, options) => {
    expect(() => new Yunpian(options)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option }))
  })
})
