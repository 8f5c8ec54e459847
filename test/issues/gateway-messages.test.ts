import { describe, expect, test, vi } from 'vitest'
import { memoryStore } from 'weixin-kit'
import {
  buildEnvelope,
  decryptMessage,
  encryptMessage,
  MessageGateway,
  type MessageGatewayOptions,
  parseEnvelope,
  parseMessage,
  reply,
  signedGatewayRequest
} from 'weixin-kit/gateway'
import { ManualTimer } from '../unit/gateway/manual-timer.ts'

const account = { appId: 'wx0123456789abcdef', token: 'token' }
const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const NOW = 1_700_000_000_000
const SECONDS = NOW / 1000
const timestamp = String(SECONDS)
const head = '<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>'
const xml = (inner: string, at = SECONDS) => `<xml>${head}<CreateTime>${at}</CreateTime>${inner}</xml>`
const textXml = (content: string, id = '1') =>
  xml(`<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>${id}</MsgId>`)
const eventXml = (event: string, inner = '', at = SECONDS) =>
  xml(`<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${event}]]></Event>${inner}`, at)
const eventJson = (Event: string, fields: object) =>
  JSON.stringify({ ToUserName: 'gh_1', FromUserName: 'o1', CreateTime: SECONDS, MsgType: 'event', Event, ...fields })

function setUp(options: Partial<MessageGatewayOptions> = {}) {
  const onError = vi.fn()
  const warn = vi.fn()
  const error = vi.fn()
  const gateway = new MessageGateway({ ...account, clock: () => NOW, logger: { warn, error }, onError, ...options })
  const handler = gateway.handler()
  const post = (message: string, more: object = {}) =>
    handler(signedGatewayRequest(message, { ...account, timestamp, ...more }))
  const answer = async (message: string, more: object = {}) => (await post(message, more)).text()
  return { gateway, post, answer, onError, warn, error }
}

describe('what WeChat really writes', () => {
  test.each(['if (a[b[0]]>1)', '<xml><Content><![CDATA[hi]]></Content>', ']]>', 'a\uffffb', 'a\u0010b'])(
    'a text of a person is read as it was typed: %j',
    async (content) => {
      const { gateway, answer, onError } = setUp()
      const seen = vi.fn()
      gateway.on('text', ({ Content }) => seen(Content))
      if (content.includes('</Content>')) {
        expect(await answer(textXml(content))).toBe('success')
        expect(onError).toHaveBeenCalledOnce()
        return
      }
      expect(await answer(textXml(content))).toBe('success')
      expect(seen).toHaveBeenCalledExactlyOnceWith(content)
      expect(onError).not.toHaveBeenCalled()
    }
  )

  test('what cannot be read after the signature was right is reported and acknowledged', async () => {
    for (const mode of [{}, { encodingAESKey }]) {
      const { gateway, post, onError } = setUp(mode)
      const seen = vi.fn()
      gateway.on('*', seen)
      const broken = [textXml('a]]></Content><Event>x</Event><Content><![CDATA[b'), '<xml><a>1</b></xml>', '{"a":']
      for (const body of broken) {
        const response = await post(body, { ...mode, mode: 'encodingAESKey' in mode ? 'encrypted' : 'plaintext' })
        expect([response.status, await response.text()]).toEqual([200, 'success'])
      }
      expect(seen).not.toHaveBeenCalled()
      expect(onError.mock.calls.map(([error]) => error.code)).toEqual(broken.map(() => 'ERR_BODY_MALFORMED'))
      expect(onError.mock.calls[0]?.[1].request.method).toBe('POST')
    }
  })

  test('a repeated element below the top is a list, an empty container an empty list', () => {
    const proofs = (ids: string) =>
      parseMessage(eventXml('wxa_appeal_record', `<material><appeal><proof>${ids}</proof></appeal></material>`))
    expect(proofs('<id>1</id><id>2</id>')).toMatchObject({ material: { appeal: { proof: { id: ['1', '2'] } } } })
    const pictures = eventXml('pic_weixin', '<SendPicsInfo><Count>0</Count><PicList></PicList></SendPicsInfo>')
    expect(parseMessage(pictures)).toMatchObject({ SendPicsInfo: { Count: 0, PicList: { item: [] } } })
    const published = '<PublishEventInfo><article_detail><count>0</count></article_detail></PublishEventInfo>'
    expect(parseMessage(eventXml('PUBLISHJOBFINISH', published))).toMatchObject({
      PublishEventInfo: { article_detail: { count: 0, item: [] } }
    })
    const path = eventXml('add_express_path', '<Actions><ActionType>1</ActionType></Actions>')
    expect(parseMessage(path)).toMatchObject({ Actions: [{ ActionType: '1' }] })
  })

  test('events without sender or receiver, tickets of the open platform and unlisted types reach a handler', async () => {
    const { gateway, answer, onError } = setUp({ encodingAESKey })
    const seen: unknown[] = []
    gateway.onType('component_verify_ticket', ({ ComponentVerifyTicket }) => void seen.push(ComponentVerifyTicket))
    gateway.onType('device_text', ({ DeviceID }) => ({ MsgType: 'device_text', DeviceID, Content: 'aGk=' }))
    gateway.onEvent('minigame_report', ({ OpenId }) => void seen.push(OpenId))
    const ticket =
      '<xml><AppId>wx0123456789abcdef</AppId><CreateTime>1700000000</CreateTime><InfoType>component_verify_ticket</InfoType><ComponentVerifyTicket>T</ComponentVerifyTicket></xml>'
    expect(await answer(ticket, { encodingAESKey })).toBe('success')
    const bare = JSON.stringify({ CreateTime: SECONDS, MsgType: 'event', Event: 'minigame_report', OpenId: 'o9' })
    await answer(bare, { encodingAESKey })
    const device = xml('<MsgType>device_text</MsgType><DeviceID>d1</DeviceID>')
    const envelope = parseEnvelope(await answer(device, { encodingAESKey }))
    const { encrypt, msgSignature = '', timestamp: at = '', nonce = '' } = envelope
    const opened = decryptMessage({ encrypt, msgSignature, timestamp: at, nonce }, { ...account, encodingAESKey })
    expect(parseMessage(opened)).toMatchObject({ MsgType: 'device_text', DeviceID: 'd1', ToUserName: 'o1' })
    expect(seen).toEqual(['T', 'o9'])
    expect(onError).not.toHaveBeenCalled()
  })
})

