import { afterEach, beforeEach, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const START = Date.UTC(2026, 2, 1, 4)
const DAY = 24 * 3_600_000
const TIMES = { available_begin_time: '2026-03-01T00:00:00+08:00', available_end_time: '2026-03-31T00:00:00+08:00' }

let simulator: Simulator
let pay: WeChatPay
let seen: string[]
let isDown: boolean

beforeEach(() => {
  seen = []
  isDown = false
  simulator = createSimulator({
    paySettings: { refuseUnknownFields: true },
    clock: new SimulatorClock({ startAt: START }),
    deliver: (request) => handler(request)
  })
  pay = new WeChatPay({
    ...simulator.credentials.payV3,
    ...simulator.clientOptions,
    notifyUrl: 'https://shop.example.com/n',
    maxRetries: 0
  })
  const handler = pay.notifyHandler({
    onPaid: () => {},
    onRefund: () => {},
    on: {
      'COUPON.SEND': ({ coupon_code }) => {
        if (isDown) throw new Error('the process was killed')
        seen.push(String(coupon_code))
      }
    }
  })
})
afterEach(() => simulator.close())

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'made',
    ({ code, upstreamCode }) => `${code} ${upstreamCode ?? ''}`.trim()
  )
const use_time = '2026-03-01T12:00:00+08:00'

async function stock(more: object = {}): Promise<string> {
  const { stock_id } = await pay.merchantCoupons.createStock({
    stock_name: '满十减一',
    goods_name: '茶',
    stock_type: 'NORMAL',
    coupon_use_rule: {
      coupon_available_time: TIMES,
      fixed_normal_coupon: { discount_amount: 100, transaction_minimum: 1_000 },
      use_method: 'OFF_LINE'
    },
    stock_send_rule: { max_coupons: 10, max_coupons_per_user: 2 },
    out_request_no: 'Q1',
    coupon_code_mode: 'WECHATPAY_MODE',
    ...more
  })
  return stock_id
}

it('a merchant coupon is sent, used once, given back and voided, and lost responses settle', async () => {
  const openid = simulator.user('ming').openid()
  const stock_id = await stock()
  expect(await stock()).toBe(stock_id)
  expect(await pay.merchantCoupons.getStock({ stock_id })).toMatchObject({ stock_state: 'RUNNING' })
  await pay.merchantCoupons.setCallback({ notify_url: 'https://shop.example.com/n' })
  const sending = { openid, stock_id, out_request_no: 'S1' }
  const { coupon_code = '' } = await pay.merchantCoupons.send(sending)
  expect(await pay.merchantCoupons.send(sending)).toMatchObject({ coupon_code })
  await simulator.clock.settle()
  expect(seen).toEqual([coupon_code])

  simulator.fail('/v3/marketing/busifavor/coupons/use', 'reset')
  const using = { coupon_code, stock_id, openid, use_time, use_request_no: 'U1' }
  await expect(pay.merchantCoupons.use(using)).rejects.toMatchObject({
    code: 'ERR_UNKNOWN_RESULT',
    query: { method: 'merchantCoupons.get', params: { openid, coupon_code } }
  })
  expect(await pay.merchantCoupons.get({ openid, coupon_code })).toMatchObject({
    coupon_state: 'USED',
    use_request_no: 'U1'
  })
  expect(await pay.merchantCoupons.use(using)).toMatchObject({ openid })
  expect(await refusal(pay.merchantCoupons.use({ ...using, use_request_no: 'U2' }))).toBe(
    'ERR_WECHAT_PAY INVALID_REQUEST'
  )
  const order = { stock_id, coupon_code, out_trade_no: 'T10001', out_request_no: 'L1' }
  expect(await pay.merchantCoupons.associate(order)).toHaveProperty('wechatpay_associate_time')
  expect(await pay.merchantCoupons.disassociate(order)).toHaveProperty('wechatpay_disassociate_time')
  await pay.merchantCoupons.giveBack({ coupon_code, stock_id, return_request_no: 'R1' })
  expect(await pay.merchantCoupons.list({ openid, coupon_state: 'SENDED' })).toMatchObject({ total_count: 1 })
  await pay.merchantCoupons.deactivate({ coupon_code, stock_id, deactivate_request_no: 'D1' })
  expect(await refusal(pay.merchantCoupons.use({ ...using, use_request_no: 'U3' }))).toContain('INVALID_REQUEST')
  await pay.merchantCoupons.send({ ...sending, out_request_no: 'S2' })
  expect(await refusal(pay.merchantCoupons.send({ ...sending, out_request_no: 'S3' }))).toContain('RULE_LIMIT')
  await simulator.clock.advance(40 * DAY)
  expect(await pay.merchantCoupons.list({ openid, coupon_state: 'EXPIRED' })).toMatchObject({ total_count: 1 })
})

