import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../../shared/test/client.ts'
import { startHarness as startSharedHarness } from '../../shared/test/harness.ts'
import { officialSite } from '../src/official-site.ts'
import { ADMIN_PASSWORD, type Harness, startHarness } from './harness.ts'
import { openShopper } from './shopper.ts'

let harness: Harness
let admin: Record<string, string>
beforeAll(async () => {
  harness = await startHarness()
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

describe('the site', () => {
  it('has a page at /, before and after the login', async () => {
    const before = await harness.call('GET', '/')
    expect(before.headers.get('content-type')).toContain('text/html')
    expect(before.text).toContain('微信登录')
    expect(before.text).toContain(harness.upstream.controlUrl)
    const { cookie } = await harness.login(harness.simulator.user({ nickname: '<b>小明' }))
    expect((await harness.call('GET', '/', { headers: { cookie } })).text).toContain('你好，&#60;b&#62;小明')
  })

  it('sends a login to the host on which it can end, or names both', async () => {
    const path = '/extensions/wx/user/authorize/?state=%2Fshop'
    const local = await call(harness.url.replace('127.0.0.1', 'localhost'), 'GET', path)
    expect([local.status, local.headers.get('location')]).toEqual([302, harness.url + path])
    const headers = { 'x-forwarded-host': 'www.example.com' }
    const other = await harness.call('GET', path, { headers })
    expect(other.headers.get('location')).toContain('/connect/oauth2/authorize')
    expect(harness.logged()).toMatch(/began on www\.example\.com.+returns to 127\.0\.0\.1:\d+/)
  })

  it('counts wrong passwords of an administrator, and right ones not', async () => {
    const login = (password: string) => harness.call('PUT', '/api/admin/login/', { body: { name: 'admin', password } })
    for (let index = 0; index < 12; index++) expect((await login(ADMIN_PASSWORD)).body.code).toBe(0)
  })
})

describe('at the start', () => {
  it('says that there is no administrator, and offers the test login to nobody else', async () => {
    const bare = await startSharedHarness(officialSite, { environment: { PUBLIC_URL: 'http://site.example.com' } })
    try {
      expect(bare.logged()).toContain('no administrator')
      // Simulated: it is there.
      expect((await bare.call('GET', '/extensions/testing/wx/user/logout/')).status).toBe(302)
    } finally {
      await bare.close()
    }
    expect(harness.logged()).not.toContain('no administrator')
  })
})

describe('what nobody tells of', { timeout: 60_000 }, () => {
  const age = (table: string) =>
    harness.app.database.query(
      `update ${table} set created_at = created_at - interval '6 minutes', updated_at = updated_at - interval '6 minutes'`
    )

  it('payouts with an unknown result are found by the sweep', async () => {
    const { simulator } = harness
    const openid = simulator.user().openid(simulator.credentials.officialAccount.appId)
    const words = { send_name: '官网', wishing: '恭喜', act_name: '活动', remark: '谢谢' }
    const bodies = [
      ['/mmpaymkttransfers/promotion/transfers', '/api/wx/mch_pays/', { openid, amount: 100, desc: '奖励' }],
      ['/mmpaymkttransfers/sendredpack', '/api/wx/red_packs/', { re_openid: openid, total_amount: 100, ...words }]
    ] as const
    for (const [upstream, path, body] of bodies) {
      simulator.fail(upstream, 'reset', 3)
      const lost = await harness.call('POST', path, { headers: admin, body: { ...body, request_id: 'swept-payout' } })
      expect(lost.body.code).toBe(1820)
    }
    const statuses = async () =>
      (
        await harness.app.database.query<{ status: string }>(
          'select status from wx_mch_pays union all select status from wx_red_packs'
        )
      ).map(({ status }) => status)
    expect(await statuses()).toEqual(['unknown', 'unknown'])
    await harness.app.sweep('payouts')
    expect(await statuses()).toEqual(['unknown', 'unknown'])
    await age('wx_mch_pays')
    await age('wx_red_packs')
    await harness.app.sweep('payouts')
    await harness.app.sweep('payouts')
    expect(await statuses()).toEqual(['success', 'sent'])
    const rows = await harness.app.database.query(
      "select kind from ledger_entries where kind <> 'payment' order by kind"
    )
    expect(rows).toEqual([{ kind: 'mch_pay' }, { kind: 'red_pack' }])
  })

  it('a payment whose notification is lost is found by the sweep', async () => {
    const shopper = await openShopper(harness)
    const { wx_pay_order: order, pay_params } = await shopper.place(300)
    harness.simulator.deliveries.hold('pay')
    await shopper.user.pay(pay_params)
    await age('wx_pay_orders')
    await harness.app.sweep('orders')
    expect((await shopper.read(order.uuid)).wx_pay_order.status).toBe('paid')
  })
})