describe('the identity of a message', () => {
  test('is everything in it', async () => {
    const { gateway, post } = setUp()
    const seen: unknown[] = []
    gateway.on('*', (message) => void seen.push(message.RevokeInfo ?? message.order_status ?? message.Content))
    const revoke = (info: number) => eventXml('user_authorization_revoke', `<RevokeInfo>${info}</RevokeInfo>`)
    for (const body of [revoke(6), revoke(8), revoke(8), revoke(6)]) await post(body)
    for (const order_status of [101, 102, 102]) await post(eventJson('update_waybill_status', { order_status }))
    for (const content of ['a', 'b', 'a']) await post(textXml(content))
    expect(seen).toEqual(['6', '8', '101', '102', 'a', 'b'])
  })

  test('is the same in compatible mode, where each delivery is encrypted anew', async () => {
    const { gateway, post } = setUp({ encodingAESKey })
    const seen = vi.fn()
    gateway.on('text', () => seen())
    for (let delivery = 0; delivery < 3; delivery++) await post(textXml('x'), { encodingAESKey, mode: 'compatible' })
    const plain = setUp()
    plain.gateway.on('text', () => seen())
    for (const cipher of ['A', 'B'])
      await plain.post(textXml('x').replace('</xml>', `<Encrypt>${cipher}</Encrypt></xml>`))
    expect(seen).toHaveBeenCalledTimes(2)
  })

  test('of a payment is its kind and number, whenever and however often it was pushed', async () => {
    const { gateway, post } = setUp()
    const seen: unknown[] = []
    gateway.on('event', ({ Event, ...rest }) => void seen.push([Event, rest.OutTradeNo ?? rest.WxRefundId ?? 'game']))
    gateway.onEvent('xpay_goods_deliver_notify', () => undefined)
    gateway.onEvent('xpay_refund_notify', () => undefined)
    gateway.onEvent('minigame_game_pay_goods_deliver_notify', () => undefined)
    const payload = (no: string) => ({ MiniGame: { Payload: JSON.stringify({ OutTradeNo: no }), PayEventSig: 's' } })
    for (const CreateTime of [1, 2]) {
      await post(eventJson('xpay_goods_deliver_notify', { CreateTime, OutTradeNo: 'A' }))
      await post(eventJson('xpay_refund_notify', { CreateTime, WxRefundId: 'A', RetryTimes: CreateTime }))
      await post(eventJson('minigame_game_pay_goods_deliver_notify', { CreateTime, ...payload('A') }))
    }
    await post(eventJson('minigame_game_pay_goods_deliver_notify', payload('B')))
    expect(seen).toHaveLength(4)
  })

  test('of a payment is not that of the sandbox or of an earlier, failed refund', async () => {
    const { gateway, post } = setUp()
    const seen: unknown[] = []
    gateway.onEvent('xpay_goods_deliver_notify', ({ Env }) => void seen.push(Env))
    gateway.onEvent('xpay_refund_notify', ({ RetCode }) => void seen.push(RetCode))
    for (const Env of [1, 0, 0]) await post(eventJson('xpay_goods_deliver_notify', { OutTradeNo: 'A', Env }))
    for (const RetCode of [268490007, 0, 0]) await post(eventJson('xpay_refund_notify', { WxRefundId: 'A', RetCode }))
    expect(seen).toEqual([1, 0, 268490007, 0])
  })

  test.each(['with', 'without'])('of a query is none: its handler is asked each time, %s a store', async (how) => {
    const { gateway, answer } = setUp(how === 'with' ? { store: memoryStore() } : {})
    let asked = 0
    gateway.on('event.xpay_subscribe_ios_refund_query_notify', () => {
      asked++
      return { ErrCode: 0, ErrMsg: 'success', IosRefundQueryResponse: { result_code: asked % 2, evidence: 'used' } }
    })
    const query = eventJson('xpay_subscribe_ios_refund_query_notify', { pay_order_id: 'P1' })
    expect(JSON.parse(await answer(query))).toEqual({
      ErrCode: 0,
      ErrMsg: 'success',
      IosRefundQueryResponse: { result_code: 1, evidence: 'used' }
    })
    expect(await answer(query)).toContain('"result_code":0')
  })
})

