import { V2Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import { type Contract, type ContractDraft, ENDED_BY } from '../ledger/contract.ts'
import { HOUR_MS, plainTime } from '../times.ts'
import { payEndpoint, type V2Answer, type V2Call, type V2Endpoint } from '../v2/endpoint.ts'
import {
  amount,
  type FieldRules,
  IP,
  may,
  NOTIFY_URL,
  need,
  ORDER_NUMBERS,
  OUT_TRADE_NO,
  one,
  oneMay
} from '../v2/fields.ts'
import { queryFields } from '../v2/order-fields.ts'
import { orderOf, UNIFIED, unifiedOrder } from '../v2/orders.ts'
import { compact } from '../v3/shape.ts'
import { offerWithPayment } from './contract-offer.ts'
import { acceptDeduction, DeductionRefusal } from './deduction.ts'
import { EntrustProblem, readEntrustLink, wrongValue } from './entrust-link.ts'

const PARTNER: FieldRules = { sub_appid: may(32), sub_mch_id: may(32, /^\d+$/) }

function contractOf(call: V2Call): Contract {
  const { contracts } = call.world
  const { contract_id: id, plan_id: plan = '', contract_code: code = '' } = call.fields
  const mchId = call.merchant.mchId
  const found = id ? contracts.byId(mchId, id) : contracts.byCode(mchId, plan, code)
  if (!found || found.subMchId !== (call.fields.sub_mch_id || undefined)) {
    throw new V2Failure('CONTRACT_NOT_EXIST', '签约协议不存在')
  }
  return found
}

function contractFields(contract: Contract): V2Answer {
  const { ended } = contract
  return compact({
    contract_id: contract.contractId,
    plan_id: contract.planId,
    request_serial: contract.requestSerial,
    contract_code: contract.code,
    contract_display_account: contract.displayAccount,
    contract_state: ended ? '1' : '0',
    contract_signed_time: plainTime(contract.signedAt),
    contract_expired_time: plainTime(contract.expiresAt),
    contract_terminated_time: ended && plainTime(ended.at),
    contract_termination_mode: ended ? ENDED_BY[ended.by][0] : '0',
    contract_termination_remark: ended?.remark,
    openid: contract.openid
  })
}

function terminate(call: V2Call): V2Answer {
  const contract = contractOf(call)
  if (contract.ended) throw new V2Failure('CONTRACT_NOT_EXIST', '签约协议已解约')
  call.world.contracts.end(contract, 'api', call.fields.contract_termination_remark ?? '')
  return { contract_id: contract.contractId, plan_id: contract.planId, contract_code: contract.code }
}

function preSign(call: V2Call): V2Answer {
  try {
    const draft = readEntrustLink(call.world, call.fields, 'app', call.fields.sub_mch_id !== undefined)
    const { random, clock } = call.world.context
    const token = random.text(64)
    call.world.contracts.offers.add({ token, draft, expiresAt: clock.now() + HOUR_MS })
    return { pre_entrustweb_id: token }
  } catch (error) {
    throw error instanceof EntrustProblem ? new V2Failure('PARAM_ERROR', error.message) : error
  }
}

/** 支付中签约: an order, and a contract that comes of its payment, or not. */
function contractOrder(call: V2Call): V2Answer {
  const { fields, world, merchant } = call
  if (fields.contract_mchid !== fields.mch_id || fields.contract_appid !== fields.appid) {
    throw new V2Failure('PARAM_ERROR', 'contract_mchid、contract_appid应与mch_id、appid一致')
  }
  const answer = unifiedOrder(call)
  const { plan_id = '', contract_code = '', request_serial = '', contract_display_account = '' } = fields
  const echo = { plan_id, contract_code, request_serial, contract_display_account }
  const wrong = wrongValue(fields)
  const known = world.contracts.byCode(merchant.mchId, plan_id, contract_code)
  if (wrong || (known && !known.ended)) {
    const code = wrong ? 'PARAM_ERROR' : 'INVALID_REQUEST'
    const text = wrong ?? '签约协议号重复'
    return { ...answer, contract_result_code: 'FAIL', contract_err_code: code, contract_err_code_des: text, ...echo }
  }
  const draft: ContractDraft = {
    api: 2,
    mchId: merchant.mchId,
    appId: fields.appid ?? '',
    planId: plan_id,
    code: contract_code,
    requestSerial: request_serial,
    displayAccount: contract_display_account,
    notifyUrl: fields.contract_notify_url ?? '',
    signType: call.signType,
    ...compact({ subMchId: fields.sub_mch_id, subAppId: fields.sub_appid })
  }
  offerWithPayment(world, String(answer.prepay_id), draft)
  return { ...answer, contract_result_code: 'SUCCESS', ...echo }
}

function deduct(call: V2Call): V2Answer {
  const { fields, world, merchant, book } = call
  const contract = world.contracts.byId(merchant.mchId, fields.contract_id ?? '')
  const { nonce_str: _, sign: __, sign_type: ___, ...meaning } = fields
  try {
    const order = acceptDeduction(world, contract, {
      book,
      mchId: merchant.mchId,
      outTradeNo: fields.out_trade_no ?? '',
      api: 2,
      appId: fields.appid ?? '',
      tradeType: 'PAP',
      description: fields.body ?? '',
      total: Number(fields.total_fee),
      currency: 'CNY',
      signType: call.signType,
      expiresAt: world.context.clock.now() + 48 * HOUR_MS,
      profitSharing: fields.profit_sharing === 'Y',
      contractId: fields.contract_id ?? '',
      fingerprint: fingerprint(meaning),
      ...compact({
        subMchId: fields.sub_mch_id,
        subAppId: fields.sub_appid,
        attach: fields.attach,
        notifyUrl: fields.notify_url,
        openid: contract?.openid
      })
    })
    return { out_trade_no: order.outTradeNo }
  } catch (error) {
    throw error instanceof DeductionRefusal ? error.v2 : error
  }
}

function queryDeduction(call: V2Call): V2Answer {
  const order = orderOf(call)
  if (order.contractId === undefined) throw new V2Failure('ORDERNOTEXIST', '此交易订单号不存在')
  return { ...queryFields(order), contract_id: order.contractId }
}

const NUMBER: FieldRules = {
  appid: need(32),
  ...PARTNER,
  version: one('1.0'),
  contract_id: may(32),
  plan_id: { max: 28, required: (fields) => !fields.contract_id },
  contract_code: { max: 128, required: (fields) => !fields.contract_id }
}
const DEDUCTION: FieldRules = {
  appid: need(32),
  ...PARTNER,
  body: need(128),
  detail: may(8192),
  attach: may(128),
  out_trade_no: need(32, OUT_TRADE_NO),
  total_fee: amount(),
  fee_type: oneMay('CNY'),
  spbill_create_ip: need(64, IP),
  goods_tag: may(32),
  notify_url: need(256, NOTIFY_URL),
  trade_type: one('PAP'),
  contract_id: need(32),
  receipt: oneMay('Y'),
  profit_sharing: oneMay('Y', 'N')
}
const CONTRACT_ORDER: FieldRules = {
  ...UNIFIED,
  contract_mchid: need(32),
  contract_appid: need(32),
  plan_id: need(28),
  contract_code: need(32),
  request_serial: need(12),
  contract_display_account: need(128),
  contract_notify_url: need(256)
}
const NO_NONCE = { hasNonce: false } as const

/** Each with the path of providers beside it. */
const both = (path: string, rules: FieldRules, run: V2Endpoint['run'], extra: { hasNonce?: false } = {}) =>
  [path, path.replace(/^\/(papay|pay)\//, '/$1/partner/')].map((one) => payEndpoint(one, rules, run, extra))

export const PAPAY_ENDPOINTS: readonly V2Endpoint[] = [
  payEndpoint('/pay/contractorder', CONTRACT_ORDER, contractOrder),
  ...both('/papay/preentrustweb', { appid: need(32), ...PARTNER }, preSign, NO_NONCE),
  ...both('/papay/querycontract', NUMBER, (call) => contractFields(contractOf(call)), NO_NONCE),
  ...both('/papay/deletecontract', { ...NUMBER, contract_termination_remark: need(512) }, terminate, NO_NONCE),
  ...both('/pay/pappayapply', DEDUCTION, deduct),
  ...both('/pay/paporderquery', { appid: need(32), ...PARTNER, ...ORDER_NUMBERS }, queryDeduction)
]
