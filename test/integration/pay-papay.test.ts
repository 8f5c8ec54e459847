import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const SHOP = 'https://shop.example.com'
/** 2026-03-01 12:00:00 in Beijing. */
const START = Date.UTC(2026, 2, 1, 4)

let simulator: Simulator
let pay: WeChatPayV2
let pay3: WeChatPay
let seen: string[]
let errors: string[]
let isDown: boolean

beforeEach(() => {
  seen = []
  errors = []
  isDown = false
  simulator = createSimulator({
    seed: 'papay',
    paySettings: { refuseUnknownFields: true },
    clock: new SimulatorClock({ startAt: START }),
    deliver: (request) => {
      const { pathname } = new URL(request.url)
      return pathname === '/contract' ? contracts(request) : pathname === '/v3' ? v3(request) : payments(request)
    }
  })
  const { credentials, clientOptions } = simulator
  pay = new WeChatPayV2({ ...credentials.payV2, ...clientOptions, notifyUrl: `${SHOP}/v2`, maxRetries: 0 })
  pay3 = new WeChatPay({ ...credentials.payV3, ...clientOptions, notifyUrl: `${SHOP}/v3`, maxRetries: 0 })
  const note = (...parts: unknown[]) => {
    if (isDown) throw new Error('the process was killed')
    seen.push(parts.join(' '))
  }
  const onError = (error: unknown) => errors.push((error as { code: string }).code)
  const contracts = pay.contractNotifyHandler({
    onContract: ({ change_type, contract_code, contract_termination_mode: mode = '' }) =>
      note(change_type, contract_code, mode),
    onError
  })
  const payments = pay.notifyHandler({
    onPaid: ({ out_trade_no }) => note('paid', out_trade_no),
    onDeducted: ({ out_trade_no, total_fee, trade_state }) => note('deducted', out_trade_no, total_fee, trade_state),
    onFailed: ({ upstreamCode, body }) =>
      note('failed', (body as { out_trade_no?: string }).out_trade_no, upstreamCode),
    onError
  })
  const v3 = pay3.notifyHandler({
    onContract: ({ contract_state, out_contract_code }) => note(contract_state, out_contract_code),
    onPaid: ({ out_trade_no, trade_type }) => note('paid', out_trade_no, trade_type),
    onUnpaid: ({ out_trade_no, trade_state }) => note('unpaid', out_trade_no, trade_state),
    onError
  })
})
afterEach(() => simulator.close())

const ming = () => simulator.user('ming')
const contract = (contract_code: string, plan_id = '100') => ({
  plan_id,
  contract_code,
  request_serial: 1,
  contract_display_account: '138****0000',
  notify_url: `${SHOP}/contract`
})
async function signed(code: string, plan = '100'): Promise<string> {
  const { contractId } = await ming().signContract(pay.entrustUrl(contract(code, plan)))
  return contractId
}
const deduction = (out_trade_no: string, contract_id: string, total_fee = 1_980) => ({
  contract_id,
  out_trade_no,
  total_fee,
  body: '会员三月',
  spbill_create_ip: '203.0.113.7'
})
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    ({ code, upstreamCode }) => `${code} ${upstreamCode ?? ''}`.trim()
  )
const stateOf = async (out_trade_no: string) => (await pay.papay.queryDeduction({ out_trade_no })).trade_state

