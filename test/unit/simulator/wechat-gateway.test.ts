import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type SimulatorAccounts, signedGatewayMessage } from 'weixin-kit/simulator'
import { parseXml } from '../../../src/internal/xml/index.ts'
import { decryptGateway, encryptGateway, signGateway } from '../../../src/simulator/crypto/gateway-crypto.ts'
import { setUp } from './wechat-client.ts'

type Answer = (fields: Record<string, unknown>, request: Request) => string | Response | Promise<string | Response>
const gateway = { token: 'token', encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }

/** An application that checks what arrives with node:crypto and answers. */
function app(
  mode: 'plain' | 'compatible' | 'encrypted',
  format: 'xml' | 'json',
  answer: Answer,
  more: SimulatorAccounts['wechat'] = []
) {
  const seen: { fields: Record<string, unknown>; url: URL; body: string }[] = []
  let appId = ''
  const handler = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    const query = Object.fromEntries(url.searchParams)
    const { timestamp = '', nonce = '' } = query
    if (query.signature !== signGateway(gateway.token, timestamp, nonce)) return new Response(null, { status: 401 })
    if (query.echostr) return new Response(query.echostr)
    const body = await request.text()
    const read = (text: string) =>
      format === 'json'
        ? (JSON.parse(text) as Record<string, unknown>)
        : (parseXml(text, { lists: ['item'], isNaive: true }) as Record<string, unknown>)
    let fields = read(body)
    if (fields.Encrypt !== undefined) {
      const encrypted = String(fields.Encrypt)
      if (query.msg_signature !== signGateway(gateway.token, timestamp, nonce, encrypted))
        return new Response(null, { status: 401 })
      const plain = decryptGateway(gateway.encodingAESKey, appId, encrypted)
      if (plain === undefined) return new Response(null, { status: 401 })
      fields = read(plain)
    }
    seen.push({ fields, url, body })
    const given = await answer(fields, request)
    return typeof given === 'string' ? new Response(given) : given
  }
  const set = setUp({
    accounts: {
      wechat: [
        { gateway: { ...gateway, mode, format } },
        { kind: 'miniProgram', gateway: { ...gateway, mode, format } },
        ...more
      ]
    },
    deliver: { gateway: handler },
    deliveryTimeoutMs: 200
  })
  appId = set.mp.appId
  return {
    ...set,
    seen,
    useMini: () => {
      appId = set.mini.appId
    }
  }
}

const textReply = (fields: Record<string, unknown>, content: string) =>
  `<xml><ToUserName><![CDATA[${fields.FromUserName}]]></ToUserName><FromUserName><![CDATA[${fields.ToUserName}]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content></xml>`

const sealed = (appId: string, plain: string, key = gateway.encodingAESKey) => {
  const encrypted = encryptGateway(key, appId, plain, Buffer.alloc(16, 7))
  const signature = signGateway(gateway.token, '1', 'n', encrypted)
  return `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>1</TimeStamp><Nonce><![CDATA[n]]></Nonce></xml>`
}

