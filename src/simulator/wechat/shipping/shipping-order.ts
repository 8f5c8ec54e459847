/** 1 to ship, 2 shipped, 3 receipt confirmed, 4 trade completed, 5 refunded. (查询订单发货状态: order_state) */
export type ShippingState = 1 | 2 | 3 | 4 | 5

export interface Parcel {
  readonly tracking_no: string
  readonly express_company: string
  readonly item_desc: string
  /** Seconds. */
  readonly upload_time: number
  readonly contact?: Readonly<Record<string, unknown>>
}

/** An order of a managed mini program, from the payment to the settlement. */
export interface ShippingOrder {
  readonly transactionId: string
  readonly mchId: string
  readonly subMchId: string
  readonly outTradeNo: string
  readonly openid: string
  readonly description: string
  /** Fen. */
  readonly amount: number
  /** Milliseconds, as all times here. */
  readonly paidAt: number
  state: ShippingState
  logisticsType: number
  deliveryMode: number
  parcels: Parcel[]
  finished: boolean
  /** How often the shipping was completed: twice with the one re-shipping that is allowed. */
  finishedCount: number
  shippedAt: number
  lastUploadAt: number
  /** The content of the last upload, to find out that nothing changed. */
  lastUpload: string
  confirmAt: number
  confirmedBy: 'person' | 'clock' | undefined
  reminded: boolean
  special: 0 | 1 | 2
}

export function newShippingOrder(
  payment: Pick<
    ShippingOrder,
    'transactionId' | 'mchId' | 'subMchId' | 'outTradeNo' | 'openid' | 'description' | 'amount' | 'paidAt'
  >
): ShippingOrder {
  return {
    ...payment,
    state: 1,
    logisticsType: 0,
    deliveryMode: 0,
    parcels: [],
    finished: false,
    finishedCount: 0,
    shippedAt: 0,
    lastUploadAt: 0,
    lastUpload: '',
    confirmAt: 0,
    confirmedBy: undefined,
    reminded: false,
    special: 0
  }
}

/** As `get_order` and `get_order_list` show it. */
export function describeOrder(order: ShippingOrder): Record<string, unknown> {
  const seconds = (ms: number) => Math.floor(ms / 1000)
  const isShipped = order.parcels.length > 0
  return {
    transaction_id: order.transactionId,
    merchant_id: order.mchId,
    sub_merchant_id: order.subMchId,
    merchant_trade_no: order.outTradeNo,
    description: cut(isShipped ? order.parcels.map((parcel) => parcel.item_desc).join(';') : order.description),
    paid_amount: order.amount,
    openid: order.openid,
    trade_create_time: seconds(order.paidAt),
    pay_time: seconds(order.paidAt),
    order_state: order.state,
    in_complaint: false,
    shipping: isShipped
      ? {
          delivery_mode: order.deliveryMode,
          logistics_type: order.logisticsType,
          finish_shipping: order.finished,
          finish_shipping_count: order.finishedCount,
          goods_desc: '',
          shipping_list: order.parcels.map(({ item_desc, ...parcel }) => ({ ...parcel, goods_desc: item_desc }))
        }
      : {}
  }
}

function cut(text: string): string {
  const characters = [...text]
  return characters.length > 120 ? `${characters.slice(0, 120).join('')}...` : text
}