describe('replies', () => {
  test.each([
    ['', 'success'],
    ['\u0008', 'success'],
    [' \n\ud83d', 'success']
  ])('without content are an acknowledgement: %j', async (value, expected) => {
    const { gateway, answer, onError } = setUp()
    gateway.on('text', () => value)
    expect(await answer(textXml('q'))).toBe(expected)
    expect(onError).not.toHaveBeenCalled()
  })

  test.each([
    reply.text(''),
    reply.text('\u0007'),
    reply.image(undefined as never),
    reply.image(' '),
    reply.voice(''),
    reply.video({ MediaId: '' }),
    reply.music({ ThumbMediaId: '' }),
    reply.news([]),
    { MsgType: 'sticker' } as never,
    {} as never,
    [] as never
  ])('that are typed and empty inside are an error and never sent: %j', async (value) => {
    const { gateway, answer, onError } = setUp()
    gateway.on('text', () => value)
    expect(await answer(textXml('q'))).toBe('success')
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'ERR_INVALID_PARAM' })
  })

  test('pass unknown fields through', async () => {
    const { gateway, answer } = setUp()
    gateway.onEvent('check_biz', ({ BizID }) => ({
      MsgType: 'event',
      Event: 'check_biz',
      ResultCode: 0,
      BizID,
      Quota: 3.5
    }))
    const checked = await answer(eventXml('check_biz', '<BizID>b</BizID>'))
    expect(parseMessage(checked)).toMatchObject({ Event: 'check_biz', ResultCode: '0', BizID: 'b', Quota: '3.5' })
    gateway.onEvent('xpay_subscribe_ios_refund_query_notify', () => ({ result_code: 1 as const, evidence: 'e' }))
    const query = eventJson('xpay_subscribe_ios_refund_query_notify', {})
    expect(JSON.parse(await answer(query))).toEqual({ result_code: 1, evidence: 'e' })
  })

  test('leave as well-formed Unicode, in JSON as in XML', async () => {
    const { gateway, answer } = setUp()
    gateway.on('*', () => reply.transfer('half \ud83d'))
    const event = await answer(eventJson('user_enter_tempsession', {}))
    expect(event).not.toMatch(/\\ud83d/)
    expect(await answer(textXml('x'))).toContain('<KfAccount><![CDATA[half ]]></KfAccount>')
  })

  test('of more than 2048 bytes are cut at a character, or handed to onLateReply', async () => {
    const long = `${'长'.repeat(700)}end`
    const cut = setUp()
    cut.gateway.on('text', () => long)
    const { Content } = parseMessage(await cut.answer(textXml('x')))
    expect(Buffer.byteLength(String(Content))).toBeLessThanOrEqual(2048)
    expect(Content).toMatch(/^长+…$/)
    const late = setUp({ longText: 'late' })
    const send = vi.fn()
    late.gateway.on('text', () => reply.text(long))
    late.gateway.onLateReply(send)
    expect(await late.answer(textXml('x'))).toBe('success')
    expect(send).toHaveBeenCalledExactlyOnceWith(reply.text(long), expect.anything())
    expect(await late.answer(textXml('x'))).toBe('success')
    expect(send).toHaveBeenCalledOnce()
  })

  test('are not what a reporter returns', async () => {
    const { gateway, answer } = setUp({ onError: () => 'id of the report' })
    gateway.on('text', () => {
      throw new Error('x')
    })
    expect(await answer(textXml('x'))).toBe('success')
  })
})

