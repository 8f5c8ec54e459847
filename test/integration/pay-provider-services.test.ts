import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const SERVICE = '2002000000000558128851361561536'
const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
const sub = { sub_mchid: '1900000999' }
const NOTIFY = 'https://provider.example.com/notify'

let simulator: Simulator
let pay: WeChatPay
let seen: string[]
let errors: string[]
let isDown: boolean

/** The application: killed and started again it has the same address and a new client. */
function boot(): void {
  const { credentials, clientOptions } = simulator
  pay = new WeChatPay({ ...credentials.payV3, ...clientOptions, notifyUrl: NOTIFY, maxRetries: 0 })
}

beforeEach(() => {
  seen = []
  errors = []
  isDown = false
  simulator = createSimulator({
    seed: 'provider',
    paySettings: { refuseUnknownFields: true },
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 1, 4) }),
    deliver: (request) => handler(request)
  })
  boot()
  const note = (...parts: unknown[]) => {
    if (isDown) throw new Error('the process was killed')
    seen.push(parts.join(' '))
  }
  const handler = pay.notifyHandler({
    onServiceOrder: ({ sub_mchid, out_order_no, state }, { event_type: type }) =>
      note(type.replace('PAYSCORE.', ''), sub_mchid, out_order_no, state),
    onPayscorePermission: ({ user_service_status: status, sub_mchid, authorization_code: code }) =>
      note(status, sub_mchid, code),
    onContract: ({ contract_state, out_contract_code, sub_mchid = 'own' }) =>
      note(contract_state, sub_mchid, out_contract_code),
    onPaid: ({ out_trade_no, trade_type }) => note('paid', out_trade_no, trade_type),
    onPartnerPaid: ({ out_trade_no, sub_mchid, trade_type }) => note('paid', sub_mchid, out_trade_no, trade_type),
    onUnpaid: ({ out_trade_no, trade_state }) => note('unpaid', out_trade_no, trade_state),
    on: {
      'PAYSCORE.USER_SIGN_PLAN': ({ merchant_sign_plan_no }) => note('signed', merchant_sign_plan_no),
      'PAYSCORE.USER_CANCEL_SIGN_PLAN': ({ merchant_sign_plan_no }) => note('ended', merchant_sign_plan_no)
    },
    onError: (error) => errors.push((error as { code: string }).code)
  })
})
afterEach(() => simulator.close())

const ming = () => simulator.user('ming')
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'made',
    ({ code, upstreamCode, option, requestId }) =>
      [code, upstreamCode ?? option, requestId?.split('-').at(-1)].filter(Boolean).join(' ')
  )
const order = (out_order_no: string) => ({
  ...sub,
  out_order_no,
  service_id: SERVICE,
  service_introduction: '共享雨伞',
  risk_fund: { name: 'DEPOSIT', amount: 3_000 } as const,
  time_range: { start_time: 'OnAccept' }
})
const one = (out_order_no: string) => ({ ...sub, out_order_no, service_id: SERVICE })
const bill = (out_order_no: string, total_amount: number) => ({
  ...one(out_order_no),
  post_payments: [{ name: '雨伞', amount: total_amount }],
  total_amount,
  time_range: { end_time: '20260301120000' }
})

