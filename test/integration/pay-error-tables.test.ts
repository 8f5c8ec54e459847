import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

// Every error that the documents of these products name, provoked: by what a caller does wrong, lacks or does too often. Injected
// (`fault`) are only those to which no sequence of calls leads: they depend on a state of the platform, which each place names.
// Each must come out typed, with the code of WeChat Pay and a hint in both languages.

interface Refused {
  readonly code?: string
  readonly upstreamCode?: string
  readonly upstreamMessage?: string
  readonly requestId?: string
  readonly hint?: unknown
  readonly cause?: Refused
}
type Row = readonly [expected: string, provoke: () => unknown]

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** 2026-03-01 12:00:00 in Beijing. */
const START = Date.UTC(2026, 2, 1, 4)
const NOTIFY = 'https://shop.example.com/n'
const SERVICE = '2002000000000558128851361561536'
const SUPPLIER = '1900000110'
const HINT = { en: expect.stringMatching(/\w{4}/), zh: expect.stringMatching(/\p{Script=Han}{2}/u) }

let simulator: Simulator
let pay: WeChatPay
let pay2: WeChatPayV2

beforeEach(() => {
  simulator = createSimulator({
    seed: 'errors',
    clock: new SimulatorClock({ startAt: START }),
    deliver: () => new Response(null, { status: 204 })
  })
  const options = { ...simulator.clientOptions, notifyUrl: NOTIFY, maxRetries: 0 }
  pay = new WeChatPay({ ...simulator.credentials.payV3, ...options })
  pay2 = new WeChatPayV2({ ...simulator.credentials.payV2, ...options })
})
afterEach(() => simulator.close())

const ming = () => simulator.user('ming')
const fault =
  (path: string, errcode: string, call: () => unknown): Row[1] =>
  () => {
    simulator.fail(path, { errcode })
    return call()
  }

/** The merchant has not got the product to which this path belongs. */
const unpermitted =
  (path: string, call: () => Promise<unknown>): Row[1] =>
  () => {
    simulator.pay.settings.withoutPermission = [path]
    return call().finally(() => {
      simulator.pay.settings.withoutPermission = []
    })
  }
/** The call again and again within a second: so often it is taken, and then once more. */
const tooOften =
  (taken: number, call: () => Promise<unknown>): Row[1] =>
  async () => {
    simulator.pay.settings.limitRates = true
    try {
      for (let times = 0; times < taken; times++) await call()
    } catch (error) {
      throw new Error('refused too early', { cause: error })
    }
    await call().finally(() => {
      simulator.pay.settings.limitRates = false
    })
  }
/** The private key was changed on our side only. */
const withStrangeKey =
  (call: () => Promise<unknown>): Row[1] =>
  () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    pay.replaceKeys({ privateKey, certSerial: 'AB'.repeat(20) })
    const { privateKey: own, certSerial } = simulator.credentials.payV3
    return call().finally(() => pay.replaceKeys({ privateKey: own, certSerial: certSerial ?? '' }))
  }
/** A client whose API v2 key is not the one of the merchant. */
const withWrongKey = () =>
  new WeChatPayV2({
    ...simulator.credentials.payV2,
    ...simulator.clientOptions,
    apiKey: '0123456789abcdef0123456789abcdef',
    notifyUrl: NOTIFY,
    maxRetries: 0
  })

/** Each row throws a refusal whose code, number or words are the expected ones. A call whose outcome is open carries it as its cause. */
async function provokeAll(rows: readonly Row[]): Promise<void> {
  for (const [expected, provoke] of rows) {
    const thrown: Refused = await Promise.resolve()
      .then(provoke)
      .then(
        () => expect.fail(`${expected} was not provoked`),
        (error: Refused) => error
      )
    const refusal = thrown.code === 'ERR_UNKNOWN_RESULT' ? thrown.cause : thrown
    const { upstreamCode, upstreamMessage, requestId } = refusal ?? {}
    expect(`${upstreamCode} ${requestId} ${upstreamMessage}`).toContain(expected)
    expect(refusal, expected).toMatchObject({ code: 'ERR_WECHAT_PAY', hint: HINT })
  }
}

