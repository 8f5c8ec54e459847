import { describe, expect, test, vi } from 'vitest'
import { memoryStore } from 'weixin-kit'
import {
  decryptMessage,
  MessageGateway,
  type MessageGatewayOptions,
  parseMessage,
  reply,
  signedGatewayRequest
} from 'weixin-kit/gateway'
import { ManualTimer } from './manual-timer.ts'

const account = { appId: 'wx0123456789abcdef', token: 'spamtest' }
const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const safe = { ...account, encodingAESKey }
const NOW = 1_700_000_000_000
const clock = () => NOW
const timestamp = String(NOW / 1000)
const text = (Content: string, MsgId = '6054768590064713728') => ({
  ToUserName: 'gh_1',
  FromUserName: 'oUser1',
  MsgType: 'text',
  Content,
  MsgId
})
const event = (Event: string, fields: object = {}) => ({
  ToUserName: 'gh_1',
  FromUserName: 'oUser1',
  MsgType: 'event',
  Event,
  ...fields
})

function gatewayOf(options: Partial<MessageGatewayOptions> = {}) {
  const warn = vi.fn()
  const error = vi.fn()
  const gateway = new MessageGateway({ ...account, clock, logger: { warn, error }, ...options })
  return { gateway, warn, error }
}

const request = (message: Parameters<typeof signedGatewayRequest>[0], options: object = {}) =>
  signedGatewayRequest(message, { ...account, timestamp, ...options })

async function openReply(response: Response) {
  const envelope =
    /<Encrypt><!\[CDATA\[(.*)\]\]><\/Encrypt><MsgSignature><!\[CDATA\[(.*)\]\]><\/MsgSignature><TimeStamp>(\d+)<\/TimeStamp><Nonce><!\[CDATA\[(.*)\]\]><\/Nonce>/.exec(
      await response.text()
    )
  if (!envelope) throw new Error('no envelope')
  const [, encrypt = '', msgSignature = '', timestamp = '', nonce = ''] = envelope
  return parseMessage(decryptMessage({ encrypt, msgSignature, timestamp, nonce }, safe))
}

describe('URL check', () => {
  test('echoes plain text once the signature holds, with or without a key', async () => {
    for (const options of [{}, { encodingAESKey }]) {
      const response = await gatewayOf(options).gateway.handler()(request({ echostr: '5837397576500011341' }))
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(await response.text()).toBe('5837397576500011341')
    }
  })

  test('refuses anything else with an empty body', async () => {
    const { gateway } = gatewayOf()
    const good = request({ echostr: 'abc' }).url
    const wrong = [
      'http://localhost/',
      good.replace(/signature=.{4}/, 'signature=0000'),
      good.replace(/nonce=./, 'nonce=_'),
      good.replace('timestamp=17', 'timestamp=16'),
      good.replace(/&echostr=abc/, ''),
      `${good}&signature=1`,
      `${good}&nonce=1`
    ]
    for (const url of wrong) {
      const response = await gateway.handler()(new Request(url))
      expect([url, response.status, await response.text()]).toEqual([url, 401, ''])
    }
  })

  test('other methods are 405', async () => {
    const { gateway } = gatewayOf()
    const response = await gateway.handler()(new Request(request({ echostr: 'abc' }).url, { method: 'PUT' }))
    expect(response.status).toBe(405)
  })
})

