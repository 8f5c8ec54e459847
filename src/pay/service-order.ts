import type { Promotion } from './transactions/transaction.ts'

/** A charge of a service (后付费项目). */
export interface ServicePayment {
  /** At most 20 characters; each name once in an order. */
  name: string
  /** Fen. This or `description`. */
  amount?: number | undefined
  /** How the price is calculated, at most 30 characters. */
  description?: string | undefined
  /** 1 to 100. Default 1. */
  count?: number | undefined
}

/** A discount shown to the user when the service begins (后付费商户优惠): without an amount. */
export interface AnnouncedDiscount {
  name: string
  description: string
  count?: number | undefined
}

/** A discount of a service that has ended. */
export interface ServiceDiscount {
  name: string
  /** Fen. */
  amount: number
  description?: string | undefined
  count?: number | undefined
}

/** Time of a service: `yyyyMMddHHmmss` or `yyyyMMdd` in Beijing time. */
export interface ServiceTime {
  /** `yyyyMMddHHmmss` or `yyyyMMdd` in Beijing time, or `OnAccept`: the moment when the user confirms. */
  start_time?: string | undefined
  /** `yyyyMMddHHmmss` or `yyyyMMdd` in Beijing time. */
  end_time?: string | undefined
  /** At most 20 characters. */
  start_time_remark?: string | undefined
  /** At most 20 characters. */
  end_time_remark?: string | undefined
}

/** The devices at which a service begins and ends. */
export interface ServiceDevice {
  start_device_id?: string | undefined
  end_device_id?: string | undefined
  materiel_no?: string | undefined
}

interface OfService {
  /** The service of the merchant: `service_id` that WeChat assigned, 32 digits. */
  service_id: string
  /** Default: `appId` of the client; the same in every call of one order. */
  appid?: string | undefined
}

/** Identifies an order in all calls except `create`. */
export interface ServiceOrderNumber extends OfService {
  out_order_no: string
}

/** A service to start. */
export interface ServiceOrderParams extends OfService {
  /**
   * Idempotency key of the order, at most 32 characters. Refunds do not accept it: they need
   * `collection.details[].transaction_id`.
   */
  out_order_no: string
  /** Description of the service, at most 20 characters. */
  service_introduction: string
  post_payments?: readonly ServicePayment[] | undefined
  post_discounts?: readonly AnnouncedDiscount[] | undefined
  /**
   * Maximum that the user may owe: `DEPOSIT`, `ADVANCE` and `CASH_DEPOSIT` limit the total, `ESTIMATE_ORDER_COST` is an
   * estimate.
   */
  risk_fund: {
    name: 'DEPOSIT' | 'ADVANCE' | 'CASH_DEPOSIT' | 'ESTIMATE_ORDER_COST'
    /** Fen. */
    amount: number
    description?: string | undefined
  }
  time_range: ServiceTime & { start_time: string }
  location?: { start_location?: string | undefined; end_location?: string | undefined } | undefined
  /** Returned in notifications; at most 256 characters after URL encoding. */
  attach?: string | undefined
  /** URL for notifications of confirmations and payments. Default: `notifyUrl` of the client. */
  notify_url?: string | undefined
  /** Only without confirmation, and then required: the user who has granted the service. */
  openid?: string | undefined
  /** Default `true`: the user confirms with `package` of the response. `false` needs a permission of WeChat Pay. */
  need_user_confirm?: boolean | undefined
  device?: ServiceDevice | undefined
}

/** The end of a service, and its charges. */
export interface ServiceOrderCompletion extends ServiceOrderNumber {
  /** Replaces those of the order. */
  post_payments: readonly ServicePayment[]
  post_discounts?: readonly ServiceDiscount[] | undefined
  /** Fen: the payments less the discounts. 0 collects nothing. */
  total_amount: number
  /** With `end_time` if the order has none; it must not be in the future by WeChat's clock: leave a margin. */
  time_range?: ServiceTime | undefined
  location?: { end_location: string } | undefined
  /** Whether the money is frozen for profit sharing. */
  profit_sharing?: boolean | undefined
  goods_tag?: string | undefined
  device?: ServiceDevice | undefined
}

/** A lower total for an order whose money is not yet collected. */
export interface ServiceOrderModification extends ServiceOrderNumber {
  post_payments: readonly ServicePayment[]
  post_discounts?: readonly ServiceDiscount[] | undefined
  /** Fen: lower than before, and the payments less the discounts. */
  total_amount: number
  /** At most 50 characters. */
  reason: string
  device?: ServiceDevice | undefined
}