it('transfers without confirmation (免确认收款授权)', async () => {
  const openid = ming().openid()
  const authorize = (out_authorization_no: string, more: object = {}) =>
    pay.transferAuthorizations.create({
      out_authorization_no,
      openid,
      transfer_scene_id: '1005',
      user_display_name: 'Rider 7',
      ...more
    })
  const scene = [
    { info_type: '岗位类型', info_content: '外卖员' },
    { info_type: '报酬说明', info_content: '高温补贴' }
  ]
  const bill = (out_bill_no: string, more: object = {}) => ({
    out_bill_no,
    out_authorization_no: 'A1',
    transfer_scene_id: '1005',
    transfer_scene_report_infos: scene,
    transfer_amount: 3_000,
    transfer_remark: 'x',
    ...more
  })
  const transfer = (number: string, more?: object) => pay.transferAuthorizations.transfer(bill(number, more))
  const path = '/v3/fund-app/mch-transfer/transfer-bills/transfer'
  const created = await authorize('A1')
  await provokeAll([
    ['INVALID_REQUEST', () => authorize('A2')],
    ['ALREADY_EXISTS', () => authorize('A1', { user_display_name: 'Rider 8' })],
    ['PARAM_ERROR', () => authorize('A3', { openid: 'o-nobody' })],
    ['NOT_FOUND', () => pay.transferAuthorizations.query({ out_authorization_no: 'A9' })],
    ['INVALID_REQUEST', () => transfer('W1')],
    ['NO_AUTH', unpermitted('/v3/fund-app/mch-transfer/user-confirm-authorization', () => authorize('A4'))],
    ['FREQUENCY_LIMIT_EXCEEDED', tooOften(50, () => authorize('A1'))]
  ])
  await ming().authorizeTransfers(created.package_info ?? '')
  await transfer('W1')
  await provokeAll([
    ['ALREADY_EXISTS', () => transfer('W1', { transfer_amount: 1 })],
    [
      'PARAM_ERROR',
      () => {
        const body = { ...bill('W2', { transfer_amount: 200_000 }), appid: pay.appId }
        return pay.request({ method: 'POST', path, body })
      }
    ],
    ['FREQUENCY_LIMIT_EXCEEDED', tooOften(100, () => transfer('W1'))],
    ['NO_AUTH', unpermitted(path, () => transfer('W3'))],
    // The platform is broken.
    ['SYSTEM_ERROR', fault(path, 'SYSTEM_ERROR', () => transfer('W3'))],
    [
      'NOT_ENOUGH',
      () => {
        simulator.pay.setBalance(pay.mchId, 0)
        return transfer('W4')
      }
    ]
  ])
})

