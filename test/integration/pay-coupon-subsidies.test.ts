import { afterEach, beforeEach, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const SHOP = '1900000999'
const SECOND = 1_000

let simulator: Simulator
let pay: WeChatPay

beforeEach(() => {
  simulator = createSimulator({
    seed: 'subsidies',
    paySettings: { refuseUnknownFields: true },
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 1, 4) }),
    deliver: () => new Response(null, { status: 204 })
  })
  pay = new WeChatPay({
    ...simulator.credentials.payV3,
    ...simulator.clientOptions,
    notifyUrl: 'https://shop.example.com/n',
    maxRetries: 0
  })
})
afterEach(() => simulator.close())

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'made',
    ({ code, upstreamCode, upstreamMessage }) => (upstreamCode ? `${upstreamCode} ${upstreamMessage}` : code)
  )

/** A coupon of the shop over 1 yuan that a user has used, and the order that was paid with it. */
async function usedCoupon(out_trade_no: string, more: object = {}) {
  const { stock_id } = await pay.merchantCoupons.createStock({
    stock_name: '满十减一',
    belong_merchant: SHOP,
    goods_name: '茶',
    stock_type: 'NORMAL',
    coupon_use_rule: {
      coupon_available_time: {
        available_begin_time: '2026-03-01T00:00:00+08:00',
        available_end_time: '2026-03-31T00:00:00+08:00'
      },
      fixed_normal_coupon: { discount_amount: 100, transaction_minimum: 1_000 },
      use_method: 'OFF_LINE'
    },
    stock_send_rule: { max_coupons: 10, max_coupons_per_user: 2 },
    out_request_no: `Q${out_trade_no}`,
    coupon_code_mode: 'WECHATPAY_MODE',
    subsidy: true,
    ...more
  })
  const openid = simulator.user('ming').openid()
  const { coupon_code = '' } = await pay.merchantCoupons.send({ openid, stock_id, out_request_no: `S${out_trade_no}` })
  const order = { sub_mchid: SHOP, description: '茶', out_trade_no, amount: { total: 900 } }
  const { prepay_id } = await pay.partnerTransactions.app(order)
  await simulator.user('ming').pay(prepay_id)
  const { transaction_id = '' } = await pay.partnerTransactions.query({ sub_mchid: SHOP, out_trade_no })
  const use = () =>
    pay.merchantCoupons.use({ coupon_code, stock_id, use_time: '2026-03-01T12:00:00+08:00', use_request_no: 'U1' })
  const subsidy = {
    stock_id,
    coupon_code,
    transaction_id,
    payee_merchant: SHOP,
    amount: 100,
    description: '三月活动',
    out_subsidy_no: `B${out_trade_no}`
  }
  return { use, subsidy }
}

it('a subsidy is paid once and comes back after a refund, with a lost response at every step', async () => {
  const { use, subsidy } = await usedCoupon('T10001')
  const { stock_id, coupon_code } = subsidy
  expect(await refusal(pay.couponSubsidies.create(subsidy))).toBe('INVALID_REQUEST 券未核销')
  await use()
  const before = simulator.pay.balance(pay.mchId)
  simulator.fail('/subsidy/pay-receipts', 'reset')
  await expect(pay.couponSubsidies.create(subsidy)).rejects.toMatchObject({
    code: 'ERR_UNKNOWN_RESULT',
    query: { method: 'couponSubsidies.list', params: { stock_id, coupon_code, out_subsidy_no: 'BT10001' } }
  })
  const { pay_receipt_list: found = [] } = await pay.couponSubsidies.list({
    stock_id,
    coupon_code,
    out_subsidy_no: 'BT10001'
  })
  expect(found).toMatchObject([{ status: 'ACCEPTED', amount: 100, payer_merchant: pay.mchId }])
  const { subsidy_receipt_id } = await pay.couponSubsidies.create(subsidy)
  expect(found[0]?.subsidy_receipt_id).toBe(subsidy_receipt_id)
  expect(simulator.pay.balance(pay.mchId)).toBe(before - 100)
  await simulator.clock.advance(SECOND)
  expect(await pay.couponSubsidies.get({ subsidy_receipt_id })).toMatchObject({ status: 'SUCCESS' })

  const { out_subsidy_no: _, ...parts } = subsidy
  const back = { ...parts, refund_id: '5030000000000000000000000001', amount: 60, out_subsidy_return_no: 'R1' }
  expect(await refusal(pay.couponSubsidies.createReturn(back))).toContain('INVALID_REQUEST')
  const { refund_id } = await pay.refunds.create({
    sub_mchid: SHOP,
    out_trade_no: 'T10001',
    out_refund_no: 'F1',
    amount: { refund: 500, total: 900, currency: 'CNY' }
  })
  const refunded = { ...back, refund_id }
  simulator.fail('/subsidy/return-receipts', 'reset')
  await expect(pay.couponSubsidies.createReturn(refunded)).rejects.toMatchObject({
    code: 'ERR_UNKNOWN_RESULT',
    query: { method: 'couponSubsidies.list', params: { stock_id, coupon_code } }
  })
  const status = async () => (await pay.couponSubsidies.get({ subsidy_receipt_id })).status
  expect(await status()).toBe('RETURNING')
  const { subsidy_return_receipt_id } = await pay.couponSubsidies.createReturn(refunded)
  await simulator.clock.advance(SECOND)
  expect(await pay.couponSubsidies.getReturn({ subsidy_return_receipt_id })).toMatchObject({
    status: 'SUCCESS',
    subsidy_receipt_id,
    refund_id
  })
  expect(await status()).toBe('PARTIAL_RETURN')
  expect(simulator.pay.balance(pay.mchId)).toBe(before - 40)
  const rest = { ...refunded, out_subsidy_return_no: 'R2', amount: 41 }
  expect(await refusal(pay.couponSubsidies.createReturn(rest))).toBe('INVALID_REQUEST 回退金额超过补差金额')
  await pay.couponSubsidies.createReturn({ ...rest, amount: 40 })
  await simulator.clock.advance(SECOND)
  expect(await status()).toBe('FULL_RETURN')
})

