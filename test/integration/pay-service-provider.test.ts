import { expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

const MINUTE = 60_000
const sub = { sub_mchid: '1900000999' }

it('a provider sells, refunds, takes its commission and reads the bill of a sub-merchant', async () => {
  const seen: string[] = []
  let isDown = false
  const simulator = createSimulator({
    paySettings: { refuseUnknownFields: true },
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 10, 4) }),
    deliver: (request) => (request.url.endsWith('/v2') ? handler2(request) : handler(request))
  })
  const { credentials, clientOptions } = simulator
  const options = { ...clientOptions, notifyUrl: 'https://shop.example.com/n', maxRetries: 0 }
  const pay = new WeChatPay({ ...credentials.payV3, ...options })
  const pay2 = new WeChatPayV2({ ...credentials.payV2, ...options, notifyUrl: 'https://shop.example.com/v2' })
  const handler = pay.notifyHandler({
    onPartnerPaid: ({ sub_mchid, out_trade_no }) => {
      if (isDown) throw new Error('the process was killed')
      seen.push(`paid ${sub_mchid} ${out_trade_no}`)
    },
    onRefund: ({ sub_mchid, out_refund_no }) => seen.push(`refund ${sub_mchid} ${out_refund_no}`),
    onShare: ({ sub_mchid, out_order_no, receiver }) =>
      seen.push(`share ${sub_mchid} ${out_order_no} ${receiver.amount}`)
  })
  const handler2 = pay2.notifyHandler({ onPaid: (one) => seen.push(`paid ${one.sub_mch_id} ${one.out_trade_no}`) })
  simulator.pay.settings.sharingNotifyUrls = { [pay.mchId]: 'https://shop.example.com/n' }
  const ming = simulator.user('ming')

  isDown = true
  const { prepay_id } = await pay.partnerTransactions.jsapi({
    ...sub,
    description: '茶',
    out_trade_no: 'T10001',
    amount: { total: 1_980 },
    payer: { sp_openid: ming.openid() },
    settle_info: { profit_sharing: true }
  })
  await ming.pay(pay.jsapiParams(prepay_id))
  isDown = false
  await simulator.clock.advance(MINUTE)
  const refund = {
    out_trade_no: 'T10001',
    out_refund_no: 'B1',
    notify_url: 'https://shop.example.com/n',
    amount: { refund: 500, total: 1_980, currency: 'CNY' }
  }
  await expect(pay.refunds.create(refund)).rejects.toMatchObject({ code: 'ERR_WECHAT_PAY' })
  await pay.refunds.create({ ...refund, ...sub })
  const { transaction_id = '' } = await pay.partnerTransactions.query({ ...sub, out_trade_no: 'T10001' })
  expect(await pay.profitSharing.maxRatio(sub)).toMatchObject({ max_ratio: 3_000 })
  const own = { type: 'MERCHANT_ID', account: pay.mchId } as const
  await pay.profitSharing.addReceiver({ ...sub, ...own, name: '服务商', relation_type: 'SERVICE_PROVIDER' })
  const receivers = [{ ...own, amount: 19, description: '服务费' }]
  await pay.profitSharing.create({ ...sub, transaction_id, out_order_no: 'S1', receivers, unfreeze_unsplit: true })
  await simulator.clock.advance(2 * MINUTE)

  const other = { sub_mch_id: sub.sub_mchid, trade_type: 'APP', body: '茶', spbill_create_ip: '203.0.113.7' } as const
  const second = await pay2.orders.unified({ ...other, out_trade_no: 'T10002', total_fee: 100 })
  await ming.pay(second.prepay_id)
  await expect(pay2.orders.query({ out_trade_no: 'T10002' })).rejects.toMatchObject({ upstreamCode: 'ORDERNOTEXIST' })
  expect(seen).toEqual([
    'paid 1900000999 T10001',
    'refund 1900000999 B1',
    'share 1900000999 S1 19',
    'paid 1900000999 T10002'
  ])

  // Delivered again in another order, and forged: nothing is booked twice or believed.
  for (const delivery of [...simulator.deliveries.recent].reverse()) await delivery.redeliver()
  expect(seen).toHaveLength(4)
  simulator.pay.forgeNotifications(1)
  await pay.refunds.create({ ...refund, ...sub, out_refund_no: 'B2', amount: { ...refund.amount, refund: 100 } })
  await simulator.clock.advance(5_000)
  expect(seen).toHaveLength(4)
  await simulator.clock.advance(MINUTE)
  expect(seen.at(-1)).toBe('refund 1900000999 B2')

  await simulator.clock.advance(24 * 60 * MINUTE)
  const bills = await pay.bills.subMerchantFundFlow({ ...sub, bill_date: '2026-03-10', account_type: 'BASIC' })
  expect(bills.length).toBeGreaterThan(0)
  await simulator.close()
})