it('payment score (微信支付分), by the number of the request', async () => {
  const at = (out_order_no: string) => ({ out_order_no, service_id: SERVICE })
  const order = (out_order_no: string, more: object = {}) => ({
    ...at(out_order_no),
    service_introduction: '共享雨伞',
    risk_fund: { name: 'DEPOSIT', amount: 3_000 } as const,
    time_range: { start_time: 'OnAccept' },
    ...more
  })
  const bill = (out_order_no: string, total_amount: number, end_time: string | undefined = '20260301120000') => ({
    ...at(out_order_no),
    post_payments: [{ name: '雨伞', amount: total_amount }],
    total_amount,
    ...(end_time ? { time_range: { end_time } } : {})
  })
  const confirmed = async (number: string, more?: object) =>
    ming().openBusinessView(pay.payscore.confirmParams(await pay.payscore.create(order(number, more))))
  const openid = ming().openid()
  const free = (number: string) =>
    pay.payscore.create(
      order(number, { need_user_confirm: false, openid, time_range: { start_time: '20260301120100' } })
    )
  const refused = (reason: number) => () => {
    simulator.pay.settings.serviceRefusals = [reason]
    return free(`R${reason}`)
  }
  const sub = { sub_mchid: pay.mchId }
  const path = '/v3/payscore/serviceorder'
  simulator.pay.settings.serviceCollectionFailures = 1_000
  await pay.payscore.create(order('R1'))
  await provokeAll([
    ['268503786', () => free('R2')],
    ['271317510', () => pay.payscore.query(at('R9'))],
    ['271302332', () => pay.payscore.complete(bill('R1', 100))],
    ['271316598', () => pay.payscore.create(order('R1', { service_introduction: '充电宝' }))],
    ['268503786', () => pay.payscore.query({ ...at('R1'), service_id: '1' })],
    [
      '271302149',
      () => {
        const query = { ...at('R1'), appid: simulator.credentials.miniProgram.appId }
        return pay.request({ method: 'GET', path, query })
      }
    ],
    ['271302144', () => pay.partnerPayscore.create({ ...order('R8'), ...sub })]
  ])
  const token = await pay.payscorePermissions.apply({ service_id: SERVICE, authorization_code: 'A1' })
  await ming().openBusinessView(pay.payscorePermissions.enableParams(token))
  await confirmed('R3')
  await confirmed('R4')
  await provokeAll([
    ['271300099', refused(271300099)],
    [
      '271299627',
      async () => {
        for (const number of ['R11', 'R12', 'R13', 'R14']) await free(number)
      }
    ],
    ['271299627', refused(271299627)],
    ['268560785', refused(268560785)],
    ['271316657', () => pay.payscore.collect(at('R3'))],
    ['271316657', () => pay.payscore.modify({ ...bill('R3', 1, ''), reason: 'x' })],
    ['271316656', () => pay.payscore.complete(bill('R3', 3_001))],
    ['271316637', () => pay.payscore.complete(bill('R3', 1, '20260228'))],
    ['实际结束时间不能晚于', () => pay.payscore.complete(bill('R3', 1, '20260301130000'))],
    ['结束时间必填', () => pay.payscore.complete(bill('R3', 1, ''))],
    [
      '最终总金额计算非法',
      () => {
        const body = { ...bill('R3', 100), total_amount: 99, appid: pay.appId }
        const { out_order_no: _, ...rest } = body
        return pay.request({ method: 'POST', path: `${path}/R3/complete`, body: rest })
      }
    ],
    ['存在未完成订单', () => pay.payscorePermissions.terminateByOpenid({ service_id: SERVICE, openid, reason: 'x' })]
  ])
  await pay.payscore.complete(bill('R3', 200))
  await provokeAll([
    ['271316592', () => pay.payscore.cancel({ ...at('R3'), reason: 'x' })],
    ['271316598', () => pay.payscore.complete(bill('R3', 100))],
    ['271316574', () => pay.payscore.collect(at('R3'))],
    ['271316656', () => pay.payscore.modify({ ...bill('R3', 300, ''), reason: 'x' })],
    [
      '271316754',
      () => {
        ming().beginServicePayment('R3')
        return pay.payscore.sync({ ...at('R3'), detail: { paid_time: '20260301120000' } })
      }
    ]
  ])
  await ming().payServiceOrder('R3')
  await pay.payscore.cancel({ ...at('R4'), reason: 'x' })
  await provokeAll([
    ['271302262', () => pay.payscore.complete(bill('R3', 200))],
    ['271302333', () => pay.payscore.cancel({ ...at('R4'), reason: 'x' })]
  ])
  await provokeAll([
    ['ORDER_NOT_EXIST', () => pay.payscore.query(at('R9'))],
    ['NO_AUTH', unpermitted('/v3/payscore/', () => pay.payscore.query(at('R1')))],
    ['FREQUENCY_LIMITED', tooOften(100, () => pay.payscore.query(at('R1')))],
    [
      '268435472',
      async () => {
        await simulator.clock.advance(SECOND)
        await tooOften(100, () => pay.payscore.query(at('R1')))()
      }
    ],
    ['268435464', () => pay.request({ method: 'POST', path, body: { appid: pay.appId } })],
    ['270924332', withStrangeKey(() => pay.payscore.query(at('R1')))]
  ])
  // The platform is broken; two codes of old documents, whose states have other codes above.
  await provokeAll(
    ['SYSTEM_ERROR', 'INVALID_ORDER_STATE', 'RULE_LIMIT'].map(
      (code): Row => [code, fault(path, code, () => pay.payscore.query(at('R1')))]
    )
  )
})

