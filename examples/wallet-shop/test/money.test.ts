import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, key, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
}, 60_000)
afterAll(() => harness.close())
afterEach(() => harness.checkMoney())

const codes = (answers: readonly { body: Record<string, unknown> }[]) => {
  const counts: Record<string, number> = {}
  for (const { body } of answers) counts[String(body.code)] = (counts[String(body.code)] ?? 0) + 1
  return counts
}
const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

describe('purchases of one person at once', { timeout: 120_000 }, () => {
  it.each(['balance', 'coupon'])('spend the %s and not a fen more', async (purse) => {
    const shopper = await harness.enter()
    const product = await harness.addProduct(100)
    await shopper.topUp(750, 750)
    const answers = await times(50, () =>
      shopper.call('GET', `/product/${product}/with_${purse}`, undefined, { 'idempotency-key': key() })
    )
    expect(codes(answers)).toEqual({ 0: 7, 10006: 43 })
    expect((await shopper.user())[purse as 'balance']).toBe(50)
    expect(await shopper.ledger(purse === 'balance' ? 0 : 1)).toHaveLength(8)
  })

  it('1,000 with money for 100 are 100', async () => {
    const shopper = await harness.enter()
    const product = await harness.addProduct(7)
    await shopper.topUp(700)
    /** What found no free connection in time (503) comes again under its key, as a client would. */
    const buy = async (headers = { 'idempotency-key': key() }) => {
      for (;;) {
        const answer = await shopper.call('POST', `/product/${product}/with_balance`, undefined, headers)
        if (answer.status !== 503) return answer
      }
    }
    const answers = await times(1000, () => buy())
    expect(codes(answers)).toEqual({ 0: 100, 10006: 900 })
    expect(await shopper.user()).toMatchObject({ balance: 0, coupon: 0 })
    expect(await shopper.ledger(0)).toHaveLength(101)
  })

  it('are one under one key, and all get its response', async () => {
    const shopper = await harness.enter()
    const product = await harness.addProduct(100)
    await shopper.topUp(1000)
    const headers = { 'idempotency-key': key() }
    const answers = await times(20, () => shopper.call('GET', `/product/${product}/with_balance`, undefined, headers))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(codes(answers)).toEqual({ 0: 20 })
    expect((await shopper.user()).balance).toBe(900)
    const other = await shopper.call('GET', `/product/${product}/with_coupon`, undefined, headers)
    expect(other.body).toEqual({ code: 10005, data: null })
    // Another person's keys are other keys.
    const stranger = await harness.enter()
    expect((await stranger.call('GET', `/product/${product}/with_balance`, undefined, headers)).body.code).toBe(10006)
  })

  it('are one without a key, for a moment: a double tap, or a retry', async () => {
    const shopper = await harness.enter()
    const [product, another] = [await harness.addProduct(100), await harness.addProduct(100)]
    await shopper.topUp(1000, 1000)
    const answers = await times(20, () => shopper.call('GET', `/product/${product}/with_balance`))
    expect(codes(answers)).toEqual({ 0: 1, 10004: 19 })
    expect((await shopper.call('GET', `/product/${another}/with_balance`)).body.code).toBe(0)
    expect((await shopper.call('GET', `/product/${product}/with_coupon`)).body.code).toBe(0)
    await harness.app.database.query(
      `update requests set answer = to_jsonb((answer::text)::bigint - 3000) where key like 'auto:%'`
    )
    expect((await shopper.call('POST', `/product/${product}/with_balance`)).body.code).toBe(0)
    expect(await shopper.user()).toMatchObject({ balance: 700, coupon: 900 })
  })

  it('of products, carts and top-ups never lose a fen', async () => {
    const shopper = await harness.enter()
    const product = await harness.addProduct(50)
    await shopper.topUp(1000, 200)
    await shopper.call('POST', '/cart', { product_id: product, num: 3 })
    await Promise.all([
      ...Array.from({ length: 15 }, (_, index) =>
        shopper.call('POST', `/product/${product}/with_${index % 2 ? 'balance' : 'coupon'}`, undefined, {
          'idempotency-key': key()
        })
      ),
      ...Array.from({ length: 5 }, () => shopper.call('POST', '/cart/pay_with_balance')),
      shopper.topUp(500, 100),
      shopper.topUp(300)
    ])
    const { balance, coupon } = await shopper.user()
    const sum = async (type: 0 | 1) => (await shopper.ledger(type)).reduce((total, { money }) => total + money, 0)
    expect([balance, coupon]).toEqual([await sum(0), await sum(1)])
  })
})

describe('the cart, at once', { timeout: 60_000 }, () => {
  it('is bought once', async () => {
    const shopper = await harness.enter()
    const products = await times(4, () => harness.addProduct(100))
    await shopper.topUp(10_000)
    for (const product_id of products) await shopper.call('POST', '/cart', { product_id, num: 2 })
    const answers = await times(6, () => shopper.call('POST', '/cart/pay_with_balance'))
    expect(codes(answers)).toEqual({ 0: 1, 10002: 5 })
    expect((await shopper.user()).balance).toBe(9200)
    expect((await shopper.call('GET', '/cart')).body.data).toEqual([])
  })

  it('counts each product that is put in, up to 99', async () => {
    const shopper = await harness.enter()
    const product_id = await harness.addProduct(100)
    expect(codes(await times(50, () => shopper.call('POST', '/cart', { product_id })))).toEqual({ 0: 50 })
    expect((await shopper.call('GET', '/cart')).body.data).toMatchObject([{ num: 50 }])
    expect(codes(await times(60, () => shopper.call('POST', '/cart', { product_id })))).toEqual({ 0: 49, 10001: 11 })
    expect((await shopper.call('GET', '/cart')).body.data).toMatchObject([{ num: 99 }])
  })
})
