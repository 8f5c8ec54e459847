import { encryptSensitive } from '../../crypto/pay-v3.ts'
import { V3Failure } from '../failures.ts'
import type { Complaint } from '../ledger/complaint.ts'
import type { Order } from '../ledger/order.ts'
import { sendEvent } from '../notifier.ts'
import { DAY_MS, parseDate, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { int, type Json, list, MCHID, NOTIFY_URL, num, object, oneOf, opt, str, text, unread } from './shape.ts'

const MAX_LOG = 200

/** Files a complaint over a paid order and tells the merchant. */
export function fileComplaint(world: PayWorld, order: Order, openid: string, phone: string, detail: string): Complaint {
  const { clock, random } = world.context
  const time = clock.now()
  const complaint = world.complaints.add({
    id: `2000000${time}${random.digits(8)}`,
    mchId: order.mchId,
    transactionId: order.payment?.transactionId ?? '',
    outTradeNo: order.outTradeNo,
    amount: order.total,
    openid,
    phone,
    detail,
    problem: '其他',
    time,
    log: [],
    state: 'PENDING',
    hasUnread: true
  })
  note(world, complaint, '投诉人', 'USER_CREATE_COMPLAINT', detail)
  notifyComplaint(world, complaint, 'COMPLAINT.CREATE', 'CREATE_COMPLAINT')
  return complaint
}

function notifyComplaint(world: PayWorld, complaint: Complaint, eventType: string, action: string): void {
  const url = world.urls[`complaint ${complaint.mchId}`]
  if (url === undefined) return
  const event = {
    eventType,
    originalType: 'complaint',
    summary: '投诉通知',
    resource: { complaint_id: complaint.id, action_type: action }
  }
  sendEvent(world, { kind: 'complaint', mchId: complaint.mchId, url }, event)
}

function note(
  world: PayWorld,
  complaint: Complaint,
  operator: string,
  type: string,
  details: string,
  images: string[] = []
): void {
  const { clock, random } = world.context
  complaint.log.push({ id: random.digits(14), operator, time: clock.now(), type, details, images })
  if (complaint.log.length > MAX_LOG) complaint.log.shift()
}

function complaintObject(world: PayWorld, complaint: Complaint): Json {
  const key = world.context.keys.merchant(complaint.mchId).publicKey
  const order = world.orders.find(complaint.mchId, complaint.outTradeNo)
  return {
    complaint_id: complaint.id,
    complaint_time: rfc3339(complaint.time),
    complaint_detail: complaint.detail,
    complaint_state: complaint.state,
    complainted_mchid: complaint.mchId,
    payer_phone: encryptSensitive(complaint.phone, key),
    payer_openid: complaint.openid,
    complaint_order_info: [
      { transaction_id: complaint.transactionId, out_trade_no: complaint.outTradeNo, amount: complaint.amount }
    ],
    complaint_full_refunded: order !== undefined && order.refunded === order.total,
    incoming_user_response: complaint.hasUnread,
    problem_description: complaint.problem,
    user_complaint_times: 1,
    complaint_media_list: [],
    service_order_info: [],
    problem_type: 'OTHERS',
    user_tag_list: []
  }
}

const DATE = text(10, 10, /^\d{4}-\d{2}-\d{2}$/)
const PAGE = { limit: opt(int(1, 50)), offset: opt(int(0)) }
const LIST = object({ ...PAGE, begin_date: DATE, end_date: DATE, complainted_mchid: opt(MCHID) })

function search({ world, merchant, query }: V3Call): Json {
  const begin = parseDate(str(query, 'begin_date'))
  const end = parseDate(str(query, 'end_date'))
  if (begin === undefined || end === undefined || end < begin || end - begin > 30 * DAY_MS) {
    throw new V3Failure(400, 'PARAM_ERROR', '开始日期与结束日期的跨度不得超过30天')
  }
  const wanted = str(query, 'complainted_mchid')
  const all = world.complaints.filter(
    (one) =>
      one.mchId === merchant.mchId && (!wanted || wanted === one.mchId) && one.time >= begin && one.time < end + DAY_MS
  )
  const offset = num(query, 'offset')
  const limit = num(query, 'limit') || 10
  const data = all.slice(offset, offset + limit).map((one) => complaintObject(world, one))
  return { data, limit, offset, total_count: all.length }
}

function complaintOf({ world, merchant, params }: V3Call): Complaint {
  const complaint = world.complaints.get(params.complaint_id ?? '')
  if (complaint?.mchId !== merchant.mchId) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '投诉单不存在')
  return complaint
}

function history(call: V3Call): Json {
  const { log } = complaintOf(call)
  const offset = num(call.query, 'offset')
  const limit = num(call.query, 'limit') || 100
  const data = log.slice(offset, offset + limit).map((one) => ({
    log_id: one.id,
    operator: one.operator,
    operate_time: rfc3339(one.time),
    operate_type: one.type,
    operate_details: one.details,
    image_list: one.images
  }))
  return { data, limit, offset, total_count: log.length }
}

const RESPONSE = object({
  complainted_mchid: MCHID,
  response_content: text(1, 200),
  response_images: opt(list(text(1, 512), 4)),
  jump_url: opt(text(1, 512)),
  jump_url_text: opt(text(1, 10)),
  ...unread('mini_program_jump_info')
})

