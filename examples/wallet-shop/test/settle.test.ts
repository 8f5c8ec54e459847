import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { signedPayNotification } from 'weixin-kit/simulator'
import { type Harness, type Shopper, startHarness } from './harness.ts'

let harness: Harness
/** Whether notifications get lost on their way. */
let isLost = false
beforeAll(async () => {
  const pay = async (request: Request) => (isLost ? new Response('lost', { status: 502 }) : fetch(request))
  harness = await startHarness({ simulator: { deliver: { pay } } })
}, 60_000)
afterAll(() => harness.close())
afterEach(() => {
  isLost = false
  return harness.checkMoney()
})

interface Placed {
  payment_id: string
  params: object
}

async function place(shopper: Shopper, money: number, charge = 0): Promise<Placed> {
  const { body } = await shopper.call('POST', '/payment_order', { item_id: await harness.addItem(money, charge) })
  const params = body.data as { payment_id: string }
  return { payment_id: params.payment_id, params }
}
const statusOf = async (shopper: Shopper, { payment_id }: Placed) =>
  ((await shopper.call('GET', `/payment_order/${payment_id}`)).body.data as { status: string }).status
const stored = async ({ payment_id }: Placed) => {
  const text = `select status from payment_orders where payment_id = '${payment_id}'`
  return (await harness.app.database.query<{ status: string }>(text))[0]?.status
}
/** Lets a top-up be so old that the sweep looks at it, and so old that it is over. */
const age = ({ payment_id }: Placed, minutes: number) =>
  harness.app.database.query(
    `update payment_orders set created_at = created_at - interval '${minutes} minutes', time_expire = time_expire - interval '${minutes} minutes' where payment_id = '${payment_id}'`
  )

describe('a payment', { timeout: 30_000 }, () => {
  it('is booked once, however often and by whom it is told', async () => {
    const shopper = await harness.enter()
    const order = await place(shopper, 700, 70)
    const { delivery } = await shopper.person.pay(order.params)
    await age(order, 6)
    await Promise.all([
      ...Array.from({ length: 10 }, () => delivery?.redeliver()),
      ...Array.from({ length: 5 }, () => statusOf(shopper, order)),
      harness.app.sweep('top-ups')
    ])
    expect(await shopper.user()).toMatchObject({ balance: 700, coupon: 70 })
    expect(await shopper.ledger(0)).toMatchObject([{ money: 700, type: 'recharge', name: '充值' }])
    expect(await shopper.ledger(1)).toMatchObject([{ money: 70, type: 'bonus' }])
  })

  it('whose notification is lost is found when the person looks', async () => {
    const shopper = await harness.enter()
    const order = await place(shopper, 300)
    isLost = true
    await shopper.person.pay(order.params)
    expect(await stored(order)).toBe('placed')
    expect(await statusOf(shopper, order)).toBe('paid')
    expect((await shopper.user()).balance).toBe(300)
  })

  it('whose notification is lost is found by the sweep when nobody looks, and comes late without harm', async () => {
    const shopper = await harness.enter()
    const order = await place(shopper, 300, 5)
    isLost = true
    const { delivery } = await shopper.person.pay(order.params)
    await harness.app.sweep('top-ups')
    // It is young: the notification may still come.
    expect(await stored(order)).toBe('placed')
    await age(order, 6)
    await harness.app.sweep('top-ups')
    expect(await stored(order)).toBe('paid')
    isLost = false
    await delivery?.redeliver()
    expect(await shopper.user()).toMatchObject({ balance: 300, coupon: 5 })
  })

  it('of another amount, of no order of ours, or forged, moves nothing', async () => {
    const shopper = await harness.enter()
    const { payment_id } = await place(shopper, 300)
    const { app, payV2 } = harness.simulator.credentials
    const tell = async (fields: Record<string, string | number>, tamper?: 'sign' | 'amount') => {
      const request = signedPayNotification({
        ...payV2,
        appId: app.appId,
        signType: 'HMAC-SHA256',
        url: `${harness.url}/payment/notify`,
        fields: { out_trade_no: payment_id, total_fee: 300, trade_type: 'APP', ...fields },
        ...(tamper ? { tamper } : {})
      })
      return (await fetch(request)).text()
    }
    for (const answer of [
      await tell({ total_fee: 301 }),
      await tell({ total_fee: 1 }),
      await tell({ out_trade_no: 'W0000000000000' }),
      await tell({}, 'sign'),
      await tell({}, 'amount')
    ])
      expect(answer).toContain('FAIL')
    expect((await shopper.user()).balance).toBe(0)
    expect(harness.logged()).toContain('fits no order')
    expect(await tell({})).toContain('SUCCESS')
    expect((await shopper.user()).balance).toBe(300)
    // Another payment for the same order: somebody has to look.
    expect(await tell({})).toContain('FAIL')
    expect((await shopper.user()).balance).toBe(300)
  })

  it('for an order that was closed here is booked all the same', async () => {
    const shopper = await harness.enter()
    const order = await place(shopper, 300)
    await harness.app.database.query(
      `update payment_orders set status = 'closed' where payment_id = '${order.payment_id}'`
    )
    await shopper.person.pay(order.params)
    expect(await statusOf(shopper, order)).toBe('paid')
    expect((await shopper.user()).balance).toBe(300)
  })
})

