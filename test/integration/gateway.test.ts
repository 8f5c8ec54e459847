import { afterEach, describe, expect, test, vi } from 'vitest'
import { MessageGateway, type MessageGatewayOptions, reply } from 'weixin-kit/gateway'
import { toNodeHandler } from 'weixin-kit/node'
import { createSimulator, type GatewaySettings, type Simulator, SimulatorClock } from 'weixin-kit/simulator'
import { listen } from '../support/loopback.ts'
import { ManualTimer } from '../unit/gateway/manual-timer.ts'

const NOW = Date.UTC(2026, 2, 1, 4)
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface Setting {
  kind?: 'officialAccount' | 'miniProgram'
  settings?: Partial<GatewaySettings>
  options?: Partial<MessageGatewayOptions>
  overHttp?: boolean
}

/** A gateway and the platform in front of it, whose cryptography is another implementation. */
async function connect({ kind = 'officialAccount', settings = {}, options = {}, overHttp = false }: Setting = {}) {
  const clock = new SimulatorClock({ startAt: NOW })
  let handler = async (request: Request): Promise<Response> => gateway.handler()(request)
  let target: string | typeof handler = (request: Request) => handler(request)
  if (overHttp) {
    const server = await listen(toNodeHandler((request) => handler(request)))
    closers.push(server.close)
    target = server.url
  }
  const simulator: Simulator = createSimulator({
    clock,
    accounts: { wechat: [{ kind, gateway: settings }] },
    deliver: { gateway: target }
  })
  closers.push(() => simulator.close())
  const { credentials } = simulator
  const { encodingAESKey, ...account } = kind === 'miniProgram' ? credentials.miniProgramGateway : credentials.gateway
  const logger = { warn: vi.fn(), error: vi.fn() }
  const gateway = new MessageGateway({
    ...account,
    ...(settings.mode === 'plain' ? {} : { encodingAESKey }),
    clock: clock.now,
    logger,
    ...options
  })
  handler = async (request) => gateway.handler()(request)
  return { simulator, gateway, clock, logger, user: simulator.user('ming'), account: kind }
}

describe.each(['plain', 'compatible', 'encrypted'] as const)('mode %s', (mode) => {
  test.each([false, true])('the URL check and every kind of reply (over HTTP: %s)', async (overHttp) => {
    const { simulator, gateway, user, logger } = await connect({ settings: { mode }, overHttp })
    expect(await simulator.wechat.verifyServer()).toMatchObject({ state: 'delivered' })

    gateway.on('event.subscribe', () => 'Welcome 🎉 <&> ]]>')
    gateway.onKeyword('picture', () => reply.image('media1'))
    gateway.onKeyword('sound', () => reply.voice('media2'))
    gateway.onKeyword('film', () => reply.video({ MediaId: 'media3', Title: 'T' }))
    gateway.onKeyword('song', () => reply.music({ ThumbMediaId: 'media4', MusicUrl: 'https://example.com/a.mp3' }))
    gateway.onKeyword('news', () =>
      reply.news([{ Title: 'a', Description: 'b', PicUrl: 'https://c', Url: 'https://d' }])
    )
    gateway.onKeyword(['help', /^staff (\w+)$/i], (_, { match }) => reply.transfer(match?.[1]))
    gateway.onMenu('HOURS', () => '9 to 18')
    gateway.on('image', (message) => message.PicUrl)

    expect((await user.follow()).reply).toMatchObject({ MsgType: 'text', Content: 'Welcome 🎉 <&> ]]>' })
    expect((await user.send(' Picture ')).reply).toMatchObject({ Image: { MediaId: 'media1' } })
    expect((await user.send('sound')).reply).toMatchObject({ Voice: { MediaId: 'media2' } })
    expect((await user.send('film')).reply).toMatchObject({ Video: { MediaId: 'media3', Title: 'T' } })
    expect((await user.send('song')).reply).toMatchObject({ Music: { ThumbMediaId: 'media4' } })
    expect((await user.send('news')).reply).toMatchObject({ ArticleCount: '1', Articles: { item: [{ Title: 'a' }] } })
    expect((await user.send('staff Anna')).reply).toMatchObject({
      MsgType: 'transfer_customer_service',
      TransInfo: { KfAccount: 'Anna' }
    })
    expect((await user.click('HOURS')).reply).toMatchObject({ Content: '9 to 18' })
    expect((await user.send({ MsgType: 'image', PicUrl: 'https://p.example/1', MediaId: 'm' })).reply).toMatchObject({
      Content: 'https://p.example/1'
    })
    const nothing = await user.send('something else')
    expect(nothing.reply).toBeUndefined()
    expect(nothing.delivery.state).toBe('delivered')
    expect(logger.warn).not.toHaveBeenCalled()
    expect(logger.error).not.toHaveBeenCalled()
  })
})

describe.each(['xml', 'json'] as const)('a mini program, %s', (format) => {
  test('events arrive in one shape; the transfer is the reply', async () => {
    const { simulator, gateway, user, account } = await connect({
      kind: 'miniProgram',
      settings: { format, mode: 'encrypted' }
    })
    const seen = vi.fn()
    gateway.on('event.subscribe_msg_popup_event', (message) => seen(message.SubscribeMsgPopupEvent.List))
    gateway.on('event.user_enter_tempsession', () => reply.transfer())
    const id = simulator.wechat.addSubscribeTemplate({ keys: ['thing1'] })
    await user.subscribe(id)
    expect(seen).toHaveBeenCalledExactlyOnceWith([{ TemplateId: id, SubscribeStatusString: 'accept', PopupScene: '0' }])
    expect((await user.enterChat({ account })).reply).toMatchObject({ MsgType: 'transfer_customer_service' })
  })
})