describe('a fault of the server', () => {
  test('is a 5xx and reaches onError; it is no forgery', async () => {
    const { post, onError, warn } = setUp({
      clock: () => {
        throw new TypeError('the clock is broken')
      }
    })
    expect((await post(textXml('x'))).status).toBe(500)
    expect(onError).toHaveBeenCalledExactlyOnceWith(new TypeError('the clock is broken'), expect.anything())
    expect(warn).not.toHaveBeenCalled()
  })

  test('such as a package that is missing is not answered as a message that cannot be read', async () => {
    vi.resetModules()
    vi.doMock('../../src/internal/xml/parse-with-library.ts', () => ({
      parseWithLibrary: () => {
        throw new Error('Cannot find module fast-xml-parser')
      }
    }))
    const gate = await import('weixin-kit/gateway')
    const onError = vi.fn()
    const gateway = new gate.MessageGateway({ ...account, clock: () => NOW, onError })
    const request = gate.signedGatewayRequest(eventXml('x', '<a><b>1</b></a>'), { ...account, timestamp })
    expect((await gateway.handler()(request)).status).toBe(500)
    expect(onError).toHaveBeenCalledOnce()
    vi.doUnmock('../../src/internal/xml/parse-with-library.ts')
  })
})

describe('originalId', () => {
  test('refuses messages for another account and takes those that name none', async () => {
    const { gateway, post, warn } = setUp({ originalId: 'gh_2' })
    const seen = vi.fn()
    gateway.on('*', () => seen())
    expect((await post(textXml('x'))).status).toBe(401)
    expect(warn.mock.calls[0]?.[0]).toContain('for another account "gh_1"')
    expect((await post(textXml('x').replace('gh_1', 'gh_2'))).status).toBe(200)
    expect((await post(JSON.stringify({ CreateTime: SECONDS, MsgType: 'event', Event: 'x' }))).status).toBe(200)
    expect(seen).toHaveBeenCalledTimes(2)
    expect(() => setUp({ originalId: 'wx0123456789abcdef' })).toThrow(/original id/)
  })
})

describe('a message that another process holds', () => {
  test('is refused while it can be delivered again, then acknowledged and reported', async () => {
    for (const [age, status] of [
      [0, 503],
      [8, 503],
      [9, 200],
      [60, 200]
    ] as const) {
      const timer = new ManualTimer()
      const store = memoryStore()
      const { post, onError } = setUp({
        store: { ...store, setIfAbsent: async () => false, get: async () => 'running:x' },
        setTimer: timer.set
      })
      const response = post(textXml('x').replace(timestamp, String(SECONDS - age)))
      await vi.waitUntil(() => timer.pending === 1)
      await new Promise((resolve) => setImmediate(resolve))
      timer.fire()
      expect((await response).status).toBe(status)
      expect(onError).toHaveBeenCalledTimes(status === 200 ? 1 : 0)
      if (status === 200) expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'ERR_TIMEOUT' })
    }
  })
})

