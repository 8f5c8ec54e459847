/** A coupon that was paid back with a refund. */
export interface RefundCoupon {
  coupon_type?: 'CASH' | 'NO_CASH'
  coupon_refund_id?: string
  /** Fen. */
  coupon_refund_fee?: number
}

/** `detail` of a refund of single items. */
export interface RefundGoodsDetail {
  goods_detail: readonly {
    goods_id: string
    wxpay_goods_id?: string
    goods_name?: string
    /** Fen. */
    refund_amount: number
    refund_quantity: number
    /** Fen. */
    price: number
  }[]
}

/** An accepted refund. Amounts in fen. */
export interface Refund {
  appid: string
  mch_id: string
  sub_appid?: string
  sub_mch_id?: string
  transaction_id: string
  out_trade_no: string
  out_refund_no: string
  refund_id: string
  refund_fee: number
  settlement_refund_fee?: number
  total_fee: number
  settlement_total_fee?: number
  fee_type?: string
  cash_fee: number
  cash_fee_type?: string
  cash_refund_fee?: number
  coupon_refund_fee?: number
  coupon_refund_count?: number
  coupons: RefundCoupon[]
}

/** `SUCCESS` done, `PROCESSING` under way, `REFUNDCLOSE` closed, `CHANGE` failed: settle it in the merchant platform. */
export type RefundStatus = 'SUCCESS' | 'REFUNDCLOSE' | 'PROCESSING' | 'CHANGE'

/** One refund of a query. Amounts in fen, times `yyyy-MM-dd HH:mm:ss` in Beijing time. */
export interface QueriedRefund {
  out_refund_no: string
  refund_id: string
  refund_channel?: 'ORIGINAL' | 'BALANCE' | 'OTHER_BALANCE' | 'OTHER_BANKCARD'
  refund_fee: number
  settlement_refund_fee?: number
  refund_status: RefundStatus
  refund_account?: string
  /** Where the money went, e.g. `招商银行信用卡0403`. The upstream's own spelling. */
  refund_recv_accout?: string
  refund_success_time?: string
  coupon_refund_fee?: number
  coupon_refund_count?: number
  coupons: RefundCoupon[]
}

export interface QueriedRefunds {
  appid: string
  mch_id: string
  sub_appid?: string
  sub_mch_id?: string
  transaction_id: string
  out_trade_no: string
  total_fee: number
  settlement_total_fee?: number
  fee_type?: string
  cash_fee: number
  /** Refunds of the order in all. */
  total_refund_count?: number
  /** Refunds in this answer. */
  refund_count: number
  refunds: QueriedRefund[]
}
