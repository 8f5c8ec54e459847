/** State of a red packet. `RFUND_ING` is the upstream's spelling. */
export type RedPackStatus = 'SENT' | 'FAILED' | 'RECEIVED' | 'RFUND_ING' | 'REFUND'

/** A red packet (现金红包). */
export interface RedPack {
  readonly mchId: string
  readonly mchBillno: string
  readonly appId: string
  readonly kind: 'NORMAL' | 'GROUP' | 'MINI_PROGRAM'
  /** Receiver; for a group packet (裂变红包) the one who shares it. */
  readonly openid: string
  readonly totalAmount: number
  readonly totalNum: number
  readonly sendName: string
  readonly wishing: string
  readonly actName: string
  readonly remark: string
  readonly listId: string
  readonly detailId: string
  readonly sentAt: number
  readonly fingerprint: string
  readonly received: { openid: string; amount: number; time: number }[]
  status: RedPackStatus
  refundedAt?: number | undefined
  refundAmount?: number | undefined
}
