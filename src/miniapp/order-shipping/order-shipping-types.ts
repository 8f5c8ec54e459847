/** Identifies an order: by WeChat Pay's number, or the merchant's own. */
export type ShippingOrderKey =
  | { order_number_type: 2; transaction_id: string }
  /** `mchid` is the merchant that placed the order. */
  | { order_number_type: 1; mchid: string; out_trade_no: string }

/** The same in queries, which use other names. */
export type ShippingOrderNumber =
  | { transaction_id: string }
  | { merchant_id: string; merchant_trade_no: string; sub_merchant_id?: string | undefined }

/** 1 express, 2 same-city delivery, 3 virtual goods, 4 pick-up by the buyer. */
export type LogisticsType = 1 | 2 | 3 | 4

/** One parcel. */
export interface ShippingParcel {
  /** Express only; up to 128 bytes. */
  tracking_no?: string | undefined
  /** Express only: `delivery_id` of {@link OrderShipping.carriers}. */
  express_company?: string | undefined
  /** Contents, up to 120 characters: `name*count; name*count`. */
  item_desc: string
  /** Phone numbers, masked with `maskContact`. SF (顺丰) requires one of the two. */
  contact?: { consignor_contact?: string | undefined; receiver_contact?: string | undefined } | undefined
}

/** The shipping of one order. */
export interface Shipping {
  logistics_type: LogisticsType
  /** 1 in one parcel (or none), 2 in several (express only, up to 15). */
  delivery_mode: 1 | 2
  /** With `delivery_mode` 2: `true` if this upload completes the order. */
  is_all_delivered?: boolean | undefined
  shipping_list: readonly ShippingParcel[]
}

/** Parameters of `orderShipping.upload`. */
export interface UploadShippingParams extends Shipping {
  order_key: ShippingOrderKey
  /** When it was shipped. Use the same time for a retry. Default: now. */
  upload_time?: Date | string | undefined
  payer: { openid: string }
}

/** Parameters of `orderShipping.uploadCombined`. */
export interface UploadCombinedShippingParams {
  order_key: ShippingOrderKey
  /** The sub-orders of the combined order. */
  sub_orders: readonly (Shipping & { order_key: ShippingOrderKey })[]
  upload_time?: Date | string | undefined
  payer: { openid: string }
}

/** An order as the shipping service sees it. Times in seconds, amounts in fen. */
export interface ShippingOrder {
  transaction_id: string
  merchant_id: string
  sub_merchant_id: string
  merchant_trade_no: string
  description: string
  /** Fen. */
  paid_amount: number
  openid: string
  /** Seconds since 1970. */
  trade_create_time: number
  /** Seconds since 1970. */
  pay_time: number
  /** 1 to ship, 2 shipped, 3 receipt confirmed, 4 trade completed, 5 refunded, 6 waiting for settlement. */
  order_state: 1 | 2 | 3 | 4 | 5 | 6
  in_complaint: boolean
  /** Empty before the first upload. */
  shipping: {
    delivery_mode?: 1 | 2
    logistics_type?: LogisticsType
    /** Whether everything was shipped. */
    finish_shipping?: boolean
    /** 2 after the one change that is allowed. */
    finish_shipping_count?: 0 | 1 | 2
    goods_desc?: string
    shipping_list?: {
      tracking_no: string
      express_company: string
      goods_desc: string
      upload_time: number
      contact?: { consignor_contact?: string; receiver_contact?: string }
    }[]
  }
}

/** Filter of `orderShipping.list`. */
export interface ShippingListParams {
  /** Seconds, both inclusive. */
  pay_time_range?: { begin_time?: number | undefined; end_time?: number | undefined } | undefined
  order_state?: ShippingOrder['order_state'] | undefined
  openid?: string | undefined
  /** `last_index` of the previous page. */
  last_index?: string | undefined
  /** Up to 50. */
  page_size?: number | undefined
}

/** A page of `orderShipping.list`. */
export interface ShippingOrderPage {
  order_list: ShippingOrder[]
  last_index: string
  has_more: boolean
}
