import { integer, oneOf, optional, record, required } from '../core/options.ts'
import { del, get, post, put } from './endpoint.ts'
import { chars, day, listOf, merchantId, notifyUrl } from './field-rules.ts'
import { resource } from './resource.ts'

/** A complaint of a user. */
export interface Complaint {
  complaint_id: string
  /** RFC 3339. */
  complaint_time: string
  complaint_detail: string
  complaint_state: 'PENDING' | 'PROCESSING' | 'PROCESSED' | (string & {})
  complainted_mchid?: string
  /** Decrypted by the client. */
  payer_phone?: string
  payer_openid?: string
  complaint_media_list?: { media_type: string; media_url?: string[] }[]
  /** `amount` in fen. */
  complaint_order_info?: { transaction_id: string; out_trade_no: string; amount: number }[]
  service_order_info?: { order_id?: string; out_order_no?: string; state?: string }[]
  complaint_full_refunded: boolean
  incoming_user_response: boolean
  problem_description: string
  user_complaint_times: number
  problem_type?: 'REFUND' | 'SERVICE_NOT_WORK' | 'OTHERS' | (string & {})
  /** Fen. */
  apply_refund_amount?: number
  user_tag_list?: ('TRUSTED' | 'HIGH_RISK' | (string & {}))[]
  /** Whether WeChat Pay has taken over the complaint (平台协助). */
  in_platform_service?: boolean
  /** Whether the user is waiting in the chat: `respondImmediately`. */
  need_immediate_service?: boolean
  is_agent_mode?: boolean
  /** Details about a power bank (充电宝). */
  additional_info?: {
    type?: 'SHARE_POWER_TYPE' | (string & {})
    share_power_info?: {
      /** RFC 3339. */
      return_time?: string
      return_address_info?: { return_address?: string; longitude?: string; latitude?: string }
      is_returned_to_same_machine?: boolean
    }
  }
  [field: string]: unknown
}

/** Filter of `complaints.list`. */
export interface ComplaintListParams {
  /** Day in Beijing, `2026-03-01`; at most 30 days before `end_date`. */
  begin_date: string
  end_date: string
  /** 1 to 50. Default 10. */
  limit?: number | undefined
  offset?: number | undefined
  complainted_mchid?: string | undefined
}

/** A page of complaints (查询投诉单列表). */
export interface ComplaintList {
  data?: Complaint[]
  limit: number
  offset: number
  total_count?: number
}

/** An entry in the history of a complaint. */
export interface ComplaintHistory {
  data?: {
    log_id: string
    operator: string
    /** RFC 3339. */
    operate_time: string
    operate_type: string
    operate_details?: string
    image_list?: string[]
    complaint_media_list?: { media_type?: string; media_url?: string[] }
    user_appy_platform_service_reason?: string
    user_appy_platform_service_reason_description?: string
    /** A message of the chat. */
    normal_message?: ImmediateMessage
    /** The user's selection in the chat. */
    click_message?: { action_id?: string; clicked_log_id?: string; message_content?: unknown }
    [field: string]: unknown
  }[]
  limit: number
  offset: number
  total_count?: number
}

/** A complaint, and the merchant concerned. */
export interface ComplaintNumber {
  complaint_id: string
  /** Default: the merchant of the client. */
  complainted_mchid?: string | undefined
}

/** A reply to the user. */
export interface ComplaintResponseParams extends ComplaintNumber {
  /** At most 200 characters. */
  response_content: string
  /** `media_id` of `media.uploadComplaintImage`, at most 4. */
  response_images?: readonly string[] | undefined
  jump_url?: string | undefined
  jump_url_text?: string | undefined
  mini_program_jump_info?: { appid: string; path: string; text: string } | undefined
}

/** A message in the chat with the user (即时服务). */
export interface ImmediateMessage {
  /** At most 10, e.g. `{ type: 'TEXT', text: { text: 'Hello' } }`. */
  blocks?:
    | readonly {
        type: 'TEXT' | 'IMAGE' | 'LINK' | 'FAQ_LIST' | 'BUTTON' | 'BUTTON_GROUP' | (string & {})
        text?:
          | { text?: string | undefined; color?: 'DEFAULT' | 'SECONDARY' | undefined; is_bold?: boolean | undefined }
          | undefined
        image?: { media_id?: string | undefined; image_style_type?: string | undefined } | undefined
        [block: string]: unknown
      }[]
    | undefined
  sender_identity?: 'MANUAL' | 'MACHINE' | 'UNKNOWN' | (string & {}) | undefined
  custom_data?: string | undefined
}

/** A reply in the chat with the user. */
export interface ImmediateResponseParams extends ComplaintNumber {
  /** Idempotency key of the reply: it is sent only once per number. */
  idempotent_id: string
  message: ImmediateMessage
}