describe('a top-up that nobody pays', { timeout: 30_000 }, () => {
  it('is closed at WeChat Pay and here when its time is over', async () => {
    const shopper = await harness.enter()
    const order = await place(shopper, 300)
    await age(order, 20)
    await harness.app.sweep('top-ups')
    expect(await stored(order)).toBe('placed')
    await age(order, 16)
    await harness.app.sweep('top-ups')
    expect(await stored(order)).toBe('closed')
    await expect(shopper.person.pay(order.params)).rejects.toThrow(/CLOSED/)
    expect((await shopper.user()).balance).toBe(0)
  })

  it('is not credited when it was paid and refunded before it was booked', async () => {
    const shopper = await harness.enter()
    const order = await place(shopper, 300)
    isLost = true
    await shopper.person.pay(order.params)
    const { clientOptions, credentials } = harness.simulator
    const merchant = new WeChatPayV2({ ...credentials.payV2, appId: credentials.app.appId, ...clientOptions })
    const { payment_id: out_trade_no } = order
    await merchant.refunds.create({ out_trade_no, out_refund_no: `R${out_trade_no}`, total_fee: 300, refund_fee: 300 })
    await harness.simulator.pay.settleRefund(`R${out_trade_no}`)
    await age(order, 6)
    await harness.app.sweep('top-ups')
    expect(await stored(order)).toBe('closed')
    expect((await shopper.user()).balance).toBe(0)
  })
})

describe('an order whose response is lost', { timeout: 60_000 }, () => {
  it('is placed by the repeat under its number', async () => {
    const shopper = await harness.enter()
    harness.simulator.fail('/pay/unifiedorder', { kind: 'reset', times: 1 })
    const order = await place(shopper, 300)
    expect(order.payment_id).toMatch(/^W/)
    await shopper.person.pay(order.params)
    expect((await shopper.user()).balance).toBe(300)
    const { length } = harness.simulator.pay.orders.filter(({ outTradeNo }) => outTradeNo === order.payment_id)
    expect(length).toBe(1)
  })

  it('stays open for the sweep when nothing is known, and is closed when its time is over', async () => {
    const shopper = await harness.enter()
    const fault = harness.simulator.fail('/pay/unifiedorder', { kind: 'reset', times: 99 })
    const answer = await shopper.call('POST', '/payment_order', { item_id: await harness.addItem(300, 0) })
    fault.restore()
    expect([answer.status, answer.body]).toEqual([502, { code: 10001, data: null }])
    const [row] = await harness.app.database.query<Placed>(
      `select payment_id from payment_orders where user_id = ${shopper.id} and status = 'created'`
    )
    const order = { payment_id: row?.payment_id ?? '', params: {} }
    await age(order, 40)
    await harness.app.sweep('top-ups')
    expect(await stored(order)).toBe('closed')
  })
})
