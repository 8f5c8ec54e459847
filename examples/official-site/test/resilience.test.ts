import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, SimulatorClock, type SimulatorServer } from 'weixin-kit/simulator'
import { hasRedisServer, REDIS_SKIP_REASON, type RedisServer, startRedis } from '../../../test/support/redis-server.ts'
import { type AppProcess, startProcess } from '../../shared/test/app-process.ts'
import { freePort } from '../../shared/test/free-port.ts'
import { hasPostgres, POSTGRES_SKIP_REASON, type PostgresServer, startPostgres } from '../../shared/test/postgres.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const PASSWORD = 'correct horse battery'

interface Answer {
  code: number
  data: Record<string, never>
}

async function call(url: string, method: string, path: string, headers: Record<string, string>, body?: unknown) {
  const init =
    body === undefined
      ? { headers }
      : { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
  const response = await fetch(url + path, { method, redirect: 'manual', ...init })
  const text = await response.text()
  return { response, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Answer }
}

async function login(url: string, user: ReturnType<Simulator['user']>): Promise<Record<string, string>> {
  const first = await call(url, 'GET', '/extensions/wx/user/authorize/', {})
  const cookie = first.response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const back = user.authorize(first.response.headers.get('location') ?? '')
  const second = await call(url, 'GET', back.pathname + back.search, { cookie })
  const session = second.response.headers.getSetCookie().find((line) => line.startsWith('wx_session='))
  return { cookie: session?.split(';')[0] ?? '' }
}

describe('an app that is killed', () => {
  let simulator: Simulator
  let server: SimulatorServer
  const clock = new SimulatorClock({ startAt: Date.now() })

  beforeAll(async () => {
    simulator = createSimulator({ clock })
    server = await simulator.listen()
  })
  afterAll(() => server.close())

  it('between payment and notification loses nothing', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'official-site-'))
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const environment = {
      PORT: String(port),
      PUBLIC_URL: url,
      SIMULATOR_URL: server.url,
      DATA_FOLDER: join(folder, 'data')
    }
    let app: AppProcess = await startProcess(main, environment)
    const user = simulator.user()
    const cookie = await login(url, user)
    const { body } = await call(url, 'POST', '/api/wx/pay/orders/', cookie, { body: '奶茶', total_fee: 500 })
    const placed = body.data as unknown as { wx_pay_order: { out_trade_no: string; uuid: string }; pay_params: object }
    await app.kill()

    const { delivery } = await user.pay(placed.pay_params)
    expect(delivery?.attempts).toMatchObject([{ delivered: false }])
    app = await startProcess(main, environment)
    await clock.advance(15_000)
    expect(delivery?.state).toBe('delivered')
    const list = await call(url, 'GET', '/api/wx/pay/orders/', await login(url, user))
    expect(list.body.data).toMatchObject({
      wx_pay_orders: [{ out_trade_no: placed.wx_pay_order.out_trade_no, status: 'paid' }]
    })
    await app.kill()
    rmSync(folder, { recursive: true, force: true })
  })
})

const canShare = hasPostgres && hasRedisServer
if (!hasPostgres) console.warn(`SKIPPED: two processes of official-site: ${POSTGRES_SKIP_REASON}`)
if (!hasRedisServer) console.warn(`SKIPPED: two processes of official-site: ${REDIS_SKIP_REASON}`)

describe.skipIf(!canShare)('two processes behind one PostgreSQL and one Redis', () => {
  let postgres: PostgresServer
  let redis: RedisServer
  let simulator: Simulator
  let server: SimulatorServer
  let apps: { url: string; process: AppProcess }[]

  beforeAll(async () => {
    const [ports, started, database] = await Promise.all([
      Promise.all([freePort(), freePort()]),
      startRedis(),
      startPostgres()
    ])
    redis = started
    postgres = database
    simulator = createSimulator()
    server = await simulator.listen()
    apps = await Promise.all(
      ports.map(async (port) => {
        const url = `http://127.0.0.1:${port}`
        const environment = {
          PORT: String(port),
          PUBLIC_URL: url,
          SIMULATOR_URL: server.url,
          DATABASE_URL: postgres.url,
          REDIS_URL: redis.url,
          ADMIN_PASSWORD: PASSWORD
        }
        return { url, process: await startProcess(main, environment) }
      })
    )
  }, 120_000)
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.process.kill()))
    await Promise.all([server.close(), redis.stop(), postgres.stop()])
  })

  it('share sessions, tokens and orders; a notification to both settles once', { timeout: 60_000 }, async () => {
    const [a, b] = apps.map((app) => app.url) as [string, string]
    const user = simulator.user()
    const cookie = await login(a, user)
    expect((await call(b, 'GET', '/api/current_user/', cookie)).body.code).toBe(0)

    const { body } = await call(a, 'POST', '/api/wx/pay/orders/', cookie, { body: '奶茶', total_fee: 800 })
    const { wx_pay_order: order, pay_params } = body.data as unknown as {
      wx_pay_order: { uuid: string }
      pay_params: object
    }
    const { delivery } = await user.pay(pay_params)
    expect(delivery?.state).toBe('delivered')
    await Promise.all(Array.from({ length: 10 }, () => delivery?.redeliver()))
    expect((await call(b, 'GET', `/api/wx/pay/orders/${order.uuid}/`, cookie)).body.data).toMatchObject({
      wx_pay_order: { status: 'paid' }
    })

    const { body: logged } = await call(b, 'PUT', '/api/admin/login/', {}, { name: 'admin', password: PASSWORD })
    const admin = { authorization: `Bearer ${(logged.data as unknown as { token: string }).token}` }
    const refund = { request_id: 'two-processes-1', refund_fee: 800 }
    const refunds = await Promise.all(
      [a, b, a, b].map((url) => call(url, 'POST', `/api/wx/pay/orders/${order.uuid}/refunds/`, admin, refund))
    )
    expect(refunds.every((answer) => answer.body.code === 0)).toBe(true)
    expect(simulator.pay.refunds).toHaveLength(1)

    const pay = {
      request_id: 'two-processes-2',
      openid: user.openid(simulator.credentials.officialAccount.appId),
      amount: 100,
      desc: '奖励'
    }
    const before = simulator.pay.balance(simulator.credentials.payV2.mchId)
    const payouts = await Promise.all([a, b, a, b].map((url) => call(url, 'POST', '/api/wx/mch_pays/', admin, pay)))
    expect(payouts.every((answer) => answer.body.code === 0)).toBe(true)
    expect(before - simulator.pay.balance(simulator.credentials.payV2.mchId)).toBe(100)
  })

  it('fetch one access token together', { timeout: 60_000 }, async () => {
    const page = `/api/wx/js_sdk_config/?url=${encodeURIComponent('https://shop.example.com/')}`
    const answers = await Promise.all(
      apps.flatMap((app) => Array.from({ length: 25 }, () => call(app.url, 'GET', page, {})))
    )
    expect(answers.every((answer) => answer.body.code === 0)).toBe(true)
    const asked = (path: string) => simulator.log.entries.filter((entry) => JSON.stringify(entry).includes(path)).length
    expect(asked('/cgi-bin/stable_token')).toBe(1)
    expect(asked('/cgi-bin/ticket/getticket')).toBe(1)
  })

  it('write no secret into their logs', () => {
    const { officialAccount, payV2 } = simulator.credentials
    for (const app of apps) {
      for (const secret of [officialAccount.appSecret, payV2.apiKey, PASSWORD])
        expect(app.process.output()).not.toContain(secret)
    }
  })
})
