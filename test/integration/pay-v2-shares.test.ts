import { beforeEach, describe, expect, it } from 'vitest'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const SUPPLIER = { type: 'MERCHANT_ID', account: '1900000110' } as const
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let simulator: Simulator
let pay: WeChatPayV2
let transaction_id: string
let number = 0

const next = (letter: string) => `${letter}2026031000${String(++number).padStart(4, '0')}`
const share = (amount: number, more: object = {}) => ({ ...SUPPLIER, amount, description: '佣金', ...more })
const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    ({ code, upstreamCode, upstreamMessage }) => (upstreamCode ? `${upstreamCode} ${upstreamMessage}` : code)
  )

async function paidOrder(total_fee: number, profit_sharing: 'Y' | 'N' = 'Y'): Promise<string> {
  const order = { body: '茶', out_trade_no: next('T'), total_fee, spbill_create_ip: '203.0.113.7', profit_sharing }
  const { prepay_id } = await pay.orders.unified({ ...order, trade_type: 'APP' })
  await simulator.user('ming').pay(prepay_id)
  const paid = await pay.orders.query({ out_trade_no: order.out_trade_no })
  return paid.transaction_id ?? ''
}

beforeEach(async () => {
  simulator = createSimulator({
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 10, 4) }),
    deliver: () => new Response('<xml><return_code>SUCCESS</return_code></xml>')
  })
  pay = new WeChatPayV2({
    ...simulator.credentials.payV2,
    ...simulator.clientOptions,
    notifyUrl: 'https://shop.example.com/pay/notify',
    maxRetries: 0
  })
  await pay.profitSharing.addReceiver({ receiver: { ...SUPPLIER, name: '示例商户', relation_type: 'SUPPLIER' } })
  transaction_id = await paidOrder(690)
})

describe('the story of shares', () => {
  it('from the payment to the return, with a lost response at every step', async () => {
    expect(await pay.profitSharing.remainingAmount({ transaction_id })).toMatchObject({ unsplit_amount: 686 })
    const first = { transaction_id, out_order_no: next('S'), receivers: [share(100)] }
    expect(await refusalOf(pay.profitSharing.createMulti(first))).toContain('订单处理中')
    await simulator.clock.advance(MINUTE_MS)

    // Executed, but nobody heard of it: the process that asked died here.
    simulator.fail('/secapi/pay/multiprofitsharing', 'reset')
    const query = { method: 'profitSharing.query', params: { transaction_id, out_order_no: first.out_order_no } }
    await expect(pay.profitSharing.createMulti(first)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query })
    expect(await pay.profitSharing.query({ transaction_id, out_order_no: first.out_order_no })).toMatchObject({
      status: 'PROCESSING',
      receivers: [{ account: SUPPLIER.account, amount: 100, result: 'PENDING' }]
    })
    // The same number again is the same share, and another content under it is refused.
    const { order_id } = await pay.profitSharing.createMulti(first)
    expect((await pay.profitSharing.createMulti(first)).order_id).toBe(order_id)
    const changed = { ...first, receivers: [share(101)] }
    expect(await refusalOf(pay.profitSharing.createMulti(changed))).toBe('INVALID_REQUEST 分账接收方与原请求不一致')
    expect(await pay.profitSharing.remainingAmount({ transaction_id })).toMatchObject({ unsplit_amount: 586 })

    const finish = { transaction_id, out_order_no: next('F'), description: '完结' }
    expect(await refusalOf(pay.profitSharing.finish(finish))).toContain('订单处理中')
    await simulator.clock.advance(1_000)
    const done = await pay.profitSharing.query({ transaction_id, out_order_no: first.out_order_no })
    expect(done).toMatchObject({ status: 'FINISHED', receivers: [{ result: 'SUCCESS' }] })

    // A finish under the number of a share says success and does nothing.
    await pay.profitSharing.finish({ ...finish, out_order_no: first.out_order_no })
    expect(await pay.profitSharing.remainingAmount({ transaction_id })).toMatchObject({ unsplit_amount: 586 })
    simulator.fail('/secapi/pay/profitsharingfinish', 'timeout')
    await expect(pay.profitSharing.finish(finish, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT'
    })
    await pay.profitSharing.finish(finish)
    await simulator.clock.advance(1_000)
    expect(await pay.profitSharing.query({ transaction_id, out_order_no: finish.out_order_no })).toMatchObject({
      status: 'FINISHED',
      amount: 586,
      description: '完结'
    })
    const late = { transaction_id, out_order_no: next('S'), receivers: [share(1)] }
    expect(await refusalOf(pay.profitSharing.createMulti(late))).toBe('RULE_LIMIT 订单已完结分账,不支持分账')

    const back = { out_order_no: first.out_order_no, out_return_no: next('B'), return_account: SUPPLIER.account }
    const giveBack = { ...back, return_amount: 60, description: '退货' }
    simulator.fail('/secapi/pay/profitsharingreturn', 'truncated')
    await expect(pay.profitSharing.createReturn(giveBack)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query: { method: 'profitSharing.queryReturn' }
    })
    expect(await pay.profitSharing.createReturn(giveBack)).toMatchObject({ result: 'PROCESSING', return_amount: 60 })
    await simulator.clock.advance(1_000)
    const { out_order_no, out_return_no } = back
    expect(await pay.profitSharing.queryReturn({ out_order_no, out_return_no })).toMatchObject({ result: 'SUCCESS' })
    const more = { ...giveBack, out_return_no: next('B'), return_amount: 41 }
    expect(await refusalOf(pay.profitSharing.createReturn(more))).toContain('NOTENOUGH')
    simulator.pay.settings.sharingReturnsRefusedBy = [SUPPLIER.account]
    const refused = { ...more, return_amount: 1 }
    expect(await refusalOf(pay.profitSharing.createReturn(refused))).toBe('NOAUTH 回退方没有开通分账回退功能')
  })

  it('the single share finishes by itself, and its forged response is not believed', async () => {
    await simulator.clock.advance(MINUTE_MS)
    const single = { transaction_id, out_order_no: next('S'), receivers: [share(200)] }
    simulator.fail('/secapi/pay/profitsharing', 'bad-signature')
    await expect(pay.profitSharing.create(single)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_RESULT' })
    await pay.profitSharing.create(single)
    expect(await pay.profitSharing.remainingAmount({ transaction_id })).toMatchObject({ unsplit_amount: 0 })
    simulator.fail('/pay/profitsharingquery', 'bad-signature')
    const { out_order_no } = single
    expect(await refusalOf(pay.profitSharing.query({ transaction_id, out_order_no }))).toBe('ERR_SIGNATURE_MISMATCH')
  })

  it('is over after 30 days', async () => {
    await simulator.clock.advance(31 * DAY_MS)
    const late = { transaction_id, out_order_no: next('S'), receivers: [share(1)] }
    expect(await refusalOf(pay.profitSharing.createMulti(late))).toContain('已完结')
    expect(await pay.profitSharing.remainingAmount({ transaction_id })).toMatchObject({ unsplit_amount: 0 })
  })
})

