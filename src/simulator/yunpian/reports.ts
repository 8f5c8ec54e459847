import { signReply } from '../crypto/yunpian.ts'
import { type PushName, pushRequest } from '../crypto/yunpian-push.ts'
import {
  accountLabel,
  beijing,
  type SmsRecord,
  type SmsReply,
  type YunpianAccountState,
  type YunpianState
} from './state.ts'

const MINUTE = 60_000
const STATUS_RETRIES_MS = [5 * MINUTE, 5 * MINUTE, 5 * MINUTE]
const REPLY_RETRIES_MS = [MINUTE, MINUTE, MINUTE, MINUTE, MINUTE]
const MAX_PER_PUSH = 100
/** How long what becomes due together is collected for one push. */
const COLLECT_MS = 100

function judge(_: Response, body: string): { delivered: boolean; note: string } {
  const answer = body.trim()
  const delivered = answer === 'SUCCESS' || answer === '0'
  return { delivered, note: delivered ? answer : 'the response is neither SUCCESS nor 0' }
}

/** A report as it is pulled and pushed. */
export function describeStatus(record: SmsRecord): Record<string, unknown> {
  return {
    sid: record.kind === 'sms' ? BigInt(record.sid) : record.sid,
    uid: record.uid,
    user_receive_time: beijing(record.receivedAt ?? record.sentAt),
    error_msg: record.errorMsg,
    ...(record.errorDetail ? { error_detail: record.errorDetail } : {}),
    mobile: record.mobile,
    report_status: record.reportStatus,
    ...(record.kind === 'voice' ? { duration: record.reportStatus === 'SUCCESS' ? 8 : 0 } : {})
  }
}

/** Pushes reports and replies, or keeps them for whoever pulls. */
export class ReportOffice {
  readonly #state: YunpianState
  readonly #waiting = new Map<string, { own: YunpianAccountState; records: SmsRecord[] }>()

  constructor(state: YunpianState) {
    this.#state = state
  }

  /** The carrier's report of a message, a while after it was sent. */
  scheduleReport(own: YunpianAccountState, record: SmsRecord): void {
    this.#state.context.clock.schedule(this.#state.reportMs, () => this.#report(own, record))
  }

  /** Takes up reports again that a restart interrupted. */
  resume(): void {
    for (const own of this.#state.accounts.values())
      for (const record of own.records.values()) if (record.reportStatus === 'UNKNOWN') this.scheduleReport(own, record)
  }

  #report(own: YunpianAccountState, record: SmsRecord): void {
    const failure = this.#state.failingNumbers.get(record.mobile)
    record.reportStatus = failure ? 'FAIL' : 'SUCCESS'
    record.errorMsg = failure?.errorMsg ?? (record.kind === 'sms' ? 'DELIVRD' : '')
    record.errorDetail = failure?.errorDetail ?? ''
    record.receivedAt = this.#state.now
    const url = record.callbackUrl ?? this.#state.pushUrls.status
    if (url === undefined && !this.#state.context.hasTarget('yunpian')) {
      own.statusQueue.set(record.sid, this.#state.now)
      return
    }
    const key = [own.account.apiKey, record.kind, url ?? ''].join('\n')
    const batch = this.#waiting.get(key)
    if (batch) {
      batch.records.push(record)
      return
    }
    this.#waiting.set(key, { own, records: [record] })
    this.#state.context.clock.schedule(COLLECT_MS, () => this.#push(key, `${record.kind}_status`, url))
  }

  #push(key: string, name: PushName, url: string | undefined): void {
    const batch = this.#waiting.get(key)
    this.#waiting.delete(key)
    if (!batch) return
    for (let i = 0; i < batch.records.length; i += MAX_PER_PUSH) {
      const records = batch.records.slice(i, i + MAX_PER_PUSH)
      this.#state.context.deliver({
        kind: 'yunpian',
        account: accountLabel(batch.own.account.apiKey),
        url,
        request: (_, target) => pushRequest(name, records.map(describeStatus), target),
        retryAfterMs: STATUS_RETRIES_MS,
        timeoutMs: 5_000,
        judge,
        finished: ({ state }) => {
          if (state === 'delivered') return
          for (const { sid } of records) batch.own.statusQueue.set(sid, this.#state.now)
        }
      })
    }
  }

  /** A reply (上行短信) of a phone. Resolves when it was pushed once, or waits to be pulled. */
  async reply(own: YunpianAccountState, reply: SmsReply): Promise<void> {
    own.replies.set(reply.id, reply)
    const url = this.#state.pushUrls.reply
    if (url === undefined && !this.#state.context.hasTarget('yunpian')) {
      own.replyQueue.set(reply.id, this.#state.now)
      return
    }
    const { apiKey } = own.account
    const fields = { ...plainReply(reply) }
    const delivery = this.#state.context.deliver({
      kind: 'yunpian',
      account: accountLabel(apiKey),
      url,
      request: (_, target) => pushRequest('sms_reply', { ...fields, _sign: signReply(apiKey, fields) }, target),
      retryAfterMs: REPLY_RETRIES_MS,
      timeoutMs: 5_000,
      judge,
      finished: ({ state }) => {
        if (state !== 'delivered') own.replyQueue.set(reply.id, this.#state.now)
      }
    })
    await delivery.first
  }
}

/** A reply without its sign. */
export function plainReply({ id, mobile, text, at, extend, base_extend }: SmsReply): Record<string, string> {
  return { base_extend, extend, id, mobile, reply_time: beijing(at), text }
}
