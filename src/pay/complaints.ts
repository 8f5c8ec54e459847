import type { RequestOptions } from '../core/client-options.ts'
import type { GroupCalls } from './group-calls.ts'

export interface Complaint {
  complaint_id: string
  complaint_time: string
  complaint_detail: string
  complaint_state: 'PENDING' | 'PROCESSING' | 'PROCESSED' | (string & {})
  complainted_mchid?: string
  /** Decrypted by the client. */
  payer_phone?: string
  payer_openid?: string
  complaint_media_list?: { media_type: string; media_url?: string[] }[]
  complaint_order_info?: { transaction_id: string; out_trade_no: string; amount: number }[]
  service_order_info?: { order_id?: string; out_order_no?: string; state?: string }[]
  complaint_full_refunded: boolean
  incoming_user_response: boolean
  problem_description: string
  user_complaint_times: number
  problem_type?: 'REFUND' | 'SERVICE_NOT_WORK' | 'OTHERS' | (string & {})
  /** Fen. */
  apply_refund_amount?: number
  user_tag_list?: string[]
  [field: string]: unknown
}

export interface ComplaintHistory {
  data?: {
    log_id: string
    operator: string
    operate_time: string
    operate_type: string
    operate_details?: string
    image_list?: string[]
    [field: string]: unknown
  }[]
  limit: number
  offset: number
  total_count?: number
}

export interface ComplaintResponseParams {
  complaint_id: string
  /** Default: the client's merchant. */
  complainted_mchid?: string
  response_content: string
  /** `media_id` of `media.uploadComplaintImage`. */
  response_images?: readonly string[]
  jump_url?: string
  jump_url_text?: string
  mini_program_jump_info?: { appid: string; path: string; text: string }
}

interface NotificationUrl {
  mchid: string
  url: string
}

/** Complaints of users. (消费者投诉) */
export class Complaints {
  readonly #calls: GroupCalls

  /** @internal */
  constructor(calls: GroupCalls) {
    this.#calls = calls
  }

  /** The complaints of up to 30 days. (查询投诉单列表) */
  async list(
    params: { begin_date: string; end_date: string; limit?: number; offset?: number; complainted_mchid?: string },
    options?: RequestOptions
  ): Promise<{ data?: Complaint[]; limit: number; offset: number; total_count?: number }> {
    return (await this.#calls.call('complaints.list', params, options)) as unknown as { limit: number; offset: number }
  }

  async get(params: { complaint_id: string }, options?: RequestOptions): Promise<Complaint> {
    return (await this.#calls.call('complaints.get', params, options)) as unknown as Complaint
  }

  async history(
    params: { complaint_id: string; limit?: number; offset?: number },
    options?: RequestOptions
  ): Promise<ComplaintHistory> {
    return (await this.#calls.call('complaints.history', params, options)) as unknown as ComplaintHistory
  }

  /** Replies to the user. (提交回复) Is never repeated by the client: the user would see it twice. */
  async respond(params: ComplaintResponseParams, options?: RequestOptions): Promise<void> {
    await this.#calls.call('complaints.respond', this.#withMerchant(params), options)
  }

  /** Reports a complaint as settled. (反馈处理完成) */
  async complete(
    params: { complaint_id: string; complainted_mchid?: string },
    options?: RequestOptions
  ): Promise<void> {
    await this.#calls.call('complaints.complete', this.#withMerchant(params), options)
  }

  /** Says whether the refund that the user asks for is granted. (更新退款审批结果) */
  async updateRefundProgress(
    params: {
      complaint_id: string
      action: 'APPROVE' | 'REJECT'
      launch_refund_day?: number
      reject_reason?: string
      reject_media_list?: readonly string[]
      remark?: string
    },
    options?: RequestOptions
  ): Promise<void> {
    await this.#calls.call('complaints.updateRefundProgress', params, options)
  }

  /** Sets where complaints are notified; handle them with `on: { 'COMPLAINT.CREATE': … }`. (创建投诉通知回调地址) */
  async createNotification(params: { url: string }, options?: RequestOptions): Promise<NotificationUrl> {
    return (await this.#calls.call('complaints.createNotification', params, options)) as unknown as NotificationUrl
  }

  async getNotification(options?: RequestOptions): Promise<NotificationUrl> {
    return (await this.#calls.call('complaints.getNotification', {}, options)) as unknown as NotificationUrl
  }

  async updateNotification(params: { url: string }, options?: RequestOptions): Promise<NotificationUrl> {
    return (await this.#calls.call('complaints.updateNotification', params, options)) as unknown as NotificationUrl
  }

  async deleteNotification(options?: RequestOptions): Promise<void> {
    await this.#calls.call('complaints.deleteNotification', {}, options)
  }

  #withMerchant<T extends { complainted_mchid?: string }>(params: T): T {
    return { ...params, complainted_mchid: params?.complainted_mchid ?? this.#calls.mchId }
  }
}
