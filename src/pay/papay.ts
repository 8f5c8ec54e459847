import { oneOf, optional, record, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import type { ContractNumber, PapayContract, PreSignParams } from './contract.ts'
import { get, post } from './endpoint.ts'
import { chars, ipAddress, merchantId, notifyUrl, openid, outTradeNo } from './field-rules.ts'
import { BY_CODE, contractCode, contractId, papayRows, planId } from './papay-rows.ts'
import type {
  ContractDeduction,
  ContractDeductionParams,
  DeductionNoticeParams,
  PapayScheduleParams,
  PartnerContractDeductionParams,
  PartnerContractNumber,
  PartnerDeductionNoticeParams,
  PartnerPapayScheduleParams,
  PartnerPreSignParams,
  SceneSigned,
  SceneSignParams
} from './papay-types.ts'
import { resource } from './resource.ts'

interface DirectTypes {
  preSign: PreSignParams
  number: ContractNumber
  notice: DeductionNoticeParams
  contract: Pick<DeductionNoticeParams, 'contract_id' | 'appid'>
  contractNumber: Pick<DeductionNoticeParams, 'contract_id'>
  schedule: PapayScheduleParams
  deduction: ContractDeductionParams
}

interface PartnerTypes {
  preSign: PartnerPreSignParams
  number: PartnerContractNumber
  notice: PartnerDeductionNoticeParams
  contract: Pick<PartnerDeductionNoticeParams, 'contract_id' | 'sp_appid' | 'sub_mchid' | 'sub_appid'>
  contractNumber: Pick<PartnerDeductionNoticeParams, 'contract_id' | 'sub_mchid'>
  schedule: PartnerPapayScheduleParams
  deduction: PartnerContractDeductionParams
}

const APP = { appid: 'appId' } as const

const SCENES = {
  /**
   * Prepares a contract that the user signs in a HarmonyOS app or by a QR code. (签约: 鸿蒙 APP、二维码)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  signScene: post<SceneSignParams, SceneSigned>('/v3/papay/sign/contracts/pre-entrust-sign', {
    fill: { ...APP, contract_notify_url: 'notifyUrl' },
    rules: {
      plan_id: required(planId),
      out_contract_code: required(contractCode),
      out_user_code: required(chars(64)),
      contract_display_account: required(chars(128)),
      contract_notify_url: required(notifyUrl),
      openid: optional(openid),
      return_url: optional(chars(1024)),
      sign_scene: required(chars(32)),
      device_info: required(record),
      'device_info.device_type': required(chars(32)),
      'device_info.device_id': required(chars(128)),
      'device_info.device_ip': required(ipAddress),
      'device_info.device_os': required(chars(64)),
      'device_info.weixin_version': required(chars(32)),
      'device_info.days_since_first_login': required(chars(64))
    },
    expects: ['pre_entrustweb_id']
  }),

  /**
   * Looks up a contract signed in a HarmonyOS app. (查询签约: 鸿蒙)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  queryHarmony: get<ContractNumber, PapayContract & { mask_wxid?: string }>(
    '/v3/papay/sign/contracts/harmony-plan-id/{plan_id}/out-contract-code/{out_contract_code}',
    { rules: BY_CODE, expects: ['contract_state'], echo: ['out_contract_code', 'plan_id'] }
  ),

  /**
   * Makes a deduction under a contract signed in a HarmonyOS app. (受理扣款: 鸿蒙) Success only means *accepted*; the
   * notification or `transactions.query` reports the outcome. Each number is deducted only once.
   *
   * @param params amount in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`, or retry with the same number
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  deductHarmony: post<
    ContractDeductionParams & { harmony_account_id: string; mcc?: string | undefined },
    ContractDeduction
  >('/v3/papay/pay/harmony/transactions/apply', {
    fill: { ...APP, transaction_notify_url: 'notifyUrl' },
    rules: {
      contract_id: required(contractId),
      harmony_account_id: required(chars(128)),
      out_trade_no: required(outTradeNo),
      description: required(chars(127)),
      transaction_notify_url: required(notifyUrl),
      amount: required(record),
      'amount.total': required(fen()),
      'amount.currency': optional(oneOf('CNY')),
      attach: optional(chars(128)),
      goods_tag: optional(chars(32)),
      mcc: optional(chars(8))
    },
    expects: ['out_trade_no'],
    echo: ['out_trade_no'],
    money: { open: 'throttled', query: { method: 'transactions.query', by: ['out_trade_no'] } }
  })
}

// Interfaces, because declaration files keep docstrings only for named types.
interface DirectRows extends ReturnType<typeof papayRows<DirectTypes>>, SceneRows {}
type SceneRows = typeof SCENES
interface PartnerRows extends ReturnType<typeof papayRows<PartnerTypes>> {}

/** Contracts for deductions, and the deductions (委托代扣, 自动续费, 预约扣费). */
export class Papay extends resource<DirectRows>('papay', {
  ...papayRows<DirectTypes>({
    family: 'papay',
    transactions: 'transactions',
    signing: '/v3/papay/scheduled-deduct-sign',
    contracts: '/v3/papay/sign',
    deductions: '/v3/papay/pay',
    notices: '/v3/papay/contracts',
    apps: APP,
    own: { mchid: 'mchId' },
    sub: {},
    subRules: {},
    payer: { openid: optional(openid) }
  }),
  ...SCENES
}) {}

/** Contracts for deductions of sub-merchants (委托代扣, 服务商). */
export class PartnerPapay extends resource<PartnerRows>(
  'partnerPapay',
  papayRows<PartnerTypes>({
    family: 'partnerPapay',
    transactions: 'partnerTransactions',
    signing: '/v3/papay/scheduled-deduct-sign/partner',
    contracts: '/v3/papay/sign/partner',
    deductions: '/v3/papay/pay/partner',
    notices: '/v3/partner-papay/contracts',
    apps: { sp_appid: 'appId', sub_mchid: 'subMchId', sub_appid: 'subAppId' },
    own: { sp_mchid: 'mchId' },
    sub: { sub_mchid: 'subMchId' },
    subRules: { sub_mchid: required(merchantId) },
    payer: { sp_openid: optional(openid), sub_openid: optional(openid) }
  })
) {}
