interface LogLine {
  readonly id: string
  readonly operator: string
  readonly time: number
  readonly type: string
  readonly details: string
  readonly images: readonly string[]
}

/** 消费者投诉 */
export interface Complaint {
  readonly id: string
  readonly mchId: string
  readonly transactionId: string
  readonly outTradeNo: string
  readonly amount: number
  readonly openid: string
  readonly phone: string
  readonly detail: string
  readonly problem: string
  readonly time: number
  readonly log: LogLine[]
  state: 'PENDING' | 'PROCESSING' | 'PROCESSED'
  hasUnread: boolean
  /** Lines of the chat by `idempotent_id`. */
  replies?: Readonly<Record<string, string>> | undefined
}
