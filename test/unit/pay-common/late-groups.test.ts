import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const PARTS = ['../../../src/pay/calls.ts']
const NOTIFY_URL = 'https://shop.example.com/pay/notify'
const REFUND_V3 = {
  out_trade_no: 'T202603010001',
  out_refund_no: 'R202603010001',
  amount: { refund: 500, total: 1980, currency: 'CNY' as const }
}

let open: () => void
let v3: typeof import('../../support/pay-v3.ts')
let v2: typeof import('../../support/pay-v2.ts')
let pay2: typeof import('weixin-kit/pay/v2')
let pay3: typeof import('weixin-kit/pay')

// The parts of both clients are there once the test opens the gate.
beforeEach(async () => {
  vi.resetModules()
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  for (const part of PARTS) {
    vi.doMock(part, async (original) => {
      await opened
      return original()
    })
  }
  v3 = await import('../../support/pay-v3.ts')
  v2 = await import('../../support/pay-v2.ts')
  pay2 = await import('weixin-kit/pay/v2')
  pay3 = await import('weixin-kit/pay')
})
afterEach(() => {
  for (const part of PARTS) vi.doUnmock(part)
})

const clientV3 = () => v3.payWith(() => v3.signedAnswer({ ...REFUND_V3, refund_id: '1', status: 'SUCCESS' }))

describe('a group of calls that is loaded after the client', () => {
  it('sends what was asked before it was there, as it was then', async () => {
    const { pay, fetch } = clientV3()
    const params = structuredClone(REFUND_V3)
    const call = pay.refunds.create(params)
    params.amount.refund = 1
    const complaints = pay.complaints.getNotification()
    expect(fetch.seen).toHaveLength(0)
    open()
    expect(await call).toMatchObject({ status: 'SUCCESS' })
    await complaints
    const sent = fetch.seen.map(({ url, body }) => `${new URL(url).pathname} ${body}`)
    expect(sent.find((request) => request.includes('refunds'))).toContain('"refund":500')
    expect(sent.some((request) => request.startsWith('/v3/merchant-service/complaint-notifications'))).toBe(true)
  })

  it('ends with the reason of an abort, whether the options come first or last', async () => {
    const { pay, fetch } = clientV3()
    const reason = new Error('gone')
    const abort = new AbortController()
    const { signal } = abort
    const calls = [pay.refunds.create(REFUND_V3, { signal }), pay.complaints.getNotification({ signal })].map((call) =>
      call.catch((error: unknown) => error)
    )
    abort.abort(reason)
    expect(await Promise.all(calls)).toEqual(Array(2).fill(reason))
    open()
    await pay.refunds.query({ out_refund_no: REFUND_V3.out_refund_no })
    expect(fetch.seen).toHaveLength(1)
  })

  it('still tells of a missing certificate without sending anything', async () => {
    const { pay, seen } = v2.clientWith(v2.signedAnswer({}))
    const params = { out_trade_no: '20260301000001', out_refund_no: 'R1', total_fee: 2, refund_fee: 1 }
    const call = pay.refunds.create(params)
    open()
    await expect(call).rejects.toMatchObject({ code: 'ERR_CONFIG', option: 'clientCert' })
    expect(seen).toHaveLength(0)
  })
})

describe('what answers at once', () => {
  it('does so before anything else is loaded', async () => {
    const { pay } = v2.clientWith(v2.signedAnswer({}))
    expect(pay.jsapiParams('wx201410272009395522657a690389285100')).toMatchObject({ signType: 'HMAC-SHA256' })
    expect(pay.explainSign({ appid: 'wx' }).causes.length).toBeGreaterThan(2)
    const failed = v2.signedAnswer({ result_code: 'FAIL', err_code: 'NOTENOUGH', err_code_des: '余额不足' })
    expect(() => pay.parseNotification(failed)).toThrow(/NOTENOUGH 余额不足 — .*balance/i)
    expect(pay3.describePayError('NOT_ENOUGH', 403)).toMatchObject({ kind: 'quota' })
    expect(clientV3().pay.keysSeen()).toEqual([])
  })

  it('is wrong options of the constructor too', () => {
    const { APP_ID: appId, MCH_ID: mchId, API_KEY: apiKey } = v2
    const codeAndOption = (make: () => unknown) => {
      try {
        make()
      } catch (error) {
        const { code, option } = error as { code: string; option: string }
        return `${code} ${option}`
      }
      return 'accepted'
    }
    const made = [
      () => new pay2.WeChatPayV2({ appId, mchId, apiKey, notifyUrl: `${NOTIFY_URL}?a=1` }),
      () => new pay2.WeChatPayV2({ appId, mchId, apiKey, clientCert: { pfx: Buffer.from('no file') } }),
      () => new pay3.WeChatPay({ ...v3.BASE_OPTIONS, apiV3Key: 'short' }),
      () =>
        new pay3.WeChatPay({
          ...v3.BASE_OPTIONS,
          platformKeys: { [v3.KEYS.platformSerial]: v3.KEYS.platformCertificate },
          clock: () => Date.UTC(2200, 0)
        })
    ].map(codeAndOption)
    expect(made).toEqual([
      'ERR_CONFIG notifyUrl',
      expect.stringMatching(/^ERR_PKCS12_\w+ clientCert\.pfx$/),
      'ERR_CONFIG apiV3Key',
      'ERR_CONFIG platformKeys'
    ])
  })
})

describe('the keys of the platform', () => {
  it('are counted where the client sees them', async () => {
    const { pay } = clientV3()
    const call = pay.refunds.create(REFUND_V3)
    open()
    await call
    expect(pay.keysSeen()).toMatchObject([{ id: v3.PUBLIC_KEY_ID, kind: 'publicKey', answers: 1, notifications: 0 }])
  })

  it('are refreshed when asked before anything else is loaded', async () => {
    const { pay, fetch } = v3.payWith(() => new Response('{}', { status: 500 }), { downloadCertificates: true })
    const refresh = pay.refreshCertificates().catch((error: { code: string }) => error.code)
    expect(fetch.seen).toHaveLength(0)
    open()
    expect(await refresh).toBe('ERR_WECHAT_PAY')
    expect(fetch.seen.map(({ url }) => new URL(url).pathname)).toEqual(['/v3/certificates'])
  })
})
