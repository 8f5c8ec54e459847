import { afterEach, beforeEach, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'

// What merchants of API v3 are sent although it does not look like API v3, and payments without a transaction_id.

let simulator: Simulator
let pay: WeChatPay
let seen: string[]

beforeEach(() => {
  seen = []
  simulator = createSimulator({ deliver: (request) => handler(request) })
  const { credentials, clientOptions } = simulator
  pay = new WeChatPay({ ...credentials.payV3, ...clientOptions, notifyUrl: 'https://shop.example.com/pay' })
  const v2 = new WeChatPayV2({ ...credentials.payV2, ...clientOptions })
  const handler = pay.notifyHandler({
    v2,
    onPaid: ({ out_trade_no }) => seen.push(`paid ${out_trade_no}`),
    onOverseasPaid: ({ id, out_trade_no }) => seen.push(`overseas ${out_trade_no} ${id.length}`),
    onRefund: ({ out_refund_no, refund_status, amount }) =>
      seen.push(`refund ${out_refund_no} ${refund_status} ${amount.refund}`)
  })
  simulator.pay.settings.refundNotifyUrl = 'https://shop.example.com/pay'
})
afterEach(() => simulator.close())

async function paid(out_trade_no: string): Promise<void> {
  const { prepay_id } = await pay.transactions.app({ description: '茶', out_trade_no, amount: { total: 1_000 } })
  await simulator.user('ming').pay(prepay_id)
}

it('a refund that staff made in the merchant platform comes as XML, once', async () => {
  await paid('T10001')
  const number = simulator.pay.refundInPlatform('T10001', 300)
  await simulator.clock.advance(60_000)
  expect(seen).toEqual(['paid T10001', `refund ${number} SUCCESS 300`])
  expect(await pay.refunds.query({ out_refund_no: number })).toMatchObject({
    status: 'SUCCESS',
    amount: { refund: 300 }
  })
  expect(() => simulator.pay.refundInPlatform('T10002')).toThrow('There is no paid order T10002.')
})

it('a payment of an overseas merchant has an id', async () => {
  simulator.pay.settings.overseasMerchants = [simulator.credentials.payV3.mchId]
  await paid('T10003')
  expect(seen).toEqual([expect.stringMatching(/^overseas T10003 \d\d$/)])
})
