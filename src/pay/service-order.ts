import type { Promotion } from './transactions/transaction.ts'

/** What a service costs (后付费项目). */
export interface ServicePayment {
  /** At most 20 characters; each name once in an order. */
  name: string
  /** Fen. This or `description`. */
  amount?: number | undefined
  /** How the price comes about, at most 30 characters. */
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

/** When a service runs: `yyyyMMddHHmmss` or `yyyyMMdd` in Beijing time. */
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

/** The device with which a service begins and ends. */
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

/** Names an order in all calls but `create`. */
export interface ServiceOrderNumber extends OfService {
  out_order_no: string
}

/** A service to start. */
export interface ServiceOrderParams extends OfService {
  /** The key of the order, at most 32 characters. Refunds do not take it: they need `collection.details[].transaction_id`. */
  out_order_no: string
  /** What it is about, at most 20 characters. */
  service_introduction: string
  post_payments?: readonly ServicePayment[] | undefined
  post_discounts?: readonly AnnouncedDiscount[] | undefined
  /** What the user may owe at most: `DEPOSIT`, `ADVANCE` and `CASH_DEPOSIT` bound the total, `ESTIMATE_ORDER_COST` is an estimate. */
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
  /** Default: `notifyUrl` of the client. Confirmations and payments go there. */
  notify_url?: string | undefined
  /** Only without confirmation, and required there: who has granted the service. */
  openid?: string | undefined
  /** Default `true`: the user confirms with `package` of the response. `false` needs a permission of WeChat Pay. */
  need_user_confirm?: boolean | undefined
  device?: ServiceDevice | undefined
}

/** The end of a service and what it costs. */
export interface ServiceOrderCompletion extends ServiceOrderNumber {
  /** In place of those of the order. */
  post_payments: readonly ServicePayment[]
  post_discounts?: readonly ServiceDiscount[] | undefined
  /** Fen: the payments less the discounts. 0 collects nothing. */
  total_amount: number
  /** With `end_time` where the order has none; not later than now by the clock of WeChat: leave a margin. */
  time_range?: ServiceTime | undefined
  location?: { end_location: string } | undefined
  /** Whether the money is kept for shares. */
  profit_sharing?: boolean | undefined
  goods_tag?: string | undefined
  device?: ServiceDevice | undefined
}

/** A lower total for an order whose money is still to be collected. */
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
 * `CREATED` waits for the user; `DOING` runs (`state_description` `USER_CONFIRM`) or is being collected (`MCH_COMPLETE`); `DONE` is paid,
 * or cost nothing; `REVOKED` is cancelled; `EXPIRED` was never confirmed.
 */
export type ServiceOrderState = 'CREATED' | 'DOING' | 'DONE' | 'REVOKED' | 'EXPIRED' | (string & {})

/** How far the money of an order is collected. */
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
    /** `NEWTON`: by WeChat. `MCH`: elsewhere, as you said by `sync`. */
    paid_type?: 'NEWTON' | 'MCH' | (string & {})
    /** `yyyyMMddHHmmss` in Beijing time. */
    paid_time: string
    /** The number for refunds, shares and bills. */
    transaction_id?: string
    promotion_detail?: Promotion[]
  }[]
  bank_type?: string
}

/** A service order as WeChat Pay knows it; also the content of its notifications. Amounts in fen. */
export interface ServiceOrder {
  out_order_no: string
  service_id: string
  appid: string
  mchid: string
  sub_mchid?: string
  sub_appid?: string
  service_introduction?: string
  state: ServiceOrderState
  /** Of `DOING`: `USER_CONFIRM` runs, `MCH_COMPLETE` is being collected. */
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

/** An order that was created. */
export interface ServiceOrderCreated extends ServiceOrder {
  /** Opens the page on which the user confirms: for `confirmParams`. For one use, within an hour. */
  package?: string
  /** Of `payOnDelivery`. */
  shopping_info?: PayOnDeliveryParams['shopping_info']
}

/** A service whose price is known when it begins, of a user who has granted it: created and completed at once. */
export type DirectServiceOrderParams = Omit<
  ServiceOrderParams,
  'risk_fund' | 'need_user_confirm' | 'device' | 'openid'
> &
  Pick<ServiceOrderCompletion, 'post_payments' | 'post_discounts' | 'total_amount' | 'profit_sharing' | 'goods_tag'> & {
    /** Who has granted the service. */
    openid: string
  }

/** Goods that are paid after their delivery (先享后付). */
export interface ShoppingInfo {
  goods: readonly {
    name: string
    /** Fen. */
    amount: number
    count: number
    /** Address of a picture. */
    picture: string
    category_id?: readonly string[] | undefined
  }[]
}

/** An order of goods that are paid after their delivery. */
export interface PayOnDeliveryParams extends Omit<ServiceOrderParams, 'device' | 'post_discounts'> {
  /** `amount` in fen. */
  post_discounts?: readonly (AnnouncedDiscount & { amount?: number | undefined })[] | undefined
  shopping_info: ShoppingInfo & {
    /** What the order in WeChat links to. */
    jump_link: {
      jump_link_type: 'JUMP_LINK_MINI_PROGRAM' | (string & {})
      appid?: string | undefined
      path?: string | undefined
    }
    real_merchant_appid?: string | undefined
  }
}

/** A message about money that a user of a service is to pay. */
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

/** What the calls return that change no more than the state. */
export type ServiceOrderChanged = Pick<ServiceOrder, 'appid' | 'mchid' | 'out_order_no' | 'service_id' | 'order_id'>
