import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSimulator, type Simulator, type SimulatorServer } from 'weixin-kit/simulator'
import { simulatorEnv } from '../../../src/cli/simulator-env.ts'
import { freePort } from '../../shared/free-port.ts'
import { startProcess } from '../../shared/test/app-process.ts'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'
import { readConfig } from '../src/config.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ORDERS = '/api/wx/pay/orders/'

let simulator: Simulator
let server: SimulatorServer
let printed: NodeJS.ProcessEnv
beforeAll(async () => {
  // Accounts that no other simulator has: the app must read them.
  simulator = createSimulator({ seed: 'of this test' })
  server = await simulator.listen()
  // The log of the calls goes to the same place.
  printed = { ...parseEnv(`${simulatorEnv(simulator, server)}\n# page\n12:00:00 POST /sns/oauth2?appid=wx1 200\n`) }
})
afterAll(() => server.close())

it('runs with what `weixin-kit simulator` prints: login, order, payment, refund', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'official-site-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const own = { PORT: String(port), DATA_FOLDER: join(folder, 'data'), ADMIN_PASSWORD: 'correct horse battery' }
  const app = await startProcess(main, { ...printed, ...own })
  try {
    const user = simulator.user()
    const headers = { cookie: cookiesOf(await logIn(url, '/extensions/wx/user/authorize/', user)) }
    const placed = await call(url, 'POST', ORDERS, { headers, body: { body: '奶茶', total_fee: 500 } })
    const { wx_pay_order: order, pay_params } = placed.body.data as {
      wx_pay_order: { uuid: string }
      pay_params: object
    }
    await user.pay(pay_params)
    const login = await call(url, 'PUT', '/api/admin/login/', {
      body: { name: 'admin', password: own.ADMIN_PASSWORD }
    })
    const refund = await call(url, 'POST', `${ORDERS}${order.uuid}/refunds/`, {
      headers: { authorization: `Bearer ${(login.body.data as { token: string }).token}` },
      body: { request_id: 'refund-one', refund_fee: 500 }
    })
    expect(refund.body.data).toMatchObject({ wx_pay_refund: { status: 'processing' } })
  } finally {
    await app.kill()
    rmSync(folder, { recursive: true, force: true })
  }
})

it('does not mix them with the accounts of the document', () => {
  expect(readConfig(printed)).toMatchObject({ isReal: true, SIMULATOR_URL: server.url })
  expect(() => readConfig({ ...printed, WEIXIN_APP_ID: 'wx0123456789abcdef' })).toThrow(
    /WEIXIN_APP_ID and WEIXIN_MP_APP_ID/
  )
  const production = { FLASK_CONFIG: 'production', AES_KEY_SEED: 'seed', PUBLIC_URL: 'https://example.com' }
  expect(() => readConfig({ ...printed, ...production })).toThrow(/production takes no simulator/)
})
