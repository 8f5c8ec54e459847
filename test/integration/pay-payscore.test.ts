import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ServiceOrderCompletion, WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const SERVICE = '2002000000000558128851361561536'
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** 2026-03-01 12:00:00 in Beijing. */
const START = Date.UTC(2026, 2, 1, 4)

let simulator: Simulator
let pay: WeChatPay
let pay2: WeChatPayV2
let seen: string[]
let errors: string[]
let isDown: boolean

/** The application: killed and started again it has the same store, a new client and new handlers. */
function boot(): void {
  const { credentials, clientOptions } = simulator
  const notifyUrl = 'https://shop.example.com/pay/notify'
  pay = new WeChatPay({ ...credentials.payV3, ...clientOptions, notifyUrl, maxRetries: 0 })
  pay2 = new WeChatPayV2({ ...credentials.payV2, ...clientOptions })
}

beforeEach(() => {
  seen = []
  errors = []
  isDown = false
  simulator = createSimulator({
    seed: 'payscore',
    paySettings: { refuseUnknownFields: true },
    clock: new SimulatorClock({ startAt: START }),
    deliver: (request) => handler(request)
  })
  boot()
  const handler = pay.notifyHandler({
    onServiceOrder: ({ out_order_no, state, collection }, { event_type: type }) => {
      if (isDown) throw new Error('the process was killed')
      seen.push(`${type.replace('PAYSCORE.', '')} ${out_order_no} ${state} ${collection?.paid_amount ?? ''}`.trim())
    },
    onPayscorePermission: ({ user_service_status: status, authorization_code: code }) => seen.push(`${status} ${code}`),
    onError: (error) => errors.push((error as { code: string }).code)
  })
})
afterEach(() => simulator.close())

const ming = () => simulator.user('ming')
const params = (out_order_no: string) => ({
  out_order_no,
  service_id: SERVICE,
  service_introduction: '共享雨伞',
  risk_fund: { name: 'DEPOSIT', amount: 3_000 } as const,
  post_payments: [{ name: '雨伞', description: '每小时 1 元' }],
  time_range: { start_time: 'OnAccept' },
  attach: 'store%207'
})
const bill = (out_order_no: string, amount: number, end_time = '20260301120000'): ServiceOrderCompletion => ({
  out_order_no,
  service_id: SERVICE,
  post_payments: [
    { name: '雨伞', amount: amount + 50 },
    { name: '清洁', amount: 0 }
  ],
  post_discounts: [{ name: '新客', amount: 50 }],
  total_amount: amount,
  time_range: { end_time },
  location: { end_location: '科技园' }
})
const one = (out_order_no: string) => ({ out_order_no, service_id: SERVICE })
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'made',
    ({ code, upstreamCode, requestId }) => `${code} ${upstreamCode ?? ''} ${requestId?.split('-').at(-1) ?? ''}`.trim()
  )

async function confirmed(out_order_no: string): Promise<void> {
  const order = await pay.payscore.create(params(out_order_no))
  await ming().openBusinessView(pay.payscore.confirmParams(order))
}

