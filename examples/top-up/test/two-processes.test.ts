import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppPair, canRunPair, startPair } from '../../shared/test/app-pair.ts'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

describe.skipIf(!canRunPair('top-up'))('two processes of top-up', { timeout: 120_000 }, () => {
  let pair: AppPair
  let database: pg.Client
  beforeAll(async () => {
    pair = await startPair(MAIN, {})
    database = new pg.Client({ connectionString: pair.databaseUrl })
    await database.connect()
  }, 120_000)
  afterAll(async () => {
    await database?.end()
    await pair?.stop()
  })

  const balanceOf = async (openid: string) => {
    const { rows } = await database.query<{ balance_account: string; ledger: string }>(
      'select u.balance_account, coalesce(sum(l.amount), 0) as ledger from users u left join ledger_entries l on l.user_id = u.id where u.openid = $1 group by u.id',
      [openid]
    )
    expect(rows[0]?.balance_account).toBe(rows[0]?.ledger)
    return Number(rows[0]?.balance_account)
  }

  /** A registered user; the sessions of one process are those of the other. */
  const register = async (id: string) => {
    const [first] = pair.urls
    const user = pair.simulator.user({ id, phone: `135${String(Math.random()).slice(2, 10)}`, nickname: id })
    const cookie = cookiesOf(await logIn(first, '/wechat/authorize', user))
    await database.query('insert into users (openid, mobile) values ($1, $2)', [user.openid(), user.profile.phone])
    const ask = (process: 0 | 1, method: string, path: string, body?: unknown) =>
      call(pair.urls[process], method, path, { headers: { cookie }, ...(body === undefined ? {} : { body }) })
    return { user, ask }
  }

  it('books a payment once, whichever process hears of it first', async () => {
    const { user, ask } = await register('both')
    const orders = await Promise.all([1, 2, 3, 4].map(() => ask(0, 'GET', '/wechat/recharge/800')))
    expect(new Set(orders.map(({ body }) => body.recharge_id)).size).toBe(1)
    pair.simulator.deliveries.hold('pay')
    await user.pay(orders[0]?.body.pay_params as object)
    const status = `/wechat/recharge/status/${String(orders[0]?.body.recharge_id)}`
    const answers = await Promise.all([
      ask(0, 'GET', status),
      ask(1, 'GET', status),
      pair.simulator.deliveries.release('pay')
    ])
    expect(answers[0]?.body.result).toBe('paid')
    expect(await balanceOf(user.openid())).toBe(800)
  })

  it('charges a session once, however many stop it', async () => {
    const { user, ask } = await register('stopper')
    const { body } = await ask(0, 'GET', '/wechat/recharge/900')
    await user.pay(body.pay_params as object)
    await ask(1, 'POST', '/wechat/device/start', { device_id: 'A002' })
    const stops = await Promise.all(
      Array.from({ length: 20 }, (_, i) => ask((i % 2) as 0 | 1, 'POST', '/wechat/device/stop', {}))
    )
    expect(new Set(stops.map(({ text }) => text)).size).toBe(1)
    expect(await balanceOf(user.openid())).toBe(870)
  })

  it('loses no payment when the process that made the order is killed', async () => {
    const { user, ask } = await register('survivor')
    const { body } = await ask(0, 'GET', '/wechat/recharge/1000')
    await pair.kill(0)
    // The notification goes to the dead process; the other asks WeChat Pay.
    await user.pay(body.pay_params as object)
    const { body: told } = await ask(1, 'GET', `/wechat/recharge/status/${String(body.recharge_id)}`)
    expect(told.result).toBe('paid')
    await pair.restart(0)
    await pair.simulator.clock.advance(60_000)
    expect(await balanceOf(user.openid())).toBe(1000)
  })
})
