import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../../src/pay/endpoint.ts'
import { APP_ID, MCH_ID, payWith, signedAnswer } from '../support/pay-v3.ts'

// Every number, amount and account that a signed response repeats is swapped, one at a time, for every endpoint of every family:
// each must be refused, because a genuine response to another request is no response to this one.

const SCENE = [
  { info_type: '岗位类型', info_content: 'a' },
  { info_type: '报酬说明', info_content: 'b' }
]
const ORDER = {
  description: 'Tea',
  out_trade_no: 'T202603010001',
  amount: { total: 1980, currency: 'CNY' },
  settle_info: { subsidy_amount: 5 },
  payer: { openid: 'oUser', sp_openid: 'oUser', auth_code: '130061098828009406' },
  scene_info: { payer_client_ip: '1.2.3.4', h5_info: { type: 'Wap' }, store_info: { id: 'S1' } },
  sub_mchid: '1900000109',
  sub_appid: 'wxsub0000000000001',
  contract_info: { plan_id: '100', contract_code: 'C1', request_serial: '1', contract_display_account: 'x' }
}
const COMBINED = {
  combine_out_trade_no: 'C202603010001',
  combine_payer_info: { openid: 'oUser' },
  scene_info: ORDER.scene_info,
  sub_orders: [
    {
      mchid: '1900000109',
      attach: 'a',
      out_trade_no: 'T202603010002',
      description: 'x',
      amount: { total_amount: 1, currency: 'CNY' }
    },
    {
      mchid: '1900000110',
      attach: 'a',
      out_trade_no: 'T202603010003',
      description: 'x',
      amount: { total_amount: 2, currency: 'CNY' }
    }
  ]
}
const SHARING = {
  sub_mchid: '1900000109',
  transaction_id: '4200000000000000000000000001',
  out_order_no: 'P1',
  receivers: [
    { type: 'MERCHANT_ID', account: '1900000111', amount: 30, description: 'x' },
    { type: 'PERSONAL_OPENID', account: 'oUser', amount: 31, description: 'x' }
  ],
  unfreeze_unsplit: false,
  description: 'x',
  out_return_no: 'B1',
  return_mchid: '1900000111',
  amount: 30,
  type: 'MERCHANT_ID',
  account: '1900000111',
  relation_type: 'STORE'
}
const TRANSFER = {
  out_bill_no: 'W1',
  transfer_scene_id: '1005',
  openid: 'oUser',
  transfer_amount: 3000,
  transfer_remark: 'x',
  transfer_scene_report_infos: SCENE
}
const BATCH = {
  out_batch_no: 'B0001',
  batch_name: 'x',
  batch_remark: 'x',
  total_amount: 3,
  total_num: 1,
  transfer_detail_list: [{ out_detail_no: 'D0001', transfer_amount: 3, transfer_remark: 'x', openid: 'oUser' }]
}
const SERVICE = { out_order_no: 'R1', service_id: '2002' }
const SERVICE_TOTAL = {
  post_payments: [
    { name: 'a', amount: 300 },
    { name: 'b', amount: 40 }
  ],
  post_discounts: [{ name: 'c', amount: 50 }],
  total_amount: 290
}
const NOTIFY = { notify_url: 'https://shop.example.com/n' }
const SUB = { sub_mchid: '1900000109' }
const NEW_SERVICE = {
  ...SERVICE,
  ...NOTIFY,
  service_introduction: 'x',
  risk_fund: { name: 'DEPOSIT', amount: 900 },
  time_range: { start_time: 'OnAccept' }
}
const DIRECT_SERVICE = {
  ...SERVICE,
  ...SERVICE_TOTAL,
  ...NOTIFY,
  service_introduction: 'x',
  openid: 'oUser',
  time_range: { start_time: '20260301115900', end_time: '20260301120000' }
}
const ON_DELIVERY = {
  ...NEW_SERVICE,
  shopping_info: {
    goods: [{ name: 'x', amount: 7, count: 1, picture: 'x' }],
    jump_link: { jump_link_type: 'JUMP_LINK_MINI_PROGRAM' }
  }
}
const PLAN = {
  service_id: '2002',
  merchant_plan_no: 'P1',
  plan_name: 'x',
  plan_duration: 30,
  deduction_quantity: 1,
  total_original_price: 400,
  total_actual_price: 300
}
const SIGN_PLAN = {
  ...NOTIFY,
  service_id: '2002',
  merchant_sign_plan_no: 'G1',
  plan_id: '9',
  openid: 'oUser',
  sign_plan_detail: [{ plan_detail_no: 1, merchant_plan_detail_no: 'D1' }]
}
const PLAN_SERVICE = {
  ...NOTIFY,
  service_id: '2002',
  out_trade_no: 'R1',
  sign_plan_id: '8',
  plan_detail_no: 1,
  service_introduction: 'x',
  openid: 'oUser',
  time_range: { start_time: '20260301120000' }
}
const DEDUCTION = {
  contract_id: 'Wx1',
  out_trade_no: 'T202603010001',
  description: 'x',
  transaction_notify_url: 'https://shop.example.com/n',
  amount: { total: 1980, currency: 'CNY' }
}
const PRE_SIGN = {
  plan_id: 100,
  out_contract_code: 'C1',
  contract_display_account: 'x',
  contract_notify_url: 'https://shop.example.com/n'
}
const COUPON = {
  openid: 'oUser',
  stock_id: '1',
  coupon_id: '2',
  out_request_no: 'Q1',
  coupon_value: 5,
  coupon_minimum: 6,
  offset: 0,
  limit: 10
}

