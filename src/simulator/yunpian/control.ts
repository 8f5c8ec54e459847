import type { UserRecord } from '../framework/users.ts'
import type { ReportOffice } from './reports.ts'
import { normalMobile } from './sms-send.ts'
import type { SmsRecord, YunpianAccountState, YunpianLimits, YunpianState } from './state.ts'
import { addTemplate, reviewTemplate } from './templates.ts'

/** A message that a phone got. */
export interface ReceivedSms {
  readonly kind: 'sms' | 'voice'
  readonly mobile: string
  readonly text: string
  /** The first run of 4 to 8 digits after the sign, which in most messages is the verification code. */
  readonly code: string | undefined
  /** Milliseconds since 1970. */
  readonly time: number
  readonly sid: string
  readonly uid: string | null
  readonly reportStatus: 'UNKNOWN' | 'SUCCESS' | 'FAIL'
}

/** What a test may look at and change: `simulator.yunpian`. */
export interface YunpianControl {
  /**
   * Messages and calls to a number, the oldest first.
   *
   * @param mobile The number.
   */
  inbox(mobile: string): ReceivedSms[]
  /** Messages and calls to everybody, the oldest first. */
  messages(): ReceivedSms[]
  /**
   * The newest message or call to a number, or to anybody.
   *
   * @param mobile The number. Anybody if absent.
   */
  latest(mobile?: string): ReceivedSms | undefined
  /** How often one number may get messages; change a field to be stricter or more lenient. */
  readonly limits: YunpianLimits
  /**
   * Changes limits by name and returns all of them; what does not exist or is not a number is refused.
   *
   * @param limits Fields of `limits`.
   */
  setLimits(limits: unknown): YunpianLimits
  /**
   * Approves a template at once and returns its id.
   *
   * @param content Such as `【店名】您的验证码是#code#`.
   * @param options `kind`: `sms` by default; `apiKey`: the first account if absent.
   * @returns The template id.
   */
  addTemplate(content: string, options?: { kind?: 'sms' | 'voice' | undefined; apiKey?: string | undefined }): number
  /**
   * Decides over a template that `tpl/add` submitted; after half an hour it is approved by itself.
   *
   * @param id Of the template.
   * @param status The decision.
   * @param reason Why it failed.
   */
  reviewTemplate(id: number, status: 'SUCCESS' | 'FAIL', reason?: string): void
  /**
   * Decides over a sign that `sign/add` submitted.
   *
   * @param sign Without brackets.
   * @param status The decision.
   */
  reviewSign(sign: string, status: 'SUCCESS' | 'FAIL'): void
  /**
   * Reports for messages to this number say FAIL from now on, with the code of a carrier (`DB:0103`).
   *
   * @param mobile The number.
   * @param errorMsg Code of the carrier.
   * @param errorDetail Its text.
   */
  failNumber(mobile: string, errorMsg?: string, errorDetail?: string): void
  /**
   * Messages to this number arrive again.
   *
   * @param mobile The number.
   */
  recoverNumber(mobile: string): void
  /**
   * Puts a number on the black list (10) or takes it off.
   *
   * @param mobile The number.
   * @param isBlocked Default `true`.
   */
  blockNumber(mobile: string, isBlocked?: boolean): void
  /**
   * Blocks a word (4).
   *
   * @param word The word.
   */
  blockWord(word: string): void
  /**
   * Sets the balance, in yuan.
   *
   * @param yuan The new balance in yuan.
   * @param apiKey The first account if absent.
   */
  setBalance(yuan: number, apiKey?: string): void
  /** Console setting: where reports and replies are pushed when a call names no `callback_url`. */
  setPushUrls(urls: { status?: string | undefined; reply?: string | undefined }): void
  /**
   * A phone answers. Pushed and signed, or kept for `pull_reply`. `TD` also puts the number on the black list.
   *
   * @param mobile The number.
   * @param text What is written.
   * @param options `extend`: extension of the sender number; `apiKey`: the first account if absent.
   * @throws {RangeError} if the simulator has no such account.
   */
  reply(
    mobile: string,
    text: string,
    options?: { extend?: string | undefined; apiKey?: string | undefined }
  ): Promise<void>
  /** Every simulated call, as `* sms.yunpian.com/v2/sms/single_send.json`. */
  readonly endpoints: readonly string[]
}

