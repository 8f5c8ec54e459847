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