describe('service orders of a provider', () => {
  it('from the order to the refund, killed after every step, with redelivered, forged and late notifications', async () => {
    const query = { method: 'partnerPayscore.query', params: { ...one('R1') } }
    simulator.fail('/v3/payscore/partner/serviceorder', 'reset')
    await expect(pay.partnerPayscore.create(order('R1'))).rejects.toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query })
    boot()
    const created = await pay.partnerPayscore.create(order('R1'))
    expect(created).toMatchObject({ state: 'CREATED', mchid: pay.mchId, ...sub })
    isDown = true
    await ming().openBusinessView(pay.partnerPayscore.confirmParams(created))
    expect(seen).toEqual([])
    boot()
    expect(await pay.partnerPayscore.query(one('R1'))).toMatchObject({ state_description: 'USER_CONFIRM' })

    simulator.fail('/v3/payscore/partner/serviceorder/R1/complete', 'reset')
    await expect(pay.partnerPayscore.complete(bill('R1', 200))).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query
    })
    boot()
    expect(await pay.partnerPayscore.complete(bill('R1', 200))).toBeUndefined()
    await simulator.clock.advance(2 * SECOND)
    isDown = false
    await simulator.clock.advance(DAY)
    // Whatever arrives first: both are there once.
    expect([...seen].sort()).toEqual(['USER_CONFIRM 1900000999 R1 DOING', 'USER_PAID 1900000999 R1 DONE'])
    for (const delivery of [...simulator.deliveries.recent].reverse()) await delivery.redeliver()
    expect(seen).toHaveLength(2)

    const { collection } = await pay.partnerPayscore.query(one('R1'))
    const [{ transaction_id = '' } = {}] = collection?.details ?? []
    const refund = { transaction_id, out_refund_no: 'B1', amount: { refund: 50, total: 200, currency: 'CNY' } } as const
    expect(await refusal(pay.refunds.create(refund))).toContain('ERR_WECHAT_PAY')
    expect(await pay.refunds.create({ ...refund, ...sub })).toMatchObject({ amount: { refund: 50 } })

    errors.length = 0
    simulator.pay.forgeNotifications(1)
    const second = await pay.partnerPayscore.create(order('R2'))
    await ming().openBusinessView(pay.partnerPayscore.confirmParams(second))
    expect(errors).toEqual(['ERR_SIGNATURE_MISMATCH'])
    await simulator.clock.advance(MINUTE)
    expect(seen.at(-1)).toBe('USER_CONFIRM 1900000999 R2 DOING')
  })

  it('are changed by calls whose response is empty, and only for the sub-merchant they belong to', async () => {
    simulator.pay.settings.serviceCollectionFailures = 99
    await ming().openBusinessView(pay.partnerPayscore.confirmParams(await pay.partnerPayscore.create(order('R1'))))
    const prepaid_time = '20260302120000'
    const { time_range: _, ...message } = { ...bill('R1', 200), prepaid_time }
    await pay.partnerPayscore.sendPrepaidMessage(message)
    await pay.partnerPayscore.complete(bill('R1', 200))
    await pay.partnerPayscore.sendPendingMessage(message)
    const { time_range: __, ...lower } = { ...bill('R1', 120), reason: '少收' }
    expect(await pay.partnerPayscore.modify(lower)).toBeUndefined()
    expect(await refusal(pay.partnerPayscore.collect(one('R1')))).toContain('INVALID_REQUEST 271316574')
    await pay.partnerPayscore.sync({ ...one('R1'), detail: { paid_time: '20260301120000' } })
    expect(await pay.partnerPayscore.query(one('R1'))).toMatchObject({ state: 'DONE', total_amount: 120 })

    await pay.partnerPayscore.create(order('R2'))
    expect(await refusal(pay.partnerPayscore.query({ ...one('R2'), sub_mchid: '1900000998' }))).toContain('271317510')
    expect(await refusal(pay.payscore.query({ service_id: SERVICE, out_order_no: 'R2' }))).toContain('271317510')
    await pay.partnerPayscore.cancel({ ...one('R2'), reason: '用户取消' })
    expect(await pay.partnerPayscore.query(one('R2'))).toMatchObject({ state: 'REVOKED' })
    expect(await refusal(pay.partnerPayscore.create({ ...order('R3'), sub_mchid: pay.mchId }))).toContain('271302144')
    expect(await refusal(pay.partnerPayscore.create({ ...order('R4'), need_user_confirm: false }))).toBe(
      'ERR_INVALID_PARAM openid'
    )
  })

  it('need no confirmation with a permission, and may then be made and completed at once', async () => {
    const openid = ming().openid()
    const by = { ...sub, service_id: SERVICE, authorization_code: 'A1' }
    expect(
      await pay.partnerPayscorePermissions.applyForScene({ ...by, authorization_code: 'A0', scene: 'TRANSACTION' })
    ).toMatchObject({
      scene: 'TRANSACTION'
    })
    const token = await pay.partnerPayscorePermissions.apply(by)
    await ming().openBusinessView(pay.partnerPayscorePermissions.enableParams(token))
    expect(await pay.partnerPayscorePermissions.query(by)).toMatchObject({ authorization_state: 'AVAILABLE', ...sub })
    expect(await pay.partnerPayscorePermissions.queryByUser({ ...sub, service_id: SERVICE, openid })).toMatchObject({
      openid
    })
    expect(await pay.partnerPayscorePermissions.assessRisk({ ...sub, service_id: SERVICE, openid })).toMatchObject({
      user_risk_level: 1
    })
    expect(
      await pay.partnerPayscorePermissions.quotas({ ...sub, service_id: SERVICE, risk_level_version: 1 })
    ).toHaveProperty('quotas')
    const application = { ...sub, service_id: SERVICE, out_apply_no: 'P1' }
    expect(await pay.partnerPayscorePermissions.applyService(application)).toMatchObject({ apply_state: 'SUCCESS' })
    expect(await pay.partnerPayscorePermissions.queryServiceApplication({ out_apply_no: 'P1' })).toMatchObject(sub)

    const { risk_fund: _, ...base } = order('R1')
    const direct = {
      ...base,
      openid,
      post_payments: [{ name: '雨伞', amount: 200 }],
      total_amount: 200,
      time_range: { start_time: '20260301115959', end_time: '20260301120000' }
    }
    simulator.pay.settings.specialServices = false
    expect(await refusal(pay.partnerPayscore.directComplete(direct))).toBe('ERR_WECHAT_PAY NO_AUTH 268503786')
    simulator.pay.settings.specialServices = true
    expect(await refusal(pay.partnerPayscore.directComplete({ ...direct, total_amount: 1 }))).toBe(
      'ERR_INVALID_PARAM total_amount'
    )
    await pay.partnerPayscore.directComplete(direct)
    await simulator.clock.advance(2 * SECOND)
    expect(await pay.partnerPayscore.query(one('R1'))).toMatchObject({ state: 'DONE' })
    await pay.partnerPayscorePermissions.terminateByUser({ ...sub, service_id: SERVICE, openid, reason: '停用' })
    expect(
      await refusal(pay.partnerPayscorePermissions.terminate({ ...by, authorization_code: 'A9', reason: 'x' }))
    ).toContain('NOT_EXISTS')
    expect(seen).toEqual([
      'USER_OPEN_SERVICE 1900000999 A1',
      'USER_PAID 1900000999 R1 DONE',
      'USER_CLOSE_SERVICE 1900000999 A1'
    ])
  })
})

