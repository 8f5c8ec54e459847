import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createSimulator,
  type FaultSpec,
  type Simulator,
  SimulatorClock,
  type SimulatorServer
} from 'weixin-kit/simulator'
import { openDatabase } from '../../shared/database.ts'
import { freePort } from '../../shared/free-port.ts'
import { type AppProcess, startProcess } from '../../shared/test/app-process.ts'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'
import { ledgerEntries } from '../migrations/schema.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
const ORDERS = '/api/wx/pay/orders/'
const ADMIN_PASSWORD = 'correct horse battery'

interface Order {
  uuid: string
  out_trade_no: string
}

describe('money, whenever the process is killed', { timeout: 60_000 }, () => {
  const clock = new SimulatorClock({ startAt: Date.now() })
  const folder = mkdtempSync(join(tmpdir(), 'official-site-'))
  let simulator: Simulator
  let server: SimulatorServer
  let url: string
  let environment: NodeJS.ProcessEnv
  let app: AppProcess
  /** What becomes of the next notification: the process dies while it works on it, or before its response is seen. */
  let nextNotification: 'passes' | 'dies in the middle' | 'answer is lost' = 'passes'
  /** What the ledger must say in the end. */
  const booked: [reference: string, amount: number][] = []

  async function deliver(request: Request): Promise<Response> {
    const mode = nextNotification
    nextNotification = 'passes'
    const answer = fetch(request)
    if (mode === 'dies in the middle') await Promise.all([app.kill(), answer.catch(() => undefined)])
    if (mode === 'answer is lost') {
      expect((await answer).status).toBe(200)
      await app.kill()
    }
    return mode === 'passes' ? answer : new Response('lost', { status: 502 })
  }

  const start = async () => {
    app = await startProcess(main, environment)
  }
  const login = async (user: ReturnType<Simulator['user']>) => ({
    cookie: cookiesOf(await logIn(url, '/extensions/wx/user/authorize/', user))
  })
  const admin = async () => {
    const { body } = await call(url, 'PUT', '/api/admin/login/', { body: { name: 'admin', password: ADMIN_PASSWORD } })
    return { authorization: `Bearer ${(body.data as { token: string }).token}` }
  }
  /** Sends a request that the process does not survive: WeChat Pay has it, and its response never comes. */
  async function dieDuring(path: string, fault: FaultSpec, send: () => Promise<unknown>): Promise<void> {
    const handle = simulator.fail(path, fault)
    const lost = send().catch(() => 'cut')
    await expect.poll(() => handle.hits, { interval: 5, timeout: 20_000 }).toBe(1)
    await app.kill()
    expect(await lost).toBe('cut')
    await start()
  }

  async function placeAndPay(total_fee: number, how: typeof nextNotification): Promise<Order> {
    const user = simulator.user()
    const product = { body: `奶茶 ${total_fee}`, total_fee }
    await call(url, 'PUT', '/api/wx/pay/products/', { headers: await admin(), body: product })
    const placed = await call(url, 'POST', ORDERS, { headers: await login(user), body: product })
    const { wx_pay_order: order, pay_params } = placed.body.data as { wx_pay_order: Order; pay_params: object }
    nextNotification = how
    const { delivery } = await user.pay(pay_params)
    if (how !== 'passes') await start()
    await clock.advance(20_000)
    expect(delivery?.state).toBe('delivered')
    booked.push([order.out_trade_no, total_fee])
    return order
  }

  const read = async (order: Order) => {
    const { body } = await call(url, 'GET', `${ORDERS}${order.uuid}/`, { headers: await admin() })
    return body.data
  }
  const refund = async (order: Order, request_id: string, refund_fee: number) => {
    const path = `${ORDERS}${order.uuid}/refunds/`
    return (await call(url, 'POST', path, { headers: await admin(), body: { request_id, refund_fee } })).body
  }

  beforeAll(async () => {
    simulator = createSimulator({ clock, deliver: { pay: deliver, refund: deliver } })
    server = await simulator.listen()
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    environment = {
      PORT: String(port),
      PUBLIC_URL: url,
      SIMULATOR_URL: server.url,
      DATA_FOLDER: join(folder, 'data'),
      ADMIN_PASSWORD
    }
    await start()
  }, 60_000)
  afterAll(async () => {
    await app.kill()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('while an order is placed: it is another one that is paid', async () => {
    const headers = await login(simulator.user())
    const body = { body: '奶茶', total_fee: 500 }
    await dieDuring('/pay/unifiedorder', { kind: 'timeout' }, () => call(url, 'POST', ORDERS, { headers, body }))
    const list = await call(url, 'GET', ORDERS, { headers: await admin() })
    const [left] = (list.body.data as { wx_pay_orders: Order[] }).wx_pay_orders
    expect(await read(left as Order)).toMatchObject({ wx_pay_order: { status: 'created', refunded_fee: 0 } })
  })

  it.each(['dies in the middle', 'answer is lost'] as const)('while a payment is notified, and %s', async (how) => {
    const order = await placeAndPay(500, how)
    expect(await read(order)).toMatchObject({ wx_pay_order: { status: 'paid' } })
  })

  it('while a refund is applied for: it is found, and made once', async () => {
    const order = await placeAndPay(300, 'passes')
    await dieDuring('/secapi/pay/refund', { kind: 'timeout' }, () => refund(order, 'killed-refund', 200))
    expect(await read(order)).toMatchObject({
      wx_pay_order: { refunded_fee: 200 },
      wx_pay_refunds: [{ status: 'processing', refund_fee: 200 }]
    })
    expect(await refund(order, 'killed-refund', 200)).toMatchObject({ code: 0 })
    expect(await refund(order, 'another-refund', 200)).toMatchObject({ code: 1402 })
    const made = simulator.pay.refunds.filter((one) => one.outTradeNo === order.out_trade_no)
    expect(made).toHaveLength(1)
    nextNotification = 'answer is lost'
    await simulator.pay.settleRefund(made[0]?.outRefundNo ?? '')
    await start()
    await clock.advance(20_000)
    expect(await read(order)).toMatchObject({ wx_pay_refunds: [{ status: 'success' }] })
    booked.push(['Rkilled-refund', -200])
  })

  it('before WeChat Pay has the refund: its amount stays reserved until it is made', async () => {
    const order = await placeAndPay(300, 'passes')
    const fault = { kind: 'timeout', executed: false } as const
    await dieDuring('/secapi/pay/refund', fault, () => refund(order, 'unsent-refund', 300))
    expect(await read(order)).toMatchObject({ wx_pay_order: { refunded_fee: 300 } })
    expect(await refund(order, 'second-refund', 300)).toMatchObject({ code: 1402 })
    expect(await refund(order, 'unsent-refund', 300)).toMatchObject({ code: 0 })
    nextNotification = 'dies in the middle'
    await simulator.pay.settleRefund('Runsent-refund')
    await start()
    await clock.advance(20_000)
    expect(await read(order)).toMatchObject({ wx_pay_refunds: [{ status: 'success' }] })
    booked.push(['Runsent-refund', -300])
  })

  it.each([true, false])('while a transfer is made (executed: %s)', async (executed) => {
    const { mchId } = simulator.credentials.payV2
    const before = simulator.pay.balance(mchId)
    const openid = simulator.user().openid(simulator.credentials.officialAccount.appId)
    const body = { request_id: `killed-transfer-${executed}`, openid, amount: 150, desc: '奖励' }
    const headers = await admin()
    const path = '/mmpaymkttransfers/promotion/transfers'
    const pay = async () => (await call(url, 'POST', '/api/wx/mch_pays/', { headers: await admin(), body })).body
    await dieDuring(path, { kind: 'timeout', executed }, () =>
      call(url, 'POST', '/api/wx/mch_pays/', { headers, body })
    )
    // A refusal at the door says nothing of the request that is on its way.
    simulator.fail(path, { errcode: 'NO_AUTH' })
    const refused = await pay()
    expect(refused.code).toBe(executed ? 0 : 1820)
    const { data } = await pay()
    expect(data).toMatchObject({ wx_mch_pay: { status: 'success' } })
    expect(before - simulator.pay.balance(mchId)).toBe(150)
    booked.push([(data as { wx_mch_pay: { partner_trade_no: string } }).wx_mch_pay.partner_trade_no, -150])
  })

  it('while a red packet is sent', async () => {
    const re_openid = simulator.user().openid(simulator.credentials.officialAccount.appId)
    const words = { send_name: '官网', wishing: '恭喜', act_name: '活动', remark: '谢谢' }
    const body = { request_id: 'killed-red-packet', re_openid, total_amount: 100, ...words }
    const send = async () => (await call(url, 'POST', '/api/wx/red_packs/', { headers: await admin(), body })).body
    const before = simulator.pay.redPacks.length
    await dieDuring('/mmpaymkttransfers/sendredpack', { kind: 'timeout' }, send)
    const { data } = await send()
    expect(data).toMatchObject({ wx_red_pack: { status: 'sent' } })
    expect(simulator.pay.redPacks.length - before).toBe(1)
    booked.push([(data as { wx_red_pack: { mch_billno: string } }).wx_red_pack.mch_billno, -100])
  })

  it('the ledger has every movement once', async () => {
    await app.kill()
    const database = await openDatabase({ folder: join(folder, 'data'), migrations })
    const rows = await database.db.select().from(ledgerEntries)
    await database.close()
    const order = (entries: readonly (readonly [string, number])[]) => entries.map((entry) => entry.join(' ')).sort()
    expect(order(rows.map(({ reference, amount }) => [reference, amount] as const))).toEqual(order(booked))
  })
})
