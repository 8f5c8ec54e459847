import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, startHarness } from './harness.ts'

let harness: Harness
let admin: Record<string, string>
beforeAll(async () => {
  harness = await startHarness()
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

interface OrderView {
  uuid: string
  out_trade_no: string
  status: string
  total_fee: number
  refunded_fee: number
}
let next = 0
const requestId = () => `request-${Date.now()}-${next++}`

async function shopper() {
  const user = harness.simulator.user()
  const { cookie } = await harness.login(user)
  const place = async (total_fee = 500, url = harness.app.url) => {
    const { body } = await harness.call('POST', '/api/wx/pay/orders/', {
      headers: { cookie },
      body: { body: '奶茶', total_fee },
      url
    })
    return body.data as unknown as { wx_pay_order: OrderView; pay_params: { package: string } }
  }
  const read = async (uuid: string) => {
    const { body } = await harness.call('GET', `/api/wx/pay/orders/${uuid}/`, { headers: { cookie } })
    return body.data as unknown as { wx_pay_order: OrderView; wx_pay_refunds: { status: string; refund_fee: number }[] }
  }
  return { user, cookie, place, read }
}

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

  it('answers 1820 when WeChat Pay refuses, 1401 and 1402 for wrong data, 1101 without login', async () => {
    const { cookie } = await shopper()
    const post = (body: unknown, headers: Record<string, string> = { cookie }) =>
      harness.call('POST', '/api/wx/pay/orders/', { headers, body })
    harness.simulator.fail('/pay/unifiedorder', { errcode: 'NOTENOUGH', times: 1 })
    expect((await post({ body: 'tea', total_fee: 1 })).body).toEqual({
      code: 1820,
      message: '微信支付下单失败',
      data: {}
    })
    expect((await post({ body: 'tea' })).body.code).toBe(1401)
    for (const total_fee of [0, -1, 1.5, '100', null, 1e12])
      expect((await post({ body: 'tea', total_fee })).body.code).toBe(1402)
    expect((await post({ body: 'tea', total_fee: 1 }, {})).body.code).toBe(1101)
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

describe('payouts', () => {
  it('pays out once per request, also when it is sent twenty times at once', async () => {
    const { user } = await shopper()
    const openid = user.openid(harness.simulator.credentials.officialAccount.appId)
    const body = { request_id: requestId(), openid, amount: 100, desc: '奖励' }
    const results = await Promise.all(
      Array.from({ length: 20 }, () => harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body }))
    )
    expect(
      new Set(results.map((result) => (result.body.data.wx_mch_pay as { payment_no?: string } | undefined)?.payment_no))
        .size
    ).toBe(1)
    expect(results.every((result) => result.body.code === 0)).toBe(true)
    expect(
      (await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body: { ...body, amount: 101 } })).body.code
    ).toBe(1402)
    expect(
      (await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body: { ...body, amount: 29 } })).body.code
    ).toBe(1402)
    expect((await harness.call('POST', '/api/wx/mch_pays/', { body })).body.code).toBe(1101)
    expect((await harness.call('GET', '/api/wx/mch_pays/?per_page=1', { headers: admin })).body.data).toMatchObject({
      per_page: 1
    })
  })

  it('believes the payment when of two requests with one number one was refused', async () => {
    const { user } = await shopper()
    const openid = user.openid(harness.simulator.credentials.officialAccount.appId)
    const body = { request_id: requestId(), openid, amount: 100, desc: '奖励' }
    harness.simulator.fail('/mmpaymkttransfers/promotion/transfers', { errcode: 'NO_AUTH' })
    await Promise.all([1, 2].map(() => harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })))
    const again = await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })
    expect(again.body.data).toMatchObject({ wx_mch_pay: { status: 'success' } })
  })

  it('goes on under the same number after an unknown result, and pays once', async () => {
    const { user } = await shopper()
    const openid = user.openid(harness.simulator.credentials.officialAccount.appId)
    const balance = () => harness.simulator.pay.balance(harness.simulator.credentials.payV2.mchId)
    const before = balance()
    const body = { request_id: requestId(), openid, amount: 120, desc: '奖励' }
    harness.simulator.fail('/mmpaymkttransfers/promotion/transfers', { errcode: 'SYSTEMERROR', times: 3 })
    expect((await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })).body.code).toBe(1820)
    const again = await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })
    expect(again.body.data).toMatchObject({ wx_mch_pay: { status: 'success' } })
    expect(before - balance()).toBe(120)
  }, 60_000)

  it('sends a red packet that the user opens', async () => {
    const { user } = await shopper()
    const re_openid = user.openid(harness.simulator.credentials.officialAccount.appId)
    const body = {
      request_id: requestId(),
      re_openid,
      total_amount: 100,
      send_name: '官网',
      wishing: '恭喜',
      act_name: '活动',
      remark: '谢谢'
    }
    const { body: sent } = await harness.call('POST', '/api/wx/red_packs/', { headers: admin, body })
    const pack = sent.data.wx_red_pack as { status: string; mch_billno: string }
    expect(pack.status).toBe('sent')
    expect(user.openRedPack(pack.mch_billno)).toEqual({ amount: 100 })
    expect((await harness.call('GET', '/api/wx/red_packs/', { headers: admin })).body.data).toMatchObject({ page: 1 })
    expect(
      (
        await harness.call('POST', '/api/wx/red_packs/', {
          headers: admin,
          body: { ...body, request_id: requestId(), total_amount: 99 }
        })
      ).body.code
    ).toBe(1402)
  })
})
