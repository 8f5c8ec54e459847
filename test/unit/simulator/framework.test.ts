import { afterEach, describe, expect, it } from 'vitest'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'
import { BoundedMap } from '../../../src/simulator/framework/bounded-map.ts'

const PING = 'https://api.weixin.qq.com/cgi-bin/getcallbackip'
const START = Date.UTC(2025, 0, 1)
const open: { close(): Promise<void> }[] = []
const make = (options: Parameters<typeof createSimulator>[0] = {}) => {
  const simulator = createSimulator({ clock: new SimulatorClock({ startAt: START }), ...options })
  open.push(simulator)
  return simulator
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

describe('routing', () => {
  it('answers upstream hosts and refuses all others', async () => {
    const simulator = make()
    expect(await (await simulator.fetch(PING)).json()).toMatchObject({ errcode: 41001 })
    await expect(simulator.fetch('https://example.com/')).rejects.toMatchObject({ cause: { code: 'ENOTFOUND' } })
    await expect(simulator.fetch('https://api.weixin.qq.com.evil.example/')).rejects.toThrow('fetch failed')
  })

  it('serves every host as a path prefix and by its Host header', async () => {
    const simulator = make()
    const server = await simulator.listen()
    expect(await (await fetch(`${server.baseUrl('api.weixin.qq.com')}/cgi-bin/getcallbackip`)).json()).toMatchObject({
      errcode: 41001
    })
    expect((await fetch(`${server.url}/nowhere`)).status).toBe(404)
  })
})

describe('faults', () => {
  it('hits as many calls as told', async () => {
    const simulator = make()
    const fault = simulator.fail('/cgi-bin/getcallbackip', { errcode: -1 }, 2)
    expect(await (await simulator.fetch(PING)).json()).toMatchObject({ errcode: -1 })
    expect(await (await simulator.fetch(PING)).json()).toMatchObject({ errcode: -1 })
    expect(await (await simulator.fetch(PING)).json()).toMatchObject({ errcode: 41001 })
    expect(fault).toMatchObject({ hits: 2, remaining: 0 })
  })

  it('breaks connections over fetch and HTTP', async () => {
    const simulator = make()
    const server = await simulator.listen()
    for (const call of [
      () => simulator.fetch(PING),
      () => fetch(`${server.baseUrl('api.weixin.qq.com')}/cgi-bin/getcallbackip`)
    ]) {
      simulator.fail('*', 'reset')
      await expect(call()).rejects.toThrow('fetch failed')
      simulator.fail('*', 'truncated')
      await expect(call().then((response) => response.json())).rejects.toThrow()
      simulator.fail('*', 'html')
      expect((await call()).status).toBe(502)
    }
    simulator.fail('*', 'timeout')
    const signal = AbortSignal.timeout(20)
    await expect(simulator.fetch(PING, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

describe('clock', () => {
  it('runs what becomes due in the order of time', async () => {
    const clock = new SimulatorClock({ startAt: START })
    const seen: [string, number][] = []
    clock.schedule(20, () => void seen.push(['b', clock.now() - START]))
    clock.schedule(10, () => {
      seen.push(['a', clock.now() - START])
      clock.schedule(5, () => void seen.push(['c', clock.now() - START]))
    })
    clock.schedule(31, () => void seen.push(['late', 0]))
    await clock.advance(30)
    expect(seen).toEqual([
      ['a', 10],
      ['c', 15],
      ['b', 20]
    ])
    expect(clock.now()).toBe(START + 30)
  })
})

describe('deliveries', () => {
  const spec = (retryAfterMs: number[]) => ({
    kind: 'gateway',
    request: (_: number, url: string) => new Request(url, { method: 'POST', body: 'x' }),
    retryAfterMs,
    timeoutMs: 5_000,
    judge: (response: Response, body: string) => ({ delivered: response.ok && body === 'ok', note: body })
  })

  it('retries on the clock until the app says yes', async () => {
    const answers = ['no', 'no', 'ok']
    const simulator = make({ deliver: async () => new Response(answers.shift() ?? 'gone') })
    const delivery = simulator.context.deliver(spec([5_000, 5_000]))
    await delivery.first
    expect(delivery.attempts).toHaveLength(1)
    await simulator.clock.advance(10_000)
    expect(delivery.state).toBe('delivered')
    expect(delivery.attempts.map(({ time }) => time - START)).toEqual([0, 5_000, 10_000])
  })

  it('gives up after the last retry and survives a handler that throws', async () => {
    const simulator = make({
      deliver: async () => {
        throw new Error('app crashed')
      }
    })
    const delivery = simulator.context.deliver(spec([1_000]))
    await simulator.clock.advance(1_000)
    expect(delivery.state).toBe('failed')
    expect(delivery.attempts.map(({ note }) => note)).toEqual(['Error: app crashed', 'Error: app crashed'])
  })

  it('never calls another machine unless told', async () => {
    const simulator = make()
    const delivery = simulator.context.deliver({ ...spec([]), url: 'https://shop.example.com/notify' })
    expect((await delivery.done).state).toBe('undeliverable')
    expect(() => make({ deliver: 'https://shop.example.com' })).toThrow(/not this machine/)
  })

  it('holds and releases in reverse order', async () => {
    const seen: string[] = []
    const simulator = make({
      deliver: async (request) => {
        seen.push(await request.text())
        return new Response('ok')
      }
    })
    simulator.deliveries.hold('gateway')
    for (const body of ['1', '2'])
      simulator.context.deliver({ ...spec([]), request: (_, url) => new Request(url, { method: 'POST', body }) })
    await simulator.settled()
    expect(seen).toEqual([])
    await simulator.deliveries.release('gateway', { reversed: true })
    expect(seen).toEqual(['2', '1'])
  })
})

describe('a fault that does not exist', () => {
  it('is refused at once, with the names of those that do', () => {
    const wrong = 'tiemout' as 'timeout'
    expect(() => make().fail('/x', wrong)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
    expect(() => make().fail('/x', { kind: wrong })).toThrow(/"timeout", "reset"/)
  })
})

describe('a path that no upstream has', () => {
  it.each([
    ['https://api.weixin.qq.com/nowhere', 200],
    ['https://open.weixin.qq.com/nowhere', 404],
    ['https://api.mch.weixin.qq.com/pay/nowhere', 404],
    ['https://rs.qiniuapi.com/nowhere', 404],
    ['https://api.qiniuapi.com/nowhere', 404],
    ['https://sms.yunpian.com/v2/nowhere.json', 404],
    ['https://api.geetest.com/nowhere', 404]
  ])('is said to be wrong: %s', async (url, status) => {
    const simulator = createSimulator()
    const { accessKey, secretKey, bucket } = simulator.credentials.qiniu
    const qiniu = new Qiniu({ accessKey, secretKey, bucket })
    const authorization = qiniu.managementAuthorization({ method: 'POST', url })
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await simulator.fetch(url, { method: 'POST', headers })
    expect(answer.status).toBe(status)
    const hint = answer.headers.get('x-simulator-hint')
    expect(hint).toContain(`POST ${url.slice('https://'.length)}`)
    expect(simulator.log.entries.at(-1)?.note).toBe(hint)
  })

  it('is said to name the host twice', async () => {
    const { fetch } = createSimulator()
    const answer = await fetch('https://api.weixin.qq.com/api.weixin.qq.com/cgi-bin/token')
    expect(answer.headers.get('x-simulator-hint')).toContain('names a host twice')
  })

  it('is not said of one that exists', async () => {
    const { fetch } = createSimulator()
    expect((await fetch('https://api.weixin.qq.com/cgi-bin/token')).headers.get('x-simulator-hint')).toBeNull()
  })
})

it('keeps a limited number of callbacks that wait for another attempt, and gives up the oldest', async () => {
  const simulator = make({ limits: { records: 3 }, deliver: async () => new Response(null, { status: 500 }) })
  const user = simulator.user('ming')
  await user.follow()
  for (const key of ['a', 'b', 'c', 'd']) await user.click(key)
  expect(simulator.deliveries.recent.map(({ state }) => state)).toEqual([
    'failed',
    'failed',
    'pending',
    'pending',
    'pending'
  ])
  expect(simulator.clock.scheduled).toBe(3)
  expect(simulator.log.find('').some(({ note }) => note?.includes('given up: more than 3'))).toBe(true)
  await simulator.clock.advance(86_400_000)
  expect(simulator.clock.scheduled).toBe(0)
})

describe('the log', () => {
  it('keeps the newest entries in their order and drops the oldest', async () => {
    const simulator = make({ limits: { logEntries: 3 } })
    for (let i = 1; i <= 7; i++) await simulator.fetch(`${PING}?call=${i}`)
    const calls = () => simulator.log.entries.map(({ url }) => new URL(url).searchParams.get('call'))
    expect(calls()).toEqual(['5', '6', '7'])
    expect([...simulator.log].map(({ id }) => id)).toEqual([5, 6, 7])
    expect(simulator.log.byId(6)?.url).toContain('call=6')
    expect(simulator.log.byId(4)).toBeUndefined()
    simulator.log.clear()
    expect(calls()).toEqual([])
    await simulator.fetch(`${PING}?call=8`)
    expect(calls()).toEqual(['8'])
  })
})

describe('records beyond their limit', () => {
  it('goes by age, whatever was deleted, set again or cleared', () => {
    const dropped: string[] = []
    const map = new BoundedMap<string, number>(3, (_, key) => dropped.push(key))
    for (const key of ['a', 'b', 'c']) map.set(key, 1)
    map.set('a', 2)
    expect(dropped).toEqual([])
    map.set('d', 1)
    map.delete('b')
    map.set('a', 3)
    map.set('e', 1)
    expect(dropped).toEqual(['a', 'c'])
    expect([...map.keys()]).toEqual(['d', 'a', 'e'])
    map.clear()
    for (const key of ['p', 'q', 'r', 's']) map.set(key, 1)
    expect(dropped).toEqual(['a', 'c', 'p'])
    expect([...map.keys()]).toEqual(['q', 'r', 's'])
  })
})

describe('a query', () => {
  it.each(['?a=1&b=2&a=3', '?a', '?&&a=&=b&', '?a==b', '?a=%E5%BE%AE+%3D', '?a=1+2', '', '?'])(
    '%s is read as URLSearchParams reads it',
    async (search) => {
      const simulator = make()
      let read: string | undefined
      simulator.fail('*', {
        response: ({ query }) => {
          read = JSON.stringify([...query])
          return new Response()
        }
      })
      await simulator.fetch(`https://api.weixin.qq.com/cgi-bin/getcallbackip${search}`)
      expect(read).toBe(JSON.stringify([...new URLSearchParams(search)]))
    }
  )
})
