import { expect, it } from 'vitest'
import { type Notification, WeChatPay } from 'weixin-kit/pay'
import { APP_ID, BASE_OPTIONS, MCH_ID, notification } from '../support/pay-v3.ts'

// Samples of notifications that do not look like the responses of the calls.
// https://github.com/fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat (EventSamples/_/PayScore, EventSamples/_/_Partner/PayScore)

const SUB = '1900000109'
const PERMISSION = {
  appid: APP_ID,
  mch_id: MCH_ID,
  sub_appid: 'wxd678efh567hg6786',
  sub_mch_id: SUB,
  service_id: '500001',
  sub_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  user_service_status: 'USER_CLOSE_SERVICE',
  openorclose_time: '20180225112233',
  authorization_code: '4534323JKHDFE1243252'
}
const ORDER = {
  appid: APP_ID,
  mchid: MCH_ID,
  out_order_no: '1234323JKHDFE1243252',
  service_id: '500001',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  state: 'DONE',
  total_amount: '40000',
  collection: { state: 'USER_PAID', total_amount: 40_000, paying_amount: 0, paid_amount: 40_000 }
}

const parse = (type: string, resource: object): Promise<Notification> =>
  new WeChatPay(BASE_OPTIONS).parseNotification(notification(type, resource))

it('a permission of a provider is recognised by the openid of the sub-merchant, in the other spelling of merchants', async () => {
  const { kind, resource } = await parse('PAYSCORE.USER_CLOSE_SERVICE', PERMISSION)
  expect(kind).toBe('payscorePermission')
  expect(resource).toEqual({ ...PERMISSION, mchid: MCH_ID, sub_mchid: SUB })
  const stranger = parse('PAYSCORE.USER_CLOSE_SERVICE', { ...PERMISSION, mch_id: '1900000001' })
  await expect(stranger).rejects.toMatchObject({ code: 'ERR_DECRYPT_APPID' })
  // Nobody is no user.
  expect((await parse('PAYSCORE.USER_CLOSE_SERVICE', { ...PERMISSION, sub_openid: '' })).kind).toBe('other')
})

it('it is handled once, however often it comes', async () => {
  const seen: unknown[] = []
  const handler = new WeChatPay(BASE_OPTIONS).notifyHandler({
    onPayscorePermission: ({ sub_mchid, sub_openid }) => seen.push([sub_mchid, sub_openid])
  })
  for (let time = 0; time < 3; time++) {
    const { body, headers } = notification('PAYSCORE.USER_CLOSE_SERVICE', PERMISSION)
    const request = new Request('https://shop.example.com/n', { method: 'POST', body, headers })
    expect((await handler(request)).status).toBe(204)
  }
  expect(seen).toEqual([[SUB, PERMISSION.sub_openid]])
})

it.each([
  ['40000', 40_000],
  [40_000, 40_000],
  ['4e4', '4e4'],
  [undefined, undefined]
])('the total %j of an order is %j', async (total_amount, expected) => {
  const { kind, resource } = await parse('PAYSCORE.USER_PAID', { ...ORDER, total_amount })
  expect(kind).toBe('serviceOrder')
  expect((resource as { total_amount?: unknown }).total_amount).toBe(expected)
})
