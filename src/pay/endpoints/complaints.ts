import { integer, oneOf, optional, required } from '../../core/options.ts'
import { tableOf } from '../endpoint-table.ts'
import { chars, day, listOf, merchantId, notifyUrl } from '../field-rules.ts'

const BASE = '/v3/merchant-service/complaints-v2'
const NOTIFICATIONS = '/v3/merchant-service/complaint-notifications'
const complaintId = chars(64, /^[0-9A-Za-z]{1,64}$/, 'a complaint_id')
const read = { method: 'GET', answer: 'json', repeat: 'safe' } as const
const PAGE = { limit: optional(integer(1, 300)), offset: optional(integer(0)) }

/** Complaints of users. (消费者投诉 2.0) */
export const COMPLAINT_ENDPOINTS = tableOf({
  list: {
    ...read,
    operation: 'complaints.list',
    path: BASE,
    rules: {
      ...PAGE,
      limit: optional(integer(1, 50)),
      begin_date: required(day),
      end_date: required(day),
      complainted_mchid: optional(merchantId)
    },
    decrypted: ['data[].payer_phone']
  },
  get: {
    ...read,
    operation: 'complaints.get',
    path: `${BASE}/{complaint_id}`,
    rules: { complaint_id: required(complaintId) },
    decrypted: ['payer_phone'],
    echo: ['complaint_id']
  },
  history: {
    ...read,
    operation: 'complaints.history',
    path: `${BASE}/{complaint_id}/negotiation-historys`,
    rules: { complaint_id: required(complaintId), ...PAGE }
  },
  respond: {
    operation: 'complaints.respond',
    method: 'POST',
    path: `${BASE}/{complaint_id}/response`,
    answer: 'empty',
    // A second reply would be shown to the user as such.
    repeat: 'never',
    rules: {
      complaint_id: required(complaintId),
      complainted_mchid: required(merchantId),
      response_content: required(chars(200)),
      response_images: optional(listOf(4)),
      jump_url: optional(chars(512)),
      jump_url_text: optional(chars(10))
    }
  },
  complete: {
    operation: 'complaints.complete',
    method: 'POST',
    path: `${BASE}/{complaint_id}/complete`,
    answer: 'empty',
    repeat: 'safe',
    rules: { complaint_id: required(complaintId), complainted_mchid: required(merchantId) }
  },
  updateRefundProgress: {
    operation: 'complaints.updateRefundProgress',
    method: 'POST',
    path: `${BASE}/{complaint_id}/update-refund-progress`,
    answer: 'empty',
    repeat: 'safe',
    rules: {
      complaint_id: required(complaintId),
      action: required(oneOf('APPROVE', 'REJECT')),
      launch_refund_day: optional(integer(0, 365)),
      reject_reason: optional(chars(200)),
      reject_media_list: optional(listOf(4)),
      remark: optional(chars(200))
    }
  },
  createNotification: {
    operation: 'complaints.createNotification',
    method: 'POST',
    path: NOTIFICATIONS,
    answer: 'json',
    repeat: 'safe',
    rules: { url: required(notifyUrl) },
    echo: ['url']
  },
  getNotification: { ...read, operation: 'complaints.getNotification', path: NOTIFICATIONS },
  updateNotification: {
    operation: 'complaints.updateNotification',
    method: 'PUT',
    path: NOTIFICATIONS,
    answer: 'json',
    repeat: 'safe',
    rules: { url: required(notifyUrl) },
    echo: ['url']
  },
  deleteNotification: {
    operation: 'complaints.deleteNotification',
    method: 'DELETE',
    path: NOTIFICATIONS,
    answer: 'empty',
    repeat: 'safe'
  }
})