describe('modes', () => {
  test('plaintext', async () => {
    const { gateway } = gatewayOf()
    gateway.on('text', (message, { mode, format }) => `${message.Content} ${mode} ${format}`)
    const response = await gateway.handler()(request(text('hi <&> ]]>')))
    expect(response.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    const answer = parseMessage(await response.text())
    expect(answer).toMatchObject({
      ToUserName: 'oUser1',
      FromUserName: 'gh_1',
      CreateTime: NOW / 1000,
      MsgType: 'text',
      Content: 'hi <&> ]]> plaintext xml'
    })
  })

  test.each(['encrypted', 'compatible'] as const)('%s', async (mode) => {
    const { gateway } = gatewayOf({ encodingAESKey, nonce: () => '1320562132' })
    gateway.on('text', (message, context) => `${message.Content} ${context.mode}`)
    const response = await gateway.handler()(request(text('你好'), { encodingAESKey, mode }))
    expect(await openReply(response)).toMatchObject({ ToUserName: 'oUser1', Content: `你好 ${mode}` })
  })

  test('compatible mode: only the encrypted half counts', async () => {
    const { gateway } = gatewayOf({ encodingAESKey })
    const seen = vi.fn()
    gateway.on('text', (message) => seen(message.Content))
    const honest = request(text('honest'), { encodingAESKey, mode: 'compatible' })
    const body = (await honest.text()).replace('honest', 'forged')
    await gateway.handler()(new Request(honest.url, { method: 'POST', body }))
    expect(seen).toHaveBeenCalledWith('honest')
  })

  test('JSON of a mini program, plain and encrypted', async () => {
    const { gateway } = gatewayOf({ encodingAESKey })
    gateway.on('event.user_enter_tempsession', (message) => reply.transfer(message.SessionFrom))
    const message = event('user_enter_tempsession', { SessionFrom: 'kf1@test' })
    const response = await gateway.handler()(request(message, { encodingAESKey, format: 'json' }))
    expect(response.headers.get('content-type')).toContain('json')
    const envelope = (await response.json()) as Record<string, string>
    expect(typeof envelope.TimeStamp).toBe('number')
    const opened = decryptMessage(
      {
        encrypt: String(envelope.Encrypt),
        msgSignature: String(envelope.MsgSignature),
        timestamp: String(envelope.TimeStamp),
        nonce: String(envelope.Nonce)
      },
      safe
    )
    expect(JSON.parse(opened)).toEqual({
      ToUserName: 'oUser1',
      FromUserName: 'gh_1',
      CreateTime: NOW / 1000,
      MsgType: 'transfer_customer_service',
      TransInfo: { KfAccount: 'kf1@test' }
    })
  })

  test('success stays plain when there is nothing to say', async () => {
    const { gateway } = gatewayOf({ encodingAESKey })
    const response = await gateway.handler()(request(text('x'), { encodingAESKey }))
    expect(await response.text()).toBe('success')
  })
})

test('a message without <Encrypt> is refused, although the signature of the URL would fit', () => {
  const query = new URL(request(text('x')).url).searchParams
  const parts = { timestamp, nonce: query.get('nonce') ?? '', msgSignature: query.get('signature') ?? '' }
  for (const encrypt of [undefined, '']) {
    const message = { ...parts, encrypt } as Parameters<typeof decryptMessage>[0]
    expect(() => decryptMessage(message, safe)).toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_MISSING' }))
  }
})

describe('refusals', () => {
  const cases: [string, Partial<MessageGatewayOptions>, () => Promise<Request>, number, string, RegExp][] = [
    [
      'a plaintext body with a key configured',
      { encodingAESKey },
      async () => request(text('x')),
      401,
      'ERR_SIGNATURE_MISSING',
      /msg_signature is missing.*plaintext mode/
    ],
    [
      'a plaintext body with a msg_signature of the URL',
      { encodingAESKey },
      async () => {
        const plain = request(text('x'))
        const url = `${plain.url}&msg_signature=${new URL(plain.url).searchParams.get('signature')}`
        return new Request(url, { method: 'POST', body: await plain.text() })
      },
      401,
      'ERR_SIGNATURE_MISSING',
      /no <Encrypt>.*plaintext mode/
    ],
    [
      'a msg_signature alone, without a key',
      {},
      async () => {
        const plain = request(text('x'))
        const url = plain.url.replace(/([?&])signature=/, '$1msg_signature=')
        return new Request(url, { method: 'POST', body: await plain.text() })
      },
      401,
      'ERR_SIGNATURE_MISSING',
      /signature/
    ],
    [
      'a timestamp that is signed and no number of seconds',
      {},
      async () => request(text('x'), { timestamp: '1.7e9' }),
      401,
      'ERR_SIGNATURE_MISMATCH',
      /not a number of seconds/
    ],
    [
      'signature in the place of msg_signature',
      { encodingAESKey },
      async () => {
        const good = request(text('x'), { encodingAESKey })
        const url = new URL(good.url)
        url.searchParams.set('msg_signature', url.searchParams.get('signature') ?? '')
        return new Request(url, { method: 'POST', body: await good.text() })
      },
      401,
      'ERR_SIGNATURE_MISMATCH',
      /value of signature/
    ],
    [
      'spaces in place of +',
      { encodingAESKey },
      async () => {
        for (;;) {
          const good = request(text('x'), { encodingAESKey })
          const body = await good.text()
          if (body.includes('+')) return new Request(good.url, { method: 'POST', body: body.replaceAll('+', ' ') })
        }
      },
      401,
      'ERR_SIGNATURE_MISMATCH',
      /decoded the body as a form.*restored, the signature is right/
    ],
    [
      'a changed ciphertext',
      { encodingAESKey },
      async () => {
        const good = request(text('x'), { encodingAESKey })
        const body = (await good.text()).replace(
          /(Encrypt><!\[CDATA\[)(.)/,
          (_, tag, first) => tag + (first === 'A' ? 'B' : 'A')
        )
        return new Request(good.url, { method: 'POST', body })
      },
      401,
      'ERR_SIGNATURE_MISMATCH',
      /token is right/
    ],
    [
      'another token',
      { encodingAESKey },
      async () => request(text('x'), { encodingAESKey, token: 'other' }),
      401,
      'ERR_SIGNATURE_MISMATCH',
      /does not match the token/
    ],
    [
      'the key of another account',
      { encodingAESKey },
      async () => request(text('x'), { encodingAESKey: 'Z'.repeat(43) }),
      401,
      'ERR_DECRYPT_PADDING',
      /token, is right; the EncodingAESKey belongs to another account/
    ],
    [
      'another appid',
      { encodingAESKey },
      async () => request(text('x'), { encodingAESKey, appId: 'wxffff' }),
      401,
      'ERR_DECRYPT_APPID',
      /for another appid "wxffff"/
    ],
    [
      'an encrypted message without a key',
      {},
      async () => request(text('x'), { encodingAESKey }),
      401,
      'ERR_DECRYPT_KEY',
      /no encodingAESKey/
    ],
    [
      'an old timestamp',
      {},
      async () => request(text('x'), { timestamp: String(NOW / 1000 - 301) }),
      401,
      'ERR_SIGNATURE_EXPIRED',
      /301 s behind/
    ],
    [
      'a timestamp of the future',
      {},
      async () => request(text('x'), { timestamp: String(NOW / 1000 + 301) }),
      401,
      'ERR_SIGNATURE_EXPIRED',
      /ahead of/
    ],
    [
      'no query',
      {},
      async () => new Request('http://localhost/', { method: 'POST', body: '<xml></xml>' }),
      401,
      'ERR_SIGNATURE_MISSING',
      /not from WeChat/
    ],
    [
      'an empty body',
      { encodingAESKey },
      async () => new Request(request(text('x')).url, { method: 'POST' }),
      400,
      'ERR_BODY_MALFORMED',
      /body parser/
    ],
    [
      'XML that became JSON',
      { encodingAESKey },
      async () => new Request(request(text('x')).url, { method: 'POST', body: '{"xml":{"Encrypt":["x"]}}' }),
      400,
      'ERR_BODY_MALFORMED',
      /turned the XML into JSON/
    ],
    [
      'a large body',
      {},
      async () => new Request(request(text('x')).url, { method: 'POST', body: 'x'.repeat(70_000) }),
      413,
      'ERR_BODY_TOO_LARGE',
      /65536/
    ]
  ]
  test.each(cases)('%s', async (_, options, make, status, code, explanation) => {
    const { gateway, warn } = gatewayOf(options)
    const handler = vi.fn()
    gateway.on('*', handler)
    const response = await gateway.handler()(await make())
    expect([response.status, await response.text()]).toEqual([status, ''])
    expect(handler).not.toHaveBeenCalled()
    expect(warn).toHaveBeenCalledOnce()
    expect(warn.mock.calls[0]?.[1]).toMatchObject({ code })
    expect(warn.mock.calls[0]?.[0]).toMatch(explanation)
    expect(JSON.stringify(warn.mock.calls)).not.toMatch(/spamtest|abcdefghijklmnopqrstuvwxyz/)
  })

  test('a body that was read before is an error of the application', async () => {
    const { gateway } = gatewayOf()
    const used = request(text('x'))
    await used.text()
    await expect(gateway.handler()(used)).rejects.toMatchObject({ code: 'ERR_BODY_ALREADY_PARSED' })
  })
})

describe('rotation', () => {
  test('what the old token and key sign is accepted and answered with them', async () => {
    const { gateway } = gatewayOf({
      token: 'newtoken',
      encodingAESKey: 'Z'.repeat(43),
      previous: { token: account.token, encodingAESKey }
    })
    gateway.on('text', () => 'pong')
    const response = await gateway.handler()(request(text('ping'), { encodingAESKey }))
    expect(await openReply(response)).toMatchObject({ Content: 'pong' })
    const next = request(text('ping', '2'), { token: 'newtoken', encodingAESKey: 'Z'.repeat(43) })
    expect((await gateway.handler()(next)).status).toBe(200)
  })
})

describe('redelivery', () => {
  test('the stored reply is returned, encrypted anew', async () => {
    const { gateway } = gatewayOf({ encodingAESKey })
    const handler = vi.fn(async () => 'pong')
    gateway.on('text', handler)
    for (const nonce of ['1', '2']) {
      const response = await gateway.handler()(request(text('ping'), { encodingAESKey, nonce }))
      expect(await openReply(response)).toMatchObject({ Content: 'pong' })
    }
    expect(handler).toHaveBeenCalledOnce()
  })

  test('while the first attempt runs, both get its reply', async () => {
    const { gateway } = gatewayOf()
    let finish: (text: string) => void = () => undefined
    const handler = vi.fn(() => new Promise<string>((resolve) => (finish = resolve)))
    gateway.on('text', handler)
    const first = gateway.handler()(request(text('ping')))
    const second = gateway.handler()(request(text('ping')))
    await vi.waitUntil(() => handler.mock.calls.length > 0)
    finish('pong')
    for (const response of [await first, await second]) expect(await response.text()).toContain('pong')
    expect(handler).toHaveBeenCalledOnce()
  })

  test('on another process of the same store', async () => {
    const store = memoryStore()
    const one = gatewayOf({ store })
    const two = gatewayOf({ store })
    const handler = vi.fn(() => 'never')
    let finish: ((text: string) => void) | undefined
    one.gateway.on('text', () => new Promise<string>((resolve) => (finish = resolve)))
    two.gateway.on('text', handler)
    const first = one.gateway.handler()(request(text('ping')))
    const second = two.gateway.handler()(request(text('ping')))
    await vi.waitUntil(() => finish)
    finish?.('pong')
    expect(await (await first).text()).toContain('pong')
    expect(await (await second).text()).toContain('pong')
    expect(await (await two.gateway.handler()(request(text('ping')))).text()).toContain('pong')
    expect(handler).not.toHaveBeenCalled()
  })

  test('a MsgId of another user or time is another message; so are two jobs of one second', async () => {
    const { gateway } = gatewayOf()
    const handler = vi.fn()
    gateway.on('*', handler)
    const messages = [
      text('a', '1'),
      text('a', '2'),
      { ...text('a', '1'), FromUserName: 'oUser2' },
      { ...text('a', '1'), CreateTime: 1_700_000_001 },
      event('CLICK', { EventKey: 'A' }),
      event('CLICK', { EventKey: 'B' }),
      event('TEMPLATESENDJOBFINISH', { MsgID: '1', Status: 'success' }),
      event('TEMPLATESENDJOBFINISH', { MsgID: '2', Status: 'success' }),
      event('wxa_media_check', { trace_id: '1' }),
      event('wxa_media_check', { trace_id: '2' })
    ]
    for (const message of [...messages, ...messages]) await gateway.handler()(request(message))
    expect(handler).toHaveBeenCalledTimes(messages.length)
  })

  test('a failed store puts the message off', async () => {
    const broken = async () => Promise.reject(new (await import('weixin-kit')).StoreError('down'))
    const store = { ...memoryStore(), setIfAbsent: broken }
    const { gateway, error } = gatewayOf({ store })
    const response = await gateway.handler()(request(text('x')))
    expect([response.status, await response.text()]).toEqual([503, ''])
    expect(error).toHaveBeenCalledOnce()
  })
})

describe('deadline', () => {
  test('answers success when the response is due; the late reply goes to onLateReply, a redelivery gets success', async () => {
    const timer = new ManualTimer()
    const { gateway } = gatewayOf({ setTimer: timer.set })
    let finish: (text: string) => void = () => undefined
    const late = vi.fn()
    const signals: AbortSignal[] = []
    gateway.on('text', (_, { signal }) => {
      signals.push(signal)
      return new Promise<string>((resolve) => (finish = resolve))
    })
    gateway.onLateReply(late)
    const answer = gateway.handler()(request(text('ping')))
    await vi.waitUntil(() => timer.pending === 1 && signals.length === 1)
    expect(timer.delays).toEqual([4500])
    expect(signals[0]?.aborted).toBe(false)
    timer.fire()
    expect(await (await answer).text()).toBe('success')
    expect(signals[0]?.aborted).toBe(true)
    expect(signals[0]?.reason).toMatchObject({ code: 'ERR_TIMEOUT' })
    finish('late pong')
    await vi.waitUntil(() => late.mock.calls.length === 1)
    expect(late).toHaveBeenCalledWith('late pong', expect.objectContaining({ mode: 'plaintext' }))
    expect(await (await gateway.handler()(request(text('ping')))).text()).toBe('success')
    expect(late).toHaveBeenCalledOnce()
  })

  test('a redelivery that waits takes the late reply in place of onLateReply', async () => {
    const timer = new ManualTimer()
    const { gateway } = gatewayOf({ setTimer: timer.set })
    let finish: (text: string) => void = () => undefined
    const late = vi.fn()
    gateway.on('text', () => new Promise<string>((resolve) => (finish = resolve)))
    gateway.onLateReply(late)
    const first = gateway.handler()(request(text('ping')))
    await vi.waitUntil(() => timer.pending === 1)
    timer.fire()
    expect(await (await first).text()).toBe('success')
    const second = gateway.handler()(request(text('ping')))
    await vi.waitUntil(() => timer.pending === 1)
    finish('pong')
    expect(await (await second).text()).toContain('pong')
    expect(late).not.toHaveBeenCalled()
    expect(timer.pending).toBe(0)
  })
})

describe('errors of handlers', () => {
  test('reach onError, which may return a typed reply; nothing of them reaches the network', async () => {
    const onError = vi.fn(() => reply.text('sorry'))
    const { gateway } = gatewayOf({ onError })
    gateway.on('text', () => {
      throw new Error('password=hunter2')
    })
    const body = await (await gateway.handler()(request(text('x')))).text()
    expect(body).toContain('sorry')
    expect(body).not.toContain('hunter2')
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({ message: 'password=hunter2' }),
      expect.objectContaining({
        request: expect.objectContaining({ method: 'POST' }),
        message: expect.objectContaining({ Content: 'x' }),
        context: expect.objectContaining({ mode: 'plaintext' })
      })
    )
  })

  test('without onError the logger gets them, redacted, and WeChat gets success', async () => {
    const { gateway, error } = gatewayOf()
    gateway.on('text', async () => {
      throw new Error('password=hunter2 failed')
    })
    expect(await (await gateway.handler()(request(text('x')))).text()).toBe('success')
    expect(error.mock.calls[0]?.[1]).toMatchObject({ error: 'password=[redacted] failed' })
    expect(JSON.stringify(error.mock.calls)).not.toContain('hunter2')
  })

  test('a redelivery runs a failed message again', async () => {
    const { gateway } = gatewayOf()
    let attempts = 0
    gateway.on('text', () => {
      if (++attempts === 1) throw new Error('first')
      return 'second'
    })
    await gateway.handler()(request(text('x')))
    expect(await (await gateway.handler()(request(text('x')))).text()).toContain('second')
  })

  test('an impossible reply is an error of the handler', async () => {
    const onError = vi.fn()
    const { gateway } = gatewayOf({ onError })
    gateway.on('text', () => ({ MsgType: 'sticker' }) as never)
    expect(await (await gateway.handler()(request(text('x')))).text()).toBe('success')
    expect(onError.mock.calls[0]).toMatchObject([{ code: 'ERR_INVALID_PARAM' }, {}])
  })
})

describe('virtual payment', () => {
  const paid = event('xpay_goods_deliver_notify', {
    OpenId: 'o1',
    OutTradeNo: 'A1',
    Env: 0,
    GoodsInfo: { ProductId: 'p' }
  })

  test('is acknowledged in the format of the push, once the handler resolved', async () => {
    const { gateway } = gatewayOf()
    const handler = vi.fn()
    gateway.on('event.xpay_goods_deliver_notify', handler)
    expect(await (await gateway.handler()(request(paid, { format: 'json' }))).json()).toEqual({
      ErrCode: 0,
      ErrMsg: 'success'
    })
    const again = { ...paid, CreateTime: NOW / 1000 + 60 }
    expect(await (await gateway.handler()(request(again, { format: 'json' }))).json()).toEqual({
      ErrCode: 0,
      ErrMsg: 'success'
    })
    expect(handler).toHaveBeenCalledOnce()
    const other = { ...paid, OutTradeNo: 'A2' }
    expect(await (await gateway.handler()(request(other))).text()).toContain('<ErrCode>0</ErrCode>')
  })

  test('is not acknowledged without a handler or when it fails', async () => {
    const { gateway } = gatewayOf()
    const nobody = await gateway.handler()(request(paid, { format: 'json' }))
    expect(await nobody.json()).toMatchObject({ ErrCode: -1 })
    gateway.on('event.xpay_goods_deliver_notify', () => Promise.reject(new Error('database')))
    expect(await (await gateway.handler()(request(paid, { format: 'json' }))).json()).toMatchObject({ ErrCode: -1 })
  })
})
