import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { gate, settledTurns } from '../../support/gate.ts'

const V3_PART = '../../../src/pay/calls.ts'
const V2_PART = '../../../src/pay/v2/calls.ts'

const ORDER = { description: 'Tea', out_trade_no: 'T202603010001', amount: { total: 1980 } }
const JSAPI = { ...ORDER, payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } }
const NOW = Date.UTC(2026, 2, 1)
const PREPAID = { prepay_id: 'wx201410272009395522657a690389285100' }
const TRANSFER_V3 = {
  out_bill_no: 'W202603010001',
  transfer_scene_id: '9999',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  transfer_amount: 3000,
  transfer_remark: 'Commission',
  transfer_scene_report_infos: [{ info_type: 'a', info_content: 'b' }]
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: 'accepted', option: '', name: '' }),
    (error: { code: string; option: string; name: string }) => error
  )

let part: ReturnType<typeof gate>
let partV2: ReturnType<typeof gate>
let v3: typeof import('../../support/pay-v3.ts')
let v2: typeof import('../../support/pay-v2.ts')

beforeEach(async () => {
  vi.resetModules()
  part = gate()
  partV2 = gate()
  vi.doMock(V3_PART, part.load)
  vi.doMock(V2_PART, partV2.load)
  v3 = await import('../../support/pay-v3.ts')
  v2 = await import('../../support/pay-v2.ts')
})
afterEach(() => {
  vi.useRealTimers()
  vi.doUnmock(V3_PART)
  vi.doUnmock(V2_PART)
})

const clientV3 = () => v3.payWith(() => v3.signedAnswer(PREPAID))
const UNIFIED = {
  trade_type: 'NATIVE' as const,
  product_id: '1',
  body: 'Tea',
  out_trade_no: '20260301000001',
  total_fee: 1980,
  spbill_create_ip: '203.0.113.7'
}
const clientV2 = () =>
  v2.clientWith(v2.signedAnswer({ trade_type: 'NATIVE', prepay_id: 'wx2026', code_url: 'weixin://wxpay/1' }))

