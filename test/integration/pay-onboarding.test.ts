import { afterEach, beforeEach, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const PATH = '/v3/applyment4sub/applyment/'
const SECRET = [
  'contact_info.contact_name',
  'contact_info.mobile_phone',
  'contact_info.contact_email',
  'subject_info.identity_info.id_card_info.id_card_name',
  'subject_info.identity_info.id_card_info.id_card_number',
  'bank_account_info.account_name',
  'bank_account_info.account_number'
]

let simulator: Simulator
let pay: WeChatPay

beforeEach(() => {
  simulator = createSimulator({
    seed: 'onboarding',
    paySettings: { refuseUnknownFields: true },
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 1, 4) })
  })
  pay = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions, maxRetries: 0 })
})
afterEach(() => simulator.close())

const upload = async (filename: string) => {
  const { media_id } = await pay.media.uploadImage({ filename, content: Buffer.from('89504e470d0a1a0a', 'hex') })
  return media_id
}
const form = (business_code: string, copy: string, more: object = {}) => ({
  business_code,
  contact_info: {
    contact_type: 'LEGAL',
    contact_name: '张三',
    mobile_phone: '13800138000',
    contact_email: 'zhang@example.com'
  },
  subject_info: {
    subject_type: 'SUBJECT_TYPE_ENTERPRISE',
    business_license_info: {
      license_copy: copy,
      license_number: '914201123033363296',
      merchant_name: '示例公司',
      legal_person: '张三'
    },
    identity_info: {
      id_doc_type: 'IDENTIFICATION_TYPE_IDCARD',
      id_card_info: {
        id_card_copy: copy,
        id_card_national: copy,
        id_card_name: '张三',
        id_card_number: '11010119900307889X',
        card_period_begin: '2020-01-01',
        card_period_end: '长期'
      }
    }
  },
  business_info: {
    merchant_shortname: '示例',
    service_phone: '0755-86013388',
    sales_info: { sales_scenes_type: ['SALES_SCENES_MINI_PROGRAM'] }
  },
  settlement_info: { settlement_id: '719', qualification_type: '餐饮' },
  bank_account_info: {
    bank_account_type: 'BANK_ACCOUNT_TYPE_CORPORATE',
    account_name: '示例公司',
    account_bank: '工商银行',
    bank_address_code: '110000',
    account_number: '6222020000000000000'
  },
  ...more
})
const submit = (body: Record<string, unknown>, encrypt: readonly string[] = SECRET) =>
  pay.request({ method: 'POST', path: PATH, body, encrypt })
const stateOf = (code: string) => pay.request({ method: 'GET', path: `${PATH}business_code/${code}` })
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    ({ upstreamCode, upstreamMessage }) => `${upstreamCode} ${upstreamMessage}`
  )