describe("late: 'wait-for-repeat'", () => {
  async function bot(store = false) {
    const timer = new ManualTimer()
    const asked = vi.fn()
    let finish: (text: string) => void = () => undefined
    const one = setUp({
      late: 'wait-for-repeat',
      placeholder: 'wait',
      setTimer: timer.set,
      ...(store ? { store: memoryStore() } : {})
    })
    one.gateway.on('text', ({ Content }) => {
      asked(Content)
      return new Promise<string>((resolve) => (finish = resolve))
    })
    const deliver = async (id = '1') => {
      const before = timer.pending
      const response = one.post(textXml('question', id))
      await vi.waitUntil(() => timer.pending > before)
      await new Promise((resolve) => setTimeout(resolve, 5))
      return response.then(async (settled) => `${settled.status} ${await settled.text()}`)
    }
    const start = (id?: string) => {
      const response = deliver(id)
      return { response, ready: vi.waitUntil(() => timer.pending > 0) }
    }
    return { ...one, timer, asked, start, finish: (text: string) => finish(text) }
  }

  test.each([false, true])(
    'the second or third delivery carries the reply; the handler runs once (store: %s)',
    async (store) => {
      for (const deliveries of [2, 3]) {
        const { timer, start, asked, finish } = await bot(store)
        for (let delivery = 1; delivery < deliveries; delivery++) {
          const { response, ready } = start()
          await ready
          await new Promise((resolve) => setTimeout(resolve, 10))
          timer.fire()
          expect(await response).toBe('503 ')
        }
        const { response, ready } = start()
        await ready
        await new Promise((resolve) => setTimeout(resolve, 10))
        finish('the response')
        expect(await response).toContain('the response')
        expect(asked).toHaveBeenCalledOnce()
      }
    }
  )

  test.each([false, true])(
    'after the third a placeholder goes out, and the reply with the next message (store: %s)',
    async (store) => {
      const { timer, start, asked, finish, post } = await bot(store)
      for (const expected of ['503 ', '503 ', 'wait']) {
        const { response, ready } = start()
        await ready
        await new Promise((resolve) => setTimeout(resolve, 10))
        timer.fire()
        expect(await response).toContain(expected)
      }
      finish('the response')
      await new Promise((resolve) => setTimeout(resolve, 10))
      const next = await (await post(textXml('well?', '2'))).text()
      expect(next).toContain('the response')
      expect(await (await post(textXml('well?', '2'))).text()).toContain('the response')
      expect(asked).toHaveBeenCalledOnce()
      expect(timer.delays.slice(0, 3)).toEqual([5500, 5500, 4500])
    }
  )

  test('events are answered as ever', async () => {
    const timer = new ManualTimer()
    const { gateway, post } = setUp({ late: 'wait-for-repeat', setTimer: timer.set })
    gateway.on('event', () => new Promise(() => undefined))
    const response = post(eventXml('VIEW'))
    await vi.waitUntil(() => timer.pending === 1)
    timer.fire()
    expect(await (await response).text()).toBe('success')
    expect(timer.delays).toEqual([4500])
  })
})

describe('the wrapper', () => {
  test('is read and written by public functions, XML and JSON', () => {
    const crypto = { ...account, encodingAESKey }
    for (const format of ['xml', 'json'] as const) {
      const sealed = encryptMessage('<xml>…</xml>', crypto)
      const {
        encrypt,
        msgSignature = '',
        timestamp: at = '',
        nonce = ''
      } = parseEnvelope(buildEnvelope(sealed, format))
      expect(decryptMessage({ encrypt, msgSignature, timestamp: at, nonce }, crypto)).toBe('<xml>…</xml>')
    }
    expect(parseEnvelope('<xml><ToUserName>gh_1</ToUserName><Encrypt>x</Encrypt></xml>')).toEqual({
      encrypt: 'x',
      toUserName: 'gh_1'
    })
    expect(() => parseEnvelope('<xml><a>1</a></xml>')).toThrow(expect.objectContaining({ code: 'ERR_BODY_MALFORMED' }))
  })
})

describe('handlers in the wrong place', () => {
  const handler = new MessageGateway(account).handler()
  test.each([
    ['Koa', { request: {}, response: {}, app: {}, req: {}, res: {}, url: '/', headers: {} }, /toKoaMiddleware/],
    ['Express', { rawHeaders: [], app: {}, url: '/', headers: {} }, /toExpressHandler/],
    ['Fastify', { raw: {}, server: {}, url: '/', headers: {} }, /toFastifyHandler/],
    ['node:http', { rawHeaders: [], url: '/', headers: {} }, /toNodeHandler/],
    ['nothing', undefined, /Request of the fetch standard/]
  ])('say at once what is missing: %s', (_, request, advice) => {
    expect(() => handler(request as never)).toThrow(expect.objectContaining({ message: expect.stringMatching(advice) }))
  })

  test('a method that was not called, or called with a request, says so', () => {
    const gateway = new MessageGateway(account)
    const { handler } = gateway
    expect(() => handler()).toThrow(/call it once/)
    expect(() => gateway.handler(new Request('http://localhost/') as never)).toThrow(/call it once/)
    expect(gateway.appId).toBe(account.appId)
  })
})
