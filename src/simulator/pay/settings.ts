import {
  checkOptions,
  flag,
  integer,
  list,
  type OptionCheck,
  type OptionRules,
  optional,
  record,
  text
} from '../../core/options.ts'
import type { DeductionPlan } from './ledger/deduction-plan.ts'

/** Rules of the simulated platform that a test may change at any time: `simulator.pay.settings.refundDelayMs = 0`. */
export interface PaySettings {
  /** From the acceptance of a refund to its success. 1,000 ms by default; days are possible in reality. */
  refundDelayMs: number
  /** Shortest time between two refunds of one order; 0 (default) does not check, 60,000 is what the platform asks for. */
  refundIntervalMs: number
  /** From the acceptance of a payout (bank card, batch, cancelled transfer, profit sharing, receipt) to its end; 1,000 ms. */
  payoutDelayMs: number
  /** After this an unconfirmed transfer and an unopened red packet go back; 24 hours. */
  claimPeriodMs: number
  /** Payments above this amount in fen by payment code (付款码) ask for the password; 1,000 yuan. */
  passwordAbove: number
  /** Fee in hundredths of a percent (万分之), shown in bills; 60 is 0.60 %. */
  feeRate: number
  /** Where v2 refund notifications go when the refund names no `notify_url` (set in the merchant console). */
  refundNotifyUrl: string | undefined
  /** Where ended v2 contracts are notified (set in the template); the address of the contract without it. */
  contractEndUrl: string | undefined
  /** Largest part of an order that may be shared, in hundredths of a percent; 3,000 is 30 %. */
  sharingRatio: number
  /** Addresses that receivers of shares set for their notifications, by merchant (分账接收设置). */
  sharingNotifyUrls: Readonly<Record<string, string>>
  /** Under which name shares are notified; both occur. `TRANSACTION` (default) looks like a payment. */
  sharingEvent: 'TRANSACTION' | 'PROFITSHARING'
  /** Merchants that do not allow shares to be taken back. */
  sharingReturnsRefusedBy: readonly string[]
  /** Largest total of a service order (微信支付分), in fen; 2,000 yuan. */
  serviceLimit: number
  /** So many of the next attempts to collect a service order fail; WeChat tries again six hours later. */
  serviceCollectionFailures: number
  /** The next users who begin a service without confirmation are refused for these reasons, e.g. 271300099 (risk). */
  serviceRefusals: number[]
  /** Whether merchants have the permissions for what WeChat grants one by one: orders completed at once, the risk of users. */
  specialServices: boolean
  /** Templates of deductions by `plan_id`; what is not listed deducts at once, at most 500 yuan and five times a day. */
  deductionPlans: Readonly<Record<string, Partial<DeductionPlan>>>
  /** The next deductions fail with these codes, one each, e.g. `NOTENOUGH`. */
  deductionFailures: string[]
  /** The next changes of settlement accounts fail the review with these reasons, e.g. `银行账户户名有误`. */
  settlementFailures: string[]
  /** Whether the notification of a contract comes before that of the payment with which it was signed. */
  contractNoticeFirst: boolean
  /** Take v2 bodies under another root than `<xml>` (reports differ on what the real service does); `false`. */
  acceptOtherRoots: boolean
  /**
   * Products that merchants have no permission for (产品权限), by the beginnings of the paths of their calls, e.g. `/v3/payscore/`:
   * they get NO_AUTH.
   */
  withoutPermission: readonly string[]
  /** Refuse calls above the rates that their documents name, counted on the clock of the simulator; `false`. */
  limitRates: boolean
  /** Refuse API v3 calls with fields that the simulator does not know, as for merchants opened since about 2022; `false`. */
  refuseUnknownFields: boolean
  /** Take an empty `spbill_create_ip` in v2 (reports differ); `false`. */
  acceptEmptyIp: boolean
  /** Merchants outside mainland China (境外商户): notifications of their payments have `id` in place of `transaction_id`. */
  overseasMerchants: readonly string[]
  /** Bills are ready at this hour of the next day in Beijing; 10. */
  billHour: number
}

export const defaultPaySettings = (): PaySettings => ({
  refundDelayMs: 1_000,
  refundIntervalMs: 0,
  payoutDelayMs: 1_000,
  claimPeriodMs: 24 * 3_600_000,
  passwordAbove: 100_000,
  feeRate: 60,
  refundNotifyUrl: undefined,
  contractEndUrl: undefined,
  sharingRatio: 3_000,
  sharingNotifyUrls: {},
  sharingEvent: 'TRANSACTION',
  overseasMerchants: [],
  sharingReturnsRefusedBy: [],
  serviceLimit: 200_000,
  serviceCollectionFailures: 0,
  serviceRefusals: [],
  specialServices: true,
  deductionPlans: {},
  deductionFailures: [],
  settlementFailures: [],
  contractNoticeFirst: false,
  acceptOtherRoots: false,
  withoutPermission: [],
  limitRates: false,
  refuseUnknownFields: false,
  acceptEmptyIp: false,
  billHour: 10
})

function ruleOf(value: unknown): OptionCheck {
  if (Array.isArray(value)) return list
  if (typeof value === 'number') return integer()
  if (typeof value === 'boolean') return flag
  return typeof value === 'object' ? record : text()
}

const RULES: OptionRules = Object.fromEntries(
  Object.entries(defaultPaySettings()).map(([name, value]) => [name, optional(ruleOf(value))])
)

/**
 * @internal
 * @throws {ConfigError} ERR_CONFIG
 */
export function checkPaySettings(settings: Partial<PaySettings>, owner: string): void {
  checkOptions(settings, RULES, { owner, product: 'simulator' })
}