/** Decision on the refund that a user requests. */
export interface RefundProgressParams {
  complaint_id: string
  action: 'APPROVE' | 'REJECT'
  /** Days until the refund is made, 0 to 365. */
  launch_refund_day?: number | undefined
  reject_reason?: string | undefined
  reject_media_list?: readonly string[] | undefined
  remark?: string | undefined
}

/** URL for notifications of complaints. */
export interface ComplaintNotificationUrl {
  mchid: string
  url: string
}

const BASE = '/v3/merchant-service/complaints-v2'
const NOTIFICATIONS = '/v3/merchant-service/complaint-notifications'
const complaintId = required(chars(64, /^[0-9A-Za-z]{1,64}$/, 'a complaint_id'))
const OWN = { complainted_mchid: 'ownMchId' } as const
const URL_RULES = { rules: { url: required(notifyUrl) }, echo: ['url'] }

/** Complaints of users. (消费者投诉 2.0) Download their pictures with `pay.download(media_url)`. */
export class Complaints extends resource('complaints', {
  /**
   * Lists the complaints of up to 30 days. (查询投诉单列表)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {DecryptError} ERR_DECRYPT_KEY; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   */
  list: get<ComplaintListParams, ComplaintList>(BASE, {
    rules: {
      limit: optional(integer(1, 50)),
      offset: optional(integer(0)),
      begin_date: required(day),
      end_date: required(day),
      complainted_mchid: optional(merchantId)
    },
    decrypted: ['data[].payer_phone']
  }),

  /**
   * Returns one complaint. (查询投诉单详情)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {DecryptError} ERR_DECRYPT_KEY; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   */
  get: get<{ complaint_id: string }, Complaint>(`${BASE}/{complaint_id}`, {
    rules: { complaint_id: complaintId },
    decrypted: ['payer_phone'],
    echo: ['complaint_id']
  }),

  /**
   * Returns the history of a complaint. (查询投诉单协商历史)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  history: get<{ complaint_id: string; limit?: number | undefined; offset?: number | undefined }, ComplaintHistory>(
    `${BASE}/{complaint_id}/negotiation-historys`,
    { rules: { complaint_id: complaintId, limit: optional(integer(1, 300)), offset: optional(integer(0)) } }
  ),

  /**
   * Replies to the user. (回复用户) Never retried by the client: the user could see it twice.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  respond: post<ComplaintResponseParams, void>(`${BASE}/{complaint_id}/response`, {
    empty: true,
    idempotent: false,
    fill: OWN,
    rules: {
      complaint_id: complaintId,
      complainted_mchid: required(merchantId),
      response_content: required(chars(200)),
      response_images: optional(listOf(4)),
      jump_url: optional(chars(512)),
      jump_url_text: optional(chars(10))
    }
  }),

  /**
   * Replies in the chat with the user. (回复用户即时服务) Idempotent by `idempotent_id`.
   *
   * @returns `log_id` of the message in the history
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  respondImmediately: post<ImmediateResponseParams, { log_id?: string }>(
    `${BASE}/{complaint_id}/response-immediate-service`,
    {
      fill: OWN,
      rules: {
        complaint_id: complaintId,
        complainted_mchid: required(merchantId),
        idempotent_id: required(chars(64)),
        message: required(record),
        'message.blocks': optional(listOf(10))
      }
    }
  ),

  /**
   * Reports a complaint as settled. (反馈处理完成)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  complete: post<ComplaintNumber, void>(`${BASE}/{complaint_id}/complete`, {
    empty: true,
    fill: OWN,
    rules: { complaint_id: complaintId, complainted_mchid: required(merchantId) }
  }),

  /**
   * Reports whether the requested refund is granted. (更新退款审批结果) It does not make the refund.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  updateRefundProgress: post<RefundProgressParams, void>(`${BASE}/{complaint_id}/update-refund-progress`, {
    empty: true,
    rules: {
      complaint_id: complaintId,
      action: required(oneOf('APPROVE', 'REJECT')),
      launch_refund_day: optional(integer(0, 365)),
      reject_reason: optional(chars(200)),
      reject_media_list: optional(listOf(4)),
      remark: optional(chars(200))
    }
  }),

  /**
   * Sets the URL for notifications of complaints; handle them with `on: { 'COMPLAINT.CREATE': … }`. (创建投诉通知回调地址)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  createNotification: post<{ url: string }, ComplaintNotificationUrl>(NOTIFICATIONS, URL_RULES),

  /**
   * Returns the URL for notifications of complaints. (查询投诉通知回调地址)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  getNotification: get<undefined, ComplaintNotificationUrl>(NOTIFICATIONS),

  /**
   * Changes the URL for notifications of complaints. (更新投诉通知回调地址)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  updateNotification: put<{ url: string }, ComplaintNotificationUrl>(NOTIFICATIONS, URL_RULES),

  /**
   * Stops notifications of complaints. (删除投诉通知回调地址)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError}
   */
  deleteNotification: del<undefined, void>(NOTIFICATIONS, { empty: true })
}) {}
