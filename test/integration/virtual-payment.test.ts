import { describe, expect, it } from 'vitest'
import { MessageGateway } from 'weixin-kit/gateway'
import { MiniProgram } from 'weixin-kit/miniapp'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

const errcode = (code: number) => expect.objectContaining({ code: 'ERR_WECHAT_API', errcode: code })

async function setUp(format: 'xml' | 'json' = 'json') {
  const delivered: string[] = []
  const coins: string[] = []
  const refunds: string[] = []
  let fail = false
  const simulator = createSimulator({
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 1) }),
    accounts: { wechat: [{ kind: 'miniProgram', gateway: { format } }] },
    deliver: { gateway: (request) => handler(request) }
  })
  const gateway = new MessageGateway({
    ...simulator.credentials.miniProgramGateway,
    clock: simulator.clock.now,
    logger: {}
  })
  gateway.on('event.xpay_goods_deliver_notify', ({ OutTradeNo }) => {
    if (fail) throw new Error('database down')
    delivered.push(OutTradeNo)
  })
  gateway.on('event.xpay_coin_pay_notify', ({ OutTradeNo }) => void coins.push(OutTradeNo))
  gateway.on('event.xpay_refund_notify', ({ MchRefundId }) => void refunds.push(String(MchRefundId)))
  const handler = gateway.handler()
  const mini = new MiniProgram({ ...simulator.credentials.miniProgram, ...simulator.clientOptions })
  const user = simulator.user('ming')
  const { openid, session_key: sessionKey } = await mini.auth.code2Session(user.login())
  const goods = (outTradeNo: string, more: object = {}) =>
    mini.virtualPayment.clientParams(
      {
        mode: 'short_series_goods',
        productId: 'vip_month',
        goodsPrice: 1990,
        buyQuantity: 1,
        outTradeNo,
        attach: 'uid=42',
        ...more
      },
      sessionKey
    )
  const setFailing = (value: boolean) => {
    fail = value
  }
  return { simulator, mini, user, openid, sessionKey, goods, delivered, coins, refunds, setFailing, gateway }
}

describe.each(['json', 'xml'] as const)('virtual payment, events as %s', (format) => {
  it('delivers goods once, and the order is delivered', async () => {
    const { mini, user, openid, goods, delivered } = await setUp(format)
    await user.buyVirtual(goods('G20260301000001'))
    expect(delivered).toEqual(['G20260301000001'])
    const order = await mini.virtualPayment.queryOrder({ openid, order_id: 'G20260301000001' })
    expect(order).toMatchObject({ status: 4, order_fee: 1990, left_fee: 1990, env_type: 1 })
  })

  it('repeats the event until the goods were delivered', async () => {
    const { simulator, user, goods, delivered, setFailing, mini, openid } = await setUp(format)
    setFailing(true)
    await user.buyVirtual(goods('G20260301000002'))
    await simulator.clock.advance(3_000)
    expect(delivered).toEqual([])
    setFailing(false)
    await simulator.clock.advance(60_000)
    expect(delivered).toEqual(['G20260301000002'])
    expect(await mini.virtualPayment.queryOrder({ openid, order_id: 'G20260301000002' })).toMatchObject({ status: 4 })
  })

  it('refunds what is left, and says so', async () => {
    const { simulator, mini, user, openid, goods, refunds } = await setUp(format)
    await user.buyVirtual(goods('G20260301000003'))
    const params = {
      openid,
      order_id: 'G20260301000003',
      refund_order_id: 'R20260301000003',
      left_fee: 1990,
      refund_fee: 1000,
      biz_meta: '',
      refund_reason: '3',
      req_from: '2'
    } as const
    await expect(mini.virtualPayment.refundOrder({ ...params, left_fee: 1 })).rejects.toThrow(errcode(268490016))
    const refund = await mini.virtualPayment.refundOrder(params)
    // The same number again is the same refund.
    expect(await mini.virtualPayment.refundOrder(params)).toEqual(refund)
    await simulator.clock.advance(5_000)
    expect(refunds).toEqual(['R20260301000003'])
    expect(await mini.virtualPayment.queryOrder({ openid, order_id: 'G20260301000003' })).toMatchObject({
      left_fee: 990
    })
  })
})

