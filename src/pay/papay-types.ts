import type { ContractNumber, PreSignParams } from './contract.ts'
import type { SubMerchant } from './transactions/order.ts'

/** Announces a deduction to a user. */
export interface DeductionNoticeParams {
  contract_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** `amount` in fen: the deduction may be less, not more. */
  estimated_amount: { amount: number; currency?: 'CNY' | undefined }
  /** Number of days in which the deduction can then be made. WeChat's default: 7. */
  deduct_duration?: { count: number; unit?: 'DAY' | undefined } | undefined
}

/** A deduction under a contract. */
export interface ContractDeductionParams {
  contract_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** Idempotency key: each number is deducted only once. */
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

/** A deduction that is accepted but not yet made. */
export interface ContractDeduction {
  out_trade_no: string
  /** `total` in fen. */
  amount?: { total: number; currency?: string }
}

/** Confirms the deduction of a scheduled contract. */
export interface PapayScheduleParams {
  contract_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** `total` in fen: that of the contract. */
  schedule_amount: { total: number; currency?: 'CNY' | undefined }
}

/** URL for the browser after signing. */
export interface JumpControl {
  jump_control?: { jump_appid?: string | undefined } | undefined
}

type OfSubMerchant = Pick<SubMerchant, 'sub_mchid'>
/** The names of `appid` and `openid` show whose they are. */
type Partner<Params> = Omit<Params, 'appid' | 'openid'> &
  SubMerchant & {
    /** Default: `appId` of the client. */
    sp_appid?: string | undefined
  }

/** A contract for a user of a sub-merchant to sign; at most one openid. */
export type PartnerPreSignParams = Partner<PreSignParams> & {
  sp_openid?: string | undefined
  sub_openid?: string | undefined
}
/** Identifies a contract of a sub-merchant. */
export type PartnerContractNumber = ContractNumber & OfSubMerchant
/** Announces a deduction to a user of a sub-merchant. */
export type PartnerDeductionNoticeParams = Partner<DeductionNoticeParams>
/** Confirms the deduction of a scheduled contract of a sub-merchant. */
export type PartnerPapayScheduleParams = Partner<PapayScheduleParams>
/** A deduction from a user of a sub-merchant under a contract. */
export type PartnerContractDeductionParams = Partner<ContractDeductionParams>

/** A contract that a user signs in a HarmonyOS app or by a QR code. */
export interface SceneSignParams extends Omit<PreSignParams, 'deduct_schedule' | 'out_user_code'> {
  /** Your id of the user. */
  out_user_code: string
  /** Target in the app after signing. */
  return_url?: string | undefined
  sign_scene: 'SIGN_SCENE_APP' | 'SIGN_SCENE_QRCODE' | (string & {})
  device_info: {
    device_type:
      | 'DEVICE_TYPE_UNKNOW'
      | 'DEVICE_TYPE_PHONE'
      | 'DEVICE_TYPE_PAD'
      | 'DEVICE_TYPE_TV'
      | 'DEVICE_TYPE_WATCH'
      | (string & {})
    device_id: string
    device_ip: string
    device_os: string
    weixin_version: string
    weixin_installed: boolean
    device_running_as_root: boolean
    days_since_first_login:
      | 'DAYS_SINCE_FIRST_LOGIN_UNKNOW'
      | 'DAYS_SINCE_FIRST_LOGIN_WITHIN_1_DAY'
      | 'DAYS_SINCE_FIRST_LOGIN_WITHIN_7_DAYS'
      | 'DAYS_SINCE_FIRST_LOGIN_WITHIN_30_DAYS'
      | 'DAYS_SINCE_FIRST_LOGIN_WITHIN_90_DAYS'
      | 'DAYS_SINCE_FIRST_LOGIN_WITHIN_180_DAYS'
      | 'DAYS_SINCE_FIRST_LOGIN_MORE_THEN_180_DAYS'
      | (string & {})
  }
}

/** Opens the signing in WeChat. */
export interface SceneSigned {
  pre_entrustweb_id: string
  mini_program_username?: string
  mini_program_path?: string
  /** For a QR code. */
  redirect_url?: string
}