const SUBSIDY = {
  stock_id: '1',
  coupon_code: 'C1',
  transaction_id: '4200000000000000000000000001',
  payer_merchant: '1900000109',
  payee_merchant: '1900000999',
  amount: 100,
  description: 'x',
  out_subsidy_no: 'B1'
}

const pick = (from: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)))
const withoutOpenid = ({ openid: _, ...rest }: typeof TRANSFER) => rest
const direct = ({ sub_mchid: _, sub_appid: __, ...rest }: typeof ORDER) => rest

/** Parameters of each operation; of one with several numbers a list. */
const PARAMS: Record<string, object | object[]> = {
  'transactions.*': direct(ORDER),
  'transactions.reverse': pick(ORDER, 'out_trade_no'),
  'transactions.query': [pick(ORDER, 'out_trade_no'), { transaction_id: '42' }],
  'transactions.close': pick(ORDER, 'out_trade_no'),
  'partnerTransactions.*': ORDER,
  'partnerTransactions.reverse': pick(ORDER, 'out_trade_no', 'sub_mchid'),
  'partnerTransactions.query': [
    pick(ORDER, 'out_trade_no', 'sub_mchid'),
    { transaction_id: '42', sub_mchid: '1900000109' }
  ],
  'partnerTransactions.close': pick(ORDER, 'out_trade_no', 'sub_mchid'),
  'combinedTransactions.*': COMBINED,
  'combinedTransactions.query': pick(COMBINED, 'combine_out_trade_no'),
  'refunds.create': {
    out_trade_no: 'T202603010001',
    out_refund_no: 'R1',
    sub_mchid: '1900000109',
    amount: { refund: 500, total: 1980, currency: 'CNY', from: [{ account: 'AVAILABLE', amount: 500 }] }
  },
  'refunds.query': { out_refund_no: 'R1', sub_mchid: '1900000109' },
  'refunds.applyAbnormal': { refund_id: '50', out_refund_no: 'R1', type: 'MERCHANT_BANK_CARD' },
  'transfers.create': TRANSFER,
  'transfers.cancel': { out_bill_no: 'W1' },
  'transfers.*': [{ out_bill_no: 'W1' }, { transfer_bill_no: '99' }],
  'transferAuthorizations.create': {
    out_authorization_no: 'A1',
    openid: 'oUser',
    transfer_scene_id: '1005',
    user_display_name: 'x'
  },
  'transferAuthorizations.transfer': [
    { ...withoutOpenid(TRANSFER), authorization_id: '55' },
    { ...withoutOpenid(TRANSFER), out_authorization_no: 'A1' }
  ],
  'transferAuthorizations.createWithTransfer': {
    ...TRANSFER,
    authorization_info: {
      out_authorization_no: 'A1',
      user_display_name: 'x',
      authorization_notify_url: 'https://shop.example.com/n'
    }
  },
  'transferAuthorizations.*': { out_authorization_no: 'A1' },
  'transferBatches.create': BATCH,
  'transferBatches.query': [{ out_batch_no: 'B0001' }, { batch_id: '77' }],
  'transferBatches.queryDetail': [
    { out_batch_no: 'B0001', out_detail_no: 'D0001' },
    { batch_id: '77', detail_id: '78' }
  ],
  'transferBatches.*': { out_batch_no: 'B0001' },
  'profitSharing.create': SHARING,
  'profitSharing.createReturn': pick(
    SHARING,
    'sub_mchid',
    'out_order_no',
    'out_return_no',
    'return_mchid',
    'amount',
    'description'
  ),
  'profitSharing.*': pick(
    SHARING,
    'sub_mchid',
    'transaction_id',
    'out_order_no',
    'out_return_no',
    'description',
    'type',
    'account',
    'relation_type'
  ),
  'payscore.create': NEW_SERVICE,
  'payscore.query': [SERVICE, { service_id: '2002', query_id: 'q1' }],
  'payscore.complete': { ...SERVICE, ...SERVICE_TOTAL },
  'payscore.modify': { ...SERVICE, ...SERVICE_TOTAL, reason: 'x' },
  'payscore.sync': { ...SERVICE, detail: { paid_time: '20260301120000' } },
  'payscore.*': { ...SERVICE, reason: 'x' },
  'payscore.directComplete': DIRECT_SERVICE,
  'payscore.payOnDelivery': ON_DELIVERY,
  'partnerPayscore.create': { ...NEW_SERVICE, ...SUB, sub_appid: 'wxsub0000000000001' },
  'partnerPayscore.payOnDelivery': { ...ON_DELIVERY, ...SUB },
  'partnerPayscore.query': [
    { ...SERVICE, ...SUB },
    { service_id: '2002', query_id: 'q1', ...SUB }
  ],
  'payscorePlans.create': PLAN,
  'payscorePlans.sign': SIGN_PLAN,
  'payscorePlans.createOrder': PLAN_SERVICE,
  'payscorePlans.*': { merchant_plan_no: 'P1', merchant_sign_plan_no: 'G1', stop_reason: 'x' },
  'partnerPayscorePlans.create': { ...PLAN, ...SUB },
  'partnerPayscorePlans.sign': { ...SIGN_PLAN, ...SUB },
  'partnerPayscorePlans.createOrder': { ...PLAN_SERVICE, ...SUB },
  'partnerPayscorePlans.*': { ...SUB, merchant_plan_no: 'P1', merchant_sign_plan_no: 'G1', stop_reason: 'x' },
  'partnerPayscorePermissions.query': { ...SUB, service_id: '2002', authorization_code: 'A1' },
  'partnerPayscorePermissions.queryByUser': [
    { ...SUB, service_id: '2002', openid: 'oUser' },
    { ...SUB, service_id: '2002', sub_openid: 'oSub' }
  ],
  'partnerPayscorePermissions.assessRisk': { ...SUB, service_id: '2002', openid: 'oUser' },
  'partnerPayscorePermissions.quotas': { ...SUB, service_id: '2002', risk_level_version: 1 },
  'partnerPayscorePermissions.applyService': { ...SUB, service_id: '2002', out_apply_no: 'P1' },
  'partnerPayscorePermissions.queryServiceApplication': { out_apply_no: 'P1' },
  'partnerPayscorePermissions.*': {
    ...SUB,
    service_id: '2002',
    authorization_code: 'A1',
    notify_url: 'https://shop.example.com/n',
    scene: 'TRANSACTION'
  },
  'payscorePermissions.assessRisk': { service_id: '2002', openid: 'oUser' },
  'payscorePermissions.userState': { service_id: '2002', openid: 'oUser' },
  'payscorePermissions.apply': {
    service_id: '2002',
    authorization_code: 'A1',
    notify_url: 'https://shop.example.com/n'
  },
  'payscorePermissions.query': { service_id: '2002', authorization_code: 'A1' },
  'payscorePermissions.queryByOpenid': { service_id: '2002', openid: 'oUser' },
  'papay.deduct': DEDUCTION,
  'papay.deductHarmony': { ...DEDUCTION, harmony_account_id: 'H1' },
  'papay.queryHarmony': { plan_id: '100', out_contract_code: 'C1' },
  'papay.signScene': {
    ...PRE_SIGN,
    out_user_code: 'U1',
    sign_scene: 'SIGN_SCENE_APP',
    device_info: {
      device_type: 'DEVICE_TYPE_PHONE',
      device_id: 'D1',
      device_ip: '203.0.113.7',
      device_os: 'x',
      weixin_version: 'x',
      days_since_first_login: 'x'
    }
  },
  'partnerPapay.deduct': { ...DEDUCTION, ...SUB },
  'partnerPapay.schedule': { ...SUB, contract_id: 'Wx1', schedule_amount: { total: 1980 } },
  'partnerPapay.querySchedule': { ...SUB, contract_id: 'Wx1' },
  'partnerPapay.query': { ...SUB, plan_id: '100', out_contract_code: 'C1' },
  'partnerPapay.terminate': { ...SUB, plan_id: '100', out_contract_code: 'C1', contract_termination_remark: 'x' },
  'partnerPapay.*': { ...PRE_SIGN, ...SUB },
  'papay.schedule': { contract_id: 'Wx1', schedule_amount: { total: 1980 } },
  'papay.querySchedule': { contract_id: 'Wx1' },
  'papay.query': { plan_id: '100', out_contract_code: 'C1' },
  'papay.terminate': { plan_id: '100', out_contract_code: 'C1', contract_termination_remark: 'x' },
  'papay.*': PRE_SIGN,
  'coupons.createStock': {
    stock_name: 'x',
    available_begin_time: '2026-03-01T00:00:00+08:00',
    available_end_time: '2026-03-02T00:00:00+08:00',
    stock_use_rule: {},
    coupon_use_rule: {},
    no_cash: false,
    stock_type: 'NORMAL',
    out_request_no: 'Q1'
  },
  'coupons.setCallback': { notify_url: 'https://shop.example.com/n' },
  'coupons.*': COUPON,
  'merchantCoupons.createStock': {
    stock_name: 'x',
    goods_name: 'x',
    stock_type: 'NORMAL',
    coupon_use_rule: {},
    stock_send_rule: {},
    out_request_no: 'Q1',
    coupon_code_mode: 'WECHATPAY_MODE'
  },
  'merchantCoupons.getStock': { stock_id: '1' },
  'merchantCoupons.changeBudget': {
    stock_id: '1',
    target_max_coupons: 2,
    current_max_coupons: 1,
    modify_budget_request_no: 'M1'
  },
  'merchantCoupons.uploadCodes': { stock_id: '1', coupon_code_list: ['C1'], upload_request_no: 'C1' },
  'couponSubsidies.create': SUBSIDY,
  'couponSubsidies.list': pick(SUBSIDY, 'stock_id', 'coupon_code', 'out_subsidy_no'),
  'couponSubsidies.get': { subsidy_receipt_id: '11' },
  'couponSubsidies.createReturn': {
    ...pick(SUBSIDY, ...Object.keys(SUBSIDY).filter((name) => name !== 'out_subsidy_no')),
    refund_id: '50',
    out_subsidy_return_no: 'R1'
  },
  'couponSubsidies.getReturn': { subsidy_return_receipt_id: '21' },
  'settlementAccounts.modify': {
    ...SUB,
    account_type: 'ACCOUNT_TYPE_BUSINESS',
    account_bank: 'x',
    bank_address_code: '440300',
    account_number: '75591'
  },
  'settlementAccounts.getApplication': { ...SUB, application_no: '7' },
  'settlementAccounts.get': SUB,
  'merchantCoupons.setCallback': { notify_url: 'https://shop.example.com/n' },
  'merchantCoupons.list': { openid: 'oUser' },
  'merchantCoupons.get': { openid: 'oUser', coupon_code: 'C1' },
  'merchantCoupons.*': {
    openid: 'oUser',
    stock_id: '1',
    coupon_code: 'C1',
    out_request_no: 'Q1',
    out_trade_no: 'T202603010001',
    use_request_no: 'U1',
    use_time: '2026-03-01T00:00:00+08:00',
    return_request_no: 'R1',
    deactivate_request_no: 'D1'
  },
  'coupons.useFlow': { stock_id: '1' },
  'coupons.refundFlow': { stock_id: '1' },
  'complaints.list': { begin_date: '2026-03-01', end_date: '2026-03-02' },
  'complaints.getNotification': {},
  'complaints.createNotification': { url: 'https://shop.example.com/n' },
  'complaints.updateNotification': { url: 'https://shop.example.com/n' },
  'complaints.respondImmediately': { complaint_id: '200', idempotent_id: 'M1', message: {} },
  'complaints.*': { complaint_id: '200', response_content: 'x', action: 'APPROVE' }
}