describe('what the service refuses', () => {
  it.each<[string, () => object[], string]>([
    ['beyond the ratio', () => [share(208)], 'RULE_LIMIT 分账金额超出最大分账比例'],
    ['more than there is', () => [share(687)], 'NOTENOUGH 分账金额不足'],
    ['a stranger', () => [share(1, { account: '1900000111' })], 'INVALID_REQUEST 分账接收方关系不存在']
  ])('%s', async (_what, receivers, expected) => {
    await simulator.clock.advance(MINUTE_MS)
    const call = pay.profitSharing.createMulti({
      transaction_id,
      out_order_no: next('S'),
      receivers: receivers() as never
    })
    expect(await refusalOf(call)).toBe(expected)
  })

  it('an order without the mark, an unknown one, a removed receiver', async () => {
    const plain = await paidOrder(100, 'N')
    await simulator.clock.advance(MINUTE_MS)
    const of = (id: string) => ({ transaction_id: id, out_order_no: next('S'), receivers: [share(1)] })
    expect(await refusalOf(pay.profitSharing.create(of(plain)))).toBe('RULE_LIMIT 非分账订单不支持分账')
    expect(await refusalOf(pay.profitSharing.create(of('4200')))).toContain('INVALID_TRANSACTIONID')
    await pay.profitSharing.deleteReceiver({ receiver: SUPPLIER })
    expect(await refusalOf(pay.profitSharing.create(of(transaction_id)))).toContain('关系不存在')
  })

  it('reports the ratio of a sub-merchant', async () => {
    expect(await pay.profitSharing.maxRatio({ sub_mch_id: '1900000999' })).toMatchObject({ max_ratio: 3000 })
    await expect(pay.profitSharing.maxRatio({})).rejects.toMatchObject({
      code: 'ERR_INVALID_PARAM',
      option: 'sub_mch_id'
    })
  })
})

describe('what is refused before anything is sent', () => {
  it.each<[string, object[]]>([
    ['no receiver', []],
    ['text as amount', [share(1, { amount: '1' })]],
    ['a fraction', [share(0.5)]],
    ['a receiver twice', [share(1), share(2)]],
    ['an unknown type', [share(1, { type: 'PERSONAL_WECHATID' })]],
    ['no description', [share(1, { description: '' })]],
    ['more than fifty', Array.from({ length: 51 }, (_, index) => share(1, { account: String(1_900_000_200 + index) }))]
  ])('%s', async (_what, receivers) => {
    const call = pay.profitSharing.create({ transaction_id, out_order_no: 'S1', receivers: receivers as never })
    await expect(call).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'receivers' })
  })

  it('the sharer itself in a single share', async () => {
    const self = share(1, { account: simulator.credentials.payV2.mchId })
    const call = pay.profitSharing.create({ transaction_id, out_order_no: 'S1', receivers: [self] })
    await expect(call).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'receivers' })
  })
})
