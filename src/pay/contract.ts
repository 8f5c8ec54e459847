/** A contract for a user to sign. */
export interface PreSignParams {
  /** Template of the contract, from the merchant platform. */
  plan_id: number | string
  /** Your number of the contract, at most 128 characters. */
  out_contract_code: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  openid?: string | undefined
  /** Name shown to the user. */
  contract_display_account: string
  /** Default: `notifyUrl` of the client. */
  contract_notify_url?: string | undefined
  out_user_code?: string | undefined
  /** Scheduled deduction (预约扣费): the only one of the contract. */
  deduct_schedule?:
    | {
        /** `yyyy-MM-dd` in Beijing time. */
        estimated_deduct_date: string
        /** `total` in fen. */
        estimated_deduct_amount: { total: number; currency?: 'CNY' | undefined }
        description: string
      }
    | undefined
}

/** For the SDK of the app. */
export interface PreSigned {
  pre_entrustweb_id: string
  miniprogram_username?: string
  miniprogram_path?: string
}

/** Identifies a contract by the template and your number. */
export interface ContractNumber {
  /** Digits, as text. */
  plan_id: string
  out_contract_code: string
}

/** Amounts in fen; `total` in responses, `amount` in some notifications. */
export interface ContractAmount {
  /** Fen. */
  total?: number
  /** Fen. */
  amount?: number
  currency?: string
}

/** The only deduction of a scheduled contract (预约扣费). */
export interface PapaySchedule {
  schedule_state: 'NO_SCHEDULED' | 'SCHEDULED' | 'PAID' | 'EXPIRED' | (string & {})
  /** `yyyy-MM-dd` in Beijing time. */
  deduct_start_date?: string
  /** `yyyy-MM-dd` in Beijing time. */
  deduct_end_date?: string
  /** Fen. */
  scheduled_amount?: ContractAmount
  /** Fen. */
  deduct_amount?: ContractAmount
  deduct_date?: string
}

/** A contract as WeChat Pay knows it; also the content of its notifications. */
export interface PapayContract {
  mchid?: string
  appid?: string
  openid?: string
  sp_mchid?: string
  sp_appid?: string
  sp_openid?: string
  sub_mchid?: string
  sub_appid?: string
  sub_openid?: string
  contract_id: string
  plan_id: number
  out_contract_code: string
  contract_display_account?: string
  contract_state: 'SIGNED' | 'TERMINATED' | 'SIGN_FAILED' | 'TO_BE_RENEWED' | 'TERMINATE_PENDING' | (string & {})
  /** RFC 3339. */
  contract_signed_time?: string
  /** RFC 3339. */
  contract_expired_time?: string
  contract_terminate_info?: {
    contract_termination_mode:
      | 'USER_TERMINATE'
      | 'MCH_API_TERMINATE'
      | 'WEPAY_WEB_TERMINATE'
      | 'CUSTOMER_SERVICE_TERMINATE'
      | 'SYSTEM_TERMINATE'
      | (string & {})
    /** RFC 3339. */
    contract_terminated_time?: string
    contract_termination_remark?: string
  }
  out_user_code?: string
  deduct_schedule?: PapaySchedule & {
    /** `yyyy-MM-dd` in Beijing time. */
    estimated_deduct_date?: string
    /** Fen. */
    estimated_deduct_amount?: ContractAmount
  }
}
