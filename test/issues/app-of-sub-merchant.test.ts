import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'

// The app of a sub-merchant names the merchant that is paid: `partnerid` is the sub_mch_id, and in API v2 it is signed.
// https://github.com/befinal/node-tenpay/issues/81

const SUB = '1900000999'
const OTHER = '1900000998'
const order = { out_trade_no: 'T10001', notify_url: 'https://shop.example.com/n' }

let simulator: Simulator
beforeEach(() => {
  simulator = createSimulator({ seed: 'app-of-sub' })
})
afterEach(() => simulator.close())

describe('API v2', () => {
  const provider = (options: { subMchId?: string } = {}) =>
    new WeChatPayV2({
      ...simulator.credentials.payV2,
      ...simulator.clientOptions,
      ...options,
      appId: simulator.credentials.app.appId,
      maxRetries: 0
    })
  const place = (pay2: WeChatPayV2, more: { sub_mch_id?: string }) =>
    pay2.orders.unified({ ...order, body: '茶', total_fee: 1, spbill_create_ip: '1.2.3.4', trade_type: 'APP', ...more })

  it('one client for one sub-merchant signs for it', async () => {
    const pay2 = provider({ subMchId: SUB })
    const { prepay_id } = await place(pay2, {})
    const parameters = pay2.appParams(prepay_id)
    expect(parameters.partnerid).toBe(SUB)
    expect(await simulator.user('ming').pay(parameters)).toMatchObject({ state: 'SUCCESS' })
  })

  it('one client for many names the one of the order', async () => {
    const pay2 = provider()
    const { prepay_id } = await place(pay2, { sub_mch_id: SUB })
    const ming = simulator.user('ming')
    await expect(ming.pay(pay2.appParams(prepay_id))).rejects.toThrow(`partnerid ${pay2.mchId}, but the order is of`)
    await expect(ming.pay(pay2.appParams(prepay_id, { partnerId: OTHER }))).rejects.toThrow(OTHER)
    const parameters = pay2.appParams(prepay_id, { partnerId: SUB })
    await expect(ming.pay({ ...parameters, noncestr: 'x' })).rejects.toThrow('支付验证签名失败')
    expect(await ming.pay(parameters)).toMatchObject({ state: 'SUCCESS' })
  })

  it.each(['', ' 1900000999', 'x', 5])('refuses partnerId %j', (partnerId) => {
    const fault = expect.objectContaining({ code: 'ERR_INVALID_PARAM', option: 'partnerId' })
    expect(() => provider().appParams('wx1', { partnerId: partnerId as never })).toThrow(fault)
  })
})

describe('API v3', () => {
  const provider = (options: { subMchId?: string } = {}) =>
    new WeChatPay({
      ...simulator.credentials.payV3,
      ...simulator.clientOptions,
      ...options,
      appId: simulator.credentials.app.appId,
      maxRetries: 0
    })
  const place = (pay: WeChatPay) =>
    pay.partnerTransactions.app({ ...order, description: '茶', sub_mchid: SUB, amount: { total: 1 } })

  it('one client for one sub-merchant names it', async () => {
    const pay = provider({ subMchId: SUB })
    const { prepay_id } = await place(pay)
    expect(pay.appParams(prepay_id).partnerid).toBe(SUB)
    expect(pay.appParams(prepay_id, { partnerId: OTHER }).partnerid).toBe(OTHER)
    expect(await simulator.user('ming').pay(pay.appParams(prepay_id))).toMatchObject({ state: 'SUCCESS' })
  })

  it('the simulator takes the number of either, and no third', async () => {
    const pay = provider()
    const { prepay_id } = await place(pay)
    const ming = simulator.user('ming')
    await expect(ming.pay(pay.appParams(prepay_id, { partnerId: OTHER }))).rejects.toThrow(OTHER)
    expect(await ming.pay(pay.appParams(prepay_id, { partnerId: SUB }))).toMatchObject({ state: 'SUCCESS' })
  })

  it.each(['', ' 1900000999', 'x', 5])('refuses partnerId %j', (partnerId) => {
    const fault = expect.objectContaining({ code: 'ERR_INVALID_PARAM', option: 'partnerId' })
    expect(() => provider().appParams('wx201410272009395522', { partnerId: partnerId as never })).toThrow(fault)
  })
})
