import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Harness, startHarness } from './harness.ts'
import { openShopper, requestId } from './shopper.ts'

let harness: Harness
let admin: Record<string, string>
beforeAll(async () => {
  harness = await startHarness()
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

const shopper = () => openShopper(harness)

it('lets ten refunds of the whole amount race and accepts one', async () => {
  const { user, place, read } = await shopper()
  const { wx_pay_order: order, pay_params } = await place(300)
  await user.pay(pay_params)
  const results = await Promise.all(
    Array.from({ length: 10 }, () =>
      harness.call('POST', `/api/wx/pay/orders/${order.uuid}/refunds/`, {
        headers: admin,
        body: { request_id: requestId(), refund_fee: 300 }
      })
    )
  )
  expect(results.filter(({ body }) => body.code === 0)).toHaveLength(1)
  expect((await read(order.uuid)).wx_pay_order.refunded_fee).toBe(300)
})

it('believes the acceptance when of two requests with one number one was refused', async () => {
  const { user, place, read } = await shopper()
  const { wx_pay_order: order, pay_params } = await place(300)
  await user.pay(pay_params)
  for (const isFirstRefused of [true, false]) {
    const body = { request_id: requestId(), refund_fee: 150 }
    const path = `/api/wx/pay/orders/${order.uuid}/refunds/`
    harness.simulator.fail('/secapi/pay/refund', { errcode: 'NOTENOUGH', skip: isFirstRefused ? 0 : 1 })
    const both = await Promise.all([1, 2].map(() => harness.call('POST', path, { headers: admin, body })))
    expect(both.some((answer) => answer.body.code === 0)).toBe(true)
  }
  expect((await read(order.uuid)).wx_pay_order.refunded_fee).toBe(300)
  expect(harness.simulator.pay.refunds.filter((one) => one.outTradeNo === order.out_trade_no)).toHaveLength(2)
})

it('frees the amount of a refund that was refused, or closed later', async () => {
  const { user, place, read } = await shopper()
  const { wx_pay_order: order, pay_params } = await place(300)
  await user.pay(pay_params)
  const refund = () =>
    harness.call('POST', `/api/wx/pay/orders/${order.uuid}/refunds/`, {
      headers: admin,
      body: { request_id: requestId(), refund_fee: 300 }
    })
  harness.simulator.fail('/secapi/pay/refund', { errcode: 'NOTENOUGH' })
  expect((await refund()).body.code).toBe(1820)
  expect((await read(order.uuid)).wx_pay_order.refunded_fee).toBe(0)
  expect((await refund()).body.code).toBe(0)
  const [made] = harness.simulator.pay.refunds.filter((one) => one.outTradeNo === order.out_trade_no)
  await harness.simulator.pay.settleRefund(made?.outRefundNo ?? '', 'CLOSED')
  expect(await read(order.uuid)).toMatchObject({
    wx_pay_order: { refunded_fee: 0 },
    wx_pay_refunds: [{ status: 'failed' }, { status: 'failed' }]
  })
})

it('learns by asking what the refund notification did not tell', async () => {
  const { user, place, read } = await shopper()
  const { wx_pay_order: order, pay_params } = await place(300)
  await user.pay(pay_params)
  const path = `/api/wx/pay/orders/${order.uuid}/refunds/`
  const body = { request_id: requestId(), refund_fee: 300 }
  await harness.call('POST', path, { headers: admin, body })
  harness.simulator.deliveries.hold('refund')
  const [made] = harness.simulator.pay.refunds.filter((one) => one.outTradeNo === order.out_trade_no)
  await harness.simulator.pay.settleRefund(made?.outRefundNo ?? '')
  expect((await read(order.uuid)).wx_pay_refunds).toMatchObject([{ status: 'success' }])
  await harness.simulator.deliveries.release('refund')
  expect((await read(order.uuid)).wx_pay_refunds).toMatchObject([{ status: 'success' }])
})
