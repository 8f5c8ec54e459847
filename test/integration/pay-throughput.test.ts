import { expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { v2Caller, v3Caller } from '../support/pay-callers.ts'

const ORDERS = 2_000

it('makes, pays and notifies 2,000 orders, and stays within its limits', { timeout: 180_000 }, async () => {
  let notified = 0
  const simulator = createSimulator({
    limits: { orders: 500, logEntries: 500 },
    deliver: async (request) => {
      notified++
      const isXml = (await request.text()).startsWith('<')
      return new Response(isXml ? '<xml><return_code>SUCCESS</return_code></xml>' : '{}')
    }
  })
  const { appId: appid, mchId: mchid } = simulator.credentials.payV3
  const user = simulator.user()
  const openid = user.openid(appid)
  const v2 = v2Caller(simulator)
  const v3 = v3Caller(simulator)
  const total = 100
  for (let i = 0; i < ORDERS / 2; i++) {
    const order = { out_trade_no: `V2-${i}-00000`, notify_url: 'https://shop.example.com/notify' }
    const fields = {
      ...order,
      appid,
      openid,
      body: 'x',
      total_fee: total,
      spbill_create_ip: '127.0.0.1',
      trade_type: 'JSAPI'
    }
    const { prepay_id: prepayId = '' } = await v2('/pay/unifiedorder', fields, { certificate: undefined })
    await user.pay(prepayId)
    const json = {
      ...order,
      out_trade_no: `V3-${i}-00000`,
      appid,
      mchid,
      description: 'x',
      amount: { total },
      payer: { openid }
    }
    const { body } = await v3('POST', '/v3/pay/transactions/jsapi', json)
    await user.pay(String(body.prepay_id))
  }
  expect(notified).toBe(ORDERS)
  expect(simulator.pay.orders).toHaveLength(500)
  expect(simulator.log.entries).toHaveLength(500)
  expect(simulator.pay.balance(mchid)).toBe(100_000_000 + ORDERS * total)
  await simulator.close()
})
