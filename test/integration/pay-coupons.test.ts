import { afterEach, beforeEach, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'

let simulator: Simulator
let pay: WeChatPay

beforeEach(() => {
  simulator = createSimulator({ paySettings: { refuseUnknownFields: true } })
  pay = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions, maxRetries: 0 })
})
afterEach(() => simulator.close())

const MERCHANTS = ['1900000001', '1900000002', '1900000003']

async function stock(rule: object, stock_type = 'NORMAL', out_request_no = 'STOCK1'): Promise<string> {
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
    coupon_use_rule: { fixed_normal_coupon: { coupon_amount: 20, transaction_minimum: 50 }, ...rule },
    no_cash: true,
    stock_type,
    out_request_no
  })
  return stock_id
}

it('what a stock is limited to is listed by pages', async () => {
  const stock_id = await stock({ available_merchants: MERCHANTS, available_items: ['tea'] })
  expect(await pay.coupons.listMerchants({ stock_id, offset: 0, limit: 2 })).toEqual({
    stock_id,
    total_count: 3,
    offset: 0,
    limit: 2,
    data: MERCHANTS.slice(0, 2)
  })
  expect((await pay.coupons.listMerchants({ stock_id, offset: 1, limit: 2 })).data).toEqual(MERCHANTS.slice(2))
  expect((await pay.coupons.listItems({ stock_id, offset: 0, limit: 100 })).data).toEqual(['tea'])
})

it('pages beyond the limits are refused before anything is sent', async () => {
  for (const page of [
    { offset: -1, limit: 1 },
    { offset: 1001, limit: 1 },
    { offset: 0, limit: 51 }
  ])
    await expect(pay.coupons.listMerchants({ stock_id: '1', ...page })).rejects.toMatchObject({
      code: 'ERR_INVALID_PARAM'
    })
  for (const page of [
    { offset: 501, limit: 1 },
    { offset: 0, limit: 101 }
  ])
    await expect(pay.coupons.listItems({ stock_id: '1', ...page })).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
})

it('a stock that does not exist, or has no coupons, is refused', async () => {
  const page = { offset: 0, limit: 1 }
  await expect(pay.coupons.listMerchants({ stock_id: '1', ...page })).rejects.toMatchObject({
    upstreamCode: 'RESOURCE_NOT_EXISTS'
  })
  const stock_id = await stock({}, 'DISCOUNT')
  await expect(pay.coupons.listItems({ stock_id, ...page })).rejects.toMatchObject({ upstreamCode: 'PARAM_ERROR' })
})
