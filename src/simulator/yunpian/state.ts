import type { YunpianAccount } from '../framework/accounts.ts'
import { BoundedMap } from '../framework/bounded-map.ts'
import type { SimulatorContext } from '../framework/context.ts'

export type ReviewStatus = 'CHECKING' | 'SUCCESS' | 'FAIL'

export interface SmsTemplate {
  readonly id: number
  content: string
  status: ReviewStatus
  reason: string | null
  readonly lang: string
  readonly kind: 'sms' | 'voice'
  /** Where the result of the review is pushed. */
  callback?: string | undefined
}

export interface SmsSign {
  sign: string
  status: ReviewStatus
  vip: boolean
  onlyGlobal: boolean
  industry: string
}

/** A message that was accepted, as `get_record` and reports show it. */
export interface SmsRecord {
  readonly sid: string
  readonly kind: 'sms' | 'voice' | 'flow'
  /** A voice notice, not a code. */
  readonly isNotice?: boolean | undefined
  readonly mobile: string
  readonly text: string
  readonly uid: string | null
  readonly extend: string
  readonly count: number
  readonly fee: number
  /** Milliseconds. */
  readonly sentAt: number
  readonly callbackUrl: string | undefined
  reportStatus: 'UNKNOWN' | 'SUCCESS' | 'FAIL'
  receivedAt: number | undefined
  errorMsg: string
  errorDetail: string
}

export interface SmsReply {
  readonly id: string
  readonly mobile: string
  readonly text: string
  /** Milliseconds. */
  readonly at: number
  readonly extend: string
  readonly base_extend: string
}

export interface ShortUrl {
  readonly sid: string
  readonly longUrl: string
  readonly shortUrl: string
  readonly name: string
  /** Milliseconds. */
  readonly expiresAt: number
}

/** How often one number may get messages. */
export interface YunpianLimits {
  /** The same content again within this time is refused with 8. */
  repeatMs: number
  /** The same content more often than this within five minutes is refused with 9. */
  sameContentIn5Minutes: number
  /** More messages to a number than this within an hour are refused with 22. */
  perHour: number
  /** More messages to a number than this within 24 hours are refused with 17. */
  perDay: number
}

/** What one apikey has. */
export interface YunpianAccountState {
  readonly account: YunpianAccount
  readonly templates: Map<number, SmsTemplate>
  readonly signs: SmsSign[]
  readonly records: BoundedMap<string, SmsRecord>
  readonly replies: BoundedMap<string, SmsReply>
  /** Ids of reports and replies that wait to be pulled, with the time at which they came. */
  readonly statusQueue: BoundedMap<string, number>
  readonly replyQueue: BoundedMap<string, number>
  readonly shortUrls: BoundedMap<string, ShortUrl>
  user: { nick: string; emergency_contact: string; emergency_mobile: string; alarm_balance: number; email: string }
  /** In thousandths of a yuan, because fees are fractions of a fen. */
  balance: number
  spent: Record<string, number>
  nextTemplateId: number
}

const REVIEW_MS = 30 * 60 * 1000

/** Everything that the simulated Yunpian holds. */
export class YunpianState {
  readonly context: SimulatorContext
  readonly accounts: Map<string, YunpianAccountState>
  /** Times and texts of what a number got within the last day. */
  readonly history: BoundedMap<string, { text: string; at: number }[]>
  readonly limits: YunpianLimits = { repeatMs: 30_000, sameContentIn5Minutes: 3, perHour: 5, perDay: 10 }
  readonly blockedNumbers = new Set<string>()
  readonly blockedWords = new Set<string>(['发票', '赌博'])
  /** What becomes of messages to a number: the error that the carrier reports. */
  readonly failingNumbers: BoundedMap<string, { errorMsg: string; errorDetail: string }>
  /** Console setting: where reports and replies are pushed. */
  pushUrls: { status?: string | undefined; reply?: string | undefined } = {}
  reviewMs = REVIEW_MS
  reportMs = 2_000

  constructor(context: SimulatorContext) {
    const { limits } = context
    this.context = context
    this.history = new BoundedMap(limits.records)
    this.failingNumbers = new BoundedMap(limits.records)
    this.accounts = new Map(context.accounts.yunpian.map((account) => [account.apiKey, this.#open(account)]))
  }

  #open(account: YunpianAccount): YunpianAccountState {
    const { records } = this.context.limits
    const templates = account.templates.map((content, i): [number, SmsTemplate] => [
      1001 + i,
      { id: 1001 + i, content, status: 'SUCCESS', reason: null, lang: 'zh_cn', kind: 'sms' }
    ])
    return {
      account,
      templates: new Map(templates),
      signs: account.signs.map((sign) => ({
        sign,
        status: 'SUCCESS',
        vip: false,
        onlyGlobal: false,
        industry: '其它'
      })),
      records: new BoundedMap(records),
      replies: new BoundedMap(records),
      statusQueue: new BoundedMap(records),
      replyQueue: new BoundedMap(records),
      shortUrls: new BoundedMap(records),
      user: { nick: '模拟用户', emergency_contact: '', emergency_mobile: '', alarm_balance: 0, email: '' },
      balance: 1_000_000,
      spent: {},
      nextTemplateId: 1001 + templates.length
    }
  }

  get now(): number {
    return this.context.clock.now()
  }
}

/** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
export function beijing(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
}

/** Milliseconds of a Beijing time, `NaN` when it is none. */
export function fromBeijing(text: string): number {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}+08:00`) : Number.NaN
}

/** A name of an account for logs, which are read by people. */
export function accountLabel(apiKey: string): string {
  return `yunpian-${apiKey.slice(0, 6)}…`
}