it('entrusted deduction (委托代扣), v2 and v3', async () => {
  simulator.pay.settings.deductionPlans = {
    '200': { mode: 'delayed' },
    '300': { mode: 'notice', limit: 3_000 }
  }
  const contract = (contract_code: string, plan_id: string) => ({
    plan_id,
    contract_code,
    request_serial: 1,
    contract_display_account: '138****0000',
    notify_url: NOTIFY
  })
  const signed = async (code: string, plan = '100') =>
    (await ming().signContract(pay2.entrustUrl(contract(code, plan)))).contractId
  const deduct = (out_trade_no: string, contract_id: string, total_fee = 1_980) =>
    pay2.papay.deduct({ contract_id, out_trade_no, total_fee, body: '会员', spbill_create_ip: '203.0.113.7' })
  const deduct3 = (out_trade_no: string, contract_id: string, total = 1_980) =>
    pay.papay.deduct({ contract_id, out_trade_no, description: '会员', amount: { total } })
  const one = await signed('C1')
  const noticed = await signed('C3', '300')
  await deduct('T10001', one)
  await simulator.clock.advance(2 * SECOND)
  const app = { trade_type: 'APP', body: '茶', total_fee: 1, spbill_create_ip: '203.0.113.7' } as const
  await pay2.orders.unified({ ...app, out_trade_no: 'T10009' })
  await pay2.orders.close({ out_trade_no: 'T10009' })
  const announce = { contract_id: noticed, estimated_amount: { amount: 2_000 } }
  await provokeAll([
    ['RULELIMIT', () => deduct('T10002', one, 50_001)],
    ['RULELIMIT', () => deduct3('T10003', one, 50_001)],
    ['ORDERPAID', () => deduct('T10001', one)],
    ['ORDERCLOSED', () => deduct('T10009', one, 1)],
    [
      'OUT_TRADE_NO_USED',
      async () => {
        await pay2.orders.unified({ ...app, out_trade_no: 'T10008' })
        await deduct('T10008', one, 1)
      }
    ],
    ['NOAUTH', unpermitted('/pay/pappayapply', () => deduct('T10007', one))],
    ['FREQUENCY_LIMITED', tooOften(150, () => deduct('T10006', one))],
    ['SIGNERROR', () => withWrongKey().papay.query({ contract_id: one })],
    ['CONTRACT_NOT_EXIST', () => deduct('T10004', 'Wx0')],
    ['CONTRACT_NOT_EXIST', () => pay2.papay.query({ contract_id: 'Wx0' })],
    ['CONTRACT_NOT_EXIST', () => pay2.papay.terminate({ contract_id: 'Wx0', contract_termination_remark: 'x' })],
    ['ORDERNOTEXIST', () => pay2.papay.queryDeduction({ out_trade_no: 'T10005' })],
    ['INVALID_REQUEST', () => pay.papay.notify({ contract_id: one, estimated_amount: { amount: 1 } })],
    ['RESOURCE_NOT_EXISTS', () => pay.papay.query({ plan_id: '100', out_contract_code: 'C9' })],
    ['PARAM_ERROR', () => pay2.papay.preSign({ ...contract('C9', '100'), nickname: 'x' } as never)]
  ])
  await simulator.clock.advance(13 * HOUR)
  await provokeAll([['请在7:00至22:00发送通知', () => pay.papay.notify(announce)]])
  await simulator.clock.advance(12 * HOUR)
  await provokeAll([['未发送预扣费通知', () => deduct('T20001', noticed)]])
  await pay.papay.notify(announce)
  await provokeAll([['本扣费周期已发送通知', () => pay.papay.notify(announce)]])
  await simulator.clock.advance(2 * DAY)
  await provokeAll([['大于预扣费通知的金额', () => deduct('T20001', noticed, 2_001)]])
  // The platform is broken, or has blocked the account of the user or the contract.
  await provokeAll(
    ['USER_ACCOUNT_ABNORMAL', 'SYSTEMERROR', 'CONTRACTERROR'].map(
      (code): Row => [code, fault('/pay/pappayapply', code, () => deduct('T20002', one))]
    )
  )
})

