import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, SimulatorClock, type SimulatorServer } from 'weixin-kit/simulator'
import { freePort } from '../../shared/free-port.ts'
import { type AppProcess, startProcess } from '../../shared/test/app-process.ts'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ORDERS = '/api/wx/pay/orders/'

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
    const login = async () => ({ cookie: cookiesOf(await logIn(url, '/extensions/wx/user/authorize/', user)) })
    const placed = await call(url, 'POST', ORDERS, {
      headers: await login(),
      body: { body: '奶茶', total_fee: 500 }
    })
    const { wx_pay_order: order, pay_params } = placed.body.data as { wx_pay_order: object; pay_params: object }
    await app.kill()

    const { delivery } = await user.pay(pay_params)
    expect(delivery?.attempts).toMatchObject([{ delivered: false }])
    app = await startProcess(main, environment)
    await clock.advance(15_000)
    expect(delivery?.state).toBe('delivered')
    const { body } = await call(url, 'GET', ORDERS, { headers: await login() })
    const { out_trade_no } = order as { out_trade_no: string }
    expect(body.data).toMatchObject({ wx_pay_orders: [{ out_trade_no, status: 'paid' }] })
    await app.kill()
    rmSync(folder, { recursive: true, force: true })
  })
})
