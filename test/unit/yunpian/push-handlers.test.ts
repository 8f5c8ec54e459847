import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore, SignatureError } from 'weixin-kit'
import { type SmsReply, type StatusReport, Yunpian } from 'weixin-kit/yunpian'
import { fcParameters } from '../../support/fc-parameters.ts'

const API_KEY = '0123456789abcdef0123456789abcdef'
const SECRET = 'a-secret-of-the-address'
const yunpian = new Yunpian({ apiKey: API_KEY })
const post = (fields: Record<string, string>, url = `https://a.example/push?secret=${SECRET}`) =>
  new Request(url, { method: 'POST', body: new URLSearchParams(fields) })
const status = (items: unknown, url?: string) => post({ sms_status: JSON.stringify(items) }, url)
const report = (sid: number | string, over: object = {}) => ({
  sid,
  uid: null,
  mobile: '13800138000',
  user_receive_time: '2026-03-01 10:00:00',
  report_status: 'SUCCESS',
  error_msg: '',
  ...over
})
/** `_sign` by the rule of the document. */
const signed = (fields: Record<string, unknown>, apiKey = API_KEY) => ({
  ...fields,
  _sign: createHash('md5')
    .update(
      [
        ...Object.keys(fields)
          .sort()
          .map((name) => fields[name] ?? ''),
        apiKey
      ].join(',')
    )
    .digest('hex')
})
const REPLY = {
  id: 'r1',
  mobile: '13800138000',
  text: '好的',
  reply_time: '2026-03-01 10:00:00',
  extend: '',
  base_extend: '8888'
}

describe('statusHandler', () => {
  const setUp = (onStatus: (report: StatusReport) => unknown = () => undefined, secret = SECRET) => {
    const seen: StatusReport[] = []
    const handler = yunpian.statusHandler({
      secret,
      onStatus: (one) => {
        seen.push(one)
        return onStatus(one)
      }
    })
    return { handler, seen }
  }

  it('hands each report over once, over redeliveries and repeats within one push', async () => {
    const { handler, seen } = setUp()
    const items = [report(1), report(2), report(2), report(2, { report_status: 'FAIL' })]
    for (let i = 0; i < 3; i++) expect(await (await handler(status(items))).text()).toBe('SUCCESS')
    expect(seen.map(({ sid, report_status }) => `${sid} ${report_status}`)).toEqual([
      '1 SUCCESS',
      '2 SUCCESS',
      '2 FAIL'
    ])
  })

  it('asks for the whole again when one failed, and repeats only that one', async () => {
    let isDown = true
    const { handler, seen } = setUp(({ sid }) => {
      if (sid === '2' && isDown) throw new Error('database down')
    })
    expect((await handler(status([report(1), report(2), report(3)]))).status).toBe(500)
    isDown = false
    expect((await handler(status([report(1), report(2), report(3)]))).status).toBe(200)
    expect(seen.map(({ sid }) => sid)).toEqual(['1', '2', '3', '2'])
  })

  it('takes reports of calls and packages, and a secret in the path', async () => {
    const { handler, seen } = setUp()
    const url = `https://a.example/push/${SECRET}`
    expect((await handler(post({ voice_status: JSON.stringify([report('abc')]) }, url))).status).toBe(200)
    expect((await handler(post({ flow_status: JSON.stringify([report('def')]) }, url))).status).toBe(200)
    expect(seen.map(({ sid }) => sid)).toEqual(['abc', 'def'])
  })

  it.each([
    ['no secret', 'https://a.example/'],
    ['another secret', 'https://a.example/push?secret=another-secret-of-mine'],
    ['a part of it', `https://a.example/push?secret=${SECRET.slice(0, -1)}`],
    ['it elsewhere', `https://a.example/${SECRET}/push`]
  ])('refuses an address with %s', async (_, url) => {
    const { handler, seen } = setUp()
    expect((await handler(status([report(1)], url))).status).toBe(401)
    expect(seen).toEqual([])
  })

  it.each([
    ['another field', post({ other: '[]' })],
    ['no JSON', post({ sms_status: 'x' })],
    ['a list of numbers', post({ sms_status: '[1]' })],
    ['no sid', status([{ mobile: '1' }])],
    ['half a push', post({ sms_status: '[{"sid":1}' })]
  ])('refuses %s', async (_, request) => {
    const { handler, seen } = setUp()
    expect((await handler(request)).status).toBe(400)
    expect(seen).toEqual([])
  })

  it('takes POST only, a megabyte at most, and an unread body', async () => {
    const { handler } = setUp()
    expect((await handler(new Request('https://a.example'))).status).toBe(405)
    expect((await handler(post({ sms_status: 'x'.repeat(1_100_000) }))).status).toBe(413)
    const read = status([])
    await read.text()
    await expect(handler(read)).rejects.toMatchObject({ code: 'ERR_BODY_ALREADY_PARSED' })
  })

  it('has no secret that can be guessed', () => {
    expect(() => setUp(undefined, 'short')).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option: 'secret' }))
  })

  it('does not acknowledge what another delivery is still working on', async () => {
    let finish = () => {}
    const { handler, seen } = setUp(() => new Promise<void>((resolve) => (finish = resolve)))
    const first = handler(status([report(1)]))
    await expect.poll(() => seen.length).toBe(1)
    expect((await handler(status([report(1)]))).status).toBe(500)
    finish()
    expect((await first).status).toBe(200)
    expect((await handler(status([report(1)]))).status).toBe(200)
    expect(seen).toHaveLength(1)
  })

  it('says whether the secret is missing or wrong, and refuses a report without identity', async () => {
    const { handler, seen } = setUp()
    const codes = async (url: string) => (await handler(status([report(1)], url))).text()
    expect(await codes('https://a.example/push/?other=1')).toBe('ERR_SIGNATURE_MISSING')
    expect(await codes('https://a.example/push?secret=no')).toBe('ERR_SIGNATURE_MISMATCH')
    expect((await handler(status([report('')]))).status).toBe(400)
    expect(seen).toEqual([])
  })

  it('shares what was handled over processes through the store', async () => {
    const store = memoryStore()
    let runs = 0
    const make = () => yunpian.statusHandler({ secret: SECRET, store, onStatus: () => void runs++ })
    await make()(status([report(1)]))
    await make()(status([report(1)]))
    expect(runs).toBe(1)
  })
})

