import { createHash } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { memoryStore, RateLimit, type Store } from 'weixin-kit'
import { verifyRawData } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator } from 'weixin-kit/simulator'

describe('a store that does not say what it did', () => {
  const storeWith = (method: keyof Store, value: unknown): Store => ({ ...memoryStore(), [method]: async () => value })
  const limitOver = (store: Store) => new RateLimit({ store, name: 'login', limit: 2, windowSeconds: 60 })

  test.each([undefined, null, true, Number.NaN, 1.5, -1, 'x', {}])(
    '%s as a counter lets nobody through',
    async (value) => {
      const attempt = limitOver(storeWith('increment', value)).take('203.0.113.9')
      await expect(attempt).rejects.toMatchObject({ code: 'ERR_STORE' })
    }
  )

  test('nor does a count of returned attempts that is none', async () => {
    await expect(limitOver(storeWith('get', 'x')).take('203.0.113.9')).rejects.toMatchObject({ code: 'ERR_STORE' })
  })

  test.each([3, '3', 3n])('%s is a counter, as drivers return it', async (value) => {
    expect(await limitOver(storeWith('increment', value)).take('203.0.113.9')).toMatchObject({ allowed: false })
  })

  test.each([undefined, {}, { rowCount: 0 }, 'yes', 2])('a payment is not lost in silence: %s', async (value) => {
    const errors: unknown[] = []
    const simulator = createSimulator({ seed: 'mute-store', deliver: { pay: (request) => notify(request) } })
    const pay = new WeChatPay({
      ...simulator.credentials.payV3,
      ...simulator.clientOptions,
      notifyUrl: 'https://shop.example.com/notify',
      store: storeWith('setIfAbsent', value)
    })
    const notify = pay.notifyHandler({ onPaid: () => undefined, onError: (error) => errors.push(error) })
    const user = simulator.user('ming')
    const { prepay_id } = await pay.transactions.jsapi({
      description: 'Tea',
      out_trade_no: 'T20260101000003',
      amount: { total: 1 },
      payer: { openid: user.openid() }
    })
    await user.pay(prepay_id)
    expect(errors).toEqual([expect.objectContaining({ code: 'ERR_STORE' })])
  })
})

it('a QR login whose session could not be made is collected again', async () => {
  const simulator = createSimulator({ seed: 'qr' })
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
  const logins: string[] = []
  const flow = mp.qrCode.loginFlow({
    onLogin: ({ openid }) => {
      if (logins.push(openid) === 1) throw new Error('The database is away')
      return { headers: { 'set-cookie': 'session=s' } }
    }
  })
  const begun = await flow.begin(new Request('https://site.example/qr', { method: 'POST' }))
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const scene = `wxkit-login-${cookie.slice(cookie.indexOf('=') + 1).split('.')[0]}`
  await flow.scanned({ FromUserName: 'o1', EventKey: scene })
  const status = () => flow.status(new Request('https://site.example/qr', { headers: { cookie } }))
  await expect(status()).rejects.toThrow('The database is away')
  const collected = await Promise.all([status(), status()])
  expect(
    (await Promise.all(collected.map((one) => one.json()))).map((one) => (one as { status: string }).status).sort()
  ).toEqual(['done', 'expired'])
  expect(logins).toEqual(['o1', 'o1'])
})

it('a signature of rawData covers what is read, and not a text that only has the same bytes', () => {
  const sessionKey = 'HyVFkGl5F5OQWJZZaNzBBg=='
  const rawData = '{"nickName":"\ufffd"}'
  const signature = createHash('sha1')
    .update(rawData + sessionKey)
    .digest('hex')
  expect(verifyRawData({ rawData, signature, sessionKey })).toEqual({ nickName: '\ufffd' })
  expect(() => verifyRawData({ rawData: rawData.replace('\ufffd', '\ud800'), signature, sessionKey })).toThrow(
    expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' })
  )
})
