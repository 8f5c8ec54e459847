import type { BoundedMap } from '../framework/bounded-map.ts'
import type { Route } from '../framework/service.ts'
import { call, integer, page, period, required, type YunpianCall } from './call.ts'
import { messageOf, YunpianRefusal } from './refusal.ts'
import { describeStatus, plainReply } from './reports.ts'
import { normalMobile } from './sms-send.ts'
import { beijing, type SmsRecord, type YunpianState } from './state.ts'

/** What waits to be pulled is kept this long. */
const KEEP_MS = 72 * 60 * 60_000

/** Takes ids out of a queue: what was returned once is gone. */
function pull(state: YunpianState, queue: BoundedMap<string, number>, size: number): string[] {
  const taken: string[] = []
  for (const [id, at] of queue) {
    if (taken.length === size) break
    queue.delete(id)
    if (state.now - at < KEEP_MS) taken.push(id)
  }
  return taken
}

function records({ own, form }: YunpianCall): SmsRecord[] {
  const { from, to } = period(form)
  const mobile = form.get('mobile') ? normalMobile(required(form, 'mobile')) : undefined
  return [...own.records.values()].filter(
    (record) =>
      record.kind === 'sms' &&
      record.sentAt >= from &&
      record.sentAt < to + 1000 &&
      (mobile === undefined || record.mobile === mobile)
  )
}

/** Reports that wait and fit; the others go on waiting. */
export function pullStatus({ state, own, form }: YunpianCall, fits: (record: SmsRecord) => boolean): unknown[] {
  const size = integer(form, 'page_size', 20, 1, 100)
  const found: unknown[] = []
  for (const [sid, at] of own.statusQueue) {
    if (found.length === size) break
    const record = own.records.get(sid)
    if (record && !fits(record)) continue
    own.statusQueue.delete(sid)
    if (record && state.now - at < KEEP_MS) found.push(describeStatus(record))
  }
  return found
}

/** Reports, replies and records. */
export function queryRoutes(state: YunpianState): Route[] {
  return [
    call(state, '/v2/sms/pull_status.json', (yunpian) => pullStatus(yunpian, ({ kind }) => kind === 'sms')),
    call(state, '/v2/sms/pull_reply.json', ({ own, form }) => {
      const ids = pull(state, own.replyQueue, integer(form, 'page_size', 20, 1, 100))
      return ids.flatMap((id) => {
        const reply = own.replies.get(id)
        return reply ? [{ ...plainReply(reply), _sign: null }] : []
      })
    }),
    call(state, '/v2/sms/get_reply.json', ({ own, form }) => {
      const { from, to } = period(form)
      const mobile = form.get('mobile')
      const list = [...own.replies.values()].filter(
        (reply) => reply.at >= from && reply.at < to + 1000 && (!mobile || reply.mobile === normalMobile(mobile))
      )
      return page(form, list).map((reply) => ({ ...plainReply(reply), _sign: null }))
    }),
    call(state, '/v2/sms/get_record.json', (yunpian) =>
      page(yunpian.form, records(yunpian)).map((record) => ({
        sid: BigInt(record.sid),
        mobile: record.mobile,
        send_time: beijing(record.sentAt),
        text: record.text,
        send_status: 'SUCCESS',
        report_status: record.reportStatus,
        fee: record.fee,
        user_receive_time: record.receivedAt === undefined ? null : beijing(record.receivedAt),
        error_msg: record.errorMsg || null,
        uid: record.uid
      }))
    ),
    call(state, '/v2/sms/count.json', (yunpian) => ({ total: records(yunpian).length })),
    call(state, '/v2/sms/get_black_word.json', ({ form }) => {
      const text = required(form, 'text')
      return [...state.blockedWords].filter((word) => text.includes(word))
    }),
    call(state, '/v2/sms/get_total_fee.json', ({ own, form }) => {
      const date = required(form, 'date')
      if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new YunpianRefusal(2, '参数 date 格式不正确')
      return { total_fee: (own.spent[date] ?? 0) / 1000, unit: 'RMB' }
    }),
    call(state, '/v2/sms/reg_complete.json', ({ form }) => {
      normalMobile(required(form, 'mobile'))
      return { code: 0, msg: messageOf(0) }
    })
  ]
}
