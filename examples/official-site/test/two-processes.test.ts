import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppPair, canRunPair, startPair } from '../../shared/test/app-pair.ts'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'
import { secretsIn } from '../../shared/test/secrets.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ADMIN_PASSWORD = 'correct horse battery'
const ORDERS = '/api/wx/pay/orders/'

interface OrderView {
  uuid: string
  out_trade_no: string
  status: string
  refunded_fee: number
}

describe.skipIf(!canRunPair('official-site'))('two processes behind one PostgreSQL and one Redis', () => {
  let pair: AppPair
  let admin: Record<string, string>
  let database: pg.Client

  beforeAll(async () => {
    pair = await startPair(main, { ADMIN_PASSWORD, AES_KEY_SEED: 'the seed of both' })
    const body = { name: 'admin', password: ADMIN_PASSWORD }
    const login = await call(pair.urls[0], 'PUT', '/api/admin/login/', { body })
    admin = { authorization: `Bearer ${(login.body.data as { token: string }).token}` }
    database = new pg.Client({ connectionString: pair.databaseUrl })
    await database.connect()
  }, 120_000)
  afterAll(async () => {
    await database.end()
    await pair.stop()
  })

  /** The same request to the processes in turn, all at once. */
  const race = (times: number, path: string, bodyOf: (index: number) => object) =>
    Promise.all(
      Array.from({ length: times }, (_, index) =>
        call(pair.urls[index % 2 === 0 ? 0 : 1], 'POST', path, { headers: admin, body: bodyOf(index) })
      )
    )
  const accepted = (answers: readonly { body: Record<string, unknown> }[]) =>
    answers.filter(({ body }) => body.code === 0).length

  async function paidOrder(totalFee: number) {
    const user = pair.simulator.user()
    const headers = { cookie: cookiesOf(await logIn(pair.urls[0], '/extensions/wx/user/authorize/', user)) }
    const product = { body: `奶茶 ${totalFee}`, total_fee: totalFee }
    await call(pair.urls[1], 'PUT', '/api/wx/pay/products/', { headers: admin, body: product })
    const placed = await call(pair.urls[0], 'POST', ORDERS, { headers, body: product })
    const { wx_pay_order, pay_params } = placed.body.data as { wx_pay_order: OrderView; pay_params: object }
    const { delivery } = await user.pay(pay_params)
    return { user, headers, order: wx_pay_order, delivery }
  }

  async function read(uuid: string): Promise<OrderView> {
    const { body } = await call(pair.urls[1], 'GET', `${ORDERS}${uuid}/`, { headers: admin })
    return (body.data as { wx_pay_order: OrderView }).wx_pay_order
  }

  async function ledgerOf(reference: string): Promise<number[]> {
    const query = 'select amount from ledger_entries where reference like $1'
    const { rows } = await database.query<{ amount: string }>(query, [`${reference}%`])
    return rows.map(({ amount }) => Number(amount))
  }

  it('share sessions; a payment that is told often, to both, is booked once', { timeout: 60_000 }, async () => {
    const { headers, order, delivery } = await paidOrder(800)
    expect((await call(pair.urls[1], 'GET', '/api/current_user/', { headers })).body.code).toBe(0)
    expect(delivery?.state).toBe('delivered')
    await Promise.all(Array.from({ length: 10 }, () => delivery?.redeliver()))
    expect((await read(order.uuid)).status).toBe('paid')
    expect(await ledgerOf(order.out_trade_no)).toEqual([800])
  })

  it('refund an order once, and never more than was paid', { timeout: 60_000 }, async () => {
    const { order } = await paidOrder(1000)
    const path = `${ORDERS}${order.uuid}/refunds/`
    const same = await race(8, path, () => ({ request_id: 'same-number', refund_fee: 400 }))
    expect(accepted(same)).toBe(8)
    const others = await race(10, path, (index) => ({ request_id: `refund-${index}`, refund_fee: 300 }))
    expect(accepted(others)).toBe(2)
    const made = pair.simulator.pay.refunds.filter((one) => one.outTradeNo === order.out_trade_no)
    expect(made.map((one) => one.refund).sort()).toEqual([300, 300, 400])
    expect((await read(order.uuid)).refunded_fee).toBe(1000)
  })

  it('pay out once for a request, also over a process that dies in the middle', { timeout: 60_000 }, async () => {
    const { simulator } = pair
    const openid = simulator.user().openid(simulator.credentials.officialAccount.appId)
    const balance = () => simulator.pay.balance(simulator.credentials.payV2.mchId)
    const before = balance()
    const payout = (request_id: string) => ({ request_id, openid, amount: 100, desc: '奖励' })
    expect(accepted(await race(10, '/api/wx/mch_pays/', () => payout('raced-payout')))).toBe(10)
    expect(before - balance()).toBe(100)

    // WeChat Pay pays and its response never comes; meanwhile the process is gone.
    const fault = simulator.fail('/mmpaymkttransfers/promotion/transfers', 'timeout')
    const body = payout('killed-payout')
    const lost = call(pair.urls[0], 'POST', '/api/wx/mch_pays/', { headers: admin, body }).catch(() => undefined)
    while (fault.hits === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await pair.kill(0)
    expect(await lost).toBeUndefined()
    const again = await call(pair.urls[1], 'POST', '/api/wx/mch_pays/', { headers: admin, body })
    expect(again.body.data).toMatchObject({ wx_mch_pay: { status: 'success' } })
    expect(before - balance()).toBe(200)
    await pair.restart(0)
  })

  it('send a red packet once for a request', { timeout: 60_000 }, async () => {
    const { simulator } = pair
    const re_openid = simulator.user().openid(simulator.credentials.officialAccount.appId)
    const words = { send_name: '官网', wishing: '恭喜', act_name: '活动', remark: '谢谢' }
    const answers = await race(6, '/api/wx/red_packs/', () => ({
      request_id: 'raced-red-pack',
      re_openid,
      total_amount: 100,
      ...words
    }))
    expect(accepted(answers)).toBe(6)
    const numbers = answers.map(({ body }) => (body.data as { wx_red_pack: { mch_billno: string } }).wx_red_pack)
    expect(new Set(numbers.map((pack) => pack.mch_billno)).size).toBe(1)
    expect(await ledgerOf(numbers[0]?.mch_billno ?? '-')).toEqual([-100])
  })

  it('fetch one access token together', { timeout: 60_000 }, async () => {
    const page = `/api/wx/js_sdk_config/?url=${encodeURIComponent('https://shop.example.com/')}`
    const answers = await Promise.all(
      pair.urls.flatMap((url) => Array.from({ length: 25 }, () => call(url, 'GET', page)))
    )
    expect(accepted(answers)).toBe(50)
    expect(pair.simulator.log.find('/cgi-bin/stable_token')).toHaveLength(1)
    expect(pair.simulator.log.find('/cgi-bin/ticket/getticket')).toHaveLength(1)
  })

  it('count the tries of an administrator together', { timeout: 60_000 }, async () => {
    const answers = await Promise.all(
      Array.from({ length: 14 }, (_, index) =>
        call(pair.urls[index % 2 === 0 ? 0 : 1], 'PUT', '/api/admin/login/', {
          body: { name: 'guessed', password: 'x' }
        })
      )
    )
    expect(answers.filter(({ body }) => body.code === 1403)).toHaveLength(10)
    expect(answers.filter(({ body }) => body.code === 1103)).toHaveLength(4)
  })

  it('write no secret into their logs', () => {
    const own = { password: ADMIN_PASSWORD, admin: admin.authorization?.slice(7) ?? '', seed: 'the seed of both' }
    expect(secretsIn(pair.output(), pair.simulator, own)).toEqual([])
  })
})
