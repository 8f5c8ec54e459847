export type AuthorizationState = 'WAIT_USER_CONFIRM' | 'TAKING_EFFECT' | 'CLOSED'
export type CloseReason = 'CLOSE_VIA_MCH_API' | 'USER_CLOSE' | 'USER_OVERDUE_UNCONFIRMED'

/** 免确认收款授权 */
export interface TransferAuthorization {
  readonly mchId: string
  readonly appId: string
  readonly openid: string
  readonly outAuthorizationNo: string
  readonly authorizationId: string
  readonly sceneId: string
  readonly displayName: string
  readonly notifyUrl: string
  readonly packageInfo: string
  readonly fingerprint: string
  readonly createdAt: number
  /** The transfer with which the user is asked; the authorization does not exist before its confirmation. */
  readonly outBillNo?: string | undefined
  state: AuthorizationState
  authorizedAt?: number | undefined
  closed?: { readonly at: number; readonly reason: CloseReason } | undefined
}

export const authorizationKeys = (one: TransferAuthorization) => [
  `no ${one.mchId} ${one.outAuthorizationNo}`,
  `id ${one.mchId} ${one.authorizationId}`,
  `any ${one.outAuthorizationNo}`,
  `any ${one.packageInfo}`
]
