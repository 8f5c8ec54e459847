import { expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator } from 'weixin-kit/simulator'

it('the offset of coupon lists is the number of a page, not of a row', async () => {
  const simulator = createSimulator()
  const pay = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions, maxRetries: 0 })
  const stocks: string[] = []
  for (let i = 0; i < 3; i++) {
    const { stock_id } = await pay.coupons.createStock({
      stock_name: '满减券',
      available_begin_time: '2026-03-01T00:00:00+08:00',
      available_end_time: '2026-03-31T00:00:00+08:00',
      stock_use_rule: {
        max_coupons: 2,
        max_amount: 40,
        max_coupons_per_user: 1,
        natural_person_limit: false,
        prevent_api_abuse: false
      },
      coupon_use_rule: { fixed_normal_coupon: { coupon_amount: 20, transaction_minimum: 50 } },
      no_cash: true,
      stock_type: 'NORMAL',
      out_request_no: `STOCK${i}`
    })
    stocks.push(stock_id)
  }
  const pages = await Promise.all([0, 1, 2].map((offset) => pay.coupons.listStocks({ offset, limit: 2 })))
  const ids = pages.map(({ data }) => data?.map(({ stock_id }) => stock_id))
  expect(ids).toEqual([stocks.slice(0, 2), stocks.slice(2), []])
  await simulator.close()
})
