/** 0 live, 1 sandbox. The sandbox is only available to development and trial versions. */
export type VirtualPaymentEnv = 0 | 1

/** Fields of every call. */
export interface WithEnv {
  /** Default 0. */
  env?: VirtualPaymentEnv | undefined
}

/** Identifies an order: by your own number (`outTradeNo` of the client), or WeChat's. */
export type VirtualOrderNumber = { order_id: string } | { wx_order_id: string }

/** The user, and where the call comes from. */
export interface UserCall extends WithEnv {
  openid: string
  user_ip: string
}

/** Coins of a user. */
export interface CoinBalance {
  /** Coins (代币), not fen: paid and presented together. */
  balance: number
  /** Presented coins, not fen. */
  present_balance: number
  sum_save: number
  sum_present: number
  /** Coins in total, not fen. */
  sum_balance: number
  sum_cost: number
  first_save_flag: boolean | number
}

/** Parameters of `virtualPayment.currencyPay`. */
export interface CurrencyPayParams extends UserCall {
  /** Coins (代币), not fen. */
  amount: number
  /** Your own number; use the same one again after a timeout. */
  order_id: string
  /** The purchased items: `[{ productid, unit_price, quantity }]`, unit price in coins. Sent as JSON text. */
  payitem: readonly { productid: string; unit_price: number; quantity: number }[]
  remark?: string | undefined
}

/** Result of a coin payment. `repeated`: an earlier call with this number succeeded, which WeChat reports without balances. */
export interface CurrencyPayment {
  order_id: string
  /** Remaining coins, not fen. */
  balance?: number
  /** Presented coins that were used, not fen. */
  used_present_amount?: number
  repeated?: true
}

/** Parameters of `virtualPayment.cancelCurrencyPay`. */
export interface CancelCurrencyPayParams extends UserCall {
  /** `order_id` of the payment. */
  pay_order_id: string
  /** Your own number of this refund. */
  order_id: string
  /** Coins (代币), not fen. */
  amount: number
}

/** Parameters of `virtualPayment.presentCurrency`. */
export interface PresentCurrencyParams extends WithEnv {
  openid: string
  /** Your own number; use the same one again after a timeout. */
  order_id: string
  /** Coins (代币), not fen. */
  amount: number
}

/** A cash order: goods, or a recharge of coins. Amounts in fen, times in seconds. */
export interface VirtualOrder {
  order_id: string
  wx_order_id: string
  channel_order_id?: string
  wxpay_order_id?: string
  /**
   * 0 initial, 1 created, 2 paid and to be delivered, 3 delivering, 4 delivered, 5 refunded, 6 closed, 7 refund failed,
   * 8 refunded to the user, 9 advertising money recovered, 10 split returned.
   */
  status: number
  /** 0 payment, 1 refund, 7 Apple payment, 8 Apple refund. */
  order_type: number
  /** Fen. */
  order_fee: number
  /** Fen. */
  paid_fee?: number
  /** Fen. */
  refund_fee?: number
  /** Fen that can still be refunded. */
  left_fee?: number
  /** Seconds since 1970. */
  create_time: number
  /** Seconds since 1970. */
  update_time?: number
  /** Seconds since 1970. */
  paid_time?: number
  /** Seconds since 1970. */
  provide_time?: number
  biz_meta?: string
  /** 1 live, 2 sandbox: numbered differently from `env` of the call. */
  env_type: 1 | 2
  sett_state?: number
  /** Seconds since 1970. */
  sett_time?: number
  /** Fen. */
  platform_fee_fen?: number
}

/** Parameters of `virtualPayment.refundOrder`. */
export type RefundVirtualOrderParams = VirtualOrderNumber &
  WithEnv & {
    openid: string
    /** Your own number: 8 to 32 digits, letters, `_` or `-`. */
    refund_order_id: string
    /** Fen: exactly the amount that, according to `queryOrder`, can still be refunded. */
    left_fee: number
    /** Fen, up to `left_fee`. */
    refund_fee: number
    /** Returned in the order; up to 1024 characters. */
    biz_meta: string
    /** "0" none, "1" product, "2" after-sale, "3" user, "4" price, "5" other. */
    refund_reason: '0' | '1' | '2' | '3' | '4' | '5'
    /** "1" support, "2" user, "3" other. */
    req_from: '1' | '2' | '3'
  }

/** An accepted refund: `queryOrder` with `refund_order_id`, or the event, reports the result. */
export interface VirtualRefund {
  refund_order_id: string
  refund_wx_order_id: string
  pay_order_id: string
  pay_wx_order_id: string
}

/** An item to upload: one per call. */
export interface UploadGoodsParams extends WithEnv {
  upload_item: readonly [{ id: string; name: string; price: number; remark: string; item_url: string }]
}

/** Progress of an upload or a publication. `status`: 0 none, 1 running, 2 failed or partly failed, 3 done. */
export interface GoodsTask {
  status: 0 | 1 | 2 | 3
  upload_item?: { id: string; upload_status: number; errmsg?: string }[]
  publish_item?: { id: string; publish_status: number; errmsg?: string }[]
}

/** The argument of `wx.requestVirtualPayment`. */
export interface VirtualPaymentClientParams {
  /** JSON text: pass it on as it is. */
  signData: string
  mode: 'short_series_goods' | 'short_series_coin'
  paySig: string
  signature: string
}

/** An order for the client to pay. */
export type VirtualPaymentOrder = WithEnv & {
  /** Your own number: 8 to 32 digits, letters or `_-|*@`, not beginning with `_`; single-use. */
  outTradeNo: string
  /** Returned in the event. */
  attach: string
} & (
    | { mode: 'short_series_coin' /** Coins. */; buyQuantity: number }
    | {
        mode: 'short_series_goods'
        productId: string
        buyQuantity: number
        /** Unit price in fen, as in the console. */
        goodsPrice: number
        /** Unit price in fen that is actually charged. */
        activitySellingPrice?: number | undefined
      }
  )