/**
 * A deduction may fail long after it was accepted: the notification carries the code, and a hint like a refusal. CONTRACTERROR comes of
 * a contract that has ended in between; the others are what the bank and the account of the user say.
 */
it.each(['NOTENOUGH', 'BANKERROR', 'USERPAYING', 'USER_ACCOUNT_ABNORMAL', 'CONTRACTERROR', 'CONTRACT_NOT_EXIST'])(
  'a deduction that fails for %s',
  async (reason) => {
    const failures: unknown[] = []
    await simulator.close()
    simulator = createSimulator({
      seed: 'failures',
      deliver: (request) => (request.url.endsWith('/contract') ? new Response('<xml/>') : handler(request))
    })
    pay2 = new WeChatPayV2({ ...simulator.credentials.payV2, ...simulator.clientOptions, notifyUrl: NOTIFY })
    const handler = pay2.notifyHandler({ onPaid: () => {}, onFailed: (failure) => failures.push(failure) })
    const { contractId: contract_id } = await ming().signContract(
      pay2.entrustUrl({
        plan_id: '100',
        contract_code: 'C1',
        request_serial: 1,
        contract_display_account: 'x',
        notify_url: `${NOTIFY}/contract`
      })
    )
    const isEnded = reason === 'CONTRACTERROR'
    if (!isEnded) simulator.pay.settings.deductionFailures = [reason]
    const deduction = { contract_id, out_trade_no: 'T10001', total_fee: 5, body: 'x', spbill_create_ip: '203.0.113.7' }
    await pay2.papay.deduct(deduction)
    if (isEnded) await pay2.papay.terminate({ contract_id, contract_termination_remark: 'x' })
    await simulator.clock.advance(2 * SECOND)
    expect(failures).toMatchObject([{ upstreamCode: reason, hint: HINT }])
  }
)

