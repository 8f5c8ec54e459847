import { oneOf, optional, required } from '../core/options.ts'
import { get, post } from './endpoint.ts'
import { chars, merchantId } from './field-rules.ts'
import { resource } from './resource.ts'

interface OfSubMerchant {
  /** The sub-merchant (特约商户). Default: `subMchId` of the client. */
  sub_mchid?: string | undefined
}

/** The bank account for settlements of a sub-merchant. */
export interface SettlementAccountParams extends OfSubMerchant {
  account_type: 'ACCOUNT_TYPE_BUSINESS' | 'ACCOUNT_TYPE_PRIVATE'
  /** Name of the bank as in the list of banks (开户银行对照表), e.g. 工商银行. */
  account_bank: string
  /** Code of the city (省市区编号), e.g. 110000. */
  bank_address_code: string
  /** With `account_bank` 其他银行: this or `bank_branch_id`. */
  bank_name?: string | undefined
  bank_branch_id?: string | undefined
  /** Plain text: the client encrypts it. */
  account_number: string
  /** Plain text: the client encrypts it. Default: the name of the sub-merchant. */
  account_name?: string | undefined
}

/** How an account number is masked. */
export type AccountNumberRule = 'ACCOUNT_NUMBER_RULE_MASK_V1' | 'ACCOUNT_NUMBER_RULE_MASK_V2'

/** A change of the settlement account. Names and numbers are masked. */
export interface SettlementAccountApplication {
  account_name: string
  account_type: 'ACCOUNT_TYPE_BUSINESS' | 'ACCOUNT_TYPE_PRIVATE' | (string & {})
  account_bank: string
  bank_name?: string
  bank_branch_id?: string
  account_number: string
  verify_result: 'AUDITING' | 'AUDIT_SUCCESS' | 'AUDIT_FAIL' | (string & {})
  verify_fail_reason?: string
  /** RFC 3339. */
  verify_finish_time?: string
}

/** The current settlement account. */
export interface SettlementAccount {
  account_type: 'ACCOUNT_TYPE_BUSINESS' | 'ACCOUNT_TYPE_PRIVATE' | (string & {})
  account_bank: string
  bank_name?: string
  bank_branch_id?: string
  /** Masked. */
  account_number: string
  /** Result of the transfer that verifies the account; absent if the account was never changed. */
  verify_result?: 'VERIFY_SUCCESS' | 'VERIFY_FAIL' | 'VERIFYING' | (string & {})
  verify_fail_reason?: string
}

const BASE = '/v3/apply4sub/sub_merchants/{sub_mchid}'
const SUB = { fill: { sub_mchid: 'subMchId' } } as const
const SUB_RULE = { sub_mchid: required(merchantId) }

/** Settlement accounts (结算账户) of the sub-merchants of a service provider. */
export class SettlementAccounts extends resource('settlementAccounts', {
  /**
   * Requests a change of the settlement account. (修改结算账户) Five times a day per sub-merchant. Not idempotent and not
   * retried: after a lost response check `get` before another call.
   *
   * @param params name and number in plain text
   * @returns the number for `getApplication`
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NO_AUTH`, `FREQUENCY_LIMITED`; {ConfigError} ERR_INVALID_PARAM;
   *   {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  modify: post<SettlementAccountParams, { application_no: string }>(`${BASE}/modify-settlement`, {
    ...SUB,
    // Without it some accounts are still changed at once, with a 204 and no number.
    defaults: { modify_mode: 'MODIFY_MODE_ASYNC' },
    rules: {
      ...SUB_RULE,
      account_type: required(oneOf('ACCOUNT_TYPE_BUSINESS', 'ACCOUNT_TYPE_PRIVATE')),
      account_bank: required(chars(128)),
      bank_address_code: required(chars(20)),
      bank_name: optional(chars(128)),
      bank_branch_id: optional(chars(128)),
      account_number: required(chars(64, /^\d{1,64}$/, 'the number of an account: digits')),
      account_name: optional(chars(128))
    },
    encrypted: ['account_number', 'account_name'],
    expects: ['application_no'],
    idempotent: false
  }),

  /**
   * Returns the result of a change. (查询结算账户修改申请状态)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  getApplication: get<
    OfSubMerchant & { application_no: string; account_number_rule?: AccountNumberRule | undefined },
    SettlementAccountApplication
  >(`${BASE}/application/{application_no}`, {
    ...SUB,
    rules: {
      ...SUB_RULE,
      application_no: required(chars(64, /^[0-9A-Za-z_-]{1,64}$/, 'an application_no')),
      account_number_rule: optional(oneOf('ACCOUNT_NUMBER_RULE_MASK_V1', 'ACCOUNT_NUMBER_RULE_MASK_V2'))
    },
    expects: ['verify_result']
  }),

  /**
   * Returns the current settlement account. (查询结算账户)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  get: get<OfSubMerchant, SettlementAccount>(`${BASE}/settlement`, {
    ...SUB,
    rules: SUB_RULE,
    expects: ['account_bank', 'account_number']
  })
}) {}
