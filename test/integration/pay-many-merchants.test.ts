import { afterEach, beforeEach, expect, it } from 'vitest'
import { memoryStore } from 'weixin-kit'
import { clientCache, type NotifyHandlerForOptions, notifyHandlerFor, WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const SHOPS = { '1900000201': 'first-shop-key-0123456789abcdefg', '1900000202': 'second-shop-key-0123456789abcdef' }
const API_KEYS: Record<string, string> = {
  '1900000201': '0123456789abcdef0123456789abcde1',
  '1900000202': '0123456789abcdef0123456789abcde2'
}
const MINUTE = 60_000

let simulator: Simulator
let platform: ReturnType<typeof start>
let books: string[]
let refused: string[]
let dies: boolean
/** The table of the platform: what its processes have in common. */
let keys: Record<string, string>
let store: ReturnType<typeof memoryStore>

/** A process: clients, and the address of all merchants. */
function start() {
  const { credentials, clientOptions } = simulator
  const clients = clientCache({
    create: async (mchId) => {
      const apiV3Key = keys[mchId]
      if (apiV3Key === undefined) return undefined
      const { key: privateKey, certSerial } = credentials.merchantFiles(mchId)
      const notifyUrl = `https://platform.example.com/notify/${mchId}`
      const account = { mchId, apiV3Key, privateKey, certSerial, notifyUrl }
      return new WeChatPay({ ...credentials.payV3, ...clientOptions, ...account, store, maxRetries: 0 })
    }
  })
  const book = (line: string) => {
    if (dies) throw new Error('the process was killed')
    books.push(line)
  }
  const options: NotifyHandlerForOptions<WeChatPay> = {
    onPaid: ({ mchid, out_trade_no }, _, { client }) => book(`${client.mchId} paid ${mchid} ${out_trade_no}`),
    onRefund: ({ out_refund_no }, _, { client }) => book(`${client.mchId} refunded ${out_refund_no}`),
    v2: ({ mchId }) => new WeChatPayV2({ appId: credentials.payV2.appId, mchId, apiKey: API_KEYS[mchId] ?? '' }),
    onError: (error) => void refused.push((error as { code?: string }).code ?? String(error))
  }
  return { clients, handler: notifyHandlerFor(({ url }) => clients.get(url.split('/').at(-1) ?? ''), options) }
}

beforeEach(() => {
  books = []
  refused = []
  dies = false
  keys = { ...SHOPS }
  store = memoryStore()
  simulator = createSimulator({
    seed: 'many merchants',
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 10, 4) }),
    accounts: {
      merchants: Object.entries(SHOPS).map(([mchId, apiV3Key]) => ({ mchId, apiV3Key, apiKey: API_KEYS[mchId] ?? '' }))
    },
    deliver: (request) => platform.handler(request)
  })
  platform = start()
})
afterEach(() => simulator.close())

const client = async (mchId: string): Promise<WeChatPay> => {
  const found = await platform.clients.get(mchId)
  if (!found) throw new Error(`no client of ${mchId}`)
  return found
}

async function pays(mchId: string, out_trade_no: string): Promise<void> {
  const order = { description: '茶', out_trade_no, amount: { total: 1_000 } }
  const { prepay_id } = await (await client(mchId)).transactions.app(order)
  await simulator.user('ming').pay(prepay_id)
}

it('two merchants with the same order numbers: each is booked once, whatever dies, is forged, comes twice or in another order', async () => {
  const [first = '', second = ''] = Object.keys(SHOPS)
  simulator.pay.forgeNotifications(1)
  await pays(first, 'T10001')
  expect([books, refused]).toEqual([[], ['ERR_SIGNATURE_MISMATCH']])
  dies = true
  await pays(second, 'T10001')
  await simulator.clock.advance(MINUTE)
  expect(books).toEqual([])

  dies = false
  platform = start()
  await simulator.clock.advance(30 * MINUTE)
  expect(books.toSorted()).toEqual([`${first} paid ${first} T10001`, `${second} paid ${second} T10001`])

  const held = simulator.deliveries.recent.length
  for (const mchId of [first, second]) {
    await (await client(mchId)).refunds.create({
      out_trade_no: 'T10001',
      out_refund_no: 'R10001',
      notify_url: `https://platform.example.com/notify/${mchId}`,
      amount: { refund: 100, total: 1_000, currency: 'CNY' }
    })
  }
  await simulator.clock.advance(MINUTE)
  expect(books).toHaveLength(4)
  const all = simulator.deliveries.recent
  expect(all.length).toBe(held + 2)
  for (const delivery of all.toReversed()) await delivery.redeliver()
  expect(books.slice(2).toSorted()).toEqual([`${first} refunded R10001`, `${second} refunded R10001`])
  expect(books).toHaveLength(4)
})

it('a refund in the merchant platform comes as XML under the key of its merchant', async () => {
  const [first = '', second = ''] = Object.keys(SHOPS)
  await pays(first, 'T10002')
  await pays(second, 'T10003')
  await simulator.clock.advance(MINUTE)
  const refund = async (number: string, address: string) => {
    simulator.pay.settings.refundNotifyUrl = `https://platform.example.com/notify/${address}`
    simulator.pay.refundInPlatform(number, 100)
    await simulator.clock.advance(1_000)
  }
  await refund('T10002', first)
  await refund('T10003', second)
  expect(books.slice(2)).toEqual([
    expect.stringMatching(`^${first} refunded \\d{28}$`),
    expect.stringMatching(`^${second} refunded \\d{28}$`)
  ])
  expect(refused).toEqual([])
  await refund('T10003', first)
  expect(books).toHaveLength(4)
  expect(refused).toEqual(['ERR_UNEXPECTED_RESPONSE'])
})

it('what is sealed for one merchant is refused at the address of another', async () => {
  const [first = '', second = ''] = Object.keys(SHOPS)
  const seen: Request[] = []
  const { handler } = platform
  platform.handler = Object.assign(async (request: Request) => {
    seen.push(request.clone())
    return handler(request)
  }, handler)
  await pays(first, 'T10002')
  expect(books).toEqual([`${first} paid ${first} T10002`])
  const [own] = seen as [Request]
  const elsewhere = new Request(own.url.replace(first, second), {
    method: 'POST',
    headers: own.headers,
    body: await own.text()
  })
  expect((await handler(elsewhere)).status).toBe(401)
  expect(refused).toEqual(['ERR_DECRYPT_KEY'])
  expect(books).toHaveLength(1)
})

it('a key that is changed while money comes in loses nothing', async () => {
  const [first = ''] = Object.keys(SHOPS)
  const next = 'the-next-key-0123456789abcdef012'
  dies = true
  await pays(first, 'T10003')
  const pay = await client(first)
  // Known here before the platform of WeChat Pay uses it: what is on its way is still sealed with the key of before.
  pay.replaceKeys({ apiV3Key: next })
  dies = false
  await simulator.clock.advance(30 * MINUTE)
  expect(books).toEqual([`${first} paid ${first} T10003`])
})