describe('shares (分账) and merchant coupons (商家券)', () => {
  async function paid(out_trade_no: string, isShared = true, age = 0): Promise<string> {
    const order = { description: '茶', out_trade_no, amount: { total: 1_000 } }
    const { prepay_id } = await pay.transactions.app({ ...order, settle_info: { profit_sharing: isShared } })
    await ming().pay(prepay_id)
    await simulator.clock.advance(age)
    return (await pay.transactions.query({ out_trade_no })).transaction_id ?? ''
  }
  const to = { type: 'MERCHANT_ID', account: SUPPLIER } as const
  const receiver = (
    amount: number,
    account: string = SUPPLIER,
    type: 'MERCHANT_ID' | 'PERSONAL_OPENID' = 'MERCHANT_ID'
  ) => ({ ...to, type, account, amount, description: '佣金' })

  it('of API v2', async () => {
    const share = (transaction_id: string, out_order_no: string, receivers: ReturnType<typeof receiver>[]) =>
      pay2.profitSharing.createMulti({ transaction_id, out_order_no, receivers })
    await pay2.profitSharing.addReceiver({ receiver: { ...to, name: '供应商', relation_type: 'SUPPLIER' } })
    const id = await paid('T10001')
    const plain = await paid('T10002', false)
    await provokeAll([['订单处理中,请稍后重试', () => share(id, 'S1', [receiver(1)])]])
    await simulator.clock.advance(MINUTE)
    await share(id, 'S1', [receiver(100)])
    const back = { out_order_no: 'S1', out_return_no: 'B1', return_account: SUPPLIER, description: 'x' }
    await provokeAll([
      ['INVALID_TRANSACTIONID', () => share('4200', 'S2', [receiver(1)])],
      ['非分账订单不支持分账', () => share(plain, 'S3', [receiver(1)])],
      ['分账接收方与原请求不一致', () => share(id, 'S1', [receiver(101)])],
      ['NOTENOUGH', () => share(id, 'S4', [receiver(1_000)])],
      ['分账金额超出最大分账比例', () => share(id, 'S5', [receiver(201)])],
      ['分账接收方关系不存在', () => share(id, 'S6', [receiver(1, '1900000111')])],
      [
        '订单处理中,请稍后重试',
        () => pay2.profitSharing.finish({ transaction_id: id, out_order_no: 'F1', description: 'x' })
      ],
      ['NOTENOUGH', () => pay2.profitSharing.createReturn({ ...back, return_amount: 101 })],
      [
        'PARAM_ERROR',
        () =>
          pay2.request({
            path: '/secapi/pay/multiprofitsharing',
            params: {
              transaction_id: id,
              out_order_no: 'S7',
              receivers: '[{"type":"MERCHANT_ID","account":"1","amount":"1","description":"x"}]'
            }
          })
      ],
      ['ORDERNOTEXIST', () => pay2.profitSharing.query({ transaction_id: id, out_order_no: 'S9' })]
    ])
    await simulator.clock.advance(SECOND)
    await pay2.profitSharing.finish({ transaction_id: id, out_order_no: 'F1', description: 'x' })
    await provokeAll([['订单已完结分账,不支持分账', () => share(id, 'S8', [receiver(1)])]])
    const path = '/secapi/pay/multiprofitsharing'
    const foreign = ming().openid(simulator.credentials.miniProgram.appId)
    await provokeAll([
      ['FREQUENCY_LIMITED', tooOften(30, () => share(id, 'S1', [receiver(100)]))],
      ['INVALID_REQUEST', () => share(id, 'S1', [receiver(101)])],
      ['RULE_LIMIT', () => share(plain, 'S3', [receiver(1)])],
      ['NO_AUTH', unpermitted(path, () => share(id, 'S9', [receiver(1)]))],
      [
        'OPENID_MISMATCH',
        async () => share(await paid('T10003', true, MINUTE), 'S9', [receiver(1, foreign, 'PERSONAL_OPENID')])
      ],
      ['SIGNERROR', () => withWrongKey().profitSharing.query({ transaction_id: id, out_order_no: 'S1' })]
    ])
    // The platform is broken.
    await provokeAll([['SYSTEMERROR', fault(path, 'SYSTEMERROR', () => share(id, 'S9', [receiver(1)]))]])
  })

  it('of API v3', async () => {
    const share = (transaction_id: string, out_order_no: string, receivers: ReturnType<typeof receiver>[]) =>
      pay.profitSharing.create({ transaction_id, out_order_no, receivers, unfreeze_unsplit: false })
    await pay.profitSharing.addReceiver({ ...to, name: '供应商', relation_type: 'SUPPLIER' })
    const id = await paid('T10001')
    const plain = await paid('T10002', false)
    await simulator.clock.advance(MINUTE)
    await share(id, 'S1', [receiver(100)])
    const back = { out_order_no: 'S1', out_return_no: 'B1', return_mchid: SUPPLIER, description: 'x' }
    await provokeAll([
      ['RESOURCE_NOT_EXISTS', () => share('4200', 'S2', [receiver(1)])],
      ['非分账订单不支持分账', () => share(plain, 'S3', [receiver(1)])],
      ['INVALID_REQUEST', () => share(id, 'S1', [receiver(101)])],
      ['NOT_ENOUGH', () => share(id, 'S4', [receiver(1_000)])],
      ['分账金额超出最大分账比例', () => share(id, 'S5', [receiver(201)])],
      ['INVALID_REQUEST', () => share(id, 'S6', [receiver(1, '1900000111')])],
      ['NOT_ENOUGH', () => pay.profitSharing.createReturn({ ...back, amount: 101 })],
      [
        'NO_AUTH',
        () => {
          simulator.pay.settings.sharingReturnsRefusedBy = [SUPPLIER]
          return pay.profitSharing.createReturn({ ...back, out_return_no: 'B2', amount: 1 })
        }
      ]
    ])
    const path = '/v3/profitsharing/orders'
    await provokeAll([
      ['NO_AUTH', unpermitted(path, () => share(id, 'S9', [receiver(1)]))],
      ['PARAM_ERROR', () => pay.request({ method: 'POST', path, body: { transaction_id: id, out_order_no: 'S9' } })],
      ['FREQUENCY_LIMITED', tooOften(300, () => share(id, 'S1', [receiver(100)]))]
    ])
    // The platform is broken, or slows down for reasons of its own.
    await provokeAll(
      ['SYSTEM_ERROR', 'RATELIMIT_EXCEEDED'].map(
        (code): Row => [code, fault(path, code, () => share(id, 'S9', [receiver(1)]))]
      )
    )
  })

  it('of coupons', async () => {
    const openid = ming().openid()
    const stock = (more: object = {}) =>
      pay.merchantCoupons.createStock({
        stock_name: '满十减一',
        goods_name: '茶',
        stock_type: 'NORMAL',
        coupon_use_rule: {
          coupon_available_time: {
            available_begin_time: '2026-03-01T00:00:00+08:00',
            available_end_time: '2026-03-31T00:00:00+08:00'
          },
          fixed_normal_coupon: { discount_amount: 100, transaction_minimum: 1_000 },
          use_method: 'OFF_LINE'
        },
        stock_send_rule: { max_coupons: 2, max_coupons_per_user: 1 },
        out_request_no: 'Q1',
        coupon_code_mode: 'WECHATPAY_MODE',
        ...more
      })
    const { stock_id } = await stock()
    const send = (out_request_no: string, to = openid) =>
      pay.merchantCoupons.send({ openid: to, stock_id, out_request_no })
    const { coupon_code = '' } = await send('S1')
    await send('S2', simulator.user('hong').openid())
    const use = (use_request_no: string, more: object = {}) =>
      pay.merchantCoupons.use({
        coupon_code,
        stock_id,
        openid,
        use_time: '2026-03-01T12:00:00+08:00',
        use_request_no,
        ...more
      })
    await use('U1')
    await provokeAll([
      ['INVALID_REQUEST', () => stock({ goods_name: '咖啡' })],
      ['RESOURCE_NOT_EXISTS', () => pay.merchantCoupons.getStock({ stock_id: '1' })],
      ['RULE_LIMIT', () => send('S3')],
      ['NOT_ENOUGH', () => send('S4', simulator.user('gang').openid())],
      ['PARAM_ERROR', () => send('S5', 'o-nobody')],
      ['RESOURCE_NOT_EXISTS', () => pay.merchantCoupons.get({ openid, coupon_code: 'none' })],
      ['INVALID_REQUEST', () => use('U2')],
      ['NO_AUTH', unpermitted('/v3/marketing/busifavor', () => send('S6'))],
      ['INVALID_REQUEST', () => pay.merchantCoupons.deactivate({ coupon_code, stock_id, deactivate_request_no: 'D1' })]
    ])
  })
})