describe('further service orders of a merchant', () => {
  it('are completed at once, of goods paid after delivery, or of a signed plan', async () => {
    const openid = ming().openid()
    const by = { service_id: SERVICE, authorization_code: 'A1' }
    await ming().openBusinessView(pay.payscorePermissions.enableParams(await pay.payscorePermissions.apply(by)))
    expect(await pay.payscorePermissions.userState({ service_id: SERVICE, openid })).toMatchObject({
      use_service_state: 'AVAILABLE'
    })
    expect(await pay.payscorePermissions.assessRisk({ ...by })).toMatchObject({ user_label: 'ORDINARY' })
    const base = { service_id: SERVICE, service_introduction: '共享雨伞' }
    const { state } = await pay.payscore.directComplete({
      ...base,
      out_order_no: 'R1',
      openid,
      post_payments: [{ name: '雨伞', amount: 200 }],
      total_amount: 200,
      time_range: { start_time: '20260301115959', end_time: '20260301120000' }
    })
    expect(state).toBe('DOING')
    await simulator.clock.advance(2 * SECOND)

    const delivery = await pay.payscore.payOnDelivery({
      ...base,
      out_order_no: 'R2',
      risk_fund: { name: 'ESTIMATE_ORDER_COST', amount: 9_900 },
      time_range: { start_time: 'OnAccept' },
      shopping_info: {
        goods: [{ name: '雨伞', amount: 9_900, count: 1, picture: 'https://shop.example.com/a.png' }],
        jump_link: { jump_link_type: 'JUMP_LINK_MINI_PROGRAM', path: 'pages/order' }
      }
    })
    expect(delivery).toMatchObject({ shopping_info: { goods: [{ name: '雨伞' }] } })
    await ming().openBusinessView(pay.payscore.confirmParams(delivery))
    const message = {
      service_id: SERVICE,
      out_order_no: 'R2',
      post_payments: [{ name: '雨伞', amount: 9_900 }],
      total_amount: 9_900,
      prepaid_time: '20260302120000'
    }
    await pay.payscore.sendPrepaidMessage(message)
    await pay.payscore.sendPendingMessage(message)
    expect(await refusal(pay.payscore.sendPendingMessage({ ...message, out_order_no: 'R9' }))).toContain('271317510')

    const plan = {
      service_id: SERVICE,
      merchant_plan_no: 'P1',
      plan_name: '月卡',
      plan_duration: 30,
      deduction_quantity: 2,
      total_original_price: 400,
      total_actual_price: 300,
      plan_detail_list: [1, 2].map((no) => ({ plan_detail_name: `第${no}次`, original_price: 200, actual_price: 150 }))
    }
    const { plan_id } = await pay.payscorePlans.create(plan)
    expect((await pay.payscorePlans.create(plan)).plan_id).toBe(plan_id)
    expect(await refusal(pay.payscorePlans.create({ ...plan, plan_name: '季卡' }))).toContain('271316598')
    const signing = await pay.payscorePlans.sign({
      service_id: SERVICE,
      merchant_sign_plan_no: 'G1',
      plan_id,
      openid,
      sign_plan_detail: [
        { plan_detail_no: 1, merchant_plan_detail_no: 'D1' },
        { plan_detail_no: 2, merchant_plan_detail_no: 'D2' }
      ]
    })
    await ming().openBusinessView({ businessType: 'wxpayScoreUse', extraData: { package: signing.package } })
    const of = { merchant_sign_plan_no: 'G1' }
    expect(await pay.payscorePlans.querySigned(of)).toMatchObject({ sign_state: 'SIGNED', openid })
    const service = {
      ...base,
      out_trade_no: 'R3',
      sign_plan_id: signing.sign_plan.sign_plan_id,
      plan_detail_no: 1,
      openid,
      time_range: { start_time: '20260301120500' }
    }
    simulator.fail('/v3/payscore/sign-plan/serviceorder', 'reset')
    await expect(pay.payscorePlans.createOrder(service)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query: { method: 'payscore.query', params: { out_order_no: 'R3', service_id: SERVICE } }
    })
    expect(await pay.payscorePlans.createOrder(service)).toMatchObject({ out_order_no: 'R3', state: 'DOING' })
    expect(await refusal(pay.payscorePlans.createOrder({ ...service, out_trade_no: 'R4' }))).toContain(
      'INVALID_REQUEST'
    )
    await pay.payscorePlans.stop({ merchant_plan_no: 'P1' })
    expect(await pay.payscorePlans.query({ merchant_plan_no: 'P1' })).toMatchObject({ plan_state: 'STOP' })
    await pay.payscorePlans.stopSigned({ ...of, stop_reason: '退卡' })
    expect(await pay.payscorePlans.querySigned(of)).toMatchObject({
      cancel_sign_type: 'MERCHANT',
      signed_detail_list: [{ plan_detail_state: 'USING' }, { plan_detail_state: 'SIGN_PLAN_DETAIL_CANCEL' }]
    })
    await simulator.clock.settle()
    expect(seen.filter((line) => /G1/.test(line))).toEqual(['signed G1', 'ended G1'])

    const goods = await pay.partnerPayscore.payOnDelivery({
      ...order('R5'),
      shopping_info: {
        goods: [{ name: '雨伞', amount: 9_900, count: 1, picture: 'https://shop.example.com/a.png' }],
        jump_link: { jump_link_type: 'JUMP_LINK_MINI_PROGRAM', path: 'pages/order' }
      }
    })
    expect(goods).toMatchObject(sub)
    const partner = await pay.partnerPayscorePlans.create({ ...plan, ...sub, merchant_plan_no: 'P2' })
    const signed = await pay.partnerPayscorePlans.sign({
      ...sub,
      service_id: SERVICE,
      merchant_sign_plan_no: 'G2',
      plan_id: partner.plan_id,
      sub_openid: openid,
      sign_plan_detail: [{ plan_detail_no: 1, merchant_plan_detail_no: 'D1' }]
    })
    await ming().openBusinessView({ businessType: 'wxpayScoreUse', extraData: { package: signed.package } })
    const { sign_plan_id } = signed.sign_plan
    const own = { ...service, ...sub, out_trade_no: 'R6', sign_plan_id }
    expect(await pay.partnerPayscorePlans.createOrder(own)).toMatchObject({ out_order_no: 'R6', ...sub })
    const second = { ...sub, merchant_sign_plan_no: 'G2' }
    await pay.partnerPayscorePlans.stopSigned({ ...second, stop_reason: 'x' })
    expect(await pay.partnerPayscorePlans.querySigned(second)).toMatchObject({ cancel_reason: 'x' })
    expect(await pay.partnerPayscorePlans.query({ ...sub, merchant_plan_no: 'P2' })).toMatchObject(sub)
    expect(await refusal(pay.payscorePlans.query({ merchant_plan_no: 'P2' }))).toContain('RESOURCE_NOT_EXISTS')
    expect(await pay.partnerPayscorePlans.stop({ ...sub, merchant_plan_no: 'P2' })).toMatchObject({
      plan_id: partner.plan_id,
      plan_state: 'STOP'
    })

    await simulator.clock.advance(DAY)
    const bills = await pay.bills.payscore({ bill_date: '2026-03-01', service_id: SERVICE })
    const { rows } = (await bills[0]?.readAll()) ?? expect.fail()
    expect(rows.map((row) => row.商户服务订单号)).toEqual(['R1'])
    const other = pay.bills.payscore({ bill_date: '2026-03-01', service_id: '1' })
    expect(await refusal(other)).toContain('NO_STATEMENT_EXIST')
  })
})

