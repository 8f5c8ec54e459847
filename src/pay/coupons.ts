import type { RequestOptions } from '../core/client-options.ts'
import type { GroupCalls } from './group-calls.ts'

export interface CouponStockParams {
  stock_name: string
  comment?: string
  available_begin_time: string | Date
  available_end_time: string | Date
  stock_use_rule: {
    max_coupons: number
    /** Fen. */
    max_amount: number
    max_amount_by_day?: number
    max_coupons_per_user: number
    natural_person_limit: boolean
    prevent_api_abuse: boolean
  }
  coupon_use_rule: {
    fixed_normal_coupon?: { coupon_amount: number; transaction_minimum: number }
    goods_tag?: readonly string[]
    combine_use?: boolean
    available_items?: readonly string[]
    available_merchants?: readonly string[]
    [field: string]: unknown
  }
  pattern_info?: Readonly<Record<string, unknown>>
  no_cash: boolean
  stock_type: 'NORMAL' | 'DISCOUNT' | (string & {})
  out_request_no: string
}

export interface CouponStock {
  stock_id: string
  stock_creator_mchid: string
  stock_name: string
  status: 'unactivated' | 'audit' | 'running' | 'stoped' | 'paused' | (string & {})
  description?: string
  create_time: string
  available_begin_time: string
  available_end_time: string
  distributed_coupons?: number
  stock_use_rule?: Record<string, unknown>
  [field: string]: unknown
}

export interface Coupon {
  coupon_id: string
  stock_id: string
  stock_creator_mchid: string
  coupon_name: string
  status: 'SENDED' | 'USED' | 'EXPIRED' | (string & {})
  description?: string
  create_time: string
  coupon_type?: string
  available_begin_time: string
  available_end_time: string
  [field: string]: unknown
}

interface Page<T> {
  total_count: number
  limit: number
  offset: number
  data?: T[]
}

/** Cash coupons (代金券): the basics. Everything else through `pay.request`. The client's merchant is the creator. */
export class Coupons {
  readonly #calls: GroupCalls

  /** @internal */
  constructor(calls: GroupCalls) {
    this.#calls = calls
  }

  /** @param params amounts in fen */
  async createStock(
    params: CouponStockParams,
    options?: RequestOptions
  ): Promise<{ stock_id: string; create_time: string }> {
    return (await this.#calls.call('coupons.createStock', params, options)) as unknown as {
      stock_id: string
      create_time: string
    }
  }

  async startStock(
    params: { stock_id: string },
    options?: RequestOptions
  ): Promise<{ stock_id: string; start_time: string }> {
    return (await this.#calls.call('coupons.startStock', params, options)) as unknown as {
      stock_id: string
      start_time: string
    }
  }

  async pauseStock(
    params: { stock_id: string },
    options?: RequestOptions
  ): Promise<{ stock_id: string; pause_time: string }> {
    return (await this.#calls.call('coupons.pauseStock', params, options)) as unknown as {
      stock_id: string
      pause_time: string
    }
  }

  async restartStock(
    params: { stock_id: string },
    options?: RequestOptions
  ): Promise<{ stock_id: string; restart_time: string }> {
    return (await this.#calls.call('coupons.restartStock', params, options)) as unknown as {
      stock_id: string
      restart_time: string
    }
  }

  /** Gives a coupon to a user. Repeating with the same `out_request_no` gives the same coupon. (发放代金券批次) */
  async send(
    params: {
      openid: string
      stock_id: string
      out_request_no: string
      coupon_value?: number
      coupon_minimum?: number
    },
    options?: RequestOptions
  ): Promise<{ coupon_id: string }> {
    return (await this.#calls.call('coupons.send', params, options)) as unknown as { coupon_id: string }
  }

  async listStocks(
    params: {
      offset: number
      limit: number
      status?: string
      create_start_time?: string | Date
      create_end_time?: string | Date
    },
    options?: RequestOptions
  ): Promise<Page<CouponStock>> {
    return (await this.#calls.call('coupons.listStocks', params, options)) as unknown as Page<CouponStock>
  }

  async getStock(params: { stock_id: string }, options?: RequestOptions): Promise<CouponStock> {
    return (await this.#calls.call('coupons.getStock', params, options)) as unknown as CouponStock
  }

  async getCoupon(params: { openid: string; coupon_id: string }, options?: RequestOptions): Promise<Coupon> {
    return (await this.#calls.call('coupons.getCoupon', params, options)) as unknown as Coupon
  }

  async listCoupons(
    params: {
      openid: string
      stock_id?: string
      status?: string
      creator_mchid?: string
      offset?: number
      limit?: number
    },
    options?: RequestOptions
  ): Promise<Page<Coupon>> {
    return (await this.#calls.call('coupons.listCoupons', params, options)) as unknown as Page<Coupon>
  }

  /** Sets where the use of coupons is notified. (设置消息通知地址) */
  async setCallback(
    params: { notify_url: string; switch?: boolean },
    options?: RequestOptions
  ): Promise<{ update_time: string; notify_url: string }> {
    return (await this.#calls.call('coupons.setCallback', params, options)) as unknown as {
      update_time: string
      notify_url: string
    }
  }
}
