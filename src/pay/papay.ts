import { integer, optional, record, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import type { ContractNumber, PapayContract, PapaySchedule, PreSigned, PreSignParams } from './contract.ts'
import { get, post } from './endpoint.ts'
import { chars, day, notifyUrl, openid, outTradeNo } from './field-rules.ts'
import { resource } from './resource.ts'

/** Tells a user what is about to be deducted. */
export interface DeductionNoticeParams {
  contract_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** `amount` in fen: the deduction may be less, not more. */
  estimated_amount: { amount: number; currency?: 'CNY' | undefined }
  /** For so many days the deduction may then be made. Default of WeChat: 7. */
  deduct_duration?: { count: number; unit?: 'DAY' | undefined } | undefined
}

/** Money to deduct by a contract. */
export interface ContractDeductionParams {
  contract_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** The key of the deduction: it is deducted once. */
  out_trade_no: string
  /** Shown to the user, at most 127 characters. */
  description: string
  /** Default: `notifyUrl` of the client. Failures are notified as well. */
  transaction_notify_url?: string | undefined
  /** `total` in fen. */
  amount: { total: number; currency?: 'CNY' | undefined }
  attach?: string | undefined
  goods_tag?: string | undefined
}

/** A deduction that was accepted, not made. */
export interface ContractDeduction {
  out_trade_no: string
  /** `total` in fen. */
  amount?: { total: number; currency?: string }
}

const SIGN = '/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign'
const CONTRACT = '/v3/papay/sign/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}'
const SCHEDULE = '/v3/papay/pay/schedules/contract-id/{contract_id}'
const NOTICE = '/v3/papay/contracts/{contract_id}'

const contractId = chars(32, /^[0-9A-Za-z_-]+$/, 'the contract_id of WeChat Pay')
const contractCode = chars(128)
const planId = (value: unknown) =>
  /^\d{1,28}$/.test(String(value)) ? undefined : 'must be the id of the template: digits'
const APP = { appid: 'appId' } as const
const BY_ID = { contract_id: required(contractId) }
const BY_CODE = { plan_id: required(chars(28, /^\d+$/, 'digits, as text')), out_contract_code: required(contractCode) }

const PRE_SIGN = {
  fill: { ...APP, contract_notify_url: 'notifyUrl' },
  rules: {
    plan_id: required(planId),
    out_contract_code: required(contractCode),
    contract_display_account: required(chars(128)),
    contract_notify_url: required(notifyUrl),
    out_user_code: optional(chars(64)),
    openid: optional(openid),
    deduct_schedule: optional(record),
    'deduct_schedule.estimated_deduct_date': required(day),
    'deduct_schedule.estimated_deduct_amount': required(record),
    'deduct_schedule.estimated_deduct_amount.total': required(fen()),
    'deduct_schedule.description': required(chars(128))
  }
} as const

/** Contracts for deductions and what is deducted by them (委托代扣, 自动续费, 预约扣费). */
export class Papay extends resource('papay', {
  /**
   * Prepares a contract that an app has signed. (预约扣费签约: APP)
   *
   * @param params amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  signApp: post<PreSignParams, PreSigned>(`${SIGN}/app`, { ...PRE_SIGN, expects: ['pre_entrustweb_id'] }),

  /**
   * Prepares a contract that a browser outside WeChat signs, at `redirect_url`. (预约扣费签约: H5)
   *
   * @param params amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  signH5: post<
    PreSignParams & { jump_control?: { jump_appid?: string | undefined } | undefined },
    { redirect_url: string }
  >(`${SIGN}/h5`, {
    ...PRE_SIGN,
    expects: ['redirect_url']
  }),

  /**
   * Prepares a contract that a page in WeChat signs, at `redirect_url`. (预约扣费签约: JSAPI)
   *
   * @param params amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  signJsapi: post<PreSignParams, { redirect_url: string }>(`${SIGN}/jsapi`, {
    ...PRE_SIGN,
    expects: ['redirect_url']
  }),

  /**
   * Prepares a contract that a Mini Program has signed: `wx.navigateToMiniProgram` with `redirect_appid`, `redirect_path` and
   * `extraData: { pre_entrustweb_id }`. (预约扣费签约: 小程序)
   *
   * @param params amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  signMiniProgram: post<PreSignParams, { pre_entrustweb_id: string; redirect_appid: string; redirect_path: string }>(
    `${SIGN}/mini-program`,
    { ...PRE_SIGN, expects: ['pre_entrustweb_id', 'redirect_appid', 'redirect_path'] }
  ),

  /**
   * Looks a contract up. (查询签约)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  query: get<ContractNumber, PapayContract>(CONTRACT, {
    rules: BY_CODE,
    expects: ['contract_state'],
    echo: ['out_contract_code', 'plan_id']
  }),

  /**
   * Ends a contract. (解约)
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; `TERMINATED` has ended
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  terminate: post<ContractNumber & { contract_termination_remark: string }, PapayContract>(`${CONTRACT}/terminate`, {
    rules: { ...BY_CODE, contract_termination_remark: required(chars(256)) },
    expects: ['contract_state'],
    echo: ['out_contract_code', 'plan_id'],
    money: { open: 'throttled', query: { method: 'papay.query', by: ['plan_id', 'out_contract_code'] } }
  }),

  /**
   * Tells the user what is about to be deducted. (预扣费通知) Once per cycle, from 7 to 22 o'clock (Beijing); the deduction may be made
   * from two days later on. Never retried by the client: a second one is refused, and no call says whether the first one was
   * made.
   *
   * @param params amount in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  notify: post<DeductionNoticeParams, void>(`${NOTICE}/notify`, {
    idempotent: false,
    fill: { ...APP, mchid: 'mchId' },
    rules: {
      ...BY_ID,
      estimated_amount: required(record),
      'estimated_amount.amount': required(fen()),
      deduct_duration: optional(record),
      'deduct_duration.count': required(integer(1, 7))
    },
    empty: true
  }),

  /**
   * Tells the user that a deduction failed and will be tried again. (扣费失败通知)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  notifyFailure: post<{ contract_id: string; appid?: string | undefined }, void>(`${NOTICE}/fail-notify`, {
    idempotent: false,
    fill: { ...APP, mchid: 'mchId' },
    rules: BY_ID,
    empty: true
  }),

  /**
   * Confirms the deduction of a scheduled contract (预约扣费): once, on the day before it, from 8:00 to 19:30 (Beijing), with the
   * amount of the contract.
   *
   * @param params amount in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; `SCHEDULED` is done
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  schedule: post<
    {
      contract_id: string
      appid?: string | undefined
      schedule_amount: { total: number; currency?: 'CNY' | undefined }
    },
    PapaySchedule
  >(`${SCHEDULE}/schedule`, {
    fill: APP,
    rules: { ...BY_ID, schedule_amount: required(record), 'schedule_amount.total': required(fen()) },
    expects: ['schedule_state'],
    money: { open: 'throttled', query: { method: 'papay.querySchedule', by: ['contract_id'] } }
  }),

  /**
   * Looks the deduction of a scheduled contract up. (查询预约扣费)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  querySchedule: get<{ contract_id: string }, PapaySchedule>(SCHEDULE, { rules: BY_ID, expects: ['schedule_state'] }),

  /**
   * Deducts by a contract. (受理扣款) Accepted only: the notification (`onPaid`, `onUnpaid`) or `transactions.query` reports the
   * outcome. A number is deducted once.
   *
   * @param params amount in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`, or repeat with the same number
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   * @example
   * await pay.papay.deduct({
   *   contract_id: 'Wx15463511252015071056489715', out_trade_no: 'T202603010001', description: 'Membership, March',
   *   amount: { total: 1980 }
   * })
   */
  deduct: post<ContractDeductionParams, ContractDeduction>('/v3/papay/pay/transactions/apply', {
    fill: { ...APP, transaction_notify_url: 'notifyUrl' },
    rules: {
      ...BY_ID,
      out_trade_no: required(outTradeNo),
      description: required(chars(127)),
      transaction_notify_url: required(notifyUrl),
      amount: required(record),
      'amount.total': required(fen()),
      attach: optional(chars(128)),
      goods_tag: optional(chars(32))
    },
    expects: ['out_trade_no'],
    echo: ['out_trade_no'],
    money: { open: 'throttled', query: { method: 'transactions.query', by: ['out_trade_no'] } }
  })
}) {}