describe('messages to the application', () => {
  it.each([
    ['plain', 'xml'],
    ['compatible', 'xml'],
    ['encrypted', 'xml'],
    ['encrypted', 'json'],
    ['plain', 'json']
  ] as const)('arrive in %s mode as %s', async (mode, format) => {
    const { simulator, mp, seen } = app(mode, format, () => 'success')
    const user = simulator.user()
    const { delivery, reply } = await user.send('你好 ]]> <b>')
    expect(delivery.state).toBe('delivered')
    expect(reply).toBeUndefined()
    expect(seen[0]?.fields).toMatchObject({ FromUserName: user.openid(), MsgType: 'text', Content: '你好 ]]> <b>' })
    expect(seen[0]?.body).toMatch(mode === 'encrypted' ? /Encrypt/ : /MsgId(>|":)\d{19}\D/)
    expect(seen[0]?.url.searchParams.get('encrypt_type')).toBe(mode === 'plain' ? null : 'aes')
    expect(seen[0]?.body.includes('你好')).toBe(mode !== 'encrypted')
    expect((await simulator.wechat.verifyServer()).state).toBe('delivered')
    expect(mp.appId).toMatch(/^wx/)
  })

  it('carry the events of what people do', async () => {
    const { simulator, mp, seen } = app('encrypted', 'xml', () => '')
    const user = simulator.user()
    const { ticket } = await mp.post('/cgi-bin/qrcode/create', {
      action_name: 'QR_LIMIT_SCENE',
      action_info: { scene: { scene_id: 7 } }
    })
    await user.scan(String(ticket))
    await user.scan(String(ticket))
    await user.click('TODAY')
    await user.event({ Event: 'LOCATION', Latitude: 23.1, Longitude: 113.3, Precision: 1 })
    await user.send({ MsgType: 'image' })
    await user.unfollow()
    expect(seen.map(({ fields: { Event, EventKey } }) => [Event, EventKey])).toEqual([
      ['subscribe', 'qrscene_7'],
      ['SCAN', '7'],
      ['CLICK', 'TODAY'],
      ['LOCATION', undefined],
      [undefined, undefined],
      ['unsubscribe', '']
    ])
    const { access_token } = await mp.stableToken()
    const media_id = String(seen[4]?.fields.MediaId)
    expect(
      (await mp.fetch('/cgi-bin/media/get', { access_token: String(access_token), media_id })).headers.get(
        'content-type'
      )
    ).toBe('image/jpeg')
    expect(await mp.get('/cgi-bin/user/info', { openid: user.openid() })).toMatchObject({ subscribe: 0 })
  })

  it('report what was sent', async () => {
    const { simulator, mp, mini, seen, useMini } = app('plain', 'xml', () => 'success')
    const user = simulator.user()
    await user.follow()
    const template_id = simulator.wechat.addTemplate({ content: 'x' })
    await mp.post('/cgi-bin/message/template/send', { touser: user.openid(), template_id, data: {} })
    await simulator.clock.advance(1_000)
    expect(seen.at(-1)?.fields).toMatchObject({
      Event: 'TEMPLATESENDJOBFINISH',
      Status: 'success',
      MsgID: expect.stringMatching(/^\d{19}$/)
    })
    useMini()
    user.openMiniProgram()
    await mini.post('/wxa/media_check_async', {
      media_url: 'https://a.example.com/simulator-risky.png',
      media_type: 2,
      version: 2,
      scene: 1,
      openid: user.openid('miniProgram')
    })
    await simulator.clock.advance(3_000)
    expect(seen.at(-1)?.fields).toMatchObject({
      Event: 'wxa_media_check',
      result: { suggest: 'risky', label: '20006' }
    })
    simulator.wechat.addSubscribeTemplate({ id: 'T', keys: ['thing1'] })
    await user.subscribe('T')
    expect(seen.at(-1)?.fields).toMatchObject({
      SubscribeMsgPopupEvent: { List: { TemplateId: 'T', SubscribeStatusString: 'accept' } }
    })
  })
})

describe('answers of the application', () => {
  it('reach the person', async () => {
    const { simulator, mp } = app('encrypted', 'xml', (fields) =>
      sealed(mpId(), textReply(fields, `echo ${fields.Content}`))
    )
    const mpId = () => mp.appId
    const { reply } = await simulator.user('ming').send('hi')
    expect(reply).toMatchObject({ MsgType: 'text', Content: 'echo hi' })
    expect(simulator.user('ming').messages()).toMatchObject([{ kind: 'reply', content: { Content: 'echo hi' } }])
  })

  it.each<[string, Answer]>([
    ['neither', () => 'ok'],
    ['plain response', (fields) => textReply(fields, 'x')],
    ['MsgSignature', () => sealed('wx1', 'x').replace(/<MsgSignature>.{12}/, '<MsgSignature><![CDATA[0')],
    ['another appid', (fields) => sealed('wx0000000000000000', textReply(fields, 'x'))]
  ])('that are wrong show an error to the person: %s', async (problem, answer) => {
    const { simulator } = app('encrypted', 'xml', answer)
    const { delivery } = await simulator.user('ming').send('hi')
    expect(delivery.attempts[0]?.note).toContain(problem)
    expect(simulator.user('ming').messages()).toMatchObject([{ kind: 'notice' }])
  })

  it('must swap the names and have a known type', async () => {
    const wrongPair = app('plain', 'xml', (fields) =>
      textReply({ FromUserName: fields.ToUserName, ToUserName: fields.FromUserName }, 'x')
    )
    expect((await wrongPair.simulator.user().send('x')).delivery.attempts[0]?.note).toContain('swapped')
    const wrongType = app('plain', 'xml', (fields) => textReply(fields, 'x').replace('[text]', '[hologram]'))
    expect((await wrongType.simulator.user().send('x')).delivery.attempts[0]?.note).toContain('hologram')
  })

  it('that fail or are late are asked for three times, five seconds apart, with the same message', async () => {
    const answers = [new Response('x', { status: 500 }), new Promise<Response>(() => {}), 'success'] as const
    const { simulator, seen } = app('plain', 'xml', () => answers[seen.length - 1] ?? 'success')
    const { delivery } = await simulator.user().send('hi')
    expect(delivery.state).toBe('pending')
    simulator.deliveries.duplicate('gateway', 0)
    await simulator.clock.advance(5_000)
    await simulator.clock.advance(5_000)
    expect(delivery.state).toBe('delivered')
    expect(delivery.attempts).toHaveLength(3)
    expect(new Set(seen.map(({ fields }) => fields.MsgId)).size).toBe(1)
    expect(new Set(seen.map(({ url }) => url.href)).size).toBe(1)
  }, 15_000)

  it('can be asked for twice', async () => {
    const { simulator, seen } = app('plain', 'xml', () => 'success')
    simulator.deliveries.duplicate('gateway', 1)
    await simulator.user().send('hi')
    expect(seen.map(({ fields }) => fields.MsgId)).toEqual([seen[0]?.fields.MsgId, seen[0]?.fields.MsgId])
  })

  it('come over HTTP as well', async () => {
    const server = createServer((request, response) =>
      response.end(new URL(request.url ?? '', 'http://x').searchParams.get('echostr') ?? 'success')
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { simulator } = setUp({ deliver: { gateway: `http://127.0.0.1:${port}/wx` } })
    expect((await simulator.user().send('hi')).delivery.state).toBe('delivered')
    expect((await simulator.wechat.verifyServer()).state).toBe('delivered')
    server.close()
  })
})

describe('signedGatewayMessage', () => {
  const options = { appId: 'wx0123456789abcdef', ...gateway, message: { MsgType: 'text', Content: 'x' } }

  it('makes exactly one thing wrong when told', async () => {
    for (const tamper of [undefined, 'signature', 'msg_signature', 'appId', 'ciphertext'] as const) {
      const request = signedGatewayMessage({ ...options, timestamp: 1, nonce: 'n', ...(tamper ? { tamper } : {}) })
      const query = new URL(request.url).searchParams
      const encrypted = String((parseXml(await request.text()) as { Encrypt: string }).Encrypt)
      expect(query.get('signature') === signGateway(gateway.token, '1', 'n')).toBe(tamper !== 'signature')
      expect(query.get('msg_signature') === signGateway(gateway.token, '1', 'n', encrypted)).toBe(
        !['msg_signature', 'ciphertext'].includes(tamper ?? '')
      )
      expect(decryptGateway(gateway.encodingAESKey, options.appId, encrypted) !== undefined).toBe(
        !['appId', 'ciphertext'].includes(tamper ?? '')
      )
    }
  })
})
