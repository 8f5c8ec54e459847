/** State of a merchant transfer (商家转账). */
export type TransferState =
  | 'ACCEPTED'
  | 'PROCESSING'
  | 'WAIT_USER_CONFIRM'
  | 'TRANSFERING'
  | 'SUCCESS'
  | 'FAIL'
  | 'CANCELING'
  | 'CANCELLED'

/** 商家转账单 */
export interface TransferBill {
  readonly mchId: string
  readonly appId: string
  readonly outBillNo: string
  readonly transferBillNo: string
  readonly openid: string
  readonly userName?: string | undefined
  /** Fen. */
  readonly amount: number
  readonly remark: string
  readonly sceneId: string
  readonly notifyUrl?: string | undefined
  readonly packageInfo: string
  readonly fingerprint: string
  readonly createdAt: number
  state: TransferState
  failReason?: string | undefined
  updatedAt: number
  receipt?: { readonly createdAt: number; readonly dueAt: number } | undefined
}