/** What a person does with their phone. */
export interface YunpianUserVerbs {
  /** Messages to the phone of this person. */
  smsInbox(): ReceivedSms[]
  /** The verification code of the newest message. */
  smsCode(): string | undefined
  /**
   * Answers a message.
   *
   * @param text What is written.
   * @throws {RangeError} if the simulator has no Yunpian account.
   */
  replySms(text: string): Promise<void>
}

function received({ kind, mobile, text, sentAt, sid, uid, reportStatus }: SmsRecord): ReceivedSms | undefined {
  if (kind === 'flow') return undefined
  const code = /(?<!\d)\d{4,8}(?!\d)/.exec(text.replace(/^【[^】]*】/, ''))?.[0]
  return { kind, mobile, text, code, time: sentAt, sid, uid, reportStatus }
}

/** @internal */
export function createYunpianControl(
  state: YunpianState,
  office: ReportOffice,
  listEndpoints: () => readonly string[]
): YunpianControl {
  const own = (apiKey: string | undefined): YunpianAccountState => {
    const account = apiKey === undefined ? [...state.accounts.values()][0] : state.accounts.get(apiKey)
    if (!account) throw new RangeError('The simulator has no such Yunpian account.')
    return account
  }
  const messages = () =>
    [...state.accounts.values()]
      .flatMap((account) => [...account.records.values()])
      .flatMap((record) => received(record) ?? [])
      .sort((a, b) => a.time - b.time)
  const to = (mobile: string) => {
    const normal = normalMobile(mobile)
    return messages().filter((message) => message.mobile === normal)
  }
  return {
    inbox: to,
    messages,
    latest: (mobile) => (mobile === undefined ? messages() : to(mobile)).at(-1),
    limits: state.limits,
    setLimits: (limits) => {
      for (const [name, value] of Object.entries(limits ?? {})) {
        if (!Object.hasOwn(state.limits, name)) {
          throw new RangeError(`There is no limit ${name}; there are ${Object.keys(state.limits).join(', ')}.`)
        }
        if (typeof value !== 'number' || value < 0) throw new RangeError(`${name} must be a number, not below 0.`)
      }
      return Object.assign(state.limits, limits)
    },
    addTemplate: (content, options = {}) => {
      const template = addTemplate(own(options.apiKey), content, options.kind ?? 'sms')
      template.status = 'SUCCESS'
      return template.id
    },
    reviewTemplate: (id, status, reason) => {
      for (const account of state.accounts.values()) {
        const template = account.templates.get(id)
        if (template) reviewTemplate(state, account, template, status, reason ?? null)
      }
    },
    reviewSign: (sign, status) => {
      for (const account of state.accounts.values())
        for (const held of account.signs) if (held.sign === sign) held.status = status
    },
    failNumber: (mobile, errorMsg = 'DB:0103', errorDetail = '') => {
      state.failingNumbers.set(normalMobile(mobile), { errorMsg, errorDetail })
    },
    recoverNumber: (mobile) => void state.failingNumbers.delete(normalMobile(mobile)),
    blockNumber: (mobile, isBlocked = true) => {
      if (isBlocked) state.blockedNumbers.add(normalMobile(mobile))
      else state.blockedNumbers.delete(normalMobile(mobile))
    },
    blockWord: (word) => void state.blockedWords.add(word),
    setBalance: (yuan, apiKey) => {
      own(apiKey).balance = Math.round(yuan * 1000)
    },
    setPushUrls: (urls) => {
      state.pushUrls = { ...state.pushUrls, ...urls }
    },
    reply: async (mobile, text, options = {}) => {
      const normal = normalMobile(mobile)
      if (/^TD?$/i.test(text.trim())) state.blockedNumbers.add(normal)
      const extend = options.extend ?? ''
      const id = state.context.random.hex(32)
      await office.reply(own(options.apiKey), { id, mobile: normal, text, at: state.now, extend, base_extend: '8888' })
    },
    get endpoints() {
      return listEndpoints()
    }
  }
}

/** @internal */
export function createYunpianVerbs(control: YunpianControl, user: UserRecord): YunpianUserVerbs {
  const mobile = () => (user.profile.countryCode === '86' ? '' : `+${user.profile.countryCode}`) + user.profile.phone
  return {
    smsInbox: () => control.inbox(mobile()),
    smsCode: () => control.latest(mobile())?.code,
    replySms: (text) => control.reply(mobile(), text)
  }
}
