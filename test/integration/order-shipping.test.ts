import { describe, expect, it } from 'vitest'
import { MiniProgram, maskContact } from 'weixin-kit/miniapp'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

const DAY_MS = 86_400_000

/** A managed mini program with a paid order. */
async function setUp() {
  const events: Record<string, unknown>[] = []
  const simulator = createSimulator({ clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 1) }) })
  simulator.wechat.manageTrade(true)
  const mini = new MiniProgram({ ...simulator.credentials.miniProgram, ...simulator.clientOptions })
  const pay = new WeChatPay({
    ...simulator.credentials.payV3,
    ...simulator.clientOptions,
    appId: mini.appId,
    notifyUrl: 'https://shop.example.com/notify'
  })
  const user = simulator.user('ming')
  const openid = user.openid(mini.appId)
  const buy = async (out_trade_no: string) => {
    const { prepay_id } = await pay.transactions.jsapi({
      description: 'Tea',
      out_trade_no,
      amount: { total: 1980 },
      payer: { openid }
    })
    await user.pay(prepay_id)
    return (await pay.transactions.query({ out_trade_no })).transaction_id ?? ''
  }
  const transaction_id = await buy('T20260301000001')
  const upload = (more: object = {}) =>
    mini.orderShipping.upload({
      order_key: { order_number_type: 2, transaction_id },
      logistics_type: 1,
      delivery_mode: 1,
      shipping_list: [{ tracking_no: 'ZT1', express_company: 'ZTO', item_desc: 'Tea*1' }],
      payer: { openid },
      ...more
    })
  return { simulator, mini, pay, user, openid, transaction_id, upload, buy, events }
}

const errcode = (code: number) => expect.objectContaining({ code: 'ERR_WECHAT_API', errcode: code })

