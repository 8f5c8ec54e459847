import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Harness, startHarness } from './harness.ts'
import { openShopper } from './shopper.ts'

let harness: Harness
let admin: Record<string, string>
beforeAll(async () => {
  harness = await startHarness()
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

const TRANSFERS = '/mmpaymkttransfers/promotion/transfers'
const REFUNDS = '/secapi/pay/refund'
const RED_PACKS = '/mmpaymkttransfers/sendredpack'

// The first request pays, but its responses are lost; the second is refused at the door, which says nothing of the first.
it('does not take a later refusal for the fate of a transfer whose response was lost', async () => {
  const openid = harness.simulator.user().openid(harness.simulator.credentials.officialAccount.appId)
  const balance = () => harness.simulator.pay.balance(harness.simulator.credentials.payV2.mchId)
  const before = balance()
  const body = { request_id: 'lost-transfer', openid, amount: 120, desc: '奖励' }
  harness.simulator.fail(TRANSFERS, 'reset', 3)
  expect((await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })).body.code).toBe(1820)
  expect(before - balance()).toBe(120)
  harness.simulator.fail(TRANSFERS, { errcode: 'NO_AUTH' })
  const again = await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })
  expect(again.body.data).toMatchObject({ wx_mch_pay: { status: 'success' } })
  expect(before - balance()).toBe(120)
}, 60_000)

it('does not take a later refusal for the fate of a red packet whose response was lost', async () => {
  const re_openid = harness.simulator.user().openid(harness.simulator.credentials.officialAccount.appId)
  const texts = { send_name: '官网', wishing: '恭喜', act_name: '活动', remark: '谢谢' }
  const body = { request_id: 'lost-red-packet', re_openid, total_amount: 100, ...texts }
  harness.simulator.fail(RED_PACKS, 'reset', 3)
  expect((await harness.call('POST', '/api/wx/red_packs/', { headers: admin, body })).body.code).toBe(1820)
  harness.simulator.fail(RED_PACKS, { errcode: 'NO_AUTH' })
  const again = await harness.call('POST', '/api/wx/red_packs/', { headers: admin, body })
  expect(again.body.data).toMatchObject({ wx_red_pack: { status: 'sent' } })
}, 60_000)

it('gives a transfer up that was refused and that WeChat Pay does not know', async () => {
  const openid = harness.simulator.user().openid(harness.simulator.credentials.officialAccount.appId)
  const body = { request_id: 'refused-transfer', openid, amount: 120, desc: '奖励' }
  harness.simulator.fail(TRANSFERS, { errcode: 'NO_AUTH' })
  expect((await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })).body.code).toBe(1820)
  const { body: list } = await harness.call('GET', '/api/wx/mch_pays/?per_page=1', { headers: admin })
  expect(list.data.wx_mch_pays).toMatchObject([{ status: 'failed' }])
}, 60_000)

it('does not take a later refusal for the fate of a refund whose response was lost', async () => {
  const { user, place, read } = await openShopper(harness)
  const { wx_pay_order: order, pay_params } = await place(300)
  await user.pay(pay_params)
  const path = `/api/wx/pay/orders/${order.uuid}/refunds/`
  const body = { request_id: 'lost-refund', refund_fee: 300 }
  harness.simulator.fail(REFUNDS, 'reset', 3)
  expect((await harness.call('POST', path, { headers: admin, body })).body.code).toBe(1820)
  harness.simulator.fail(REFUNDS, { errcode: 'NOTENOUGH' })
  const again = await harness.call('POST', path, { headers: admin, body })
  // Not `failed`; where the wait was long, it has arrived meanwhile.
  expect(again.body.data).toMatchObject({
    wx_pay_refund: { status: expect.stringMatching(/^(?:processing|success)$/) }
  })
  expect((await read(order.uuid)).wx_pay_order.refunded_fee).toBe(300)
}, 60_000)

it('keeps the amount of a refund reserved while a refusal cannot be looked into', async () => {
  const { user, place, read } = await openShopper(harness)
  const { wx_pay_order: order, pay_params } = await place(300)
  await user.pay(pay_params)
  const path = `/api/wx/pay/orders/${order.uuid}/refunds/`
  harness.simulator.fail(REFUNDS, { errcode: 'NOTENOUGH' })
  harness.simulator.fail('/pay/refundquery', { errcode: 'SYSTEMERROR', times: 6 })
  const body = { request_id: 'unclear-refund', refund_fee: 300 }
  expect((await harness.call('POST', path, { headers: admin, body })).body.code).toBe(1820)
  expect(await read(order.uuid)).toMatchObject({
    wx_pay_order: { refunded_fee: 300 },
    wx_pay_refunds: [{ status: 'unknown' }]
  })
  const again = await harness.call('POST', path, { headers: admin, body })
  expect(again.body.data).toMatchObject({ wx_pay_refund: { status: 'processing' } })
}, 60_000)

it('keeps a payout open that WeChat Pay does not know yet, after a response that was lost', async () => {
  const openid = harness.simulator.user().openid(harness.simulator.credentials.officialAccount.appId)
  const body = { request_id: 'slow-transfer', openid, amount: 120, desc: '奖励' }
  harness.simulator.fail(TRANSFERS, { kind: 'reset', executed: false, times: 3 })
  expect((await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })).body.code).toBe(1820)
  harness.simulator.fail(TRANSFERS, { errcode: 'NO_AUTH' })
  expect((await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })).body.code).toBe(1820)
  const { body: list } = await harness.call('GET', '/api/wx/mch_pays/?per_page=1', { headers: admin })
  expect(list.data.wx_mch_pays).toMatchObject([{ status: 'unknown' }])
  const again = await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })
  expect(again.body.data).toMatchObject({ wx_mch_pay: { status: 'success' } })
}, 60_000)

it('keeps a refund reserved that was accepted and waits for somebody in the merchant platform', async () => {
  const { user, place, read } = await openShopper(harness)
  const { wx_pay_order: order, pay_params } = await place(300)
  await user.pay(pay_params)
  const path = `/api/wx/pay/orders/${order.uuid}/refunds/`
  const body = { request_id: 'manual-refund', refund_fee: 300 }
  harness.simulator.fail(REFUNDS, 'reset', 3)
  expect((await harness.call('POST', path, { headers: admin, body })).body.code).toBe(1820)
  harness.simulator.deliveries.hold('refund')
  await harness.simulator.pay.settleRefund('Rmanual-refund', 'ABNORMAL')
  expect(await read(order.uuid)).toMatchObject({
    wx_pay_order: { refunded_fee: 300 },
    wx_pay_refunds: [{ status: 'processing' }]
  })
  await harness.simulator.deliveries.release('refund')
}, 60_000)