function respond(call: V3Call): undefined {
  const { world, body } = call
  const complaint = complaintOf(call)
  if (complaint.state === 'PROCESSED') throw new V3Failure(400, 'INVALID_REQUEST', '投诉单已处理完成')
  const images = (body.response_images as string[] | undefined) ?? []
  note(world, complaint, '商户', 'MERCHANT_RESPONSE', str(body, 'response_content'), images)
  complaint.state = 'PROCESSING'
  complaint.hasUnread = false
  notifyComplaint(world, complaint, 'COMPLAINT.STATE_CHANGE', 'MERCHANT_RESPONSE')
  return undefined
}

const BLOCK = object({
  type: text(1, 32),
  text: opt(object({ text: opt(text(1, 2000)), ...unread('color', 'is_bold') })),
  ...unread('image', 'link', 'button', 'button_group', 'faq_list')
})
const IMMEDIATE = object({
  complainted_mchid: MCHID,
  idempotent_id: text(1, 64),
  message: object({
    blocks: opt(list(BLOCK, 10)),
    sender_identity: opt(text(1, 32)),
    custom_data: opt(text(1, 1024))
  })
})

/** 回复用户即时服务: once for each idempotent_id. */
function respondImmediately(call: V3Call): Json {
  const { world, body } = call
  const complaint = complaintOf(call)
  const key = str(body, 'idempotent_id')
  const known = complaint.replies?.[key]
  if (known !== undefined) return { log_id: known }
  if (complaint.state === 'PROCESSED') throw new V3Failure(400, 'INVALID_REQUEST', '投诉单已处理完成')
  note(world, complaint, '商户', 'MERCHANT_RESPONSE', '')
  const id = complaint.log.at(-1)?.id ?? ''
  complaint.replies = { ...complaint.replies, [key]: id }
  complaint.hasUnread = false
  return { log_id: id }
}

function complete(call: V3Call): undefined {
  const complaint = complaintOf(call)
  if (complaint.state === 'PROCESSED') throw new V3Failure(400, 'INVALID_REQUEST', '投诉单已处理完成')
  note(call.world, complaint, '商户', 'MERCHANT_CONFIRM_COMPLETE', '')
  complaint.state = 'PROCESSED'
  notifyComplaint(call.world, complaint, 'COMPLAINT.STATE_CHANGE', 'MERCHANT_CONFIRM_COMPLETE')
  return undefined
}

const PROGRESS = object({
  action: oneOf('REJECT', 'APPROVE'),
  launch_refund_day: opt(int(0)),
  reject_reason: opt(text(1, 200)),
  remark: opt(text(1, 200)),
  ...unread('reject_media_list')
})

function updateProgress(call: V3Call): undefined {
  const isApproved = str(call.body, 'action') === 'APPROVE'
  const type = isApproved ? 'MERCHANT_APPROVE_REFUND' : 'MERCHANT_REJECT_REFUND'
  const complaint = complaintOf(call)
  note(call.world, complaint, '商户', type, str(call.body, 'remark') || str(call.body, 'reject_reason'))
  notifyComplaint(call.world, complaint, 'COMPLAINT.STATE_CHANGE', type)
  return undefined
}

const BASE = '/v3/merchant-service/complaints-v2'
const NOTIFY = '/v3/merchant-service/complaint-notifications'
const OWNER = { body: object({ complainted_mchid: MCHID }) }
const URL_BODY = { body: object({ url: NOTIFY_URL }) }

function setUrl({ world, merchant, body, exchange }: V3Call): Json {
  const key = `complaint ${merchant.mchId}`
  const isKnown = world.urls[key] !== undefined
  if (exchange.method === 'POST' && isKnown) throw new V3Failure(400, 'INVALID_REQUEST', '投诉通知回调地址已存在')
  if (exchange.method === 'PUT' && !isKnown) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '投诉通知回调地址不存在')
  world.urls[key] = str(body, 'url')
  return { mchid: merchant.mchId, url: str(body, 'url') }
}

export const COMPLAINT_ROUTES: readonly V3Route[] = [
  get(BASE, { query: LIST }, search),
  get(`${BASE}/:complaint_id`, {}, (call) => complaintObject(call.world, complaintOf(call))),
  get(`${BASE}/:complaint_id/negotiation-historys`, { query: object(PAGE) }, history),
  post(`${BASE}/:complaint_id/response`, { body: RESPONSE }, respond),
  post(`${BASE}/:complaint_id/response-immediate-service`, { body: IMMEDIATE }, respondImmediately),
  post(`${BASE}/:complaint_id/complete`, OWNER, complete),
  post(`${BASE}/:complaint_id/update-refund-progress`, { body: PROGRESS }, updateProgress),
  post(NOTIFY, URL_BODY, setUrl),
  { method: 'PUT', path: NOTIFY, ...URL_BODY, run: setUrl },
  get(NOTIFY, {}, ({ world, merchant }) => {
    const url = world.urls[`complaint ${merchant.mchId}`]
    if (url === undefined) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '投诉通知回调地址不存在')
    return { mchid: merchant.mchId, url }
  }),
  {
    method: 'DELETE',
    path: NOTIFY,
    run: ({ world, merchant }) => {
      delete world.urls[`complaint ${merchant.mchId}`]
      return undefined
    }
  }
]