describe('providers (服务商) and keys', () => {
  const sub = { sub_mchid: '1900000999' }
  const order = { description: '茶', out_trade_no: 'T10001', amount: { total: 100 } }

  it('whose calls name the wrong account', async () => {
    const payer = { sp_openid: ming().openid() }
    await pay.partnerTransactions.jsapi({ ...order, ...sub, payer })
    const body = { ...order, appid: 'wx00000000000000ff', mchid: pay.mchId, notify_url: NOTIFY }
    await provokeAll([
      ['APPID_MCHID_NOT_MATCH', () => pay.request({ method: 'POST', path: '/v3/pay/transactions/app', body })],
      [
        'OPENID_MISMATCH',
        () =>
          pay.partnerTransactions.jsapi({ ...order, ...sub, out_trade_no: 'T10002', payer: { sp_openid: 'o-nobody' } })
      ],
      ['ORDER_NOT_EXIST', () => pay.partnerTransactions.query({ sub_mchid: '1900000998', out_trade_no: 'T10001' })],
      ['ORDER_NOT_EXIST', () => pay.transactions.query({ out_trade_no: 'T10001' })],
      ['OUT_TRADE_NO_USED', () => pay.partnerTransactions.native({ ...order, ...sub })],
      ['OUT_TRADE_NO_USED', () => pay.partnerTransactions.jsapi({ ...order, sub_mchid: '1900000998', payer })]
    ])
  })

  it('that were changed on one side only', async () => {
    const query = () => pay.transactions.query({ out_trade_no: 'T10001' })
    await provokeAll([
      ['SIGN_ERROR', withStrangeKey(query)],
      ['ORDER_NOT_EXIST', query]
    ])
  })
})