describe('a call while the rest of the client is loaded', () => {
  it('waits, and is sent then', async () => {
    const { pay, fetch } = clientV3()
    const { pay: pay2, seen } = clientV2()
    const calls = Promise.all([pay.transactions.jsapi(JSAPI), pay2.orders.unified(UNIFIED)])
    await settledTurns()
    expect([fetch.seen.length, seen.length]).toEqual([0, 0])
    part.open()
    partV2.open()
    expect(await calls).toMatchObject([PREPAID, { prepay_id: 'wx2026' }])
    expect([fetch.seen.length, seen.length]).toEqual([1, 1])
  })

  it('is one load, however many clients and calls wait', async () => {
    const clients = [clientV3(), clientV3(), clientV3()]
    const calls = clients.flatMap(({ pay }) => [pay.transactions.jsapi(JSAPI), pay.transactions.jsapi(JSAPI)])
    part.open()
    await Promise.all(calls)
    await clientV3().pay.transactions.jsapi(JSAPI)
    expect(part.loads()).toBe(1)
    expect(partV2.loads()).toBe(0)
  })

  it('ends at once with the bare reason of an abort; nothing is sent, then or later', async () => {
    const { pay, fetch } = clientV3()
    const { pay: pay2, seen } = clientV2()
    const abort = new AbortController()
    const abortV2 = new AbortController()
    const abortMoney = new AbortController()
    const calls = Promise.all([
      errorOf(pay.transactions.jsapi(JSAPI, { signal: abort.signal })),
      errorOf(pay2.orders.unified(UNIFIED, { signal: abortV2.signal })),
      errorOf(pay.transfers.create(TRANSFER_V3, { signal: abortMoney.signal }))
    ])
    const reasons = [new Error('gone'), 'closed', { any: 'thing' }]
    abort.abort(reasons[0])
    abortV2.abort(reasons[1])
    abortMoney.abort(reasons[2])
    const ended = await calls
    for (const [index, reason] of reasons.entries()) expect(ended[index]).toBe(reason)
    part.open()
    partV2.open()
    await settledTurns()
    expect([fetch.seen.length, seen.length]).toEqual([0, 0])
  })

  it('is refused for wrong parameters and options as ever', async () => {
    const { pay, fetch } = clientV3()
    const { pay: pay2 } = clientV2()
    const aborted = AbortSignal.abort()
    const calls = [
      pay.transactions.jsapi({ ...JSAPI, out_trade_no: '' }, { signal: aborted }),
      pay.transactions.jsapi(JSAPI, { timeoutMs: -1 }),
      pay.transactions.jsapi(JSAPI, { signal: {} as AbortSignal }),
      pay.transfers.create({ ...TRANSFER_V3, transfer_amount: 200_000 }),
      pay.transactions.query({} as never),
      pay2.orders.unified({ ...UNIFIED, total_fee: 0.5 })
    ].map(errorOf)
    part.open()
    partV2.open()
    expect((await Promise.all(calls)).map(({ code, option }) => `${code} ${option}`)).toEqual([
      'ERR_INVALID_PARAM out_trade_no',
      'ERR_INVALID_PARAM timeoutMs',
      'ERR_INVALID_PARAM signal',
      'ERR_INVALID_PARAM user_name',
      'ERR_INVALID_PARAM transaction_id',
      'ERR_INVALID_PARAM total_fee'
    ])
    expect(fetch.seen).toHaveLength(0)
  })

  it('is refused or sent in the very way of later calls, whatever is given', async () => {
    const { pay, fetch } = clientV3()
    const { pay: pay2, seen } = clientV2()
    class Asked {
      #path = '/v3/x'
      get path() {
        return this.#path
      }
      get method() {
        return 'GET'
      }
      get params() {
        return { out_trade_no: '20260301000001' }
      }
    }
    class Decimal {
      digits = [1, 980]
      toJSON = () => '1980'
    }
    const throwing = Object.defineProperty({}, 'amount', {
      enumerable: true,
      get: () => {
        throw new RangeError('own getter')
      }
    })
    const given: unknown[] = [
      ...[
        null,
        undefined,
        5,
        'text',
        true,
        5n,
        Symbol('s'),
        () => 1,
        [],
        [null],
        new Array(2),
        {},
        Object.create(null)
      ],
      ...[
        new Asked(),
        new Decimal(),
        throwing,
        new Map(),
        new Date(Number.NaN),
        new Proxy(new Date(0), {}),
        Buffer.of(1)
      ],
      ...[{ amount: new Decimal() }, { ...JSAPI, amount: { total: 1n } }, { ...JSAPI, detail: { list: new Array(2) } }],
      ...[Object.freeze({ ...JSAPI, time_expire: new Date(NOW) }), { ...UNIFIED, detail: { when: new Date(NOW) } }]
    ]
    const calls = () => [
      ...given.flatMap((params) => [
        pay.transactions.jsapi(params as never),
        pay.refunds.create(params as never),
        pay.bills.trade(params as never),
        pay.media.uploadImage(params as never),
        pay.request(params as never),
        pay.parseNotification(params as never),
        pay2.orders.unified(params as never),
        pay2.refunds.query(params as never),
        pay2.request(params as never)
      ]),
      ...given.flatMap((options) => [
        pay.transactions.jsapi(JSAPI, options as never),
        pay.transactions.jsapi(JSAPI, { signal: options, headers: options } as never),
        pay2.orders.unified(UNIFIED, options as never),
        pay2.orders.unified(UNIFIED, { timeoutMs: options } as never)
      ])
    ]
    const outcomes = async (started: Promise<unknown>[]) => ({
      errors: (await Promise.all(started.map(errorOf))).map(
        (error) => `${error.name} ${error.code} ${error.option} ${error}`
      ),
      sent: [...fetch.seen.splice(0), ...seen.splice(0)].map(({ url, body }) => `${url} ${body}`).sort()
    })
    const first = calls()
    part.open()
    partV2.open()
    const early = await outcomes(first)
    expect(early.sent.length).toBeGreaterThan(10)
    expect(await outcomes(calls())).toEqual(early)
  })

  it('is sent as it was made, whatever becomes of its parameters', async () => {
    const { pay, fetch } = clientV3()
    const { pay: pay2, seen } = clientV2()
    const params = structuredClone(JSAPI)
    const paramsV2 = { ...UNIFIED }
    const options = { headers: { 'x-number': '1' } }
    const calls: Promise<unknown>[] = []
    for (const number of ['T202603010001', 'T202603010002']) {
      params.out_trade_no = number
      params.amount.total++
      paramsV2.out_trade_no = number
      options.headers['x-number'] = number
      calls.push(pay.transactions.jsapi(params, options), pay2.orders.unified(paramsV2))
    }
    params.payer.openid = 'another'
    part.open()
    partV2.open()
    await Promise.all(calls)
    const sent = fetch.seen.map(({ body, headers }) => {
      const { out_trade_no: number, amount, payer } = JSON.parse(body ?? '')
      return [number, amount.total, payer.openid, headers.get('x-number')]
    })
    // Requests of v3 are signed in parallel, so they come in any order.
    expect(sent.sort()).toEqual([
      ['T202603010001', 1981, JSAPI.payer.openid, 'T202603010001'],
      ['T202603010002', 1982, JSAPI.payer.openid, 'T202603010002']
    ])
    const numbers = seen.map(({ body }) => v2.fromXml(body ?? '').out_trade_no)
    expect(numbers).toEqual(['T202603010001', 'T202603010002'])
  })

  it('has all of its time for the request', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { pay } = clientV3()
    const call = pay.transactions.jsapi(JSAPI, { timeoutMs: 1_000 })
    await vi.advanceTimersByTimeAsync(60_000)
    part.open()
    expect(await call).toEqual(PREPAID)
  })

  it('verifies a notification before anything is believed', async () => {
    const { pay } = clientV3()
    const { body, headers } = v3.notification('X.Y', { mchid: v3.MCH_ID, state: 'DONE' })
    const bytes = Buffer.from(body)
    const good = pay.parseNotification({ headers, body: bytes })
    const forged = errorOf(pay.parseNotification({ headers, body: body.replace('X.Y', 'X.Z') }))
    // A request of a framework, which has both on its prototype or in accessors.
    class Incoming {
      #headers = headers
      get headers() {
        return this.#headers
      }
      body = body
    }
    const incoming = pay.parseNotification(new Incoming())
    bytes.fill(0)
    part.open()
    expect(await good).toMatchObject({ resource: { state: 'DONE' } })
    expect(await incoming).toMatchObject({ resource: { state: 'DONE' } })
    expect(await forged).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' })
  })
})