describe('contracts of a provider', () => {
  const draft = { ...sub, plan_id: 100, contract_display_account: '138****0000' }

  it('are signed, deducted, scheduled and ended, with a lost response at every step', async () => {
    const { redirect_url } = await pay.partnerPapay.signJsapi({ ...draft, out_contract_code: 'C1' })
    isDown = true
    const { contractId: contract_id } = await ming().signContract(redirect_url)
    boot()
    isDown = false
    await simulator.clock.advance(MINUTE)
    expect(seen).toEqual(['SIGNED 1900000999 C1'])
    const number = { ...sub, plan_id: '100', out_contract_code: 'C1' }
    expect(await pay.partnerPapay.query(number)).toMatchObject({
      contract_state: 'SIGNED',
      sp_mchid: pay.mchId,
      ...sub
    })
    expect(await refusal(pay.partnerPapay.query({ ...number, sub_mchid: '1900000998' }))).toContain(
      'RESOURCE_NOT_EXISTS'
    )

    const deduction = { ...sub, contract_id, out_trade_no: 'T10001', description: '会员', amount: { total: 1_980 } }
    simulator.fail('/v3/papay/pay/partner/transactions/apply', 'reset')
    await expect(pay.partnerPapay.deduct(deduction)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query: { method: 'partnerTransactions.query', params: { out_trade_no: 'T10001', ...sub } }
    })
    boot()
    await pay.partnerPapay.deduct(deduction)
    await simulator.clock.advance(2 * SECOND)
    expect(await pay.partnerTransactions.query({ ...sub, out_trade_no: 'T10001' })).toMatchObject({
      trade_state: 'SUCCESS'
    })
    expect(
      await refusal(pay.partnerPapay.deduct({ ...deduction, sub_mchid: '1900000998', out_trade_no: 'T10002' }))
    ).toContain('CONTRACT_NOT_EXIST')
    await pay.partnerPapay.terminate({ ...number, contract_termination_remark: 'x' })
    for (const delivery of [...simulator.deliveries.recent].reverse()) await delivery.redeliver()
    expect(seen).toEqual(['SIGNED 1900000999 C1', 'paid 1900000999 T10001 PAP', 'TERMINATED 1900000999 C1'])

    for (const [code, signing] of [
      ['C2', pay.partnerPapay.signApp({ ...draft, out_contract_code: 'C2' })],
      ['C3', pay.partnerPapay.signH5({ ...draft, out_contract_code: 'C3' })],
      ['C4', pay.partnerPapay.signMiniProgram({ ...draft, out_contract_code: 'C4' })]
    ] as const) {
      const target = await signing
      await ming().signContract('redirect_url' in target ? target.redirect_url : target)
      expect(await pay.partnerPapay.query({ ...number, out_contract_code: code })).toMatchObject({
        contract_state: 'SIGNED'
      })
    }
  })

  it('tell the user before a deduction, and confirm the one of a schedule', async () => {
    simulator.pay.settings.deductionPlans = { '300': { mode: 'notice' } }
    const { redirect_url } = await pay.partnerPapay.signH5({ ...draft, plan_id: 300, out_contract_code: 'C1' })
    const { contractId: contract_id } = await ming().signContract(redirect_url)
    await pay.partnerPapay.notify({ ...sub, contract_id, estimated_amount: { amount: 2_000 } })
    await pay.partnerPapay.notifyFailure({ ...sub, contract_id })
    const deduct_schedule = {
      estimated_deduct_date: '2026-03-03',
      estimated_deduct_amount: { total: 1_980 },
      description: '续费'
    }
    const planned = await pay.partnerPapay.signJsapi({ ...draft, out_contract_code: 'C2', deduct_schedule })
    const { contractId } = await ming().signContract(planned.redirect_url)
    await simulator.clock.advance(DAY)
    const confirm = { ...sub, contract_id: contractId, schedule_amount: { total: 1_980 } }
    expect(await pay.partnerPapay.schedule(confirm)).toMatchObject({ schedule_state: 'SCHEDULED' })
    expect(await pay.partnerPapay.querySchedule({ ...sub, contract_id: contractId })).toMatchObject({
      schedule_state: 'SCHEDULED'
    })
  })
})

