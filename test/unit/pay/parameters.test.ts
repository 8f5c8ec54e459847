import { describe, expect, it } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import { clientWith } from '../../support/pay-v2.ts'
import { payWith, signedAnswer } from '../../support/pay-v3.ts'

const messageOf = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: Error) => error.message
  )

const { pay, fetch } = payWith(() => signedAnswer({}))

describe('a number that is missing', () => {
  it.each<[string, () => Promise<unknown>, string[]]>([
    ['transactions.query', () => pay.transactions.query({} as never), ['transaction_id', 'out_trade_no']],
    [
      'partnerTransactions.query',
      () => pay.partnerTransactions.query({ sub_mchid: '1900000109' } as never),
      ['transaction_id', 'out_trade_no']
    ],
    ['transfers.query', () => pay.transfers.query({} as never), ['out_bill_no', 'transfer_bill_no']],
    ['transferBatches.query', () => pay.transferBatches.query({} as never), ['out_batch_no', 'batch_id']]
  ])('%s names all that would do', async (_, call, names) => {
    const message = await messageOf(call())
    for (const name of names) expect(message).toContain(name)
  })

  it('is not made up for by an empty one beside it, and two are too many', async () => {
    const number = { out_trade_no: '20260301000001' }
    const sent = fetch.seen.length
    await messageOf(pay.transactions.query({ transaction_id: undefined, ...number } as never))
    expect(fetch.seen[sent]?.url.pathname).toBe('/v3/pay/transactions/out-trade-no/20260301000001')
    expect(await messageOf(pay.transactions.query({ transaction_id: '4200001', ...number }))).toContain('exactly one')
  })
})

it('a notify_url that is missing leads to the option of the client, in both versions', async () => {
  const order = { description: 'x', out_trade_no: '20260301000001', amount: { total: 1 } }
  const v3 = payWith(() => signedAnswer({}), { notifyUrl: undefined } as never).pay
  const v2 = clientWith('', { notifyUrl: undefined } as never).pay
  const v2Order = {
    body: 'x',
    out_trade_no: '20260301000001',
    total_fee: 1,
    trade_type: 'APP',
    spbill_create_ip: '203.0.113.7'
  } as const
  expect(await messageOf(v3.transactions.native(order))).toMatch(/"notify_url" is required.*notifyUrl/)
  expect(await messageOf(v2.orders.unified(v2Order))).toMatch(/"notify_url" is required.*notifyUrl/)
})

describe('what stands between fields', () => {
  const refund = { out_trade_no: 'T1', out_refund_no: 'R1', amount: { refund: 1, total: 2, currency: 'CNY' } }
  const batch = {
    out_batch_no: 'B1',
    batch_name: 'x',
    batch_remark: 'y',
    total_amount: 200,
    total_num: 1,
    transfer_detail_list: [{ out_detail_no: 'D1', transfer_amount: 200, transfer_remark: 'r', openid: 'o1' }]
  }
  const amount = (change: object) => pay.refunds.create({ ...refund, amount: { ...refund.amount, ...change } } as never)
  const details = (list: unknown[]) => pay.transferBatches.create({ ...batch, transfer_detail_list: list } as never)

  it.each<[string, () => Promise<unknown>]>([
    ['a bigint', () => amount({ from: [{ account: 'AVAILABLE', amount: 1n }] })],
    ['a symbol', () => amount({ refund: Symbol('1') })],
    ['a hole', () => amount({ from: [null] })],
    ['a bigint of a detail', () => details([{ ...batch.transfer_detail_list[0], transfer_amount: 200n }])],
    ['a detail of nothing', () => details([null])]
  ])('refuses %s as it refuses other values', async (_, call) => {
    const sent = fetch.seen.length
    await expect(call()).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
    expect(fetch.seen).toHaveLength(sent)
  })

  it('is looked at as it is sent: what is only inherited is not', async () => {
    const inherited = Object.assign(Object.create({ transaction_id: '4200001' }), refund, { out_trade_no: undefined })
    await expect(pay.refunds.create(inherited)).rejects.toMatchObject({ option: 'out_trade_no' })
  })
})

describe('the query of a request', () => {
  it('is sent as it was when the call was made', async () => {
    await messageOf(pay.transactions.query({} as never))
    const sent = fetch.seen.length
    const query = { offset: 0 }
    const calls = [0, 1, 2].map((offset) => {
      query.offset = offset
      return pay.request({ method: 'GET', path: '/v3/x', query })
    })
    await Promise.all(calls)
    // Signed in parallel, so in any order.
    expect(
      fetch.seen
        .slice(sent)
        .map(({ url }) => url.search)
        .sort()
    ).toEqual(['?offset=0', '?offset=1', '?offset=2'])
  })

  it.each([[{}], [[1]], [Symbol('x')], [() => 1]])('refuses %o, which no query can say', async (value) => {
    const asked = pay.request({ method: 'GET', path: '/v3/x', query: { value } as never })
    await expect(asked).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'query.value' })
  })
})

/** Every method of a client, as `resource.method`. */
function methodsOf(client: object): [string, (...args: unknown[]) => unknown][] {
  const methods: [string, (...args: unknown[]) => unknown][] = []
  const collect = (prefix: string, owner: object) => {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(owner))) {
      const value = (owner as Record<string, unknown>)[name]
      if (name !== 'constructor' && typeof value === 'function')
        methods.push([prefix + name, (...args) => value.apply(owner, args)])
    }
  }
  collect('', client)
  for (const [name, value] of Object.entries(client))
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) !== Object.prototype)
      collect(`${name}.`, value)
  return methods
}

const JUNK: unknown[] = [
  undefined,
  null,
  0,
  '',
  'x',
  [],
  {},
  [null],
  Object.create(null),
  new Proxy({}, { get: () => null }),
  { amount: null, payer: null, out_trade_no: null, receivers: [null] },
  {
    transfer_detail_list: [null],
    total_num: 1,
    receivers: [null],
    sub_orders: [null],
    amount: { total: Number.NaN },
    content: null,
    transfer_scene_report_infos: [null],
    scene_info: null
  },
  { transfer_scene_report_infos: null, transfer_scene_id: '1005', transfer_amount: 1 },
  { transfer_scene_report_infos: [null], transfer_scene_id: '1005', transfer_amount: 1 },
  { amount: null, out_refund_no: 'R1', out_trade_no: '20260301000001' },
  { type: null, download_url: null, hash_type: null, hash_value: null }
]

/** These take no parameters: their first argument is the options of the call. */
const WITHOUT_PARAMETERS = ['refreshCertificates', 'complaints.getNotification', 'complaints.deleteNotification']

describe.each<[string, object]>([
  ['v3', payWith(() => new Response('', { status: 500 })).pay],
  ['v2', clientWith(() => new Response('', { status: 500 }), { maxRetries: 0 }).pay]
])('whatever is given to %s', (_, client) => {
  const methods = methodsOf(client).filter(([name]) => !WITHOUT_PARAMETERS.includes(name))
  it.each(methods)('%s throws nothing but errors of the library', async (_name, call) => {
    for (const junk of JUNK) {
      for (const second of [undefined, null]) {
        try {
          await call(...(second === null ? [junk, {}] : [junk]))
        } catch (error) {
          if (!isWeixinKitError(error)) throw error
        }
      }
    }
  })
})
