import { describe, expect, test, vi } from 'vitest'
import { memoryStore, type Store } from 'weixin-kit'
import { encryptMessage, MessageGateway, type MessageGatewayOptions, signedGatewayRequest } from 'weixin-kit/gateway'
import { ManualTimer } from '../unit/gateway/manual-timer.ts'

const account = {
  appId: 'wx0123456789abcdef',
  token: 'token',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
}
const message = { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'text', Content: 'hi', MsgId: '1' }
const START = 1_700_000_000_000

function setUp(options: Partial<MessageGatewayOptions> = {}) {
  const time = { now: START }
  const error = vi.fn()
  const handler = vi.fn((): string | Promise<string> => 'reply')
  const timer = new ManualTimer()
  const gateway = new MessageGateway({
    ...account,
    clock: () => time.now,
    logger: { error },
    setTimer: timer.set,
    ...options
  })
  gateway.on('text', handler)
  const deliver = () =>
    gateway.handler()(signedGatewayRequest(message, { ...account, timestamp: String(START / 1000), nonce: 'n' }))
  return { time, error, handler, timer, gateway, deliver }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the same request again', () => {
  const stores: Record<string, (clock: () => number) => Store | undefined> = {
    'without a store': () => undefined,
    'with a store': (clock) => memoryStore({ clock })
  }
  for (const [name, storeWith] of Object.entries(stores)) {
    test(`is not handled twice for as long as its signature is accepted, ${name}`, async () => {
      const clock = { now: START }
      const store = storeWith(() => clock.now)
      const { time, handler, deliver } = setUp(store ? { store } : {})
      // Signed ahead of this clock by as much as is accepted.
      time.now = clock.now = START - 300_000
      for (const seconds of [0, 30, 70, 200, 299, 420, 599]) {
        time.now = clock.now = START - 300_000 + seconds * 1000
        expect((await deliver()).status).toBe(200)
      }
      time.now = clock.now = START + 301_000
      expect((await deliver()).status).toBe(401)
      expect(handler).toHaveBeenCalledTimes(1)
    })
  }
})

describe('the parts of a signature, which are sorted and joined without anything between', () => {
  /** A recorded request with other values in its query. */
  const replay = async (recorded: Request, query: Record<string, string>, body?: string) => {
    const url = new URL(recorded.url)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return new Request(url, { method: 'POST', body: body ?? (await recorded.clone().text()) })
  }

  test('do not let a recorded message come again on the day that its nonce names', async () => {
    const { time, handler, gateway } = setUp()
    const [timestamp, nonce] = [String(START / 1000), '1790000000']
    const recorded = signedGatewayRequest(message, { ...account, timestamp, nonce })
    expect((await gateway.handler()(recorded.clone())).status).toBe(200)
    time.now = Number(nonce) * 1000
    const again = await replay(recorded, { timestamp: nonce, nonce: timestamp })
    expect((await gateway.handler()(again)).status).toBe(401)
    expect(handler).toHaveBeenCalledTimes(1)
  })

  test('leave a message alone whose nonce happens to be near the clock', async () => {
    for (const seconds of [START / 1000, START / 1000 - 1, START / 1000 + 299]) {
      const { handler, gateway } = setUp()
      const request = signedGatewayRequest(message, {
        ...account,
        timestamp: String(START / 1000),
        nonce: String(seconds)
      })
      expect((await gateway.handler()(request)).status).toBe(200)
      expect(handler).toHaveBeenCalledTimes(1)
    }
  })

  test('leave a late event alone, which was made long before it was sent', async () => {
    const { gateway } = setUp()
    const late = { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'event', Event: 'VIEW', CreateTime: 1_690_000_000 }
    const request = signedGatewayRequest(late, { ...account, timestamp: String(START / 1000), nonce: '320562132' })
    expect((await gateway.handler()(request)).status).toBe(200)
  })

  test('do not let blocks of the ciphertext pass for the nonce', async () => {
    const warn = vi.fn()
    const handler = vi.fn()
    const strange = { ...account, token: 'zzzz' }
    const gateway = new MessageGateway({ ...strange, clock: () => START, logger: { warn } }).on('*', handler)
    const timestamp = String(START / 1000)
    // The random start of the ciphertext decides whether the parts sort the same way after the cut.
    for (let attempt = 0; attempt < 50; attempt++) {
      const recorded = encryptMessage(`<xml>${'x'.repeat(400)}</xml>`, { ...strange, timestamp, nonce: '2' })
      const nonce = `2${recorded.encrypt.slice(0, 64)}`
      const query = new URLSearchParams({ timestamp, nonce, signature: 'x', msg_signature: recorded.msgSignature })
      const body = `<xml><Encrypt>${recorded.encrypt.slice(64)}</Encrypt></xml>`
      const forged = new Request(`http://localhost/?${query}`, { method: 'POST', body })
      expect((await gateway.handler()(forged)).status).toBe(401)
    }
    expect(handler).not.toHaveBeenCalled()
    for (const [line] of warn.mock.calls) expect(line).toContain('nonce is longer')
  })
})