describe('a part that cannot be loaded', () => {
  it('is a ConfigError, of a call that moves money too, and the next call tries again', async () => {
    part.failOnce()
    partV2.failOnce()
    part.open()
    partV2.open()
    const { pay, fetch } = clientV3()
    const { pay: pay2, seen } = clientV2()
    const failed = await Promise.all([
      errorOf(pay.transactions.jsapi(JSAPI)),
      errorOf(pay.transfers.create(TRANSFER_V3)),
      errorOf(pay2.orders.micropay({ ...UNIFIED, auth_code: '134650000000000000' }))
    ])
    expect(failed.map(({ name, code }) => `${name} ${code}`)).toEqual(
      Array(3).fill('ConfigError ERR_MISSING_DEPENDENCY')
    )
    expect([fetch.seen.length, seen.length]).toEqual([0, 0])
    expect(await pay.transactions.jsapi(JSAPI)).toEqual(PREPAID)
    expect(await pay2.orders.unified(UNIFIED)).toMatchObject({ prepay_id: 'wx2026' })
  })

  it('has a notification delivered again', async () => {
    part.failOnce()
    part.open()
    const { pay } = clientV3()
    const errors: unknown[] = []
    const paid: unknown[] = []
    const handler = pay.notifyHandler({
      on: { '*': async (resource) => void paid.push(resource) },
      onError: (error) => void errors.push(error)
    })
    const { body, headers } = v3.notification('X.Y', { mchid: v3.MCH_ID, state: 'DONE' })
    const deliver = () => handler(new Request('https://shop.example.com/notify', { method: 'POST', headers, body }))
    expect((await deliver()).status).toBe(401)
    expect(errors).toMatchObject([{ code: 'ERR_MISSING_DEPENDENCY' }])
    expect((await deliver()).status).toBe(204)
    expect(paid).toEqual([{ mchid: v3.MCH_ID, state: 'DONE' }])
  })

  it('troubles nobody who makes no call', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', listener)
    try {
      part.failOnce()
      partV2.failOnce()
      part.open()
      partV2.open()
      const { pay } = clientV3()
      clientV2()
      expect(pay.transactions.miniProgramParams(PREPAID.prepay_id)).toMatchObject({ signType: 'RSA' })
      const { signal } = new AbortController()
      await errorOf(pay.transactions.jsapi(JSAPI, { signal }))
      await settledTurns()
    } finally {
      process.off('unhandledRejection', listener)
    }
    expect(unhandled).toEqual([])
  })

  it('does not hide that a certificate is missing, which is told at once', async () => {
    const { pay } = clientV2()
    const call = pay.orders.micropayAndWait({ ...UNIFIED, auth_code: '134650000000000000' })
    await expect(call).rejects.toMatchObject({ code: 'ERR_CONFIG', option: 'clientCert' })
    partV2.open()
  })
})