describe('a service that is paid after use', () => {
  it('from the order to the refund, with a lost response at every step', async () => {
    const created = { method: 'payscore.query', params: { ...one('R1'), appid: pay.appId } }
    simulator.fail('/v3/payscore/serviceorder', 'reset')
    await expect(pay.payscore.create(params('R1'))).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      outcome: 'unknown',
      query: created
    })
    boot()
    const { package: first, ...order } = await pay.payscore.create(params('R1'))
    expect(order).toMatchObject({ state: 'CREATED', mchid: pay.mchId, service_introduction: '共享雨伞' })
    expect((await pay.payscore.create(params('R1'))).package).toBe(first)
    expect(await refusal(pay.payscore.create({ ...params('R1'), service_introduction: '充电宝' }))).toBe(
      'ERR_WECHAT_PAY INVALID_REQUEST 271316598'
    )
    expect(await refusal(pay.payscore.complete(bill('R1', 200)))).toBe('ERR_WECHAT_PAY INVALID_REQUEST 271302332')

    const view = pay2.payscoreParams({ package: first ?? '' })
    const forged = { ...view, queryString: view.queryString.replace('sign_type=HMAC-SHA256', 'sign_type=MD5') }
    await expect(ming().openBusinessView(forged)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
    const { queryId = '' } = await ming().openBusinessView(view)
    await expect(ming().openBusinessView(view)).rejects.toThrow('订单未获得权益')
    expect(await pay.payscore.query({ service_id: SERVICE, query_id: queryId })).toMatchObject({
      out_order_no: 'R1',
      state: 'DOING',
      state_description: 'USER_CONFIRM',
      openid: ming().openid()
    })

    await simulator.clock.advance(2 * HOUR)
    simulator.fail('/v3/payscore/serviceorder/R1/complete', 'reset')
    const end = bill('R1', 200, '20260301135900')
    await expect(pay.payscore.complete(end)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query: created })
    boot()
    expect(await pay.payscore.query(one('R1'))).toMatchObject({
      state_description: 'MCH_COMPLETE',
      total_amount: 200,
      collection: { state: 'USER_PAYING', paying_amount: 200 }
    })
    // The same again is the same; another time is another request.
    expect(await pay.payscore.complete(end)).toMatchObject({ total_amount: 200 })
    expect(await refusal(pay.payscore.complete(bill('R1', 200, '20260301135800')))).toContain('271316598')

    await simulator.clock.advance(2 * SECOND)
    expect(seen).toEqual(['USER_CONFIRM R1 DOING', 'USER_PAID R1 DONE 200'])
    const done = await pay.payscore.query(one('R1'))
    expect(done).toMatchObject({ state: 'DONE', collection: { state: 'USER_PAID', paid_amount: 200 } })
    const [{ transaction_id = '' } = {}] = done.collection?.details ?? []
    const refund = { out_refund_no: 'B1', amount: { refund: 150, total: 200, currency: 'CNY' } } as const
    expect(await refusal(pay.refunds.create({ ...refund, out_trade_no: 'R00001' }))).toContain('NOT_EXIST')
    expect(await pay.refunds.create({ ...refund, transaction_id })).toMatchObject({ amount: { refund: 150 } })
    expect(errors).toEqual([])
  })

  it('is lowered, collected by hand or elsewhere, and cancelled only before its end', async () => {
    simulator.pay.settings.serviceCollectionFailures = 99
    await confirmed('R1')
    expect(await refusal(pay.payscore.collect(one('R1')))).toBe('ERR_WECHAT_PAY INVALID_REQUEST 271316657')
    const { time_range: _, location: __, ...tooSoon } = { ...bill('R1', 10), reason: 'x' }
    expect(await refusal(pay.payscore.modify(tooSoon))).toContain('271316657')
    await pay.payscore.complete(bill('R1', 200))
    expect(await refusal(pay.payscore.cancel({ ...one('R1'), reason: 'x' }))).toBe(
      'ERR_WECHAT_PAY PARAM_ERROR 271316592'
    )
    const { time_range: ___, location: ____, ...lower } = { ...bill('R1', 120), reason: '少收' }
    expect(await pay.payscore.modify(lower)).toMatchObject({ total_amount: 120 })
    expect(await refusal(pay.payscore.modify(lower))).toContain('PARAM_ERROR 271316656')
    const paid = { type: 'Order_Paid', detail: { paid_time: '20260301120001' } } as const
    ming().beginServicePayment('R1')
    await simulator.clock.advance(2 * SECOND)
    expect(await refusal(pay.payscore.sync({ ...one('R1'), ...paid }))).toContain('INVALID_REQUEST 271316754')
    await ming().payServiceOrder('R1')
    expect(seen).toEqual(['USER_CONFIRM R1 DOING', 'USER_PAID R1 DONE 120'])
    // Paid by hand it has the number of the merchant.
    const [{ transaction_id = '' } = {}] = (await pay.payscore.query(one('R1'))).collection?.details ?? []
    expect(await pay.transactions.query({ transaction_id })).toMatchObject({ out_trade_no: 'R1', trade_type: 'JSAPI' })

    await confirmed('R2')
    await pay.payscore.complete(bill('R2', 80, '20260301120002'))
    const early = { ...one('R2'), detail: { paid_time: '20260301115959' } }
    expect(await refusal(pay.payscore.sync(early))).toContain('PARAM_ERROR')
    expect(await pay.payscore.sync({ ...early, detail: { paid_time: '20260301120003' } })).toMatchObject({
      state: 'DONE',
      collection: { details: [{ paid_type: 'MCH', amount: 80 }] }
    })
    expect(await refusal(pay.payscore.sync(early))).toContain('INVALID_REQUEST 271316657')

    await confirmed('R3')
    expect(await pay.payscore.cancel({ ...one('R3'), reason: '用户取消' })).toMatchObject({ out_order_no: 'R3' })
    expect(await refusal(pay.payscore.cancel({ ...one('R3'), reason: 'x' }))).toContain('271302333')
    expect(await pay.payscore.query(one('R3'))).toMatchObject({ state: 'REVOKED' })
    await confirmed('R4')
    expect(await pay.payscore.complete(bill('R4', 0, '20260301120002'))).toMatchObject({
      state: 'DONE',
      need_collection: false
    })
  })

  it('is collected again and again, and on request at once', async () => {
    simulator.pay.settings.serviceCollectionFailures = 2
    await confirmed('R1')
    await pay.payscore.complete({ ...bill('R1', 200), profit_sharing: true })
    await simulator.clock.advance(HOUR)
    expect(await pay.payscore.query(one('R1'))).toMatchObject({ collection: { state: 'USER_PAYING' } })
    await simulator.clock.advance(12 * HOUR)
    expect(await pay.payscore.query(one('R1'))).toMatchObject({ state: 'DONE' })
    simulator.pay.settings.serviceCollectionFailures = 1
    await confirmed('R2')
    await pay.payscore.complete(bill('R2', 200, '20260302010000'))
    await simulator.clock.advance(MINUTE)
    await pay.payscore.collect(one('R2'))
    await simulator.clock.advance(SECOND)
    expect(seen.at(-1)).toBe('USER_PAID R2 DONE 200')
    await simulator.clock.advance(DAY)
    expect(seen.filter((line) => line.startsWith('USER_PAID R2'))).toHaveLength(1)
  })

  it('notifications that fail come again, forged ones count for nothing, and each event counts once', async () => {
    isDown = true
    await confirmed('R1')
    await pay.payscore.complete(bill('R1', 200))
    await simulator.clock.advance(2 * SECOND)
    expect(seen).toEqual([])
    isDown = false
    await simulator.clock.advance(DAY)
    // In the order in which they arrive: the application looks at the state.
    expect([...seen].sort()).toEqual(['USER_CONFIRM R1 DOING', 'USER_PAID R1 DONE 200'])
    for (const delivery of simulator.deliveries.recent) await delivery.redeliver()
    expect(seen).toHaveLength(2)

    seen.length = 0
    errors.length = 0
    simulator.pay.forgeNotifications(1)
    await confirmed('R2')
    expect(seen).toEqual([])
    expect(errors).toEqual(['ERR_SIGNATURE_MISMATCH'])
    await simulator.clock.advance(MINUTE)
    expect(seen).toEqual(['USER_CONFIRM R2 DOING'])
  })

  it('refuses what cannot be right before anything is sent', async () => {
    const order = params('R1')
    const wrong: readonly [string, () => Promise<unknown>][] = [
      ['openid', () => pay.payscore.create({ ...order, openid: 'o1' })],
      ['openid', () => pay.payscore.create({ ...order, need_user_confirm: false })],
      [
        'post_payments[1].name',
        () =>
          pay.payscore.create({
            ...order,
            post_payments: [
              { name: 'a', amount: 1 },
              { name: 'a', amount: 2 }
            ]
          })
      ],
      ['post_payments[0].amount', () => pay.payscore.create({ ...order, post_payments: [{ name: 'a' }] })],
      ['location.start_location', () => pay.payscore.create({ ...order, location: { end_location: 'x' } })],
      ['service_introduction', () => pay.payscore.create({ ...order, service_introduction: '长'.repeat(21) })],
      ['time_range.start_time', () => pay.payscore.create({ ...order, time_range: { start_time: '2026-03-01' } })],
      ['total_amount', () => pay.payscore.complete({ ...bill('R1', 200), total_amount: 201 })],
      ['total_amount', () => pay.payscore.modify({ ...bill('R1', 200), total_amount: -1, reason: 'x' })],
      ['detail.paid_time', () => pay.payscore.sync({ ...one('R1'), detail: { paid_time: '20260301' } })],
      ['out_order_no', () => pay.payscore.query({ service_id: SERVICE } as never)]
    ]
    for (const [option, call] of wrong) {
      await expect(call()).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option })
    }
    expect(simulator.log.entries).toEqual([])
  })

  it('says why a call was refused, by the number of the request', async () => {
    const unknown = pay.payscore.query(one('R9'))
    await expect(unknown).rejects.toMatchObject({
      upstreamCode: 'ORDER_NOT_EXIST',
      hint: { en: expect.stringContaining('no such service order'), zh: expect.stringContaining('服务订单不存在') }
    })
    await confirmed('R1')
    expect(await refusal(pay.payscore.query({ out_order_no: 'R1', service_id: '1' }))).toContain('NO_AUTH 268503786')
    const more = { ...bill('R1', 3_001) }
    expect(await refusal(pay.payscore.complete(more))).toContain('PARAM_ERROR 271316656')
    const { time_range: _, ...endless } = bill('R1', 1)
    expect(await refusal(pay.payscore.complete(endless))).toContain('PARAM_ERROR')
    expect(await refusal(pay.payscore.complete(bill('R1', 1, '20260301130000')))).toContain('PARAM_ERROR')
    expect(await refusal(pay.payscore.complete(bill('R1', 1, '20260228')))).toContain('271316637')
    const order = await pay.payscore.create(params('R2'))
    await simulator.clock.advance(HOUR + SECOND)
    await expect(ming().openBusinessView(pay.payscore.confirmParams(order))).rejects.toThrow('订单未获得权益')
    await simulator.clock.advance(30 * DAY)
    expect(await pay.payscore.query(one('R2'))).toMatchObject({ state: 'EXPIRED' })
    expect(() => pay.payscore.confirmParams({})).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
  })
})