describe('a store in trouble', () => {
  const never = <T>() => new Promise<T>(() => undefined)

  test('that has not answered when the response is due puts the message off: success would lose it', async () => {
    const { deliver, timer, handler } = setUp({ store: { ...memoryStore(), setIfAbsent: never } })
    const answer = deliver()
    await turn()
    timer.fire()
    expect((await answer).status).toBe(503)
    expect(handler).not.toHaveBeenCalled()
  })

  test('that fails after the response was due is reported to the log', async () => {
    let fail: (error: Error) => void = () => undefined
    const failing = new Promise<boolean>((_, reject) => {
      fail = reject
    })
    const { deliver, timer, error } = setUp({ store: { ...memoryStore(), setIfAbsent: () => failing } })
    const answer = deliver()
    await turn()
    timer.fire()
    await answer
    const before = error.mock.calls.length
    fail(new Error('db down'))
    await turn()
    expect(error.mock.calls.length).toBeGreaterThan(before)
  })

  test.each(['rejects', 'throws'])('that %s puts the message off', async (how) => {
    const setIfAbsent = () => {
      if (how === 'throws') throw new Error('db down')
      return Promise.reject(new Error('db down'))
    }
    const { deliver, handler } = setUp({ store: { ...memoryStore(), setIfAbsent } })
    expect((await deliver()).status).toBe(503)
    expect(handler).not.toHaveBeenCalled()
  })

  test('that holds something else under the key does not make the handler throw', async () => {
    const { deliver } = setUp({
      store: { ...memoryStore(), setIfAbsent: async () => false, get: async () => 'done:{' }
    })
    expect([200, 503]).toContain((await deliver()).status)
  })

  test('that is slow to keep the reply holds no redelivery up', async () => {
    const { deliver, handler } = setUp({ store: { ...memoryStore(), set: never } })
    const first = await (await deliver()).text()
    const second = await Promise.race([
      deliver(),
      turn()
        .then(turn)
        .then(() => undefined)
    ])
    expect(first).toContain('<Encrypt>')
    expect(await second?.text()).toContain('<Encrypt>')
    expect(handler).toHaveBeenCalledTimes(1)
  })
})

describe('whatever user code throws', () => {
  const things: [string, () => unknown][] = [
    ['an object without a prototype', () => Object.create(null)],
    ['an error whose message is no text', () => Object.assign(new Error('x'), { message: { a: 1 } })],
    [
      'an error whose stack cannot be read',
      () => Object.defineProperty(new Error('x'), 'stack', { get: () => explode() })
    ],
    ['a proxy that refuses everything', () => new Proxy({}, { get: explode, getPrototypeOf: explode, has: explode })],
    ['a symbol', () => Symbol('x')],
    ['nothing', () => undefined]
  ]
  function explode(): never {
    throw new Error('exploded')
  }

  test.each(things)('%s is answered and brings no process down', async (_, make) => {
    for (const store of [undefined, memoryStore({ clock: () => START })]) {
      const { deliver, handler, error } = setUp(store ? { store } : {})
      handler.mockImplementation(() => {
        throw make()
      })
      expect(await (await deliver()).text()).toBe('success')
      expect(error).toHaveBeenCalled()
    }
  })

  test('a logger that throws fails neither the request nor the process', async () => {
    for (const store of [undefined, memoryStore({ clock: () => START })]) {
      const { deliver, handler } = setUp({ logger: { error: explode }, ...(store ? { store } : {}) })
      handler.mockImplementation(explode)
      expect(await (await deliver()).text()).toBe('success')
    }
  })
})

test('a message whose process died is handled by the next delivery', async () => {
  const clock = { now: START }
  const store = memoryStore({ clock: () => clock.now })
  const dying = setUp({ store })
  dying.handler.mockImplementation(() => new Promise(() => undefined))
  // The process with its timers is gone: nothing of it renews the mark.
  vi.useFakeTimers({ toFake: ['setInterval'] })
  const lost = dying.deliver()
  await turn()
  vi.useRealTimers()
  clock.now += 9_000
  const living = setUp({ store })
  expect(await (await living.deliver()).text()).toContain('<Encrypt>')
  expect(living.handler).toHaveBeenCalledTimes(1)
  dying.timer.fire()
  await lost
})

test.each(['constructor', 'toString', '__proto__'])(
  'an event called %s has the time that others have',
  async (Event) => {
    const { gateway, timer } = setUp()
    gateway.on('event', async () => undefined)
    const event = { ...message, MsgType: 'event', Event, MsgId: '' }
    await gateway.handler()(signedGatewayRequest(event, { ...account, timestamp: String(START / 1000) }))
    expect(timer.delays).toEqual([4500])
  }
)
