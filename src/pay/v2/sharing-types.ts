import type { AccountParams } from './identity.ts'

/** `PERSONAL_SUB_OPENID`: of the sub-merchant's app, in service provider mode. */
export type SharingReceiverType = 'MERCHANT_ID' | 'PERSONAL_OPENID' | 'PERSONAL_SUB_OPENID'

/** The recipient of a share. */
export interface SharingReceiver {
  type: SharingReceiverType
  /** Merchant id, or openid. */
  account: string
  /** Fen. */
  amount: number
  /** At most 80 characters. */
  description: string
  /** Full name, checked if given. Plain text in API v2. */
  name?: string | undefined
}

/** Parameters of `profitSharing.createMulti`. */
export interface SharingParams extends AccountParams {
  transaction_id: string
  /**
   * Your number of the share: 1 to 64 of `0-9 A-Z a-z _ - | * @`. Single share, multi share and finish each need a
   * separate number.
   */
  out_order_no: string
  /** At most 50, each once; all shares of an order together at most the ratio of the paying merchant (30 % at first). */
  receivers: readonly SharingReceiver[]
}

/** Parameters of `profitSharing.create`. */
export interface SingleSharingParams extends SharingParams {
  /** The brand (品牌主) of the order, if the sub-merchant belongs to one. */
  brand_mch_id?: string | undefined
}

/** Parameters of `profitSharing.finish`. */
export interface SharingFinishParams extends Pick<AccountParams, 'appid' | 'sub_mch_id'> {
  transaction_id: string
  /** A separate number: with that of a share, WeChat Pay returns success and does nothing. */
  out_order_no: string
  /** At most 80 characters. */
  description: string
}

/** An accepted share. */
export interface SharingOrder {
  appid: string
  mch_id: string
  sub_mch_id?: string
  brand_mch_id?: string
  transaction_id: string
  out_order_no: string
  order_id: string
  /** `PROCESSING`: accepted. `FINISHED`: processed; each receiver has its own result. */
  status?: 'PROCESSING' | 'FINISHED' | (string & {})
  receivers?: SharingResult[]
}

/** Result of the share of one receiver. Times `yyyyMMddHHmmss` in Beijing time. */
export interface SharingResult {
  type: SharingReceiverType
  account: string
  /** Fen. */
  amount: number
  description?: string
  /** `CLOSED`: failed; the money was returned and stays frozen until the order is finished. */
  result?: 'PENDING' | 'SUCCESS' | 'CLOSED' | (string & {})
  fail_reason?: string
  detail_id?: string
  /** `yyyyMMddHHmmss`, Beijing time. */
  finish_time?: string
}

/** Parameters of `profitSharing.query`. */
export interface SharingQueryParams extends Pick<AccountParams, 'sub_mch_id'> {
  transaction_id: string
  out_order_no: string
}

/** A share as the query returns it. */
export interface QueriedSharing {
  mch_id: string
  sub_mch_id?: string
  transaction_id: string
  out_order_no: string
  order_id: string
  status: 'PROCESSING' | 'FINISHED' | (string & {})
  close_reason?: string
  receivers: SharingResult[]
  /** Fen that a finish released. */
  amount?: number
  description?: string
}

/** Identifies a share by one of its two numbers. */
type ShareByNumber = { out_order_no: string; order_id?: never } | { order_id: string; out_order_no?: never }

/** The share to return from: one of the two numbers. */
export type SharingNumber = AccountParams & ShareByNumber

/**
 * Parameters of `profitSharing.queryReturn`. This call accepts no `sub_appid`: WeChat Pay would report a wrong
 * signature.
 */
export type SharingReturnQueryParams = Pick<AccountParams, 'appid' | 'sub_mch_id'> &
  ShareByNumber & { out_return_no: string }

/** Parameters of `profitSharing.createReturn`. */
export type SharingReturnParams = SharingNumber & {
  /** Your number of the return: 1 to 64 of `0-9 A-Z a-z _ - | * @`. */
  out_return_no: string
  /** The merchant id that received the share; individuals cannot return theirs. */
  return_account: string
  /** Fen. */
  return_amount: number
  /** At most 80 characters. */
  description: string
}

/** A return of shared money. Amounts in fen. */
export interface SharingReturn {
  appid?: string
  mch_id: string
  sub_mch_id?: string
  order_id?: string
  out_order_no?: string
  out_return_no: string
  return_no?: string
  return_account_type?: 'MERCHANT_ID'
  return_account: string
  /** Fen. */
  return_amount: number
  description?: string
  /** `PROCESSING` is not a failure. */
  result: 'PROCESSING' | 'SUCCESS' | 'FAILED' | (string & {})
  fail_reason?: string
  /** `yyyyMMddHHmmss`, Beijing time. */
  finish_time?: string
}

/** Parameters of `profitSharing.addReceiver`. */
export interface SharingReceiverParams extends AccountParams {
  receiver: {
    type: SharingReceiverType
    account: string
    /** Required for `MERCHANT_ID`: the full registered name. Plain text in API v2. */
    name?: string | undefined
    relation_type:
      | 'SERVICE_PROVIDER'
      | 'STORE'
      | 'STAFF'
      | 'STORE_OWNER'
      | 'PARTNER'
      | 'HEADQUARTER'
      | 'BRAND'
      | 'DISTRIBUTOR'
      | 'USER'
      | 'SUPPLIER'
      | 'CUSTOM'
    /** At most 10 characters, with `CUSTOM`. */
    custom_relation?: string | undefined
  }
}

/** Parameters of `profitSharing.deleteReceiver`. */
export interface SharingReceiverRemoval extends AccountParams {
  receiver: { type: SharingReceiverType; account: string }
}

/** A receiver that was added or removed. */
export interface ChangedSharingReceiver {
  appid: string
  mch_id: string
  sub_mch_id?: string
  receiver: { type: SharingReceiverType; account: string; relation_type?: string; custom_relation?: string }
}
