import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { type Harness, startHarness } from './harness.ts'
import { type OrderView, openShopper, requestId } from './shopper.ts'

let harness: Harness
let admin: Record<string, string>
beforeAll(async () => {
  harness = await startHarness()
  // A refund ends when a test says so, however long the test takes until then.
  harness.simulator.pay.settings.refundDelayMs = 3_600_000
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

const shopper = () => openShopper(harness)

describe('orders', () => {
  it('places, is paid, is told, is refunded', async () => {
    const { user, place, read } = await shopper()
    const { wx_pay_order: order, pay_params } = await place(500)
    expect(order).toMatchObject({ status: 'placed', total_fee: 500 })
    const paid = await user.pay(pay_params)
    expect(paid.delivery?.state).toBe('delivered')
    expect((await read(order.uuid)).wx_pay_order.status).toBe('paid')

    const refund = (fee: unknown, id = requestId()) =>
      harness.call('POST', `/api/wx/pay/orders/${order.uuid}/refunds/`, {
        headers: admin,
        body: { request_id: id, refund_fee: fee }
      })
    const id = requestId()
    expect((await refund(200, id)).body.data).toMatchObject({
      wx_pay_refund: { status: 'processing', refund_fee: 200 }
    })
    expect((await refund(200, id)).body.code).toBe(0)
    expect((await refund(300, id)).body.code).toBe(1402)
    expect((await refund(301)).body.code).toBe(1402)
    expect((await read(order.uuid)).wx_pay_order.refunded_fee).toBe(200)
    const [made] = harness.simulator.pay.refunds.filter((one) => one.outTradeNo === order.out_trade_no)
    await harness.simulator.pay.settleRefund(made?.outRefundNo ?? '')
    expect((await read(order.uuid)).wx_pay_refunds).toMatchObject([{ status: 'success', refund_fee: 200 }])
  })

  it('answers 1820 when WeChat Pay refuses, 1401 and 1402 for wrong data, 1101 without login', async () => {
    const { cookie } = await shopper()
    const post = (body: unknown, headers: Record<string, string> = { cookie }) =>
      harness.call('POST', '/api/wx/pay/orders/', { headers, body })
    harness.simulator.fail('/pay/unifiedorder', { errcode: 'NOTENOUGH', times: 1 })
    expect((await post({ body: '试付一分', total_fee: 1 })).body).toEqual({
      code: 1820,
      message: '微信支付下单失败',
      data: {}
    })
    expect((await post({ total_fee: 1 })).body.code).toBe(1401)
    for (const total_fee of [0, -1, 1.5, '1', null, 2, 1e12])
      expect((await post({ body: '试付一分', total_fee })).body.code).toBe(1402)
    expect((await post({ body: '试付一分', total_fee: 1 }, {})).body.code).toBe(1101)
  })

  it('takes prices from the list: another one than the page showed, or no product, orders nothing', async () => {
    const { cookie } = await shopper()
    const post = (body: unknown) => harness.call('POST', '/api/wx/pay/orders/', { headers: { cookie }, body })
    const setPrice = (total_fee: unknown) =>
      harness.call('PUT', '/api/wx/pay/products/', { headers: admin, body: { body: '拿铁', total_fee } })
    const asked = harness.simulator.log.entries.length
    expect((await post({ body: '拿铁' })).body.code).toBe(1402)
    for (const price of [0, -1, 1.5, '1', 1e12]) expect((await setPrice(price)).body.code).toBe(1402)
    const { body: set } = await setPrice(2200)
    expect(set.data).toMatchObject({ wx_pay_product: { body: '拿铁', total_fee: 2200 } })
    expect((await post({ body: '拿铁', total_fee: 1 })).body.code).toBe(1402)
    expect(harness.simulator.log.entries).toHaveLength(asked)

    const { data: first } = (await post({ body: '拿铁' })).body
    expect(first).toMatchObject({ wx_pay_order: { body: '拿铁', total_fee: 2200 } })
    await setPrice(2400)
    expect((await post({ body: '拿铁', total_fee: 2200 })).body.code).toBe(1402)
    expect((await post({ body: '拿铁', total_fee: 2400 })).body.code).toBe(0)
    const { uuid } = first.wx_pay_order as OrderView
    const { body: kept } = await harness.call('GET', `/api/wx/pay/orders/${uuid}/`, { headers: { cookie } })
    expect(kept.data).toMatchObject({ wx_pay_order: { total_fee: 2200 } })

    const { body: list } = await harness.call('GET', '/api/wx/pay/products/?per_page=100')
    const listed = (list.data.wx_pay_products as { uuid: string; body: string }[]).find((one) => one.body === '拿铁')
    const remove = (query: string) => harness.call('DELETE', `/api/wx/pay/products/${query}`, { headers: admin })
    expect((await remove('')).body.code).toBe(1601)
    expect((await remove('?uuid=x')).body.code).toBe(1602)
    expect((await remove(`?uuid=${listed?.uuid}`)).body.code).toBe(0)
    expect((await remove(`?uuid=${listed?.uuid}`)).body.code).toBe(1104)
    expect((await post({ body: '拿铁' })).body.code).toBe(1402)
  })

  it("keeps another user's order to that user (1103), and unknown ones are 1104", async () => {
    const [a, b] = [await shopper(), await shopper()]
    const { wx_pay_order: order } = await a.place()
    expect(
      (await harness.call('GET', `/api/wx/pay/orders/${order.uuid}/`, { headers: { cookie: b.cookie } })).body.code
    ).toBe(1103)
    expect((await harness.call('GET', '/api/wx/pay/orders/x/', { headers: { cookie: a.cookie } })).body.code).toBe(1104)
    const { body } = await harness.call('GET', '/api/wx/pay/orders/', { headers: { cookie: b.cookie } })
    expect(body.data).toMatchObject({ wx_pay_orders: [], total: 0 })
  })

  it('deletes only what holds no money: 1601, 1602, 1103, 1104', async () => {
    const { place, user } = await shopper()
    const remove = (query: string, headers = admin) =>
      harness.call('DELETE', `/api/wx/pay/orders/${query}`, { headers })
    expect((await remove('')).body.code).toBe(1601)
    expect((await remove('?uuid=x')).body.code).toBe(1602)
    expect((await remove('?uuid=00000000-0000-4000-8000-000000000000')).body.code).toBe(1104)
    const { wx_pay_order: order, pay_params } = await place()
    await user.pay(pay_params)
    expect((await remove(`?uuid=${order.uuid}`)).body.code).toBe(1103)
    expect((await remove(`?uuid=${order.uuid}`, {} as never)).body.code).toBe(1101)
    harness.simulator.fail('/pay/unifiedorder', { errcode: 'NOTENOUGH', times: 1 })
    await place()
    const { body } = await harness.call('GET', '/api/wx/pay/orders/', { headers: admin })
    const failed = (body.data.wx_pay_orders as OrderView[]).find((one) => one.status === 'failed')
    expect((await remove(`?uuid=${failed?.uuid}`)).body.code).toBe(0)
  })

  it('learns that WeChat Pay closed an order, and lets it be deleted then', async () => {
    const { place, read } = await shopper()
    const { wx_pay_order: order } = await place()
    const remove = () => harness.call('DELETE', `/api/wx/pay/orders/?uuid=${order.uuid}`, { headers: admin })
    expect((await remove()).body.code).toBe(1103)
    const { clientOptions, credentials } = harness.simulator
    await new WeChatPayV2({ ...credentials.payV2, ...clientOptions }).orders.close({ out_trade_no: order.out_trade_no })
    expect((await read(order.uuid)).wx_pay_order.status).toBe('closed')
    expect((await remove()).body.code).toBe(0)
  })
})

describe('notifications', () => {
  it('changes nothing when the same notification comes again, and when fifty come at once', async () => {
    const { user, place, read } = await shopper()
    const { wx_pay_order: order, pay_params } = await place(700)
    const { delivery } = await user.pay(pay_params)
    expect(delivery).toBeDefined()
    await Promise.all(Array.from({ length: 50 }, () => delivery?.redeliver()))
    expect((await read(order.uuid)).wx_pay_order).toMatchObject({ status: 'paid', refunded_fee: 0 })
  })

  it('refuses a forged one', async () => {
    const { user, place, read } = await shopper()
    const { wx_pay_order: order, pay_params } = await place(900)
    harness.simulator.pay.forgeNotifications(1)
    const { delivery } = await user.pay(pay_params)
    expect(delivery?.attempts[0]?.delivered).toBe(false)
    const forged = `<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><out_trade_no>${order.out_trade_no}</out_trade_no><total_fee>900</total_fee><transaction_id>4200000000000000000000000001</transaction_id><sign>0123456789ABCDEF0123456789ABCDEF</sign></xml>`
    const answer = await fetch(`${harness.app.url}/extensions/wx/pay/notify/`, { method: 'POST', body: forged })
    expect(await answer.text()).toContain('FAIL')
    // Asking WeChat Pay settles what the refused notification did not.
    expect((await read(order.uuid)).wx_pay_order.status).toBe('paid')
  })
})
