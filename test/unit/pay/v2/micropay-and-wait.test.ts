import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type MerchantCertificates, merchantCertificates } from '../../../support/merchant-certificates.ts'
import {
  clientWith,
  codeOf,
  errorOf,
  type Fields,
  MCH_ID,
  networkError,
  OPENID,
  OTHER_KEY,
  signedAnswer
} from '../../../support/pay-v2.ts'
import type { SeenRequest } from '../../../support/stub-fetch.ts'

const PARAMS = {
  body: '示例',
  out_trade_no: '20260301000001',
  total_fee: 1980,
  spbill_create_ip: '203.0.113.7',
  auth_code: '134650000000000000'
}
const PAID: Fields = {
  openid: OPENID,
  trade_type: 'MICROPAY',
  bank_type: 'OTHERS',
  total_fee: '1980',
  cash_fee: '1980',
  transaction_id: '4200001004202603010000000001',
  out_trade_no: '20260301000001',
  time_end: '20260301131540'
}
const refused = (err_code: string) => signedAnswer({ result_code: 'FAIL', err_code })
const state = (trade_state: string) => signedAnswer({ trade_state, out_trade_no: '20260301000001' })

let certificates: MerchantCertificates
beforeAll(async () => {
  certificates = merchantCertificates(MCH_ID)
  // Loaded now, because nothing loads while time stands still.
  await import('undici')
  await codeOf(() => clientWith('').pay.orders.query({} as never))
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => vi.useRealTimers())

type Script = Partial<Record<'/pay/micropay' | '/pay/orderquery' | '/secapi/pay/reverse', (string | Error)[]>>

/** Runs the payment against scripted answers per path; the last of each is given again and again. */
function run(script: Script, more: { signal?: AbortSignal; onWaiting?: () => void } = {}) {
  const counts: Record<string, number> = {}
  const calls: string[] = []
  const states: string[] = []
  let elapsedMs = 0
  const { pay } = clientWith(
    (request: SeenRequest) => {
      const path = request.url.pathname as keyof Script
      calls.push(`${path.split('/').pop()}@${Math.round(elapsedMs / 1000)}`)
      const answers = script[path] ?? []
      const index = counts[path] ?? 0
      counts[path] = index + 1
      const answer = answers[Math.min(index, answers.length - 1)]
      if (answer === undefined) throw new Error(`unexpected call of ${path}`)
      if (answer instanceof Error) throw answer
      return answer
    },
    { clientCert: { cert: certificates.cert, key: certificates.key }, clock: Date.now, maxRetries: 0 }
  )
  const promise = pay.orders.micropayAndWait(PARAMS, { onWaiting: (one) => void states.push(one), ...more })
  const settle = async () => {
    let isDone = false
    promise.then(
      () => {
        isDone = true
      },
      () => {
        isDone = true
      }
    )
    while (!isDone) {
      for (let turn = 0; turn < 10 && !isDone; turn++) await new Promise((resolve) => setImmediate(resolve))
      if (isDone) break
      elapsedMs += 1_000
      await vi.advanceTimersByTimeAsync(1_000)
    }
    return promise
  }
  return { settle, calls, states, promise }
}

describe('orders.micropayAndWait', () => {
  it('answers at once when the payment is done', async () => {
    const { settle, calls } = run({ '/pay/micropay': [signedAnswer(PAID)] })
    expect(await settle()).toMatchObject({ outcome: 'paid', order: { total_fee: 1980 } })
    expect(calls).toEqual(['micropay@0'])
  })

  it('queries while the customer enters the password', async () => {
    const { settle, calls, states } = run({
      '/pay/micropay': [refused('USERPAYING')],
      '/pay/orderquery': [
        state('USERPAYING'),
        refused('ORDERNOTEXIST'),
        signedAnswer({ ...PAID, trade_state: 'SUCCESS' })
      ]
    })
    expect(await settle()).toMatchObject({ outcome: 'paid', order: { transaction_id: PAID.transaction_id } })
    expect(calls).toEqual(['micropay@0', 'orderquery@5', 'orderquery@15', 'orderquery@25'])
    expect(states).toEqual(['userPaying', 'userPaying'])
  })

  it.each([['SYSTEMERROR'], ['BANKERROR']])('queries after %s', async (code) => {
    const { settle, states } = run({ '/pay/micropay': [refused(code)], '/pay/orderquery': [state('PAYERROR')] })
    expect(await settle()).toMatchObject({ outcome: 'failed', order: { trade_state: 'PAYERROR' } })
    expect(states).toEqual(['querying'])
  })

  it('queries after a lost response, and a second time after a lost query', async () => {
    const { settle, calls } = run({
      '/pay/micropay': [networkError('ECONNRESET')],
      '/pay/orderquery': [networkError('ECONNRESET'), signedAnswer({ ...PAID, trade_state: 'SUCCESS' })]
    })
    expect(await settle()).toMatchObject({ outcome: 'paid' })
    expect(calls).toEqual(['micropay@0', 'orderquery@5', 'orderquery@15'])
  })

  it('reverses what stays open, while it is asked to', async () => {
    const { settle, calls, states } = run({
      '/pay/micropay': [refused('USERPAYING')],
      '/pay/orderquery': [state('USERPAYING')],
      '/secapi/pay/reverse': [signedAnswer({ recall: 'Y' }), refused('SYSTEMERROR'), signedAnswer({ recall: 'N' })]
    })
    expect(await settle()).toEqual({ outcome: 'reversed' })
    const queries = calls.filter((call) => call.startsWith('orderquery'))
    expect(queries).toEqual(['orderquery@5', 'orderquery@15', 'orderquery@25', 'orderquery@35', 'orderquery@45'])
    // Not within 15 seconds of the payment.
    expect(calls.filter((call) => call.startsWith('reverse'))).toEqual(['reverse@45', 'reverse@50', 'reverse@55'])
    expect(states.at(-1)).toBe('reversing')
  })

  it('does not know the result when the order can be neither queried nor reversed', async () => {
    const { settle } = run({
      '/pay/micropay': [refused('USERPAYING')],
      '/pay/orderquery': [networkError('ECONNRESET')],
      '/secapi/pay/reverse': [networkError('ECONNRESET')]
    })
    const error = await errorOf(settle)
    expect(error).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query: { method: 'orders.query' } })
    const refusedReverse = run({
      '/pay/micropay': [refused('USERPAYING')],
      '/pay/orderquery': [state('USERPAYING')],
      '/secapi/pay/reverse': [refused('REVERSE_EXPIRE')]
    })
    expect(await codeOf(refusedReverse.settle)).toBe('ERR_UNKNOWN_RESULT')
    const forged = run({
      '/pay/micropay': [refused('USERPAYING')],
      '/pay/orderquery': [signedAnswer({ ...PAID, trade_state: 'SUCCESS' }, 'HMAC-SHA256', OTHER_KEY)]
    })
    const unverified = await errorOf(forged.settle)
    expect([unverified.code, unverified.cause.code]).toEqual(['ERR_UNKNOWN_RESULT', 'ERR_SIGNATURE_MISMATCH'])
  })

  it('reports a certain refusal at once', async () => {
    const { settle, calls } = run({ '/pay/micropay': [refused('AUTHCODEEXPIRE')] })
    expect(await errorOf(settle)).toMatchObject({ code: 'ERR_WECHAT_PAY', kind: 'user' })
    expect(calls).toHaveLength(1)
  })

  it("is of unknown result after the caller's abort", async () => {
    const controller = new AbortController()
    const { settle, promise } = run(
      { '/pay/micropay': [refused('USERPAYING')], '/pay/orderquery': [state('USERPAYING')] },
      { signal: controller.signal }
    )
    promise.catch(() => undefined)
    const reason = new Error('closed')
    setImmediate(() => controller.abort(reason))
    expect(await errorOf(settle)).toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      cause: reason,
      query: { method: 'orders.query', params: { out_trade_no: PARAMS.out_trade_no } }
    })
  })

  it('is of unknown result when onWaiting throws', async () => {
    const thrown = new Error('display unplugged')
    const onWaiting = () => {
      throw thrown
    }
    const { settle } = run({ '/pay/micropay': [refused('USERPAYING')] }, { onWaiting })
    expect(await errorOf(settle)).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', cause: thrown })
  })

  it('needs the certificate before the customer is charged', async () => {
    const { pay, seen } = clientWith(signedAnswer(PAID))
    expect(await codeOf(() => pay.orders.micropayAndWait(PARAMS))).toBe('ERR_CONFIG')
    expect(seen).toHaveLength(0)
  })
})
