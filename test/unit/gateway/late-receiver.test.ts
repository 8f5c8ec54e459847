import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MessageGatewayOptions } from 'weixin-kit/gateway'
import { gate, settledTurns } from '../../support/gate.ts'
import { listen } from '../../support/loopback.ts'
import { ManualTimer } from './manual-timer.ts'

const PART = '../../../src/gateway/receiver.ts'
const ACCOUNT = { appId: 'wx0123456789abcdef', token: 'token' }
const MESSAGE = { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'text', Content: 'ping' }

let part: ReturnType<typeof gate>
let wx: typeof import('weixin-kit/gateway')

beforeEach(async () => {
  vi.resetModules()
  part = gate()
  vi.doMock(PART, part.load)
  wx = await import('weixin-kit/gateway')
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.doUnmock(PART)
})

const gatewayWith = (options: Partial<MessageGatewayOptions> = {}) => new wx.MessageGateway({ ...ACCOUNT, ...options })
let nextId = 0
const ping = (fields: object = {}) => wx.signedGatewayRequest({ ...MESSAGE, MsgId: `${++nextId}`, ...fields }, ACCOUNT)

describe('a request while the rest of the gateway is loaded', () => {
  it('is answered then, also by handlers that were registered meanwhile', async () => {
    const gateway = gatewayWith()
    const answer = gateway.handler(ping())
    const check = gateway.handler(wx.signedGatewayRequest({ echostr: 'hello' }, ACCOUNT))
    await settledTurns()
    gateway.on('text', ({ Content }) => `${Content} pong`)
    part.open()
    expect(await (await answer).text()).toContain('ping pong')
    expect(await (await check).text()).toBe('hello')
    expect(await (await gateway.handler(ping())).text()).toContain('ping pong')
  })

  it('is one load for all gateways; a repeat runs no handler again', async () => {
    const handler = vi.fn(() => 'pong')
    const gateway = gatewayWith().on('text', handler)
    const first = ping()
    const answers = [gateway.handler(first.clone()), gateway.handler(first), gatewayWith().handler(ping())]
    part.open()
    const [a, b, c] = await Promise.all(answers.map(async (answer) => (await answer).text()))
    expect([a?.includes('pong'), b?.includes('pong'), c]).toEqual([true, true, 'success'])
    expect(handler).toHaveBeenCalledTimes(1)
    expect(part.loads()).toBe(1)
  })

  it('has its body read at once, within the limit', async () => {
    const gateway = gatewayWith({ bodyLimitBytes: 1024, logger: {} }).on('text', () => 'pong')
    const request = ping()
    const answers = [gateway.handler(request), gateway.handler(ping({ Content: 'x'.repeat(2000) }))]
    expect(request.bodyUsed || request.body?.locked).toBe(true)
    const parsed = ping()
    await parsed.text()
    const late = gateway.handler(parsed)
    part.open()
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 413])
    await expect(late).rejects.toMatchObject({ code: 'ERR_BODY_ALREADY_PARSED' })
  })

  it('is answered in the time that the platform gives from the call on', async () => {
    let now = 10_000
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    const timer = new ManualTimer()
    const late = vi.fn()
    const gateway = gatewayWith({ setTimer: timer.set }).on('text', () => new Promise(() => undefined))
    gateway.onLateReply(late)
    const answers = [gateway.handler(ping()), gateway.handler(ping())]
    now += 1234
    answers.push(gateway.handler(ping()))
    part.open()
    await vi.waitUntil(() => timer.pending === 3)
    answers.push(gateway.handler(ping()))
    await vi.waitUntil(() => timer.pending === 4)
    expect(timer.delays).toEqual([3300, 3300, 4500, 4500])
    timer.fire()
    for (const answer of answers) expect(await (await answer).text()).toBe('success')
  })

  it('is handled, and answered at once, when loading took all of that time', async () => {
    let now = 10_000
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    const timer = new ManualTimer()
    const gateway = gatewayWith({ setTimer: timer.set })
    const handled = vi.fn(() => 'pong')
    gateway.on('text', handled)
    const answer = gateway.handler(ping())
    now += 60_000
    part.open()
    expect((await answer).status).toBe(200)
    expect(timer.delays).toEqual([1])
    expect(handled).toHaveBeenCalledTimes(1)
  })

  it('comes through a converter whole', async () => {
    const { toNodeHandler } = await import('weixin-kit/node')
    const gateway = gatewayWith().on('text', ({ Content }) => `${Content}`.length.toString())
    const server = await listen(toNodeHandler(gateway.handler))
    try {
      const request = ping({ Content: 'x'.repeat(40_000) })
      const path = new URL(request.url).search
      const answer = fetch(`${server.url}/${path}`, { method: 'POST', body: await request.text() })
      await settledTurns()
      part.open()
      expect(await (await answer).text()).toContain('40000')
    } finally {
      await server.close()
    }
  })
})

describe('a part that cannot be loaded', () => {
  it('puts the request off, tells the logger, and is tried again', async () => {
    part.failOnce()
    part.open()
    const error = vi.fn()
    const handler = vi.fn(() => 'pong')
    const gateway = gatewayWith({ logger: { error } }).on('text', handler)
    const request = ping()
    expect((await gateway.handler(request.clone())).status).toBe(503)
    expect(error.mock.calls).toMatchObject([[/put off/, { code: 'ERR_MISSING_DEPENDENCY', method: 'POST' }]])
    expect(handler).not.toHaveBeenCalled()
    expect(await (await gateway.handler(request)).text()).toContain('pong')
  })
})

describe('the constructor and the registration', () => {
  it('tell of mistakes at once', () => {
    expect(() => gatewayWith({ encodingAESKey: 'short' })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
    const gateway = gatewayWith()
    const wrong = { code: 'ERR_INVALID_PARAM' }
    expect(() => gateway.on('nonsense' as never, () => '')).toThrow(expect.objectContaining(wrong))
    expect(() => gateway.onKeyword([], () => '')).toThrow(expect.objectContaining(wrong))
  })
})
