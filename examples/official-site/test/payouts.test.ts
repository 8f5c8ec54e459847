import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, startHarness } from './harness.ts'
import { openShopper, requestId } from './shopper.ts'

let harness: Harness
let admin: Record<string, string>
beforeAll(async () => {
  harness = await startHarness()
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

const shopper = () => openShopper(harness)

describe('payouts', () => {
  it('pays out once per request, also when it is sent twenty times at once', async () => {
    const { openid } = await shopper()
    const body = { request_id: requestId(), openid, amount: 100, desc: '奖励' }
    const results = await Promise.all(
      Array.from({ length: 20 }, () => harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body }))
    )
    expect(
      new Set(results.map((result) => (result.body.data.wx_mch_pay as { payment_no?: string } | undefined)?.payment_no))
        .size
    ).toBe(1)
    expect(results.every((result) => result.body.code === 0)).toBe(true)
    expect(
      (await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body: { ...body, amount: 101 } })).body.code
    ).toBe(1402)
    expect(
      (await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body: { ...body, amount: 29 } })).body.code
    ).toBe(1402)
    expect((await harness.call('POST', '/api/wx/mch_pays/', { body })).body.code).toBe(1101)
    expect((await harness.call('GET', '/api/wx/mch_pays/?per_page=1', { headers: admin })).body.data).toMatchObject({
      per_page: 1
    })
  })

  it('believes the payment when of two requests with one number one was refused', async () => {
    const { openid } = await shopper()
    const body = { request_id: requestId(), openid, amount: 100, desc: '奖励' }
    harness.simulator.fail('/mmpaymkttransfers/promotion/transfers', { errcode: 'NO_AUTH' })
    await Promise.all([1, 2].map(() => harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })))
    const again = await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })
    expect(again.body.data).toMatchObject({ wx_mch_pay: { status: 'success' } })
  })

  it('goes on under the same number after an unknown result, and pays once', async () => {
    const { openid } = await shopper()
    const balance = () => harness.simulator.pay.balance(harness.simulator.credentials.payV2.mchId)
    const before = balance()
    const body = { request_id: requestId(), openid, amount: 120, desc: '奖励' }
    harness.simulator.fail('/mmpaymkttransfers/promotion/transfers', { errcode: 'SYSTEMERROR', times: 3 })
    expect((await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })).body.code).toBe(1820)
    const again = await harness.call('POST', '/api/wx/mch_pays/', { headers: admin, body })
    expect(again.body.data).toMatchObject({ wx_mch_pay: { status: 'success' } })
    expect(before - balance()).toBe(120)
  }, 60_000)

  it('sends a red packet that the user opens', async () => {
    const { user, openid: re_openid } = await shopper()
    const body = {
      request_id: requestId(),
      re_openid,
      total_amount: 100,
      send_name: '官网',
      wishing: '恭喜',
      act_name: '活动',
      remark: '谢谢'
    }
    const { body: sent } = await harness.call('POST', '/api/wx/red_packs/', { headers: admin, body })
    const pack = sent.data.wx_red_pack as { status: string; mch_billno: string }
    expect(pack.status).toBe('sent')
    expect(user.openRedPack(pack.mch_billno)).toEqual({ amount: 100 })
    expect((await harness.call('GET', '/api/wx/red_packs/', { headers: admin })).body.data).toMatchObject({ page: 1 })
    expect(
      (
        await harness.call('POST', '/api/wx/red_packs/', {
          headers: admin,
          body: { ...body, request_id: requestId(), total_amount: 99 }
        })
      ).body.code
    ).toBe(1402)
  })

  it('sends a red packet from a site that has a name and no address', async () => {
    const named = await startHarness({ PUBLIC_URL: 'https://shop1.example.com' })
    const { simulator } = named
    const body = {
      request_id: requestId(),
      re_openid: simulator.user().openid(simulator.credentials.officialAccount.appId),
      total_amount: 100,
      send_name: '官网',
      wishing: '恭喜',
      act_name: '活动',
      remark: '谢谢'
    }
    const { body: sent } = await named.call('POST', '/api/wx/red_packs/', { headers: await named.adminLogin(), body })
    await named.close()
    expect(sent.data.wx_red_pack).toMatchObject({ status: 'sent' })
  })
})