describe('contracts and deductions of API v2', () => {
  it('from the signature to the end, with a lost response at every step', async () => {
    const contract_id = await signed('C1')
    expect(seen).toEqual(['ADD C1 '])
    expect(await pay.papay.query({ contract_id })).toMatchObject({ contract_code: 'C1', contract_state: '0' })

    simulator.fail('/pay/pappayapply', 'reset')
    const first = deduction('T10001', contract_id)
    await expect(pay.papay.deduct(first)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query: { method: 'papay.queryDeduction', params: { out_trade_no: 'T10001' } }
    })
    expect(await stateOf('T10001')).toBe('ACCEPT')
    expect(await pay.papay.deduct(first)).toMatchObject({ out_trade_no: 'T10001' })
    await simulator.clock.advance(2 * SECOND)
    expect(await pay.papay.queryDeduction({ out_trade_no: 'T10001' })).toMatchObject({
      trade_state: 'SUCCESS',
      trade_type: 'PAP',
      total_fee: 1_980,
      contract_id
    })
    expect(await refusal(pay.papay.deduct(first))).toBe('ERR_WECHAT_PAY ORDERPAID')
    expect(await refusal(pay.papay.deduct(deduction('T10001', contract_id, 5)))).toBe('ERR_WECHAT_PAY ORDERPAID')
    const refund = { out_trade_no: 'T10001', out_refund_no: 'B1', total_fee: 1_980, refund_fee: 980 }
    expect(await pay.refunds.create(refund)).toMatchObject({ refund_fee: 980 })

    simulator.fail('/papay/deletecontract', 'reset')
    const end = { contract_id, contract_termination_remark: '不再续费' }
    await expect(pay.papay.terminate(end)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query: { method: 'papay.query', params: { contract_id } }
    })
    expect(await pay.papay.query({ plan_id: '100', contract_code: 'C1' })).toMatchObject({
      contract_state: '1',
      contract_termination_mode: '3',
      contract_termination_remark: '不再续费'
    })
    expect(await refusal(pay.papay.terminate(end))).toBe('ERR_WECHAT_PAY CONTRACT_NOT_EXIST')
    expect(await refusal(pay.papay.deduct(deduction('T10002', contract_id)))).toBe('ERR_WECHAT_PAY CONTRACT_NOT_EXIST')
    expect(await refusal(pay.papay.queryDeduction({ out_trade_no: 'T10002' }))).toBe('ERR_WECHAT_PAY ORDERNOTEXIST')
    await simulator.clock.settle()
    expect(seen).toEqual(['ADD C1 ', 'deducted T10001 1980 SUCCESS', 'DELETE C1 3'])
    expect(errors).toEqual([])
  })

  it('keeps to the limits of the template, a day of notice and its hours', async () => {
    simulator.pay.settings.deductionPlans = { '200': { mode: 'delayed' }, '300': { mode: 'notice', limit: 3_000 } }
    const once = await signed('C1', '100')
    expect(await refusal(pay.papay.deduct(deduction('T10001', once, 50_001)))).toBe('ERR_WECHAT_PAY RULELIMIT')

    const delayed = await signed('C2', '200')
    await simulator.clock.advance(13 * HOUR)
    await pay.papay.deduct(deduction('T20001', delayed))
    await simulator.clock.advance(DAY - SECOND)
    expect(await stateOf('T20001')).toBe('ACCEPT')
    await simulator.clock.advance(2 * SECOND)
    expect(await stateOf('T20001')).toBe('SUCCESS')
    expect(await refusal(pay.papay.deduct(deduction('T20002', delayed)))).toBe('ERR_WECHAT_PAY RULELIMIT')

    // 01:00 in Beijing.
    const contract_id = await signed('C3', '300')
    const announced = { contract_id, estimated_amount: { amount: 2_000 } }
    expect(await refusal(pay3.papay.notify(announced))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
    await simulator.clock.advance(13 * HOUR)
    expect(await refusal(pay.papay.deduct(deduction('T30001', contract_id)))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
    await pay3.papay.notify(announced)
    expect(await refusal(pay3.papay.notify(announced))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
    await simulator.clock.advance(DAY)
    expect(await refusal(pay.papay.deduct(deduction('T30001', contract_id)))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
    await simulator.clock.advance(DAY)
    expect(await refusal(pay.papay.deduct(deduction('T30001', contract_id, 2_001)))).toContain('INVALID_REQUEST')
    await pay.papay.deduct(deduction('T30001', contract_id))
    await pay3.papay.notifyFailure({ contract_id })
    await simulator.clock.advance(MINUTE)
    expect(await stateOf('T30001')).toBe('SUCCESS')
    await pay3.papay.notify(announced)
    await simulator.clock.advance(9 * DAY)
    expect(await refusal(pay.papay.deduct(deduction('T30002', contract_id)))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
  })

  it('reports failures, a contract that ended in between, and redelivers what was not taken', async () => {
    simulator.pay.settings.deductionPlans = { '200': { mode: 'delayed' } }
    simulator.pay.settings.deductionFailures = ['NOTENOUGH']
    const one = await signed('C1')
    await pay.papay.deduct(deduction('T10001', one))
    await simulator.clock.advance(2 * SECOND)
    expect(await stateOf('T10001')).toBe('PAY_FAIL')
    // The same number may be tried again.
    await pay.papay.deduct(deduction('T10001', one))
    await simulator.clock.advance(2 * SECOND)
    expect(await stateOf('T10001')).toBe('SUCCESS')
    const two = await signed('C2', '200')
    await simulator.clock.advance(13 * HOUR)
    await pay.papay.deduct(deduction('T20001', two))
    isDown = true
    await ming().endContract('C2')
    await simulator.clock.advance(DAY + SECOND)
    isDown = false
    await simulator.clock.advance(3 * HOUR)
    expect(seen).toEqual([
      'ADD C1 ',
      'failed T10001 NOTENOUGH',
      'deducted T10001 1980 SUCCESS',
      'ADD C2 ',
      'failed T20001 CONTRACTERROR'
    ])
    expect(await stateOf('T20001')).toBe('PAY_FAIL')
    for (const delivery of simulator.deliveries.recent) await delivery.redeliver()
    // The end of the contract was given up before the application came back; once redelivered it counts once.
    expect(seen.slice(5)).toEqual(['DELETE C2 2'])

    errors.length = 0
    simulator.pay.forgeNotifications(1)
    await signed('C3')
    expect(errors).toEqual(['ERR_SIGNATURE_MISMATCH'])
    await simulator.clock.advance(MINUTE)
    expect(seen.at(-1)).toBe('ADD C3 ')
  })

  it('signs with a payment, in either order of the notifications, or pays without a contract', async () => {
    const order = (out_trade_no: string, contract_code: string) => {
      const { notify_url: contract_notify_url, ...rest } = contract(contract_code)
      const base = { trade_type: 'APP', body: '首月', total_fee: 100, spbill_create_ip: '203.0.113.7' } as const
      return pay.papay.order({ ...base, out_trade_no, ...rest, contract_notify_url })
    }
    const first = await order('T10001', 'C1')
    expect(first).toMatchObject({ contract_result_code: 'SUCCESS', contract_code: 'C1' })
    await ming().pay(first.prepay_id)
    await simulator.clock.settle()
    simulator.pay.settings.contractNoticeFirst = true
    await ming().pay((await order('T10002', 'C2')).prepay_id)
    await simulator.clock.settle()
    const third = await order('T10003', 'C2')
    expect(third.contract_result_code).toBe('FAIL')
    await ming().pay(third.prepay_id)
    await simulator.clock.settle()
    expect([...seen].sort()).toEqual(['ADD C1 ', 'ADD C2 ', 'paid T10001', 'paid T10002', 'paid T10003'])

    const { pre_entrustweb_id } = await pay.papay.preSign(contract('C4'))
    await ming().signContract({ pre_entrustweb_id })
    expect(await pay.papay.query({ plan_id: '100', contract_code: 'C4' })).toMatchObject({ contract_state: '0' })
  })

  it('are signed in a browser outside WeChat, at an address of WeChat only', async () => {
    const h5 = (code: string, more: object = {}) =>
      pay.papay.signH5({ ...contract(code), clientip: '203.0.113.7', ...more })
    const { redirect_url } = await h5('C1')
    await ming().signContract(redirect_url)
    expect(await pay.papay.query({ plan_id: '100', contract_code: 'C1' })).toMatchObject({ contract_state: '0' })
    await ming().signContract((await h5('C2', { sub_mch_id: '1900000999' })).redirect_url)
    await expect(h5('C3', { clientip: 'x' })).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'clientip' })
    // The page knows no such field.
    expect(await refusal(h5('C3', { nickname: 'x' }))).toBe('ERR_WECHAT_PAY PARAM_ERROR')
    expect(() => pay.buildRequest({ path: '/papay/h5entrustweb' })).toThrow('signH5')
    for (const url of ['https://evil.example.com/qq.com', 'http://payapp.weixin.qq.com/', 'javascript:1', 'x']) {
      const body = `<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><redirect_url>${url}</redirect_url></xml>`
      const { credentials } = simulator
      const lied = new WeChatPayV2({ ...credentials.payV2, fetch: async () => new Response(body), maxRetries: 0 })
      const call = lied.papay.signH5({ ...contract('C4'), clientip: '203.0.113.7' })
      expect(await refusal(call)).toBe('ERR_UNEXPECTED_RESPONSE')
    }
  })

  it('of a provider have paths of their own', async () => {
    const sub = { sub_mch_id: '1900000999' }
    const { contractId: contract_id } = await ming().signContract(pay.entrustUrl({ ...contract('C1'), ...sub }))
    expect(await pay.papay.query({ contract_id, ...sub })).toMatchObject({ contract_state: '0' })
    await pay.papay.deduct({ ...deduction('T10001', contract_id), ...sub })
    await simulator.clock.advance(2 * SECOND)
    expect(await pay.papay.queryDeduction({ out_trade_no: 'T10001', ...sub })).toMatchObject({ trade_state: 'SUCCESS' })
    await pay.papay.terminate({ contract_id, ...sub, contract_termination_remark: 'x' })
    expect(simulator.log.find('/partner/').length).toBeGreaterThan(3)
  })

  it('refuses what cannot be right before anything is sent', async () => {
    const wrong: readonly [string, () => Promise<unknown>][] = [
      ['contract_id', () => pay.papay.query({} as never)],
      ['contract_id', () => pay.papay.query({ contract_id: 'Wx1', plan_id: '1' } as never)],
      ['contract_id', () => pay.papay.query({ plan_id: '1' } as never)],
      ['total_fee', () => pay.papay.deduct(deduction('T10001', 'Wx1', 1.5))],
      ['plan_id', () => pay.papay.preSign({ ...contract('C1'), plan_id: 'x' })],
      ['estimated_amount.amount', () => pay3.papay.notify({ contract_id: 'Wx1', estimated_amount: { amount: 0 } })]
    ]
    for (const [option, call] of wrong) {
      await expect(call()).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option })
    }
    expect(simulator.log.entries).toEqual([])
  })
})

