import { describe, expect, it } from 'vitest'
import { type FetchLike, memoryStore } from 'weixin-kit'
import { OfficialAccount } from 'weixin-kit/mp'
import { clientWith, signedAnswer } from '../../support/pay-v2.ts'

/** As hand-made stubs are: no stream, no length. */
const bare = (text: string): Response => ({ status: 200, headers: new Headers(), text: async () => text }) as Response

describe('a response that has nothing but its text', () => {
  it('is read from WeChat', async () => {
    const fetch: FetchLike = async () => bare('{"access_token":"TOKEN","expires_in":7200}')
    const mp = new OfficialAccount({
      appId: 'wx0123456789abcdef',
      appSecret: 'secret-of-test',
      store: memoryStore(),
      fetch
    })
    expect(await mp.accessToken.get()).toBe('TOKEN')
  })

  it('is read from WeChat Pay v2', async () => {
    const text = signedAnswer({ trade_state: 'NOTPAY', out_trade_no: '20260301000001' })
    const { pay } = clientWith('', { fetch: async () => bare(text) })
    expect(await pay.orders.query({ out_trade_no: '20260301000001' })).toMatchObject({ trade_state: 'NOTPAY' })
  })
})