const { pay: sample } = payWith(() => signedAnswer({}))
type Row = readonly [operation: string, endpoint: Endpoint, params: object]
const rows: Row[] = Object.entries(sample).flatMap(([family, resource]: [string, object]) => {
  const table = (resource?.constructor as { rows?: Record<string, Endpoint> } | undefined)?.rows ?? {}
  return Object.entries(table)
    .filter(([name, { method, empty }]) => method && !empty && typeof Reflect.get(resource, name) === 'function')
    .flatMap(([name, endpoint]) => {
      const operation = `${family}.${name}`
      const params = PARAMS[operation] ?? PARAMS[`${family}.*`]
      if (params === undefined) return family === 'bills' ? [] : expect.fail(`no parameters for ${operation}`)
      return [params].flat().map((one): Row => [operation, endpoint, one])
    })
})

/** A response that repeats everything that was sent, and what the endpoint promises besides. */
function echoOf({ expects = [], echoIn }: Endpoint, sent: object, url: URL): Record<string, unknown> {
  const promised = Object.fromEntries(expects.filter((name) => !name.includes('.')).map((name) => [name, 'X']))
  const query = Object.fromEntries(url.searchParams)
  const repeated = { ...promised, ...query, ...structuredClone(sent), appid: APP_ID, mchid: MCH_ID }
  return echoIn === undefined ? repeated : { ...promised, [echoIn]: repeated }
}