it('refuses what WeChat Pay refuses', async () => {
  const { use, subsidy } = await usedCoupon('T10001')
  await use()
  const create = (more: object) => refusal(pay.couponSubsidies.create({ ...subsidy, ...more }))
  expect(await create({ amount: 101 })).toBe('INVALID_REQUEST 补差金额超过券的优惠金额')
  expect(await create({ amount: 500_001 })).toBe('ERR_INVALID_PARAM')
  expect(await create({ payer_merchant: '1900000888' })).toContain('补差扣款商户号')
  expect(await create({ payee_merchant: '1900000888' })).toContain('补差入账商户号')
  expect(await create({ coupon_code: 'unknown' })).toContain('RESOURCE_NOT_EXISTS')
  expect(await create({ transaction_id: '4200000000000000000000000009' })).toContain('INVALID_REQUEST')
  simulator.pay.setBalance(pay.mchId, 99)
  expect(await create({})).toContain('NOT_ENOUGH')
  simulator.pay.setBalance(pay.mchId, 100)
  expect(await create({})).toBe('made')
  expect(await create({ amount: 1 })).toContain('请求参数不一致')
  expect(await create({ out_subsidy_no: 'B2', amount: 1 })).toContain('补差金额超过')
  expect(await refusal(pay.couponSubsidies.get({ subsidy_receipt_id: '11' }))).toContain('RESOURCE_NOT_EXISTS')
  const { subsidy: plain, use: usePlain } = await usedCoupon('T10002', { subsidy: false })
  await usePlain()
  expect(await refusal(pay.couponSubsidies.create(plain))).toBe('INVALID_REQUEST 批次不支持营销补差')
})

it('goes on after a restart of the simulator', async () => {
  const { use, subsidy } = await usedCoupon('T10001')
  await use()
  const { subsidy_receipt_id } = await pay.couponSubsidies.create(subsidy)
  const restarted = createSimulator({ seed: 'subsidies', clock: simulator.clock })
  restarted.restore(JSON.parse(JSON.stringify(simulator.snapshot())))
  const after = new WeChatPay({ ...restarted.credentials.payV3, ...restarted.clientOptions })
  await simulator.clock.advance(SECOND)
  expect(await after.couponSubsidies.get({ subsidy_receipt_id })).toMatchObject({ status: 'SUCCESS', amount: 100 })
  expect(await after.couponSubsidies.create(subsidy)).toMatchObject({ subsidy_receipt_id })
  await restarted.close()
})

it('does not believe a list of the subsidies of another coupon', async () => {
  const { use, subsidy } = await usedCoupon('T10001')
  await use()
  await pay.couponSubsidies.create(subsidy)
  const { stock_id, coupon_code } = subsidy
  const genuine = pay.couponSubsidies.list({ stock_id, coupon_code })
  expect((await genuine).pay_receipt_list).toHaveLength(1)
  const { use: useOther, subsidy: other } = await usedCoupon('T10002')
  await useOther()
  const asked = { stock_id: other.stock_id, coupon_code: other.coupon_code }
  const { fetch } = simulator.clientOptions
  const swapped = new WeChatPay({
    ...simulator.credentials.payV3,
    ...simulator.clientOptions,
    // Another genuine response, to another request.
    fetch: async (input, init) => {
      const url = new URL(String(input instanceof Request ? input.url : input))
      if (!url.pathname.endsWith('/pay-receipts')) return fetch(input, init)
      const path = `${url.pathname}?stock_id=${stock_id}&coupon_code=${coupon_code}`
      const authorization = pay.authorization({ method: 'GET', path })
      return fetch(new URL(path, url), {
        headers: { authorization, accept: 'application/json', 'user-agent': 'test' }
      })
    }
  })
  expect(await refusal(swapped.couponSubsidies.list(asked))).toBe('ERR_UNEXPECTED_RESPONSE')
})

it('are of the merchant that paid them: another finds neither stock nor subsidy', async () => {
  const own = { mchId: '1900000201', apiV3Key: 'first-merchant-key-0123456789abc' }
  const others = { mchId: '1900000202', apiV3Key: 'other-merchant-key-0123456789abc' }
  simulator.close()
  simulator = createSimulator({ seed: 'subsidies', clock: simulator.clock, accounts: { merchants: [own, others] } })
  const { credentials, clientOptions } = simulator
  const clientOf = (account: typeof own) => {
    const { key: privateKey, certSerial } = credentials.merchantFiles(account.mchId)
    const notifyUrl = 'https://shop.example.com/n'
    return new WeChatPay({ ...credentials.payV3, ...clientOptions, ...account, privateKey, certSerial, notifyUrl })
  }
  pay = clientOf(own)
  const { use, subsidy } = await usedCoupon('T10001')
  await use()
  const { subsidy_receipt_id } = await pay.couponSubsidies.create(subsidy)
  const { stock_id, coupon_code } = subsidy
  const other = clientOf(others)
  expect((await pay.couponSubsidies.list({ stock_id, coupon_code })).pay_receipt_list).toHaveLength(1)
  expect((await other.couponSubsidies.list({ stock_id, coupon_code })).pay_receipt_list).toEqual([])
  expect(await refusal(other.couponSubsidies.get({ subsidy_receipt_id }))).toContain('RESOURCE_NOT_EXISTS')
  expect(await refusal(other.merchantCoupons.getStock({ stock_id }))).toContain('RESOURCE_NOT_EXISTS')
})