it('a provider brings a sub-merchant in: refused once, then to its first order, with a lost response between', async () => {
  const copy = await upload('licence.png')
  // Executed, but nobody heard of it; the application is there.
  simulator.fail(PATH, 'reset')
  await expect(submit(form('A1', copy))).rejects.toMatchObject({ code: 'ERR_CONNECTION' })
  expect(await stateOf('A1')).toMatchObject({ applyment_state: 'APPLYMENT_STATE_AUDITING' })
  expect(await refusal(submit(form('A1', copy)))).toContain('INVALID_REQUEST')

  simulator.pay.reviewApplyment('A1', { field: 'subject_info', reason: '图片不清晰' })
  expect(await stateOf('A1')).toMatchObject({
    applyment_state: 'APPLYMENT_STATE_REJECTED',
    audit_detail: [{ reject_reason: '图片不清晰' }]
  })
  // The same number overwrites what was refused.
  const { applyment_id } = (await submit(form('A1', await upload('better.png')))) as { applyment_id: unknown }
  simulator.pay.reviewApplyment('A1')
  expect(await stateOf('A1')).toMatchObject({
    applyment_state: 'APPLYMENT_STATE_TO_BE_SIGNED',
    sign_url: expect.stringContaining('https://pay.weixin.qq.com/')
  })
  simulator.pay.signApplyment('A1')
  expect(await stateOf('A1')).toMatchObject({ applyment_state: 'APPLYMENT_STATE_SIGNING' })
  await simulator.clock.advance(30 * MINUTE)
  // The number has more digits than a number of JavaScript holds.
  const done = (await pay.request({ method: 'GET', path: `${PATH}applyment_id/${applyment_id}` })) as Record<
    string,
    string
  >
  expect(done).toMatchObject({ applyment_state: 'APPLYMENT_STATE_FINISHED', business_code: 'A1' })
  const { prepay_id } = await pay.partnerTransactions.app({
    sub_mchid: done.sub_mchid ?? '',
    description: '茶',
    out_trade_no: 'T10001',
    amount: { total: 100 },
    notify_url: 'https://shop.example.com/n'
  })
  expect(prepay_id).toMatch(/^wx/)
  expect(() => simulator.pay.signApplyment('A1')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
})

it('refuses what WeChat Pay refuses', async () => {
  const copy = await upload('licence.png')
  const body = form('A1', copy)
  const bank = (more: object) => ({ bank_account_info: { ...body.bank_account_info, ...more } })
  expect(await refusal(submit(body, SECRET.slice(1)))).toContain('PARAM_ERROR 请确认待处理的消息是否为加密后的密文')
  expect(await refusal(submit(form('A1', 'unknown')))).toContain('证书图片内容无效')
  expect(await refusal(submit(form('A1', copy, bank({ account_bank: '火星银行' }))))).toContain('开户银行取值有误')
  expect(await refusal(submit({ ...body, addition_info: { business_addition_msg: '' } }))).toContain('系统繁忙')
  const { contact_info: _, ...incomplete } = body
  expect(await refusal(submit(incomplete, SECRET.slice(3)))).toContain('PARAM_ERROR')
  expect(await refusal(stateOf('A9'))).toContain('RESOURCE_NOT_EXISTS')
  simulator.pay.settings.specialServices = false
  expect(await refusal(submit(body))).toBe('NO_AUTH 进件特约商户的权限已被受限')
  simulator.pay.settings.specialServices = true
  for (const code of ['B1', 'B2', 'B3', 'B4', 'B5']) await submit(form(code, copy))
  expect(await refusal(submit(form('B6', copy)))).toBe('INVALID_REQUEST 商户号数量超过上限')
  simulator.pay.reviewApplyment('B1')
  await simulator.clock.advance(31 * DAY)
  expect(await stateOf('B1')).toMatchObject({ applyment_state: 'APPLYMENT_STATE_CANCELED' })
})

it('the settlement account of a sub-merchant is changed, five times a day', async () => {
  const sub_mchid = '1900000999'
  const account = {
    sub_mchid,
    account_type: 'ACCOUNT_TYPE_BUSINESS',
    account_bank: '招商银行',
    bank_address_code: '440300',
    account_number: '755912345610101',
    account_name: '示例公司'
  } as const
  const modify = (more: object = {}) => pay.settlementAccounts.modify({ ...account, ...more })
  expect(await pay.settlementAccounts.get({ sub_mchid })).not.toHaveProperty('verify_result')
  simulator.pay.settings.settlementFailures = ['银行账户户名有误']
  const { application_no } = await modify()
  const query = () => pay.settlementAccounts.getApplication({ sub_mchid, application_no })
  expect(await query()).toMatchObject({ verify_result: 'AUDITING', account_number: '755912*****0101' })
  expect(JSON.parse(simulator.log.find('/modify-settlement')[0]?.requestBody ?? '{}')).toMatchObject({
    modify_mode: 'MODIFY_MODE_ASYNC',
    account_number: expect.not.stringContaining('755912')
  })
  await simulator.clock.advance(MINUTE)
  expect(await query()).toMatchObject({ verify_result: 'AUDIT_FAIL', verify_fail_reason: '银行账户户名有误' })
  expect(await pay.settlementAccounts.get({ sub_mchid })).toMatchObject({ account_bank: '工商银行' })

  // Executed, but nobody heard of it: the account says whether it was. It is not sent again.
  simulator.fail('/modify-settlement', 'reset')
  const retrying = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions, maxRetries: 3 })
  await expect(retrying.settlementAccounts.modify(account)).rejects.toMatchObject({ code: 'ERR_CONNECTION' })
  expect(simulator.log.entries.filter(({ url }) => url.endsWith('/modify-settlement'))).toHaveLength(2)
  await simulator.clock.advance(MINUTE)
  expect(await pay.settlementAccounts.get({ sub_mchid })).toMatchObject({
    account_bank: '招商银行',
    account_number: '755912*****0101',
    verify_result: 'VERIFY_SUCCESS'
  })
  expect(await refusal(modify({ account_bank: '火星银行' }))).toContain('开户银行取值有误')
  expect(await refusal(modify({ account_bank: '其他银行' }))).toContain('二选一')
  expect(await refusal(modify({ sub_mchid: pay.mchId }))).toContain('NO_AUTH')
  expect(await refusal(pay.settlementAccounts.getApplication({ sub_mchid, application_no: '9' }))).toContain(
    'RESOURCE_NOT_EXISTS'
  )
  for (let times = 2; times < 5; times++) await modify()
  expect(await refusal(modify())).toContain('FREQUENCY_LIMITED')
  await simulator.clock.advance(DAY)
  await modify()
  expect(JSON.stringify(simulator.snapshot())).not.toContain(account.account_number)
  simulator.pay.settings.specialServices = false
  expect(await refusal(modify())).toContain('NO_AUTH')
})
