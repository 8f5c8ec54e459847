import { createDecipheriv } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { WeChatPay } from 'weixin-kit/pay'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator, type Simulator, SimulatorClock, type SimulatorOptions } from 'weixin-kit/simulator'

const open: Simulator[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()))
})
const DAY_MS = 86_400_000

async function start(options: SimulatorOptions = {}) {
  const simulator = createSimulator({ seed: 'clocks', ...options })
  open.push(simulator)
  const server = await simulator.listen()
  const baseUrl = server.baseUrl('api.mch.weixin.qq.com')
  const overHttp = (more: object = {}) => new WeChatPay({ ...simulator.credentials.payV3, baseUrl, ...more })
  return { simulator, server, overHttp }
}

const order = (simulator: Simulator, no: string, more: object = {}) => ({
  out_trade_no: no,
  description: '茶',
  notify_url: 'http://127.0.0.1:9/pay',
  amount: { total: 1 },
  payer: { openid: simulator.user('ming').openid() },
  ...more
})

describe('business time travels, transport time stays', () => {
  it('so that another process goes on after a day', async () => {
    const { simulator, server, overHttp } = await start()
    const pay = overHttp()
    const { prepay_id } = await pay.transactions.jsapi(order(simulator, 'D00001'))
    await simulator.clock.advance(DAY_MS)
    // The signatures of both sides are of today; the prepay_id is a day old.
    await expect(pay.transactions.query({ out_trade_no: 'D00001' })).resolves.toMatchObject({ trade_state: 'NOTPAY' })
    await expect(simulator.user('ming').pay(prepay_id)).rejects.toThrow('has expired')
    // Half an hour from now is half an hour from now.
    const time_expire = new Date(Date.now() + 1_800_000).toISOString().replace(/\.\d+Z/, 'Z')
    const later = await pay.transactions.jsapi(order(simulator, 'D00002', { time_expire }))
    await expect(simulator.user('ming').pay(later.prepay_id)).resolves.toMatchObject({ state: 'SUCCESS' })
    const qiniu = new Qiniu({ ...simulator.credentials.qiniu, baseUrl: server.baseUrl('uc.qiniuapi.com') })
    await expect(qiniu.upload(Buffer.from('x'), { key: 'a' })).resolves.toMatchObject({ key: 'a' })
  })

  it('meets a client over HTTP that has the clock of the simulator, and one in this process', async () => {
    const { simulator, overHttp } = await start()
    await simulator.clock.advance(DAY_MS)
    for (const more of [{ clock: simulator.clock.now }, simulator.clientOptions]) {
      const call = overHttp(more).transactions.query({ out_trade_no: 'D00001' })
      await expect(call).rejects.toMatchObject({ upstreamCode: 'ORDER_NOT_EXIST' })
    }
  })

  it('unless the clock stands still: then it is the time of everybody', async () => {
    const { simulator, overHttp } = await start({ clock: new SimulatorClock({ startAt: Date.UTC(2020, 0, 1) }) })
    const query = (more: object) => overHttp(more).transactions.query({ out_trade_no: 'D00001' })
    await expect(query({ clock: simulator.clock.now })).rejects.toMatchObject({ upstreamCode: 'ORDER_NOT_EXIST' })
    await expect(query({})).rejects.toMatchObject({ upstreamCode: 'SIGN_ERROR' })
  })
})

describe('an unanswered message', () => {
  it('is repeated 0, 5 and 10 s after the first attempt, with the same address and bytes', async () => {
    const seen: { at: number; url: string; body: string }[] = []
    const clock = new SimulatorClock({ startAt: Date.UTC(2026, 0, 1) })
    const simulator: Simulator = createSimulator({
      clock,
      deliver: {
        gateway: async (request) => {
          seen.push({ at: clock.now() - Date.UTC(2026, 0, 1), url: request.url, body: await request.text() })
          return new Response('', { status: 500 })
        }
      }
    })
    await simulator.user('ming').send('hello')
    await clock.advance(60_000)
    expect(seen.map(({ at }) => at)).toEqual([0, 5_000, 10_000])
    expect(new Set(seen.map(({ url }) => url)).size).toBe(1)
    expect(new Set(seen.map(({ body }) => body)).size).toBe(1)
  })

  it('of an application that hangs does not hold up /-/advance', async () => {
    const simulator = createSimulator({ deliver: { gateway: () => new Promise<Response>(() => {}) } })
    open.push(simulator)
    const { url } = await simulator.listen({ control: true })
    void simulator.user('ming').send('hi')
    const started = performance.now()
    const answer = await fetch(`${url}/-/advance`, {
      method: 'POST',
      body: JSON.stringify({ ms: DAY_MS }),
      headers: { 'content-type': 'application/json' }
    })
    expect(((await answer.json()) as { now: number }).now - Date.now()).toBeGreaterThan(DAY_MS - 10_000)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('that hangs takes its time out of the wait', async () => {
    const starts: number[] = []
    const simulator = createSimulator({
      deliveryTimeoutMs: 300,
      deliver: {
        pay: async () => {
          starts.push(Date.now())
          return starts.length === 1 ? new Promise<Response>(() => {}) : new Response(null, { status: 204 })
        }
      }
    })
    open.push(simulator)
    const delivery = simulator.context.deliver({
      kind: 'pay',
      url: 'https://shop.example.com/',
      request: (_, url) => new Request(url),
      retryAfterMs: [400],
      timeoutMs: 5_000,
      judge: (response) => ({ delivered: response.ok, note: '' })
    })
    await delivery.done
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeLessThan(650)
  })

  it('has the real time on its stamp when it leaves the process', async () => {
    const { simulator } = await start()
    await simulator.clock.advance(30 * DAY_MS)
    const ming = simulator.user('ming')
    const code = ming.login()
    const { miniProgram } = simulator.credentials
    const mini = new MiniProgram({ ...miniProgram, ...simulator.clientOptions })
    const session = await mini.auth.code2Session(code)
    const { encryptedData, iv } = ming.encryptedPhone()
    const [key, vector] = [Buffer.from(session.session_key, 'base64'), Buffer.from(iv, 'base64')]
    const decipher = createDecipheriv('aes-128-cbc', key, vector)
    const plain = decipher.update(encryptedData, 'base64', 'utf8') + decipher.final('utf8')
    expect(Math.abs(JSON.parse(plain).watermark.timestamp - Date.now() / 1000)).toBeLessThan(5)
    expect(Math.abs(simulator.context.receiverTime('gateway') - Date.now())).toBeLessThan(1_000)
  })
})