describe('contracts that come of a payment, an app of HarmonyOS or a QR code', () => {
  const contract_info = (contract_code: string) => ({
    plan_id: '100',
    contract_mchid: pay.mchId,
    contract_appid: pay.appId ?? '',
    contract_code,
    request_serial: '1',
    contract_display_account: '138****0000',
    contract_notify_url: NOTIFY
  })

  it('are signed when the order is paid', async () => {
    const order = { description: '首月', amount: { total: 100 } }
    const first = await pay.transactions.jsapiWithContract({
      ...order,
      out_trade_no: 'T10001',
      payer: { openid: ming().openid() },
      contract_info: contract_info('C1')
    })
    await ming().pay(pay.jsapiParams(first.prepay_id))
    simulator.pay.settings.contractNoticeFirst = true
    const second = await pay.partnerTransactions.appWithContract({
      ...order,
      ...sub,
      out_trade_no: 'T10002',
      contract_info: contract_info('C2')
    })
    await ming().pay(second.prepay_id)
    await simulator.clock.settle()
    expect([...seen].sort()).toEqual([
      'SIGNED 1900000999 C2',
      'SIGNED own C1',
      'paid 1900000999 T10002 APP',
      'paid T10001 JSAPI'
    ])
    const number = { plan_id: '100', out_contract_code: 'C1' }
    expect(await pay.papay.query(number)).toMatchObject({ contract_state: 'SIGNED', openid: ming().openid() })
    const third = await pay.partnerTransactions.jsapiWithContract({
      ...order,
      ...sub,
      out_trade_no: 'T10004',
      payer: { sp_openid: ming().openid() },
      contract_info: { token: 'opened before' }
    })
    expect(third).toHaveProperty('prepay_id')
    const wrong = { ...contract_info('C3'), contract_mchid: '1900000110' }
    const foreign = pay.transactions.appWithContract({ ...order, out_trade_no: 'T10003', contract_info: wrong })
    expect(await refusal(foreign)).toContain('PARAM_ERROR')
  })

  it('are signed in the scene of the device', async () => {
    const scene = (out_contract_code: string, sign_scene: 'SIGN_SCENE_APP' | 'SIGN_SCENE_QRCODE') =>
      pay.papay.signScene({
        plan_id: 100,
        out_contract_code,
        out_user_code: 'U1',
        contract_display_account: '138****0000',
        sign_scene,
        device_info: {
          device_type: 'DEVICE_TYPE_PHONE',
          device_id: 'D1',
          device_ip: '203.0.113.7',
          device_os: 'HarmonyOS 5',
          weixin_version: '8.0.68',
          weixin_installed: true,
          device_running_as_root: false,
          days_since_first_login: 'DAYS_SINCE_FIRST_LOGIN_WITHIN_30_DAYS'
        }
      })
    const { contractId: contract_id } = await ming().signContract(await scene('C1', 'SIGN_SCENE_APP'))
    await ming().signContract((await scene('C2', 'SIGN_SCENE_QRCODE')).redirect_url ?? '')
    expect(await pay.papay.queryHarmony({ plan_id: '100', out_contract_code: 'C1' })).toMatchObject({
      contract_state: 'SIGNED',
      mask_wxid: expect.any(String)
    })
    const deduction = { contract_id, out_trade_no: 'T10001', description: '会员', amount: { total: 100 } }
    await pay.papay.deductHarmony({ ...deduction, harmony_account_id: 'H1' })
    await simulator.clock.advance(2 * SECOND)
    expect(seen.at(-1)).toBe('paid T10001 PAP')
  })
})