describe('order shipping', () => {
  it('holds the money until the order was shipped and received', async () => {
    const { simulator, mini, user, transaction_id, upload } = await setUp()
    const { mchId } = simulator.credentials.payV3
    const held = () => simulator.context.heldMoney.of(mchId)
    expect(await mini.orderShipping.isManaged()).toBe(true)
    expect(held()).toBe(1980)
    expect(await mini.orderShipping.get({ transaction_id })).toMatchObject({ order_state: 1, paid_amount: 1980 })
    await upload()
    expect(await mini.orderShipping.get({ transaction_id })).toMatchObject({
      order_state: 2,
      shipping: { finish_shipping: true, finish_shipping_count: 1, shipping_list: [{ tracking_no: 'ZT1' }] }
    })
    user.confirmReceipt(transaction_id)
    await simulator.clock.advance(60_000)
    expect(await mini.orderShipping.get({ transaction_id })).toMatchObject({ order_state: 4 })
    expect(held()).toBe(0)
  })

  it('confirms by the clock: express after ten days, the rest after two', async () => {
    const { simulator, mini, transaction_id, upload, buy, openid } = await setUp()
    const second = await buy('T20260301000002')
    await upload()
    await mini.orderShipping.upload({
      order_key: { order_number_type: 2, transaction_id: second },
      logistics_type: 3,
      delivery_mode: 1,
      shipping_list: [{ item_desc: 'E-book*1' }],
      payer: { openid }
    })
    const states = async () =>
      Promise.all(
        [transaction_id, second].map(async (id) => (await mini.orderShipping.get({ transaction_id: id })).order_state)
      )
    await simulator.clock.advance(2 * DAY_MS + 120_000)
    expect(await states()).toEqual([2, 4])
    await simulator.clock.advance(8 * DAY_MS)
    expect(await states()).toEqual([4, 4])
  })

  it('refuses what WeChat refuses, with its codes', async () => {
    const { simulator, mini, upload, pay, transaction_id, openid } = await setUp()
    const key = (id: string) => ({ order_key: { order_number_type: 2 as const, transaction_id: id } })
    await expect(upload(key('4200000000000000000000000000'))).rejects.toThrow(errcode(10060001))
    await expect(upload({ payer: { openid: 'o-somebody-else' } })).rejects.toThrow(errcode(10060031))
    await upload()
    await expect(upload()).rejects.toThrow(errcode(10060023))
    await simulator.clock.advance(1000)
    const other = { shipping_list: [{ tracking_no: 'ZT2', express_company: 'ZTO', item_desc: 'Tea*1' }] }
    await upload(other)
    await simulator.clock.advance(1000)
    const third = { shipping_list: [{ tracking_no: 'ZT3', express_company: 'ZTO', item_desc: 'Tea*1' }] }
    await expect(upload(third)).rejects.toThrow(errcode(10060003))
    const received_time = simulator.clock.seconds() + 10
    await mini.orderShipping.remindReceipt({ transaction_id, received_time })
    await expect(mini.orderShipping.remindReceipt({ transaction_id, received_time })).rejects.toThrow(errcode(10060030))
    await pay.refunds.create({
      transaction_id,
      out_refund_no: 'R1',
      amount: { refund: 1980, total: 1980, currency: 'CNY' }
    })
    await expect(upload(third)).rejects.toThrow(errcode(10060004))
    expect(await mini.orderShipping.get({ transaction_id })).toMatchObject({ order_state: 5 })
    simulator.wechat.manageTrade(false)
    await expect(upload(third)).rejects.toThrow(errcode(48001))
    expect(openid).toMatch(/^o/)
  })

  it('finds mistakes before they are sent', async () => {
    const { simulator, upload } = await setUp()
    const before = simulator.log.entries.length
    const wrong = [
      { logistics_type: 5 },
      { logistics_type: '1' },
      { delivery_mode: 2 },
      { delivery_mode: 2, is_all_delivered: true, logistics_type: 3 },
      { shipping_list: [] },
      { shipping_list: {} },
      { shipping_list: [{ item_desc: 'Tea' }] },
      { shipping_list: [{ tracking_no: '1', express_company: 'ZTO', item_desc: '' }] },
      { shipping_list: [{ tracking_no: '1', express_company: 'ZTO', item_desc: 'x'.repeat(121) }] },
      { shipping_list: [{ tracking_no: '1', express_company: 'SF', item_desc: 'Tea' }] },
      {
        shipping_list: [
          { tracking_no: '1', express_company: 'SF', item_desc: 'Tea', contact: { receiver_contact: '13800138000' } }
        ]
      },
      { upload_time: '2026-03-01T12:00:00+0800' },
      { payer: {} },
      { order_key: { order_number_type: 1, mchid: '1', out_trade_no: 'a b' } }
    ]
    for (const params of wrong) {
      await expect(upload(params), JSON.stringify(params)).rejects.toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_PARAM' })
      )
    }
    expect(simulator.log.entries.length).toBe(before)
  })

  it('masks contacts as the document shows them', () => {
    expect(maskContact('18912341234')).toBe('189****1234')
    expect(maskContact('+86-17712341234')).toBe('+86-177****1234')
    expect(maskContact('021-56781234')).toBe('021-****1234')
    expect(maskContact('189****1234')).toBe('189****1234')
    expect(() => maskContact('1234')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
  })

  it('lists orders page by page and splits a shipping', async () => {
    const { mini, openid, buy, upload, simulator } = await setUp()
    for (let i = 2; i <= 5; i++) await buy(`T2026030100000${i}`)
    const numbers: string[] = []
    for await (const order of mini.orderShipping.each({ page_size: 2, openid })) numbers.push(order.merchant_trade_no)
    expect(numbers).toHaveLength(5)
    const parcel = (n: number) => ({ tracking_no: `ZT${n}`, express_company: 'ZTO', item_desc: `Box ${n}` })
    const part = (n: number, is_all_delivered: boolean) =>
      upload({ delivery_mode: 2, is_all_delivered, shipping_list: [parcel(n)] })
    await part(1, false)
    await simulator.clock.advance(1000)
    await part(2, true)
    const [first] = (await mini.orderShipping.list({ order_state: 2 })).order_list
    expect(first?.shipping.shipping_list).toHaveLength(2)
  })
})
