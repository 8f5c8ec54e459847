import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, SimulatorClock, type SimulatorServer } from 'weixin-kit/simulator'
import { freePort } from '../../shared/free-port.ts'
import { type AppProcess, startProcess } from '../../shared/test/app-process.ts'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'
import { hasPostgres, POSTGRES_SKIP_REASON, type PostgresServer, startPostgres } from '../../shared/test/postgres.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ORDERS = '/api/wx/pay/orders/'

if (!hasPostgres) console.warn(`SKIPPED: a database that goes away: ${POSTGRES_SKIP_REASON}`)

describe.skipIf(!hasPostgres)('a database that goes away', () => {
  const clock = new SimulatorClock({ startAt: Date.now() })
  let simulator: Simulator
  let server: SimulatorServer
  let postgres: PostgresServer
  let app: AppProcess
  let url: string

  beforeAll(async () => {
    simulator = createSimulator({ clock })
    server = await simulator.listen()
    postgres = await startPostgres()
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const environment = {
      PORT: String(port),
      PUBLIC_URL: url,
      SIMULATOR_URL: server.url,
      DATABASE_URL: postgres.url
    }
    app = await startProcess(main, environment)
  }, 60_000)
  afterAll(async () => {
    await app.kill()
    await Promise.all([server.close(), postgres.stop()])
  })

  it('in the middle of a transaction ends neither the process nor the payment', { timeout: 60_000 }, async () => {
    const user = simulator.user()
    const headers = { cookie: cookiesOf(await logIn(url, '/extensions/wx/user/authorize/', user)) }
    const placed = await call(url, 'POST', ORDERS, { headers, body: { body: '奶茶', total_fee: 500 } })
    const { wx_pay_order, pay_params } = placed.body.data as { wx_pay_order: { uuid: string }; pay_params: object }

    const blocker = new pg.Client({ connectionString: postgres.url })
    await blocker.connect()
    await blocker.query('begin')
    await blocker.query('select 1 from wx_pay_orders for update')
    const paying = user.pay(pay_params)
    const waiting = `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'`
    while ((await blocker.query(waiting)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await blocker.end()

    const { delivery } = await paying
    expect(delivery?.attempts).toMatchObject([{ delivered: false }])
    await clock.advance(15_000)
    expect(delivery?.state).toBe('delivered')
    const read = await call(url, 'GET', `${ORDERS}${wx_pay_order.uuid}/`, { headers })
    expect(read.body.data).toMatchObject({ wx_pay_order: { status: 'paid' } })
  })
})