describe('replyHandler', () => {
  const setUp = () => {
    const seen: SmsReply[] = []
    return { seen, handler: yunpian.replyHandler({ onReply: (reply) => void seen.push(reply) }) }
  }
  const push = (reply: unknown) => post({ sms_reply: JSON.stringify(reply) }, 'https://a.example/reply')

  it('verifies and hands over once', async () => {
    const { handler, seen } = setUp()
    for (let i = 0; i < 3; i++) expect(await (await handler(push(signed(REPLY)))).text()).toBe('SUCCESS')
    expect(seen).toEqual([signed(REPLY)])
  })

  it.each([null, undefined])('passes %s on as the empty text that was signed', async (extend) => {
    const { handler, seen } = setUp()
    expect((await handler(push(signed({ ...REPLY, extend })))).status).toBe(200)
    expect(seen).toMatchObject([{ extend: '' }])
  })

  it.each([
    ['a number', { text: 7 }],
    ['a boolean', { text: true }],
    ['half of a surrogate pair', { text: '\ud83d' }],
    ['a number as id', { id: 5 }],
    ['a list', { text: ['7'] }]
  ])('refuses a signed value that is %s', async (_, over) => {
    const { handler, seen } = setUp()
    expect((await handler(push(signed({ ...REPLY, ...over })))).status).toBe(401)
    expect(seen).toEqual([])
  })

  it('takes every reply of a list, and none of it when one is not genuine', async () => {
    const { handler, seen } = setUp()
    const replies = ['r1', 'r2', 'r3'].map((id) => signed({ ...REPLY, id }))
    expect((await handler(push([...replies, { ...signed(REPLY), id: 'r4' }]))).status).toBe(401)
    expect(seen).toEqual([])
    expect((await handler(push(replies))).status).toBe(200)
    expect((await handler(push([...replies].reverse()))).status).toBe(200)
    expect(seen.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3'])
    expect((await handler(push([]))).status).toBe(400)
  })

  it('refuses a genuine sign whose borders were moved', async () => {
    // What the sender of the text chose, read as fields of a message from somebody else.
    const real = signed({ ...REPLY, text: 'r9,13900139000,2026-03-01 10:00:00,TD' })
    const forged = {
      a: REPLY.base_extend,
      b: REPLY.extend,
      base_extend: REPLY.id,
      c: REPLY.mobile,
      extend: REPLY.reply_time,
      id: 'r9',
      mobile: '13900139000',
      reply_time: '2026-03-01 10:00:00',
      text: 'TD',
      _sign: real._sign
    }
    const shifted = { ...REPLY, base_extend: '8888,', extend: 'r1', id: '13800138000,x', _sign: real._sign }
    const { extend: _, ...shorter } = { ...REPLY, base_extend: '8888,' }
    const { handler, seen } = setUp()
    expect((await handler(push(real))).status).toBe(200)
    for (const reply of [forged, shifted, { ...shorter, _sign: signed(REPLY)._sign }])
      expect((await handler(push(reply))).status).toBe(401)
    expect(seen).toHaveLength(1)
  })

  it.each(['base_extend', 'extend', 'id', 'mobile', 'reply_time'] as const)(
    'refuses a comma in %s, even under a right sign',
    async (name) => {
      const { handler, seen } = setUp()
      expect((await handler(push(signed({ ...REPLY, [name]: '1,2' })))).status).toBe(401)
      expect((await handler(push(signed({ ...REPLY, text: '1,2' })))).status).toBe(200)
      expect(seen).toMatchObject([{ text: '1,2' }])
    }
  )

  it('remembers replies for days, because their sign has no date', async () => {
    let now = 0
    const seen: SmsReply[] = []
    const late = new Yunpian({ apiKey: API_KEY, clock: () => now })
    const handler = late.replyHandler({ onReply: (reply) => void seen.push(reply) })
    for (now of [0, 3_600_001, 6 * 86_400_000]) expect((await handler(push(signed(REPLY)))).status).toBe(200)
    expect(seen).toHaveLength(1)
  })

  it('keeps two accounts with one store apart', async () => {
    const store = memoryStore()
    const seen: SmsReply[] = []
    for (const apiKey of [API_KEY, 'f'.repeat(32)]) {
      const handler = new Yunpian({ apiKey }).replyHandler({ store, onReply: (reply) => void seen.push(reply) })
      expect((await handler(push(signed(REPLY, apiKey)))).status).toBe(200)
    }
    expect(seen).toHaveLength(2)
  })

  it('answers 500, never 401, for what the application throws, and reports everything refused', async () => {
    const seen: unknown[] = []
    const refused = new SignatureError('mismatch', 'of something that the application verified', { product: 'pay' })
    const handler = yunpian.replyHandler({
      onReply: () => Promise.reject(refused),
      onError: (error, { request, status }) => seen.push([error, request.url, status])
    })
    expect((await handler(push(signed(REPLY)))).status).toBe(500)
    expect((await handler(push(REPLY))).status).toBe(401)
    expect(seen).toEqual([
      [refused, 'https://a.example/reply', 500],
      [expect.objectContaining({ code: 'ERR_SIGNATURE_MISSING' }), 'https://a.example/reply', 401]
    ])
  })

  it('has a limit of its own for the body', async () => {
    const handler = yunpian.replyHandler({ onReply: () => undefined, bodyLimitBytes: 64 })
    expect((await handler(push(signed(REPLY)))).status).toBe(413)
  })

  it('names the store when it fails', async () => {
    const codes: unknown[] = []
    const logging = new Yunpian({ apiKey: API_KEY, logger: { error: (_, fields) => codes.push(fields?.code) } })
    const store = { ...memoryStore(), setIfAbsent: () => Promise.reject(new Error('READONLY')) }
    const handler = logging.replyHandler({ store, onReply: () => undefined })
    expect((await handler(push(signed(REPLY)))).status).toBe(500)
    expect(codes).toEqual(['ERR_STORE'])
  })

  it.each([
    ['no sign', REPLY, 'ERR_SIGNATURE_MISSING'],
    ['an empty sign', { ...REPLY, _sign: '' }, 'ERR_SIGNATURE_MISSING'],
    ['a null sign', { ...REPLY, _sign: null }, 'ERR_SIGNATURE_MISSING'],
    ['another text', { ...signed(REPLY), text: 'no' }, 'ERR_SIGNATURE_MISMATCH'],
    ['another key', signed(REPLY, 'other'), 'ERR_SIGNATURE_MISMATCH'],
    ['a further field', { ...signed(REPLY), zzz: 'x' }, 'ERR_SIGNATURE_MISMATCH'],
    ['a nested field', { ...signed(REPLY), text: ['好的'] }, 'ERR_SIGNATURE_MISMATCH']
  ])('refuses %s', async (_, reply, code) => {
    const { handler, seen } = setUp()
    const answer = await handler(push(reply))
    expect([answer.status, await answer.text(), seen]).toEqual([401, code, []])
  })

  it('never hands over what it cannot verify', async () => {
    const { handler, seen } = setUp()
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        const answer = await handler(post({ sms_reply: text }, 'https://a.example/reply'))
        expect([400, 401]).toContain(answer.status)
      }),
      fcParameters(300)
    )
    expect(seen).toEqual([])
  })
})

it('a field "__proto__" stays a field', async () => {
  const seen: object[] = []
  const handler = yunpian.statusHandler({ secret: SECRET, onStatus: (one) => void seen.push(one) })
  const text = '[{"__proto__":{"report_status":"SUCCESS"},"sid":7}]'
  expect((await handler(post({ sms_status: text }))).status).toBe(200)
  expect(Object.getPrototypeOf(seen[0])).toBe(Object.prototype)
})

describe('templateHandler', () => {
  it('hands a review over once', async () => {
    const seen: unknown[] = []
    const handler = yunpian.templateHandler({ secret: SECRET, onReviewed: (review) => void seen.push(review) })
    const review = { tpl_id: '7', tpl_content: '【a】#code#', check_status: 'FAIL', reason: '签名' }
    expect(await (await handler(post(review))).text()).toBe('SUCCESS')
    await handler(post(review))
    await handler(post({ ...review, check_status: 'SUCCESS' }))
    expect(seen).toEqual([review, { ...review, check_status: 'SUCCESS' }])
    expect((await handler(post({ a: 'b' }))).status).toBe(400)
    expect((await handler(post(review, 'https://a.example/x'))).status).toBe(401)
  })
})