describe('virtual payment', () => {
  it('recharges, pays, cancels and presents coins, each number once', async () => {
    const { mini, user, openid, sessionKey, coins } = await setUp()
    const { virtualPayment } = mini
    await user.buyVirtual(
      virtualPayment.clientParams(
        { mode: 'short_series_coin', buyQuantity: 60, outTradeNo: 'coin_202603010001'.replace(/^_/, ''), attach: '' },
        sessionKey
      )
    )
    expect(coins).toEqual(['coin_202603010001'])
    const caller = { openid, user_ip: '203.0.113.7' }
    await virtualPayment.presentCurrency({ openid, order_id: 'P1', amount: 5 })
    expect(await virtualPayment.queryUserBalance(caller, { sessionKey })).toMatchObject({
      balance: 65,
      present_balance: 5
    })
    const pay = {
      ...caller,
      amount: 10,
      order_id: 'C1',
      payitem: [{ productid: 'skin', unit_price: 10, quantity: 1 }]
    }
    expect(await virtualPayment.currencyPay(pay, { sessionKey })).toMatchObject({
      order_id: 'C1',
      balance: 55,
      used_present_amount: 5
    })
    expect(await virtualPayment.currencyPay(pay, { sessionKey })).toEqual({ order_id: 'C1', repeated: true })
    await expect(virtualPayment.currencyPay({ ...pay, amount: 11 }, { sessionKey })).rejects.toThrow(errcode(268490002))
    await expect(virtualPayment.currencyPay({ ...pay, order_id: 'C2', amount: 1000 }, { sessionKey })).rejects.toThrow(
      errcode(268490006)
    )
    await virtualPayment.cancelCurrencyPay(
      { ...caller, pay_order_id: 'C1', order_id: 'X1', amount: 10 },
      { sessionKey }
    )
    await expect(
      virtualPayment.cancelCurrencyPay({ ...caller, pay_order_id: 'C1', order_id: 'X2', amount: 1 }, { sessionKey })
    ).rejects.toThrow(errcode(268490005))
    expect(await virtualPayment.queryUserBalance(caller, { sessionKey })).toMatchObject({ balance: 65 })
  })

  it('keeps the sandbox apart and refuses the other key', async () => {
    const { simulator, user, openid, sessionKey, goods } = await setUp()
    const { virtualPayment: keys, ...account } = simulator.credentials.miniProgram
    const swapped = new MiniProgram({
      ...account,
      ...simulator.clientOptions,
      virtualPayment: { offerId: keys?.offerId ?? '', appKey: keys?.sandboxAppKey ?? '' }
    })
    await expect(swapped.virtualPayment.queryOrder({ openid, order_id: 'x' })).rejects.toThrow(errcode(268490003))
    await expect(
      swapped.virtualPayment.queryUserBalance({ openid, user_ip: '203.0.113.7', env: 1 }, { sessionKey })
    ).rejects.toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option: 'virtualPayment.sandboxAppKey' }))
    const forged = { ...goods('G20260301000009'), paySig: '0'.repeat(64) }
    await expect(user.buyVirtual(forged)).rejects.toThrow('-15006')
    const changed = goods('G20260301000009')
    await expect(user.buyVirtual({ ...changed, signData: changed.signData.replace('1990', '1') })).rejects.toThrow(
      '-15006'
    )
  })

  it('is not configured: says which option', async () => {
    const simulator = createSimulator()
    const { appId, appSecret } = simulator.credentials.miniProgram
    const mini = new MiniProgram({ appId, appSecret, ...simulator.clientOptions })
    await expect(mini.virtualPayment.queryUploadGoods({})).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', option: 'virtualPayment' })
    )
    expect(
      () => new MiniProgram({ appId, appSecret, virtualPayment: { offerId: 'abc', appKey: 'x'.repeat(32) } })
    ).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option: 'offerId' }))
  })
})

describe.each(['json', 'xml'] as const)('iOS refund query, as %s', (format) => {
  it('is answered in time with what the application decided, each time it is asked', async () => {
    const { user, goods, gateway } = await setUp(format)
    let asked = 0
    gateway.on('event.xpay_subscribe_ios_refund_query_notify', (message) => {
      asked++
      return {
        ErrCode: 0,
        ErrMsg: 'success',
        IosRefundQueryResponse: { result_code: 1, result_info: String(message.pay_order_id), evidence: 'delivered' }
      }
    })
    await user.buyVirtual(goods('G20260301000021'), { apple: true })
    for (const times of [1, 2]) {
      const { reply } = await user.askIosRefund('G20260301000021')
      expect(reply).toMatchObject({ IosRefundQueryResponse: { result_info: 'G20260301000021', evidence: 'delivered' } })
      const answer = reply?.IosRefundQueryResponse as { result_code?: unknown } | undefined
      expect(Number(answer?.result_code)).toBe(1)
      expect(asked).toBe(times)
    }
  })
})
