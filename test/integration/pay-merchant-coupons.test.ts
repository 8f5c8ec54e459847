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
  simulator = createSimulator({ clock: new SimulatorClock({ startAt: START }), deliver: (request) => handler(request) })
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

async function stock(): Promise<string> {
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
    coupon_code_mode: 'WECHATPAY_MODE'
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
