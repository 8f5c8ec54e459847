import { describe, expect, it } from 'vitest'
import { OfficialAccount } from 'weixin-kit/mp'
import { API_KEY, clientWith } from '../../support/pay-v2.ts'
import { payWith } from '../../support/pay-v3.ts'
import { json, stubFetch } from '../../support/stub-fetch.ts'

const WRONG: [string, unknown][] = [
  ['timeoutMs', 0],
  ['timeoutMs', -1],
  ['timeoutMs', Number.NaN],
  ['timeoutMs', Number.POSITIVE_INFINITY],
  // Beyond 31 bits a timer fires at once.
  ['timeoutMs', 2 ** 31],
  ['timeoutMs', '10s'],
  ['maxRetries', -1],
  ['maxRetries', Number.NaN],
  ['maxRetries', 1000],
  ['signal', 'stop'],
  ['signal', null],
  ['signal', new AbortController()],
  ['headers', null],
  ['headers', { 'X-Shop': 'a\r\nX-Admin: 1' }],
  ['headers', { 'X-Shop': '茶' }],
  ['headers', { 'X Shop': 'tea' }],
  ['headers', { 'X-Shop': 1 }],
  ['headers', new Headers({ 'X-Shop': 'tea' })],
  ['headers', new Map([['X-Shop', 'tea']])]
]

describe('options of a single call', () => {
  it.each(WRONG)('a wrong %s (%o) is told by its name before anything is sent', async (option, value) => {
    const options = { [option]: value } as never
    const v3 = payWith(() => new Response())
    const v2 = clientWith('')
    const fetch = stubFetch(() => json({ access_token: 'TOKEN', expires_in: 7200 }))
    const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: API_KEY, fetch })
    await mp.accessToken.get()
    const refund = { out_refund_no: 'R1', out_trade_no: '20260301000001' }
    const calls = [
      v3.pay.refunds.create({ ...refund, amount: { refund: 1, total: 1, currency: 'CNY' } }, options),
      v2.pay.orders.micropay(
        {
          body: 'Tea',
          out_trade_no: '20260301000001',
          total_fee: 1,
          spbill_create_ip: '203.0.113.7',
          auth_code: '134650000000000000'
        },
        options
      ),
      mp.users.info('OPENID', options)
    ]
    for (const result of await Promise.allSettled(calls)) {
      const reason = { code: 'ERR_INVALID_PARAM', option: expect.stringContaining(option) }
      expect(result).toMatchObject({ status: 'rejected', reason })
    }
    expect([v3.fetch.seen.length, v2.seen.length, fetch.seen.length]).toEqual([0, 0, 1])
  })

  it('none, null and what is not known are no mistake', async () => {
    const { pay, seen } = clientWith('')
    for (const options of [undefined, null, {}, { signal: undefined, timeoutMs: undefined }, { later: 1 }])
      await pay.orders.query({ out_trade_no: '20260301000001' }, options as never).catch(() => undefined)
    expect(seen).toHaveLength(5)
  })
})