describe('contracts and deductions of API v3', () => {
  const draft = { plan_id: 100, out_contract_code: 'C1', contract_display_account: '138****0000' }
  const number = { plan_id: '100', out_contract_code: 'C1' }

  it('are signed in every client, deducted, and ended', async () => {
    const web = await pay3.papay.signJsapi(draft)
    const { contractId: contract_id } = await ming().signContract(web.redirect_url)
    for (const [code, signing] of [
      ['C2', pay3.papay.signApp({ ...draft, out_contract_code: 'C2' })],
      ['C3', pay3.papay.signH5({ ...draft, out_contract_code: 'C3' })],
      ['C4', pay3.papay.signMiniProgram({ ...draft, out_contract_code: 'C4' })]
    ] as const) {
      const target = await signing
      await ming().signContract('redirect_url' in target ? target.redirect_url : target)
      expect(await pay3.papay.query({ ...number, out_contract_code: code })).toMatchObject({ contract_state: 'SIGNED' })
    }
    simulator.pay.settings.deductionFailures = ['NOTENOUGH']
    const order = { contract_id, out_trade_no: 'T10001', description: '会员', amount: { total: 1_980 } }
    simulator.fail('/v3/papay/pay/transactions/apply', 'reset')
    await expect(pay3.papay.deduct(order)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query: { method: 'transactions.query', params: { out_trade_no: 'T10001' } }
    })
    await simulator.clock.advance(2 * SECOND)
    expect(await pay3.transactions.query({ out_trade_no: 'T10001' })).toMatchObject({ trade_state: 'PAY_FAIL' })
    await pay3.papay.deduct(order)
    await simulator.clock.advance(2 * SECOND)
    expect(await pay3.transactions.query({ out_trade_no: 'T10001' })).toMatchObject({ trade_state: 'SUCCESS' })
    expect(await pay3.papay.terminate({ ...number, contract_termination_remark: 'x' })).toMatchObject({
      contract_state: 'TERMINATED',
      contract_terminate_info: { contract_termination_mode: 'MCH_API_TERMINATE' }
    })
    expect(await refusal(pay3.papay.terminate({ ...number, contract_termination_remark: 'x' }))).toContain('INVALID')
    await simulator.clock.settle()
    expect(seen).toEqual([
      'SIGNED C1',
      'SIGNED C2',
      'SIGNED C3',
      'SIGNED C4',
      'unpaid T10001 PAY_FAIL',
      'paid T10001 PAP',
      'TERMINATED C1'
    ])
    expect(errors).toEqual([])
  })

  it('are deducted once on the agreed day, or expire', async () => {
    const deduct_schedule = {
      estimated_deduct_date: '2026-03-05',
      estimated_deduct_amount: { total: 1_980 },
      description: '续费'
    }
    const sign = async (out_contract_code: string) => {
      const { redirect_url } = await pay3.papay.signJsapi({ ...draft, out_contract_code, deduct_schedule })
      return (await ming().signContract(redirect_url)).contractId
    }
    const contract_id = await sign('C1')
    const other = await sign('C2')
    const schedule = { contract_id, schedule_amount: { total: 1_980 } }
    const order = { contract_id, out_trade_no: 'T10001', description: '续费', amount: { total: 1_980 } }
    expect(await refusal(pay3.papay.schedule(schedule))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
    await simulator.clock.advance(3 * DAY)
    expect(await refusal(pay3.papay.schedule({ ...schedule, schedule_amount: { total: 1 } }))).toContain('INVALID')
    simulator.fail(`/contract-id/${contract_id}/schedule`, 'reset')
    await expect(pay3.papay.schedule(schedule)).rejects.toMatchObject({
      query: { method: 'papay.querySchedule', params: { contract_id } }
    })
    expect(await pay3.papay.querySchedule({ contract_id })).toMatchObject({ schedule_state: 'SCHEDULED' })
    expect(await refusal(pay3.papay.deduct(order))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
    await simulator.clock.advance(DAY)
    await pay3.papay.deduct(order)
    await simulator.clock.advance(MINUTE)
    expect(await pay3.papay.querySchedule({ contract_id })).toMatchObject({ schedule_state: 'PAID' })
    await simulator.clock.advance(DAY)
    expect(await pay3.papay.querySchedule({ contract_id: other })).toMatchObject({ schedule_state: 'EXPIRED' })
    expect(seen).toEqual(['SIGNED C1', 'SIGNED C2', 'paid T10001 PAP', 'TERMINATED C1', 'TERMINATED C2'])
  })
})