describe('services without confirmation', () => {
  it('need a permission, which cannot end while an order is open', async () => {
    const openid = ming().openid()
    const free = { ...params('R1'), need_user_confirm: false, openid, time_range: { start_time: '20260301120100' } }
    expect(await refusal(pay.payscore.create(free))).toBe('ERR_WECHAT_PAY NO_AUTH 268503786')
    const by = { service_id: SERVICE, authorization_code: 'A1' }
    const permission = await pay.payscorePermissions.apply(by)
    expect(await pay.payscorePermissions.query(by)).toMatchObject({ authorization_state: 'UNBINDUSER' })
    await ming().openBusinessView(pay.payscorePermissions.enableParams(permission))
    expect(await pay.payscorePermissions.queryByOpenid({ service_id: SERVICE, openid })).toMatchObject({
      authorization_state: 'AVAILABLE',
      authorization_code: 'A1'
    })
    expect(await pay.payscore.create(free)).toMatchObject({ state: 'DOING', state_description: 'USER_CONFIRM', openid })
    expect(await refusal(pay.payscorePermissions.terminate({ ...by, reason: 'x' }))).toContain('INVALID_REQUEST')
    await pay.payscore.cancel({ ...one('R1'), reason: 'x' })
    await pay.payscorePermissions.terminate({ ...by, reason: 'x' })
    expect(await pay.payscorePermissions.query(by)).toMatchObject({ authorization_state: 'UNAVAILABLE' })
    expect(await refusal(pay.payscorePermissions.apply(by))).toContain('INVALID_REQUEST')

    const again = await pay.payscorePermissions.apply({ ...by, authorization_code: 'A2' })
    await ming().openBusinessView(pay.payscorePermissions.enableParams(again))
    await ming().endServicePermission('A2')
    const third = await pay.payscorePermissions.apply({ ...by, authorization_code: 'A3' })
    await ming().openBusinessView(pay.payscorePermissions.enableParams(third))
    await pay.payscorePermissions.terminateByOpenid({ service_id: SERVICE, openid, reason: 'x' })
    await simulator.clock.settle()
    expect(seen).toEqual([
      'USER_OPEN_SERVICE A1',
      'USER_CLOSE_SERVICE A1',
      'USER_OPEN_SERVICE A2',
      'USER_CLOSE_SERVICE A2',
      'USER_OPEN_SERVICE A3',
      'USER_CLOSE_SERVICE A3'
    ])
  })
})
