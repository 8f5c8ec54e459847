import { integer, type OptionRules, optional, record, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import type { PapayContract, PapaySchedule, PreSigned } from './contract.ts'
import { type AccountField, get, post } from './endpoint.ts'
import { chars, day, notifyUrl, outTradeNo } from './field-rules.ts'
import type { ContractDeduction, JumpControl } from './papay-types.ts'

export const contractId = chars(32, /^[0-9A-Za-z_-]+$/, 'the contract_id of WeChat Pay')
export const contractCode = chars(128)
export const planId = (value: unknown) =>
  /^\d{1,28}$/.test(String(value)) ? undefined : 'must be the id of the template: digits'
const BY_ID = { contract_id: required(contractId) }
export const BY_CODE = {
  plan_id: required(chars(28, /^\d+$/, 'digits, as text')),
  out_contract_code: required(contractCode)
}

const PRE_SIGN = {
  plan_id: required(planId),
  out_contract_code: required(contractCode),
  contract_display_account: required(chars(128)),
  contract_notify_url: required(notifyUrl),
  out_user_code: optional(chars(64)),
  deduct_schedule: optional(record),
  'deduct_schedule.estimated_deduct_date': required(day),
  'deduct_schedule.estimated_deduct_amount': required(record),
  'deduct_schedule.estimated_deduct_amount.total': required(fen()),
  'deduct_schedule.description': required(chars(128))
}

/** Types of the parameters. */
interface PapayTypes {
  readonly preSign: object
  readonly number: object
  readonly notice: object
  readonly contract: object
  readonly contractNumber: object
  readonly schedule: object
  readonly deduction: object
}

type Fill = Readonly<Record<string, AccountField>>

/** Differences between contracts of a merchant itself and of a service provider. */
interface PapayVariant {
  readonly family: string
  /** The query for its deductions. */
  readonly transactions: string
  readonly signing: string
  readonly contracts: string
  readonly deductions: string
  readonly notices: string
  readonly apps: Fill
  /** The caller, if it is part of the body. */
  readonly own: Fill
  readonly sub: Fill
  readonly subRules: OptionRules
  readonly payer: OptionRules
}

/** The rows of contracts for deductions. */
export function papayRows<T extends PapayTypes>(variant: PapayVariant) {
  const { family, transactions, signing, contracts, deductions, notices, apps, own, sub, subRules, payer } = variant
  const sign = `${signing}/contracts/pre-entrust-sign`
  const contract = `${contracts}/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}`
  const schedule = `${deductions}/schedules/contract-id/{contract_id}`
  const notice = `${notices}/{contract_id}`
  const owner = Object.keys(sub)
  const preSign = {
    fill: { ...apps, contract_notify_url: 'notifyUrl' } satisfies Fill,
    rules: { ...PRE_SIGN, ...subRules, ...payer }
  }
  return {
    /**
     * Prepares a contract that the user signs in an app. (预约扣费签约: APP)
     *
     * @param params amounts in fen
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    signApp: post<T['preSign'], PreSigned>(`${sign}/app`, { ...preSign, expects: ['pre_entrustweb_id'] }),

    /**
     * Prepares a contract that the user signs in a browser outside WeChat, at `redirect_url`. (预约扣费签约: H5)
     *
     * @param params amounts in fen
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    signH5: post<T['preSign'] & JumpControl, { redirect_url: string }>(`${sign}/h5`, {
      ...preSign,
      expects: ['redirect_url']
    }),

    /**
     * Prepares a contract that the user signs on a page in WeChat, at `redirect_url`. (预约扣费签约: JSAPI)
     *
     * @param params amounts in fen
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    signJsapi: post<T['preSign'], { redirect_url: string }>(`${sign}/jsapi`, {
      ...preSign,
      expects: ['redirect_url']
    }),

    /**
     * Prepares a contract that the user signs in a Mini Program: `wx.navigateToMiniProgram` with `redirect_appid`,
     * `redirect_path` and `extraData: { pre_entrustweb_id }`. (预约扣费签约: 小程序)
     *
     * @param params amounts in fen
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    signMiniProgram: post<T['preSign'], { pre_entrustweb_id: string; redirect_appid: string; redirect_path: string }>(
      `${sign}/mini-program`,
      { ...preSign, expects: ['pre_entrustweb_id', 'redirect_appid', 'redirect_path'] }
    ),

    /**
     * Looks up a contract. (查询签约)
     *
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    query: get<T['number'], PapayContract>(contract, {
      fill: sub,
      rules: { ...BY_CODE, ...subRules },
      expects: ['contract_state'],
      echo: ['out_contract_code', 'plan_id']
    }),

    /**
     * Ends a contract. (解约)
     *
     * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; `TERMINATED`: it has ended
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    terminate: post<T['number'] & { contract_termination_remark: string }, PapayContract>(`${contract}/terminate`, {
      fill: sub,
      rules: { ...BY_CODE, ...subRules, contract_termination_remark: required(chars(256)) },
      expects: ['contract_state'],
      echo: ['out_contract_code', 'plan_id'],
      money: { open: 'throttled', query: { method: `${family}.query`, by: ['plan_id', 'out_contract_code', ...owner] } }
    }),

    /**
     * Announces a deduction to the user. (预扣费通知) Once per cycle, from 7:00 to 22:00 (Beijing time); the deduction can
     * be made from two days later on. Never retried by the client: a second one is refused, and no call shows whether
     * the first one succeeded.
     *
     * @param params amount in fen
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
     */
    notify: post<T['notice'], void>(`${notice}/notify`, {
      idempotent: false,
      fill: { ...apps, ...own },
      rules: {
        ...BY_ID,
        ...subRules,
        estimated_amount: required(record),
        'estimated_amount.amount': required(fen()),
        deduct_duration: optional(record),
        'deduct_duration.count': required(integer(1, 7))
      },
      empty: true
    }),

    /**
     * Informs the user that a deduction failed and will be tried again. (扣费失败通知)
     *
     * @param params identifies the contract
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
     */
    notifyFailure: post<T['contract'], void>(`${notice}/fail-notify`, {
      idempotent: false,
      fill: { ...apps, ...own },
      rules: { ...BY_ID, ...subRules },
      empty: true
    }),

    /**
     * Confirms the deduction of a scheduled contract (预约扣费): once, on the day before it, from 8:00 to 19:30 (Beijing), with the
     * amount of the contract.
     *
     * @param params amount in fen
     * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; `SCHEDULED`: it is confirmed
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    schedule: post<T['schedule'], PapaySchedule>(`${schedule}/schedule`, {
      fill: apps,
      rules: { ...BY_ID, ...subRules, schedule_amount: required(record), 'schedule_amount.total': required(fen()) },
      expects: ['schedule_state'],
      money: { open: 'throttled', query: { method: `${family}.querySchedule`, by: ['contract_id', ...owner] } }
    }),

    /**
     * Looks up the deduction of a scheduled contract. (查询预约扣费)
     *
     * @param params identifies the contract
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    querySchedule: get<T['contractNumber'], PapaySchedule>(schedule, {
      fill: sub,
      rules: { ...BY_ID, ...subRules },
      expects: ['schedule_state']
    }),

    /**
     * Makes a deduction under a contract. (受理扣款) Success only means *accepted*; the notification (`onPaid`, `onUnpaid`)
     * or `transactions.query` reports the outcome. Each number is deducted only once.
     *
     * @param params amount in fen
     * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`, or retry with the same number
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     * @example
     * await pay.papay.deduct({
     *   contract_id: 'Wx15463511252015071056489715', out_trade_no: 'T202603010001', description: 'Membership, March',
     *   amount: { total: 1980 }
     * })
     */
    deduct: post<T['deduction'], ContractDeduction>(`${deductions}/transactions/apply`, {
      fill: { ...apps, transaction_notify_url: 'notifyUrl' },
      rules: {
        ...BY_ID,
        ...subRules,
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
      money: { open: 'throttled', query: { method: `${transactions}.query`, by: ['out_trade_no', ...owner] } }
    })
  }
}
