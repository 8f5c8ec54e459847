import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Harness, key, type Shopper, startHarness } from './harness.ts'

let harness: Harness
let products: number[]
beforeAll(async () => {
  harness = await startHarness()
  products = [await harness.addProduct(7), await harness.addProduct(100), await harness.addProduct(1999)]
}, 60_000)
afterAll(() => harness.close())

const purse = fc.constantFrom('balance', 'coupon')
const product = fc.nat({ max: 2 })
/** What a person, or a client that repeats itself, may do. */
const step = fc.oneof(
  fc.record({ does: fc.constant('buy' as const), product, purse, hasKey: fc.boolean() }),
  fc.record({ does: fc.constant('put' as const), product, num: fc.option(fc.integer({ min: 1, max: 99 })) }),
  fc.record({ does: fc.constant('remove' as const), product }),
  fc.record({ does: fc.constant('pay' as const), purse }),
  fc.record({
    does: fc.constant('topUp' as const),
    money: fc.integer({ min: 1, max: 5000 }),
    charge: fc.nat({ max: 500 })
  })
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

async function take(shopper: Shopper, one: Step): Promise<unknown> {
  switch (one.does) {
    case 'buy':
      return shopper.call(
        'POST',
        `/product/${products[one.product]}/with_${one.purse}`,
        undefined,
        one.hasKey ? { 'idempotency-key': key() } : {}
      )
    case 'put':
      return shopper.call('POST', '/cart', {
        product_id: products[one.product],
        ...(one.num === null ? {} : { num: one.num })
      })
    case 'remove':
      return shopper.call('DELETE', `/cart/${products[one.product]}`)
    case 'pay':
      return shopper.call('POST', `/cart/pay_with_${one.purse}`)
    case 'topUp':
      return shopper.topUp(one.money, one.charge)
  }
}

it('money adds up after whatever people do, one after the other and at once', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 6 }),
      async (rounds) => {
        const shopper = await harness.enter()
        for (const round of rounds) {
          const answers = await Promise.all(round.map((one) => take(shopper, one)))
          for (const answer of answers)
            expect([undefined, 200, 400, 402, 404, 409]).toContain((answer as { status?: number } | undefined)?.status)
          await harness.checkMoney()
        }
      }
    ),
    { numRuns: 12 }
  )
})
