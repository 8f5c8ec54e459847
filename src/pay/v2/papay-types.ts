import type { EntrustParams } from './entrust-links.ts'
import type { AccountParams } from './identity.ts'
import type { OrderCoupon, PaidOrder, UnifiedOrder, UnifiedOrderParams } from './order-types.ts'

/** An order that also signs a contract (支付中签约). Amounts in fen. */
export type ContractOrderParams<T extends UnifiedOrderParams = UnifiedOrderParams> = T &
  Omit<EntrustParams, 'notify_url' | 'return_web' | keyof AccountParams> & {
    /** URL for the contract notification; the payment notification is sent to `notify_url`. */
    contract_notify_url: string | URL
  }

/** Result of `papay.order`. */
export type ContractOrder<T extends UnifiedOrderParams['trade_type'] = UnifiedOrderParams['trade_type']> =
  UnifiedOrder<T> & {
    out_trade_no?: string
    /** `FAIL`: the order can be paid, but no contract is signed. */
    contract_result_code: 'SUCCESS' | 'FAIL' | (string & {})
    contract_err_code?: string
    contract_err_code_des?: string
    plan_id?: string
    contract_code?: string
    request_serial?: string
    contract_display_account?: string
  }

/** A contract that a user signs in an app. */
export type PreSignParams = Omit<EntrustParams, 'return_web'> & { return_app?: 'Y' | 'N' | undefined }

/** A contract that a user signs in a browser outside WeChat (H5 纯签约). The data of the user is used for risk control. */
export type H5SignParams = Omit<EntrustParams, 'return_web'> & {
  /** IP of the user's client. */
  clientip: string
  /** Return target of an app that opened the browser. */
  return_appid?: string | undefined
  deviceid?: string | undefined
  mobile?: string | undefined
  email?: string | undefined
  qq?: string | undefined
  openid?: string | undefined
  creid?: string | undefined
  outerid?: string | undefined
}

/** For the SDK of the app. */
export interface PreSigned {
  appid?: string
  mch_id: string
  pre_entrustweb_id: string
  miniprogram_username?: string
  miniprogram_path?: string
}

/** Identifies a contract by WeChat's number, or the template and your number. */
export type ContractNumber = AccountParams &
  (
    | { contract_id: string; plan_id?: never; contract_code?: never }
    | { plan_id: string; contract_code: string; contract_id?: never }
  )

/** A contract as WeChat Pay returns it. */
export interface Contract {
  appid: string
  mch_id: string
  sub_appid?: string
  sub_mch_id?: string
  contract_id: string
  plan_id: string
  request_serial?: string
  contract_code: string
  contract_display_account?: string
  /** `0` signed, `1` ended, `9` being signed. */
  contract_state: '0' | '1' | '9' | (string & {})
  /** `yyyy-MM-dd HH:mm:ss` in Beijing time. */
  contract_signed_time?: string
  /** `yyyy-MM-dd HH:mm:ss` in Beijing time. */
  contract_expired_time?: string
  /** `yyyy-MM-dd HH:mm:ss` in Beijing time. */
  contract_terminated_time?: string
  /** 0 not ended, 1 expired, 2 user, 3 API, 4 merchant platform, 5 account closed. */
  contract_termination_mode?: string
  contract_termination_remark?: string
  openid?: string
}

/** The end of a contract. */
export type ContractTermination = ContractNumber & {
  /** At most 512 characters. */
  contract_termination_remark: string
}

/** An ended contract. */
export interface TerminatedContract {
  appid?: string
  mch_id: string
  contract_id?: string
  plan_id?: string
  contract_code?: string
}

/** A deduction under a contract. */
export interface DeductionParams extends AccountParams {
  contract_id: string
  /** Shown to the user, at most 128 characters. */
  body: string
  detail?: string | undefined
  attach?: string | undefined
  /** Idempotency key: each number is deducted only once. */
  out_trade_no: string
  /** Fen. */
  total_fee: number
  fee_type?: string | undefined
  spbill_create_ip: string
  goods_tag?: string | undefined
  /** Default: `notifyUrl` of the client. Failures are notified as well: `onDeducted` and `onFailed`. */
  notify_url?: string | URL | undefined
  receipt?: 'Y' | undefined
  /** `Y`: the money is frozen for profit sharing (分账). */
  profit_sharing?: 'Y' | 'N' | undefined
}

/** A deduction that is accepted but not yet made: the notification or `papay.queryDeduction` reports the outcome. */
export interface AcceptedDeduction {
  appid: string
  mch_id: string
  out_trade_no?: string
}

/**
 * A completed deduction, as in its notification (扣款结果通知). Amounts in fen, `time_end` `yyyyMMddHHmmss` in Beijing time.
 */
export interface DeductionNotification extends Omit<Partial<PaidOrder>, 'coupons'> {
  appid: string
  mch_id: string
  out_trade_no: string
  /** Fen. */
  total_fee: number
  contract_id: string
  trade_state?: 'SUCCESS'
  coupons: OrderCoupon[]
}

/** A deduction as WeChat Pay returns it: paid only if `trade_state` is `SUCCESS`. Amounts in fen. */
export type QueriedDeduction = Omit<Partial<PaidOrder>, 'coupons'> & {
  appid: string
  mch_id: string
  out_trade_no: string
  /** `ACCEPT` is pending, possibly for a day. `PAY_FAIL` failed. */
  trade_state:
    | 'SUCCESS'
    | 'REFUND'
    | 'NOTPAY'
    | 'CLOSED'
    | 'ACCEPT'
    | 'PAY_FAIL'
    | 'REVOKED'
    | 'USERPAYING'
    | 'PAYERROR'
    | (string & {})
  trade_state_desc?: string
  contract_id?: string
  coupons: OrderCoupon[]
}