/**
 * `CREATED` waits for the user; `DOING` is running (`state_description` `USER_CONFIRM`) or is being collected
 * (`MCH_COMPLETE`); `DONE` is paid, or was free; `REVOKED` is cancelled; `EXPIRED` was never confirmed.
 */
export type ServiceOrderState = 'CREATED' | 'DOING' | 'DONE' | 'REVOKED' | 'EXPIRED' | (string & {})

/** State of the collection of an order. */
export interface ServiceCollection {
  state: 'USER_PAYING' | 'USER_PAID' | (string & {})
  /** Fen. */
  total_amount: number
  /** Fen. */
  paying_amount: number
  /** Fen. */
  paid_amount: number
  details?: {
    seq?: number
    /** Fen. */
    amount: number
    /** `NEWTON`: by WeChat. `MCH`: elsewhere, as reported with `sync`. */
    paid_type?: 'NEWTON' | 'MCH' | (string & {})
    /** `yyyyMMddHHmmss` in Beijing time. */
    paid_time: string
    /** The number for refunds, shares and bills. */
    transaction_id?: string
    promotion_detail?: Promotion[]
  }[]
  bank_type?: string
}

/** A service order as WeChat Pay returns it; also the content of its notifications. Amounts in fen. */
export interface ServiceOrder {
  out_order_no: string
  service_id: string
  appid: string
  mchid: string
  sub_mchid?: string
  sub_appid?: string
  service_introduction?: string
  state: ServiceOrderState
  /** With `DOING`: `USER_CONFIRM` is running, `MCH_COMPLETE` is being collected. */
  state_description?: 'USER_CONFIRM' | 'MCH_COMPLETE' | (string & {})
  post_payments?: ServicePayment[]
  post_discounts?: (Partial<ServiceDiscount> & { name?: string })[]
  risk_fund?: { name?: string; amount: number; description?: string }
  /** Fen. */
  total_amount?: number
  need_collection?: boolean
  collection?: ServiceCollection
  time_range?: ServiceTime
  location?: { start_location?: string; end_location?: string }
  attach?: string
  notify_url?: string
  openid?: string
  sub_openid?: string
  /** WeChat's number of the order. */
  order_id?: string
  /** Number of the deduction, in notifications. */
  out_trade_no?: string
}

/** A created order. */
export interface ServiceOrderCreated extends ServiceOrder {
  /** Opens the page on which the user confirms: for `confirmParams`. Single-use, within an hour. */
  package?: string
  /** Of `payOnDelivery`. */
  shopping_info?: PayOnDeliveryParams['shopping_info']
}

/** A service whose price is known when it begins, for a user who has granted it: created and completed in one call. */
export type DirectServiceOrderParams = Omit<
  ServiceOrderParams,
  'risk_fund' | 'need_user_confirm' | 'device' | 'openid'
> &
  Pick<ServiceOrderCompletion, 'post_payments' | 'post_discounts' | 'total_amount' | 'profit_sharing' | 'goods_tag'> & {
    /** The user who has granted the service. */
    openid: string
  }

/** Goods that are paid after delivery (先享后付). */
export interface ShoppingInfo {
  goods: readonly {
    name: string
    /** Fen. */
    amount: number
    count: number
    /** URL of a picture. */
    picture: string
    category_id?: readonly string[] | undefined
  }[]
}

/** An order of goods that are paid after delivery. */
export interface PayOnDeliveryParams extends Omit<ServiceOrderParams, 'device' | 'post_discounts'> {
  /** `amount` in fen. */
  post_discounts?: readonly (AnnouncedDiscount & { amount?: number | undefined })[] | undefined
  shopping_info: ShoppingInfo & {
    /** Target of the order's link in WeChat. */
    jump_link: {
      jump_link_type: 'JUMP_LINK_MINI_PROGRAM' | (string & {})
      appid?: string | undefined
      path?: string | undefined
    }
    real_merchant_appid?: string | undefined
  }
}

/** A message about a payment due from a user of a service. */
export interface ServiceMessageParams {
  service_id: string
  out_order_no: string
  post_payments: readonly ServicePayment[]
  post_discounts?: readonly ServiceDiscount[] | undefined
  /** Fen: the payments less the discounts. */
  total_amount: number
  /** When the money is collected: `yyyyMMddHHmmss` in Beijing time. */
  prepaid_time: string
}

/** Response of calls that only change the state. */
export type ServiceOrderChanged = Pick<ServiceOrder, 'appid' | 'mchid' | 'out_order_no' | 'service_id' | 'order_id'>
