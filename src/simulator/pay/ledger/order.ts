import type { PayV2SignType } from '../../crypto/pay-v2.ts'

/** How an order is paid, as `trade_type` of API v2 has it. */
export type TradeType = 'JSAPI' | 'NATIVE' | 'APP' | 'MWEB' | 'MICROPAY' | 'PAP' | 'AUTH'
/** State of an order, as `trade_state` of both API versions has it. */
export type TradeState =
  | 'NOTPAY'
  | 'USERPAYING'
  | 'SUCCESS'
  | 'REFUND'
  | 'CLOSED'
  | 'REVOKED'
  | 'PAYERROR'
  | 'ACCEPT'
  | 'PAY_FAIL'

/** Coupon (代金券) that paid a part. */
export interface UsedCoupon {
  readonly couponId: string
  readonly stockId: string
  readonly name: string
  /** Fen. */
  readonly amount: number
}

/** How an order was paid. */
export interface Payment {
  readonly transactionId: string
  readonly paidAt: number
  readonly openid: string
  readonly subOpenid?: string | undefined
  readonly bankType: string
  readonly coupon?: UsedCoupon | undefined
}

/** What a merchant asked for. */
export interface OrderDraft {
  /** Merchant id; with the prefix `sandbox:` in the v2 sandbox, which has books of its own. */
  readonly book: string
  readonly mchId: string
  readonly outTradeNo: string
  readonly api: 2 | 3
  readonly appId: string
  /** Service provider mode (服务商): the merchant that gets the money. */
  readonly subMchId?: string | undefined
  readonly subAppId?: string | undefined
  readonly tradeType: TradeType
  readonly description: string
  readonly attach?: string | undefined
  readonly deviceInfo?: string | undefined
  readonly total: number
  readonly currency: string
  /** Who has to pay, under `appId` or `subAppId`. */
  readonly openid?: string | undefined
  readonly subOpenid?: string | undefined
  readonly notifyUrl?: string | undefined
  readonly signType?: PayV2SignType | undefined
  readonly expiresAt: number
  readonly profitSharing: boolean
  /** The contract by which it is deducted (委托代扣). */
  readonly contractId?: string | undefined
  /** Number of the combined order (合单) that this is a part of. */
  readonly combineNo?: string | undefined
  /** Parameters in a form that differs when one of them differs. */
  readonly fingerprint: string
}

/** An order of a merchant and what became of it. */
export interface Order extends OrderDraft {
  readonly createdAt: number
  state: TradeState
  prepayId: string
  prepayUntil: number
  codeToken: string
  payment?: Payment | undefined
  /** Refunds that are done or under way, in fen. */
  refunded: number
  refundCount: number
  lastRefundAt: number
  /** Shared with receivers (分账), in fen. */
  shared: number
  isUnfrozen: boolean
  closedAt?: number | undefined
  /** When a deduction that was accepted is made. */
  dueAt?: number | undefined
  /** Why a deduction was not made. */
  failure?: string | undefined
  /** The user who is to type the password after a payment code was scanned. */
  pendingOpenid?: string | undefined
}

export const STATE_TEXT: Readonly<Record<TradeState, string>> = {
  NOTPAY: '订单未支付',
  USERPAYING: '需要用户输入支付密码',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
  REVOKED: '订单已撤销',
  PAYERROR: '支付失败',
  ACCEPT: '已接收，等待扣款',
  PAY_FAIL: '扣款失败'
}

/** What the payer paid in money, coupons aside. */
export const cashOf = (order: Order): number => order.total - (order.payment?.coupon?.amount ?? 0)