describe('repeats of the platform', () => {
  test('a response that came too late: the repeat gets the reply of the one run', async () => {
    const timer = new ManualTimer()
    const { gateway, user, clock } = await connect({ options: { setTimer: timer.set } })
    let isFirst = true
    const handler = vi.fn(async () => 'pong')
    gateway.on('text', handler)
    const honest = gateway.handler()
    Object.assign(gateway, {
      handler: () => async (request: Request) => {
        const response = await honest(request)
        if (!isFirst) return response
        isFirst = false
        // What the gateway answered never reaches the platform.
        return new Response(null, { status: 502 })
      }
    })
    const { delivery } = await user.send('ping')
    expect(delivery.state).toBe('pending')
    await clock.advance(5000)
    expect(delivery.state).toBe('delivered')
    expect(delivery.attempts).toHaveLength(2)
    expect(handler).toHaveBeenCalledOnce()
    expect(user.messages().at(-1)).toMatchObject({ kind: 'reply', content: { Content: 'pong' } })
  })

  test('are one request: same address, body and signature, 5 and 10 s after the first began', async () => {
    const { gateway, user, clock } = await connect({ settings: { mode: 'encrypted' } })
    const seen: string[] = []
    Object.assign(gateway, {
      handler: () => async (request: Request) => {
        seen.push(`${request.url} ${await request.text()}`)
        return new Response(null, { status: 503 })
      }
    })
    const { delivery } = await user.send('ping')
    await clock.advance(10_000)
    expect(delivery.state).toBe('failed')
    expect(seen).toHaveLength(3)
    expect(new Set(seen).size).toBe(1)
    const [first = 0, second = 0, third = 0] = delivery.attempts.map(({ time }) => time)
    expect([Math.round((second - first) / 1000), Math.round((third - first) / 1000)]).toEqual([5, 10])
    expect(user.messages().at(-1)).toMatchObject({ kind: 'notice' })
  })

  test('bring a text as it was typed, with "]]>" in it', async () => {
    for (const mode of ['plain', 'compatible', 'encrypted'] as const) {
      const { gateway, user } = await connect({ settings: { mode } })
      gateway.on('text', ({ Content }) => Content)
      for (const typed of ['if (a[b[0]]>1)', '<xml><a><![CDATA[x]]></a></xml>', 'a\uffff\u0010b']) {
        const { reply } = await user.send(typed)
        // What leaves is legal XML.
        expect(reply?.Content).toBe(typed.replace('\uffff', '').replace('\u0010', ''))
      }
    }
  })

  test('a redelivery after the fact gets the reply again, and the handler is not called', async () => {
    const { gateway, user } = await connect()
    const handler = vi.fn(() => 'pong')
    gateway.on('text', handler)
    const { delivery } = await user.send('ping')
    const again = await delivery.redeliver()
    expect(again).toMatchObject({ delivered: true, note: 'reply text' })
    expect(handler).toHaveBeenCalledOnce()
  })

  test('a failing handler never shows the user an error', async () => {
    const { gateway, user, logger } = await connect()
    gateway.on('text', () => {
      throw new Error('hunter2')
    })
    const { delivery, reply } = await user.send('ping')
    expect([delivery.state, reply]).toEqual(['delivered', undefined])
    expect(logger.error).toHaveBeenCalledOnce()
    expect(JSON.stringify(delivery.attempts)).not.toContain('hunter2')
  })
})

describe('wrong settings are named', () => {
  const warningOf = async (setting: Setting) => {
    const { user, logger } = await connect(setting)
    const { delivery } = await user.send('x')
    expect(delivery.attempts[0]).toMatchObject({ delivered: false, body: '' })
    return String(logger.warn.mock.calls[0]?.[0])
  }

  test.each([
    ['another token', { options: { token: 'another' } }, /does not match the token/],
    ['the key of another account', { options: { encodingAESKey: 'Z'.repeat(43) } }, /EncodingAESKey belongs to/],
    ['another appid', { options: { appId: 'wx0000000000000000' } }, /is for another appid "wx/],
    [
      'plaintext mode in the console, a key in the gateway',
      { settings: { mode: 'plain' }, options: { encodingAESKey: 'Z'.repeat(43) } },
      /console is in plaintext mode/
    ]
  ] as [string, Setting, RegExp][])('%s', async (_, setting, explanation) => {
    expect(await warningOf({ ...setting, settings: { mode: 'encrypted', ...setting.settings } })).toMatch(explanation)
  })

  test('safe mode in the console, no key in the gateway', async () => {
    const warn = vi.fn()
    const simulator = createSimulator({
      accounts: { wechat: [{ kind: 'officialAccount', gateway: { mode: 'encrypted' } }] },
      deliver: { gateway: (request) => gateway.handler()(request) }
    })
    closers.push(() => simulator.close())
    const { appId, token } = simulator.credentials.gateway
    const gateway = new MessageGateway({ appId, token, clock: simulator.clock.now, logger: { warn } })
    await simulator.user('ming').send('x')
    expect(warn.mock.calls[0]?.[0]).toMatch(/no encodingAESKey/)
  })
})
