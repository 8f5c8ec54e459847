import { describe, expect, it } from 'vitest'
import { notifyHandlerFor, WeChatPayV2 } from 'weixin-kit/pay/v2'
import { signedPayNotification } from 'weixin-kit/simulator'

const APP_ID = 'wx0123456789abcdef'
const KEYS = { '1900000109': 'the-key-of-one-0123456789abcdef0', '1900000117': 'the-key-of-two-0123456789abcdef0' }
type Merchant = keyof typeof KEYS
const [ONE, TWO] = Object.keys(KEYS) as [Merchant, Merchant]

describe('one address of v2 for many merchants', () => {
  const clients = Object.fromEntries(
    Object.entries(KEYS).map(([mchId, apiKey]) => [mchId, new WeChatPayV2({ appId: APP_ID, mchId, apiKey })])
  )
  const paid: string[] = []
  const errors: unknown[] = []
  const handler = notifyHandlerFor(
    async ({ url }) => {
      if (url.endsWith('broken')) throw new Error('the database is gone')
      return clients[url.split('/').at(-1) ?? '']
    },
    { onPaid: ({ mch_id }) => void paid.push(mch_id), onError: (error) => errors.push(error) }
  )
  let count = 0
  const send = (to: string, mchId: Merchant, more: { apiKey?: string; tamper?: 'sign' } = {}) =>
    handler(
      signedPayNotification({
        appId: APP_ID,
        mchId,
        apiKey: KEYS[mchId],
        signType: 'HMAC-SHA256',
        fields: { out_trade_no: `T${++count}00001`, total_fee: 100 },
        url: `https://shop.example.com/notify/${to}`,
        ...more
      })
    )

  it('each is verified with its own key', async () => {
    for (const mchId of [ONE, TWO]) expect((await send(mchId, mchId)).status).toBe(200)
    expect(paid).toEqual([ONE, TWO])
    // A genuine notification of the other merchant, and one under the other merchant's key.
    expect((await send(TWO, ONE)).status).toBe(400)
    expect((await send(TWO, ONE, { apiKey: KEYS[TWO] })).status).toBe(400)
    expect((await send(ONE, ONE, { apiKey: KEYS[TWO] })).status).toBe(400)
    expect(paid).toHaveLength(2)
  })

  it('an unknown one is refused like a forgery, a failing search is delivered again', async () => {
    const forged = await send(ONE, ONE, { tamper: 'sign' })
    const unknown = await send('1900000999', ONE)
    expect([unknown.status, await unknown.text()]).toEqual([forged.status, await forged.text()])
    expect((await send('broken', ONE)).status).toBe(500)
    expect(errors.at(-1)).toMatchObject({ message: 'the database is gone' })
  })

  it.each<[string, unknown]>([
    ['an id', ONE],
    ['a row of a table', { mchId: ONE, apiKey: KEYS[ONE] }],
    ['a function', () => clients[ONE]]
  ])('%s in place of a client is named', async (_, found) => {
    const seen: unknown[] = []
    const request = { appId: APP_ID, mchId: ONE, apiKey: KEYS[ONE], signType: 'HMAC-SHA256', fields: {} } as const
    const broken = notifyHandlerFor(() => found as never, { onPaid: () => undefined, onError: (e) => seen.push(e) })
    expect((await broken(signedPayNotification(request))).status).toBe(500)
    expect(seen).toEqual([
      expect.objectContaining({ code: 'ERR_CONFIG', option: 'find', message: expect.stringContaining('WeChatPayV2') })
    ])
  })

  it('every callback gets the client that was found', async () => {
    const seen: unknown[][] = []
    const one = notifyHandlerFor(({ url }) => clients[url.split('/').at(-1) ?? ''], {
      onPaid: ({ out_trade_no }, { client }) => void seen.push(['paid', out_trade_no, client.mchId]),
      expectedTotalFee: (_, { client }) => (client.mchId === ONE ? 100 : 1),
      onError: (_, { client }) => seen.push(['error', client?.mchId])
    })
    const send = (mchId: Merchant, to: string = mchId) =>
      one(
        signedPayNotification({
          appId: APP_ID,
          mchId,
          apiKey: KEYS[mchId],
          signType: 'HMAC-SHA256',
          fields: { out_trade_no: 'T800001', total_fee: 100 },
          url: `https://shop.example.com/notify/${to}`
        })
      )
    expect([(await send(ONE)).status, (await send(TWO)).status, (await send(ONE, 'nobody')).status]).toEqual([
      200, 500, 400
    ])
    expect(seen).toEqual([
      ['paid', 'T800001', ONE],
      ['error', TWO],
      ['error', undefined]
    ])
  })

  it('a payment whose attach looks like a refund is a payment', async () => {
    const before = paid.length
    const refunds: unknown[] = []
    const both = notifyHandlerFor(() => clients[ONE], {
      onPaid: ({ attach }) => void paid.push(String(attach)),
      onRefund: (refund) => refunds.push(refund)
    })
    const request = signedPayNotification({
      appId: APP_ID,
      mchId: ONE,
      apiKey: KEYS[ONE],
      signType: 'HMAC-SHA256',
      fields: { out_trade_no: 'T900001', total_fee: 100, attach: '<req_info>x</req_info>' }
    })
    expect((await both(request)).status).toBe(200)
    expect([paid.slice(before), refunds]).toEqual([['<req_info>x</req_info>'], []])
  })

  it('options are checked at once', () => {
    expect(() => notifyHandlerFor('x' as never, { onPaid: () => undefined })).toThrow(/find/)
    expect(() => notifyHandlerFor(() => undefined, {} as never)).toThrow(/onPaid/)
  })
})
