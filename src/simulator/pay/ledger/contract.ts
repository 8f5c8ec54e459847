import type { PayV2SignType } from '../../crypto/pay-v2.ts'

/** Who or what ended a contract: the numbers of v2 and the names of v3. */
export const ENDED_BY = {
  expiry: ['1', 'SYSTEM_TERMINATE'],
  user: ['2', 'USER_TERMINATE'],
  api: ['3', 'MCH_API_TERMINATE'],
  platform: ['4', 'WEPAY_WEB_TERMINATE'],
  account: ['5', 'SYSTEM_TERMINATE']
} as const satisfies Record<string, readonly [v2: string, v3: string]>

export type EndedBy = keyof typeof ENDED_BY

/** A contract (委托代扣协议) that a user is asked to sign. */
export interface ContractDraft {
  readonly api: 2 | 3
  readonly mchId: string
  readonly appId: string
  readonly subMchId?: string | undefined
  readonly subAppId?: string | undefined
  readonly planId: string
  /** Number that the merchant gave it: `contract_code`, `out_contract_code`. */
  readonly code: string
  readonly requestSerial?: string | undefined
  readonly displayAccount: string
  readonly userCode?: string | undefined
  readonly notifyUrl: string
  readonly signType: PayV2SignType
  /** Who is to sign, where the merchant says so. */
  readonly openid?: string | undefined
  /** Scheduled deduction (预约扣费): the only one of the contract. */
  readonly plannedDate?: string | undefined
  readonly plannedAmount?: number | undefined
  readonly plannedFor?: string | undefined
}

export interface Contract extends ContractDraft {
  readonly openid: string
  readonly subOpenid?: string | undefined
  readonly contractId: string
  readonly signedAt: number
  readonly expiresAt: number
  ended?: { readonly at: number; readonly by: EndedBy; readonly remark: string } | undefined
  /** The advance notice (预扣费通知) of the running cycle. */
  notice?:
    | { readonly at: number; readonly days: number; readonly amount: number; readonly currency: string }
    | undefined
  /** The one scheduled deduction, once the merchant confirmed it. */
  scheduledAmount?: number | undefined
  paid?: { readonly at: number; readonly amount: number } | undefined
}

/** A page, a token or an order with which a contract is signed. */
export interface ContractOffer {
  readonly token: string
  readonly draft: ContractDraft
  readonly expiresAt: number
}
