import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AppPair, canRunPair, startPair } from '../../shared/test/app-pair.ts'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'
import { secretsIn } from '../../shared/test/secrets.ts'
import { brokenInvariants } from './invariants.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

describe.skipIf(!canRunPair('wallet-shop'))(
  'two processes behind one PostgreSQL and one Redis',
  { timeout: 120_000 },
  () => {
    let pair: AppPair
    let database: pg.Client
    const query = async <Row extends object>(text: string) => (await database.query<Row>(text)).rows

    beforeAll(async () => {
      pair = await startPair(main, { AES_KEY_SEED: 'the seed of both' })
      database = new pg.Client({ connectionString: pair.databaseUrl })
      await database.connect()
    }, 120_000)
    afterAll(async () => {
      await database.end()
      await pair.stop()
    })
    afterEach(async () => expect(await brokenInvariants({ query })).toEqual([]))

    const insert = async (table: string, columns: string, values: string) =>
      (await query<{ id: number }>(`insert into ${table} (${columns}) values (${values}) returning id`))[0]?.id ?? 0

    async function enter() {
      const person = pair.simulator.user()
      const headers = { cookie: cookiesOf(await logIn(pair.urls[0], '/account/authorize', person)) }
      const ask = (index: number, method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
        call(pair.urls[index % 2 === 0 ? 0 : 1], method, path, {
          headers: { ...headers, ...more },
          ...(body === undefined ? {} : { body })
        })
      const order = async (money: number, charge = 0) => {
        const item_id = await insert('payment_items', 'name, money, charge', `'充值', ${money}, ${charge}`)
        return (await ask(0, 'POST', '/payment_order', { item_id })).body.data as { payment_id: string }
      }
      const user = async () => (await ask(1, 'GET', '/user')).body.data as { balance: number; coupon: number }
      return { person, ask, order, user }
    }
    const codes = (answers: readonly { body: Record<string, unknown> }[], code: number) =>
      answers.filter(({ body }) => body.code === code).length

    it('seed one shop, and share sessions', async () => {
      expect(await query('select count(*)::int as number from products')).toEqual([{ number: 5 }])
      const { ask } = await enter()
      expect((await ask(1, 'GET', '/user')).body.code).toBe(0)
    })

    it('sell 100 to one of 1,000 with money for 100, and 7 of 50 from each purse', async () => {
      const { person, ask, order, user } = await enter()
      const [tea, gold] = [
        await insert('products', 'name, price', "'茶', 7"),
        await insert('products', 'name, price', "'金', 100")
      ]
      await person.pay(await order(700))
      /** What found no free connection in time (503) comes again under its key, as a client would. */
      const buyOne = async (index: number, path: string) => {
        const headers = { 'idempotency-key': `${path.length}-many-${index}` }
        for (;;) {
          const answer = await ask(index, 'GET', path, undefined, headers)
          if (answer.status !== 503) return answer
        }
      }
      const buyMany = (times: number, path: string) =>
        Promise.all(Array.from({ length: times }, (_, index) => buyOne(index, path)))
      const many = await buyMany(1000, `/product/${tea}/with_balance`)
      expect([codes(many, 0), codes(many, 10006)]).toEqual([100, 900])
      expect(await user()).toEqual(expect.objectContaining({ balance: 0, coupon: 0 }))

      await person.pay(await order(750, 750))
      const both = await Promise.all([
        buyMany(50, `/product/${gold}/with_balance?`),
        buyMany(50, `/product/${gold}/with_coupon`)
      ])
      for (const answers of both) expect([codes(answers, 0), codes(answers, 10006)]).toEqual([7, 43])
      expect(await user()).toMatchObject({ balance: 50, coupon: 50 })
    })

    it('take a request that comes to both for one', async () => {
      const { person, ask, order, user } = await enter()
      const product = await insert('products', 'name, price', "'茶', 100")
      await person.pay(await order(1000))
      const path = `/product/${product}/with_balance`
      const same = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          ask(index, 'POST', path, undefined, { 'idempotency-key': 'same-for-both' })
        )
      )
      expect(new Set(same.map(({ text }) => text)).size).toBe(1)
      expect((await user()).balance).toBe(900)
      const keyless = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(index, 'GET', path)))
      expect([codes(keyless, 0), codes(keyless, 10004)]).toEqual([1, 19])
      await ask(0, 'POST', '/cart', { product_id: product, num: 3 })
      const carts = await Promise.all(
        Array.from({ length: 8 }, (_, index) => ask(index, 'POST', '/cart/pay_with_balance'))
      )
      expect([codes(carts, 0), codes(carts, 10002)]).toEqual([1, 7])
      expect((await user()).balance).toBe(500)
    })

    it('book a payment once that both are told of, while money is spent', async () => {
      const { person, ask, order, user } = await enter()
      const product = await insert('products', 'name, price', "'茶', 10")
      const { delivery } = await person.pay(await order(1000, 100))
      await Promise.all([
        ...Array.from({ length: 10 }, () => delivery?.redeliver()),
        ...Array.from({ length: 20 }, (_, index) =>
          ask(index, 'GET', `/product/${product}/with_balance`, undefined, { 'idempotency-key': `spent-key-${index}` })
        )
      ])
      expect(await user()).toMatchObject({ balance: 800, coupon: 100 })
    })

    it('lose no money and make none when one is killed between the steps', async () => {
      const { person, ask, order, user } = await enter()
      // While it places an order: WeChat Pay has it, and nobody got its prepay_id.
      const fault = pair.simulator.fail('/pay/unifiedorder', 'timeout')
      const lost = order(500).catch(() => 'cut')
      await expect.poll(() => fault.hits, { interval: 5, timeout: 20_000 }).toBe(1)
      await pair.kill(0)
      expect(await lost).toBe('cut')
      await pair.restart(0)
      expect(await query('select status from payment_orders where money = 500')).toEqual([{ status: 'created' }])

      // While it works on a notification, and while purchases come.
      const product = await insert('products', 'name, price', "'茶', 10")
      const placed = await order(1000, 50)
      const { delivery } = await person.pay(placed)
      expect(delivery?.state).toBe('delivered')
      const second = await order(300)
      const told = person.pay(second).then(({ delivery: next }) => next)
      const purchases = Array.from({ length: 30 }, (_, index) =>
        ask(0, 'GET', `/product/${product}/with_balance`, undefined, {
          'idempotency-key': `killed-key-${index}`
        }).catch(() => undefined)
      )
      await Promise.any(purchases)
      await pair.kill(0)
      await Promise.all(purchases)
      await pair.restart(0)
      // The mark of the process that died keeps the notification away for a while; whoever looks asks WeChat Pay.
      await told
      expect((await ask(1, 'GET', `/payment_order/${second.payment_id}`)).body.data).toMatchObject({ status: 'paid' })
      // What was answered or not is asked again under its key: each is bought once.
      const again = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          ask(1, 'GET', `/product/${product}/with_balance`, undefined, { 'idempotency-key': `killed-key-${index}` })
        )
      )
      expect(codes(again, 0)).toBe(30)
      expect(await user()).toMatchObject({ balance: 1000, coupon: 50 })
    })

    it('finish a purchase that is under way when one is told to end', async () => {
      const { person, ask, order, user } = await enter()
      const product = await insert('products', 'name, price', "'茶', 10")
      await person.pay(await order(100))
      const purchases = Array.from({ length: 5 }, (_, index) =>
        ask(0, 'GET', `/product/${product}/with_balance`, undefined, { 'idempotency-key': `ended-key-${index}` })
      )
      await Promise.any(purchases)
      expect(await pair.end(0)).toBe(0)
      const answers = (await Promise.allSettled(purchases)).filter(({ status }) => status === 'fulfilled').length
      await pair.restart(0)
      expect((await user()).balance).toBeLessThanOrEqual(100 - 10 * answers)
    })

    it('write no secret into their logs', () => {
      expect(secretsIn(pair.output(), pair.simulator, { seed: 'the seed of both' })).toEqual([])
    })
  }
)
