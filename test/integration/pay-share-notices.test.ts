import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const SUPPLIER = '1900000110'
const SUPPLIER_KEY = 'supplier0123456789abcdefghijklmn'
const MINUTE = 60_000

let simulator: Simulator
let pay: WeChatPay
let pay2: WeChatPayV2
let seen: string[]
let sharer: string[]
let isDown: boolean

beforeEach(() => {
  seen = []
  sharer = []
  isDown = false
  simulator = createSimulator({
    seed: 'shares',
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 10, 4) }),
    accounts: { merchants: [{}, { mchId: SUPPLIER, apiV3Key: SUPPLIER_KEY }] },
    deliver: (request) => (request.url.endsWith('/supplier') ? supplier(request) : own(request))
  })
  const { credentials, clientOptions } = simulator
  const options = { ...clientOptions, notifyUrl: 'https://shop.example.com/own', maxRetries: 0 }
  pay = new WeChatPay({ ...credentials.payV3, ...options })
  pay2 = new WeChatPayV2({ ...credentials.payV2, ...options })
  const { key: privateKey, certSerial } = credentials.merchantFiles(SUPPLIER)
  const theirs = { mchId: SUPPLIER, apiV3Key: SUPPLIER_KEY, privateKey, certSerial }
  const receiver = new WeChatPay({ ...credentials.payV3, ...theirs, ...clientOptions })
  const own = pay.notifyHandler({
    onPaid: () => {},
    on: { '*': (_resource, { event_type }) => sharer.push(event_type) }
  })
  const supplier = receiver.notifyHandler({
    onPaid: ({ out_trade_no }) => seen.push(`PAID ${out_trade_no}`),
    onShare: ({ out_order_no, receiver: { amount } }, { kind }) => {
      if (isDown) throw new Error('the process was killed')
      seen.push(`${kind} ${out_order_no} ${amount}`)
    }
  })
  simulator.pay.settings.sharingNotifyUrls = { [SUPPLIER]: 'https://supplier.example.com/supplier' }
})
afterEach(() => simulator.close())

async function paid(out_trade_no: string): Promise<string> {
  const { prepay_id } = await pay.transactions.app({
    description: '茶',
    out_trade_no,
    amount: { total: 1_000 },
    settle_info: { profit_sharing: true }
  })
  await simulator.user('ming').pay(prepay_id)
  await simulator.clock.advance(MINUTE)
  const { transaction_id = '' } = await pay.transactions.query({ out_trade_no })
  return transaction_id
}

describe.each(['TRANSACTION', 'PROFITSHARING'] as const)('shares that are notified as %s', (event) => {
  beforeEach(() => {
    simulator.pay.settings.sharingEvent = event
  })

  it('of API v3: the receiver hears of the share and of its return, the sharer of neither', async () => {
    const to = { type: 'MERCHANT_ID', account: SUPPLIER } as const
    await pay.profitSharing.addReceiver({ ...to, name: '供应商', relation_type: 'SUPPLIER' })
    const transaction_id = await paid('T10001')
    isDown = true
    await pay.profitSharing.create({
      transaction_id,
      out_order_no: 'S1',
      receivers: [{ ...to, amount: 200, description: '货款' }],
      unfreeze_unsplit: false
    })
    await simulator.clock.advance(5_000)
    expect(seen).toEqual([])
    isDown = false
    await simulator.clock.advance(MINUTE)
    const back = { out_order_no: 'S1', out_return_no: 'B1', return_mchid: SUPPLIER, amount: 50, description: '退' }
    await pay.profitSharing.createReturn(back)
    await simulator.clock.advance(MINUTE)
    expect(seen).toEqual(['share S1 200', 'shareReturn B1 50'])
    for (const delivery of simulator.deliveries.recent) await delivery.redeliver()
    expect(seen).toHaveLength(2)
    expect(sharer).toEqual([])
  })

  it('of API v2 alike, and a forged one counts for nothing', async () => {
    const to = { type: 'MERCHANT_ID', account: SUPPLIER } as const
    await pay2.profitSharing.addReceiver({ receiver: { ...to, name: '供应商', relation_type: 'SUPPLIER' } })
    const transaction_id = await paid('T10001')
    simulator.pay.forgeNotifications(1)
    await pay2.profitSharing.create({
      transaction_id,
      out_order_no: 'S2',
      receivers: [{ ...to, amount: 100, description: '货款' }]
    })
    await simulator.clock.advance(2_000)
    expect(seen).toEqual([])
    await simulator.clock.advance(MINUTE)
    expect(seen).toEqual(['share S2 100'])
  })
})