it('notifications of coupons that fail come again, forged ones count for nothing, and each coupon counts once', async () => {
  const stock_id = await stock()
  await pay.merchantCoupons.setCallback({ notify_url: 'https://shop.example.com/n' })
  const send = (id: string) =>
    pay.merchantCoupons.send({ openid: simulator.user(id).openid(), stock_id, out_request_no: id })
  isDown = true
  const { coupon_code: first } = await send('ming')
  await simulator.clock.settle()
  expect(seen).toEqual([])
  isDown = false
  simulator.pay.forgeNotifications(1)
  const { coupon_code: second } = await send('hong')
  await simulator.clock.settle()
  expect(seen).toEqual([])
  await simulator.clock.advance(DAY)
  expect([...seen].sort()).toEqual([first, second].sort())
  for (const delivery of [...simulator.deliveries.recent].reverse()) await delivery.redeliver()
  expect(seen).toHaveLength(2)
})

it('the budget of a stock is changed by whoever knows what it is, once for each number', async () => {
  const stock_id = await stock({ stock_send_rule: { max_coupons: 1, max_coupons_per_user: 9, max_coupons_by_day: 1 } })
  const send = (id: string) =>
    pay.merchantCoupons.send({ openid: simulator.user('ming').openid(), stock_id, out_request_no: id })
  await send('S1')
  expect(await refusal(send('S2'))).toBe('ERR_WECHAT_PAY NOT_ENOUGH')
  const more = { stock_id, target_max_coupons: 3, current_max_coupons: 1, modify_budget_request_no: 'M1' }
  simulator.fail(`/stocks/${stock_id}/budget`, 'reset')
  expect(await refusal(pay.merchantCoupons.changeBudget(more))).toBe('ERR_CONNECTION')
  expect(await pay.merchantCoupons.changeBudget(more)).toMatchObject({ max_coupons: 3 })
  expect(await pay.merchantCoupons.getStock({ stock_id })).toMatchObject({
    stock_send_rule: { max_coupons: 3 },
    send_count_information: { total_send_num: 1 }
  })
  const other = { ...more, target_max_coupons: 4 }
  expect(await refusal(pay.merchantCoupons.changeBudget(other))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
  const late = { ...other, modify_budget_request_no: 'M2' }
  expect(await refusal(pay.merchantCoupons.changeBudget(late))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
  const fewer = { ...more, modify_budget_request_no: 'M3', target_max_coupons: 1, current_max_coupons: 3 }
  expect(await pay.merchantCoupons.changeBudget(fewer)).toMatchObject({ max_coupons: 1 })

  await pay.merchantCoupons.changeBudget({ ...more, modify_budget_request_no: 'M4' })
  expect(await refusal(send('S3'))).toBe('ERR_WECHAT_PAY RULE_LIMIT')
  const daily = { stock_id, target_max_coupons_by_day: 2, current_max_coupons_by_day: 1 }
  expect(await pay.merchantCoupons.changeBudget({ ...daily, modify_budget_request_no: 'M5' })).toEqual({
    max_coupons: 3,
    max_coupons_by_day: 2
  })
  await send('S3')
  for (const wrong of [{ ...more, ...daily }, { ...more, current_max_coupons: undefined }, { stock_id }]) {
    const call = pay.merchantCoupons.changeBudget({ modify_budget_request_no: 'M6', ...wrong } as never)
    expect(await refusal(call)).toBe('ERR_INVALID_PARAM')
  }
  await simulator.clock.advance(40 * DAY)
  expect(await refusal(pay.merchantCoupons.changeBudget({ ...daily, modify_budget_request_no: 'M7' }))).toContain(
    'INVALID_REQUEST'
  )
  expect(await refusal(send('S4'))).toContain('INVALID_REQUEST')
})

it('uploaded codes are given away one by one, and the codes that were refused are named', async () => {
  const stock_id = await stock({ coupon_code_mode: 'MERCHANT_UPLOAD' })
  const openid = simulator.user('ming').openid()
  const send = (out_request_no: string) => pay.merchantCoupons.send({ openid, stock_id, out_request_no })
  expect(await refusal(send('S1'))).toBe('ERR_WECHAT_PAY NOT_ENOUGH')
  const upload = { stock_id, coupon_code_list: ['A B/1=', 'AB-2', 'AB-2'], upload_request_no: 'C1' }
  simulator.fail('/couponcodes', 'reset')
  expect(await refusal(pay.merchantCoupons.uploadCodes(upload))).toBe('ERR_CONNECTION')
  expect(await pay.merchantCoupons.uploadCodes(upload)).toEqual({
    stock_id,
    total_count: 2,
    success_count: 2,
    success_codes: ['A B/1=', 'AB-2'],
    success_time: expect.stringMatching(/^2026-03-01T12:00:00/),
    duplicate_codes: ['AB-2']
  })
  const again = { ...upload, coupon_code_list: ['AB-2', 'AB-3'], upload_request_no: 'C2' }
  expect(await pay.merchantCoupons.uploadCodes(again)).toMatchObject({
    success_codes: ['AB-3'],
    fail_count: 1,
    exist_codes: ['AB-2']
  })
  expect(await refusal(pay.merchantCoupons.uploadCodes({ ...again, upload_request_no: 'C1' }))).toContain(
    'INVALID_REQUEST'
  )
  const { coupon_code = '' } = await send('S1')
  expect(coupon_code).toBe('A B/1=')
  expect(await pay.merchantCoupons.get({ openid, coupon_code })).toMatchObject({ coupon_state: 'SENDED' })
  expect(await pay.merchantCoupons.use({ coupon_code, stock_id, use_time, use_request_no: 'U1' })).toMatchObject({
    openid
  })
  expect(await pay.merchantCoupons.getStock({ stock_id })).toMatchObject({
    coupon_code_count: { total_count: 3, available_count: 2 }
  })
  for (const coupon_code_list of [[], ['好'], Array.from({ length: 201 }, (_, index) => `N${index}`), 'AB-4']) {
    const call = pay.merchantCoupons.uploadCodes({ stock_id, coupon_code_list, upload_request_no: 'C3' } as never)
    expect(await refusal(call)).toBe('ERR_INVALID_PARAM')
  }
  const other = await stock({ out_request_no: 'Q9' })
  expect(await refusal(pay.merchantCoupons.uploadCodes({ ...upload, stock_id: other }))).toContain('INVALID_REQUEST')
})

it('a budget and an upload may have the same number', async () => {
  const stock_id = await stock({ coupon_code_mode: 'MERCHANT_UPLOAD' })
  await pay.merchantCoupons.changeBudget({
    stock_id,
    target_max_coupons: 20,
    current_max_coupons: 10,
    modify_budget_request_no: '20260301'
  })
  const upload = { stock_id, coupon_code_list: ['C1'], upload_request_no: '20260301' }
  expect(await pay.merchantCoupons.uploadCodes(upload)).toMatchObject({ success_codes: ['C1'] })
})

it('codes of the merchant are unique in their stock, not among all', async () => {
  const openid = simulator.user('ming').openid()
  const send = (stock_id: string, out_request_no: string) =>
    pay.merchantCoupons.send({ openid, stock_id, out_request_no, coupon_code: 'TEA-1' })
  const [first, second] = [
    await stock({ coupon_code_mode: 'MERCHANT_API' }),
    await stock({ coupon_code_mode: 'MERCHANT_API', out_request_no: 'Q2' })
  ]
  await send(first, 'S1')
  expect(await refusal(send(first, 'S2'))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
  await send(second, 'S3')
  const using = { coupon_code: 'TEA-1', stock_id: first, use_time, use_request_no: 'U1' }
  expect(await pay.merchantCoupons.use(using)).toMatchObject({ stock_id: first })
  const unused = { coupon_code: 'TEA-1', stock_id: second, deactivate_request_no: 'D1' }
  expect(await pay.merchantCoupons.deactivate(unused)).toHaveProperty('wechatpay_deactivate_time')
})

it('the flow files of cash coupons are downloaded and compared with their hash', async () => {
  const { stock_id } = await pay.coupons.createStock({
    stock_name: '代金券',
    ...TIMES,
    stock_use_rule: {
      max_coupons: 10,
      max_amount: 1_000,
      max_coupons_per_user: 1,
      natural_person_limit: false,
      prevent_api_abuse: false
    },
    coupon_use_rule: { fixed_normal_coupon: { coupon_amount: 100, transaction_minimum: 200 } },
    no_cash: false,
    stock_type: 'NORMAL',
    out_request_no: 'Q2'
  })
  await pay.coupons.startStock({ stock_id })
  const openid = simulator.user('ming').openid()
  const { coupon_id } = await pay.coupons.send({ openid, stock_id, out_request_no: 'S1' })
  const { prepay_id } = await pay.transactions.app({
    description: '茶',
    out_trade_no: 'T10001',
    amount: { total: 500 }
  })
  await simulator.user('ming').pay(prepay_id)
  for (const [file, text] of [
    [await pay.coupons.useFlow({ stock_id }), coupon_id],
    [await pay.coupons.refundFlow({ stock_id }), '批次id']
  ] as const) {
    const bytes = await pay.download(file.url, { hash: { type: file.hash_type, value: file.hash_value } })
    expect(Buffer.from(bytes).toString()).toContain(text)
    const wrong = pay.download(file.url, { hash: { type: file.hash_type, value: '0'.repeat(40) } })
    expect(await refusal(wrong)).toBe('ERR_UNEXPECTED_RESPONSE')
  }
})

it('a stock of a snapshot from before there were uploaded codes takes them', async () => {
  const stock_id = await stock({ coupon_code_mode: 'MERCHANT_UPLOAD' })
  const older = JSON.stringify(simulator.snapshot()).replace(',"codes":[],"uploaded":[],"done":{}', '')
  expect(older).not.toContain('"codes"')
  simulator.restore(JSON.parse(older))
  const upload = { stock_id, coupon_code_list: ['C1'], upload_request_no: 'C1' }
  expect(await pay.merchantCoupons.uploadCodes(upload)).toMatchObject({ success_count: 1 })
  const openid = simulator.user('ming').openid()
  expect(await pay.merchantCoupons.send({ openid, stock_id, out_request_no: 'S1' })).toMatchObject({
    coupon_code: 'C1'
  })
})