const IDENTITY =
  /(?:^|_)(?:no|id|mchid|appid|openid|account|amount|total|refund|(?:authorization|contract|coupon)_code)$/

/** Every copy of a value in which one number, amount or account is another one. */
function* swaps(value: unknown, path = ''): Generator<{ at: string; make(root: unknown): unknown }> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, item] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`
    if (typeof item === 'object') yield* swaps(item, at)
    else if (IDENTITY.test(name) && item !== 'X') yield { at, make: (root) => replaced(root, at.split('.'), item) }
  }
}

function replaced(root: unknown, [name = '', ...rest]: string[], item: unknown): unknown {
  const copy = Array.isArray(root) ? [...root] : { ...(root as object) }
  const value =
    rest.length === 0
      ? typeof item === 'number'
        ? item + 1
        : `${item}9`
      : replaced(Reflect.get(copy, name), rest, item)
  Reflect.set(copy, name, value)
  return copy
}

describe('a response about another request is refused', () => {
  it('covers every family', () => {
    expect(rows.length).toBeGreaterThan(45)
  })

  it.each(rows)('%s', async (operation, endpoint, params) => {
    const [family = '', name = ''] = operation.split('.')
    let body: unknown
    const { pay, fetch } = payWith(() => signedAnswer(body), { furtherAppIds: [] })
    const call = () =>
      Reflect.get(Reflect.get(pay, family), name).call(Reflect.get(pay, family), params) as Promise<unknown>
    const outcome = () =>
      call().then(
        () => 'accepted',
        (error: { code?: string; cause?: { code?: string } }) => error.code
      )
    body = {}
    await outcome()
    const url = fetch.seen[0]?.url ?? expect.fail('nothing was sent')
    const sent = { ...JSON.parse(fetch.seen[0]?.body || '{}'), ...params }
    const genuine = echoOf(endpoint, sent, url)
    body = genuine
    expect(await outcome()).toBe('accepted')
    const believed: string[] = []
    for (const { at, make } of swaps(genuine)) {
      body = make(genuine)
      if ((await outcome()) === 'accepted') believed.push(at)
    }
    expect(believed).toEqual([])
  })

  it('that of a permission must name the permission', async () => {
    const found = { service_id: '2002', appid: APP_ID, mchid: MCH_ID, authorization_state: 'AVAILABLE' }
    const { pay } = payWith(() => signedAnswer(found))
    const asked = { service_id: '2002', authorization_code: 'A1' }
    await expect(pay.payscorePermissions.query(asked)).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
  })
})
