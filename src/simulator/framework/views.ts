import type { SignatureFinding } from './signature-finding.ts'

// What the JSON interface under /-/ says, in one place: the services fill it in, the console shows it. Times are in ms since
// 1970, amounts in fen.

/** One line of the list of exchanges. */
export interface ExchangeRow {
  readonly id: number
  readonly time: number
  /** `in`: a call of the application; `out`: a callback to it. */
  readonly direction: 'in' | 'out'
  readonly service: string
  readonly account?: string | undefined
  readonly method: string
  readonly host: string
  readonly path: string
  readonly status?: number | undefined
  readonly durationMs: number
  /** What came of it, in a word: `SUCCESS`, `SIGN_ERROR`, `40001`, `200`. */
  readonly outcome: string
  readonly isBad: boolean
  /** What it is about: the number of an order, an amount, why it was refused. */
  readonly about: string
  readonly deliveryId?: number | undefined
}

export interface ExchangeView extends ExchangeRow {
  readonly url: string
  readonly verified: readonly string[]
  readonly refused: readonly string[]
  readonly note?: string | undefined
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly requestBody: string
  readonly responseBody: string
  readonly signature?: SignatureFinding | undefined
}

export interface AttemptView {
  readonly time: number
  readonly status?: number | undefined
  readonly tookMs: number
  readonly body: string
  readonly delivered: boolean
  readonly note: string
}

/** A callback on its way to the application. */
export interface DeliveryView {
  readonly id: number
  readonly kind: string
  readonly account?: string | undefined
  readonly subject?: string | undefined
  readonly url: string
  readonly state: 'held' | 'pending' | 'delivered' | 'failed' | 'undeliverable'
  readonly attempts: readonly AttemptView[]
  readonly nextAt?: number | undefined
  readonly retryAfterMs: readonly number[]
}

export interface UserView {
  readonly id: string
  readonly nickname: string
  readonly headimgurl: string
  readonly phone: string
  readonly countryCode: string
  readonly realName: string
}

/** One line of a chat. */
export interface ChatLine {
  readonly time: number
  /** `me`: the person wrote or did it; `them`: the account sent it; `notice`: WeChat itself says it. */
  readonly side: 'me' | 'them' | 'notice'
  /** `text`, `image`, `event`, `template`, `subscribe`, `news`, … */
  readonly kind: string
  readonly content: unknown
  /** Of a line of `me`: how the application took it. */
  readonly outcome?: 'pending' | 'replied' | 'silent' | 'failed' | undefined
  readonly tookMs?: number | undefined
  readonly note?: string | undefined
  readonly deliveryId?: number | undefined
}

export interface ChatView {
  readonly appId: string
  readonly kind: 'officialAccount' | 'miniProgram'
  readonly name: string
  readonly openid: string
  readonly isFollower: boolean
  readonly menu: readonly MenuButton[]
  readonly subscribeTemplates: readonly { readonly id: string; readonly title: string; readonly left: number | null }[]
  readonly lines: readonly ChatLine[]
}

export interface MenuButton {
  readonly name: string
  readonly type?: string
  readonly key?: string
  readonly url?: string
  readonly appid?: string
  readonly pagepath?: string
  readonly sub_button?: readonly MenuButton[]
}

export interface SmsView {
  readonly mobile: string
  readonly text: string
  readonly code?: string | undefined
  readonly kind: string
  readonly time: number
  readonly reportStatus: string
}

/** Everything on the phone of one person. */
export interface PhoneView {
  readonly user: UserView
  readonly chats: readonly ChatView[]
  readonly sms: readonly SmsView[]
  readonly orders: readonly OrderView[]
  readonly money: readonly MoneyView[]
}

export interface OrderView {
  readonly outTradeNo: string
  readonly mchId: string
  readonly api: 2 | 3
  readonly tradeType: string
  readonly description: string
  readonly total: number
  readonly state: string
  /** The person that has to pay, when the order names one. */
  readonly userId?: string | undefined
  readonly createdAt: number
  readonly expiresAt: number
  /** What `pay` takes. */
  readonly prepayId: string
  /** What a QR code of it holds. */
  readonly codeUrl?: string | undefined
  readonly transactionId?: string | undefined
  readonly refunded: number
  readonly notifyUrl?: string | undefined
}

/** Money that is under way. */
export interface MoneyView {
  readonly kind: 'transfer' | 'redPack' | 'refund' | 'share' | 'authorization' | 'batch'
  readonly number: string
  readonly mchId: string
  readonly amount: number
  readonly state: string
  readonly userId?: string | undefined
  readonly createdAt: number
  /** When it ends by itself. */
  readonly deadline?: number | undefined
  readonly title: string
  readonly detail?: string | undefined
  /** Whether somebody can still do something with it. */
  readonly isOpen: boolean
}

/** Something that the application made and that a phone can scan. */
export interface CodeView {
  readonly time: number
  readonly kind: 'pay' | 'scene' | 'miniProgram' | 'link' | 'authorize'
  /** What `scan` takes. */
  readonly text: string
  readonly title: string
}

/** What is behind something that was scanned. */
export type ScanView =
  | { readonly kind: 'pay'; readonly order: OrderView }
  | {
      readonly kind: 'scene'
      readonly ticket: string
      readonly appId: string
      readonly account: string
      readonly scene: string
    }
  | {
      readonly kind: 'miniProgram'
      readonly appId: string
      readonly account: string
      readonly page: string
      readonly scene: string
    }
  | {
      readonly kind: 'authorize'
      readonly url: string
      readonly account: string
      readonly scope: string
      readonly redirectUri: string
    }
  | { readonly kind: 'subscribeOnce'; readonly url: string; readonly account: string; readonly redirectUri: string }
  | { readonly kind: 'money'; readonly money: MoneyView }
  | { readonly kind: 'page'; readonly url: string }
  | { readonly kind: 'wrong'; readonly problem: string }

export interface ObjectView {
  readonly bucket: string
  readonly key: string
  readonly size: number
  readonly mimeType: string
  readonly hash: string
  readonly time: number
}

export interface CaptchaView {
  readonly challenge: string
  readonly time: number
  readonly isSolved: boolean
  readonly isUsed: boolean
}

export interface FaultRow {
  readonly id: number
  readonly match: string
  readonly what: string
  readonly hits: number
  readonly remaining: number | null
}

/** The state of the whole, small enough to be read after every change. */
export interface StateView {
  readonly now: number
  /** What other processes have on their clocks. */
  readonly realTime: number
  readonly isManual: boolean
  readonly upcoming: readonly { readonly at: number; readonly label: string }[]
  readonly faults: readonly FaultRow[]
  /** What is held back or sent more than once, by kind of callback. */
  readonly modes: Readonly<Record<string, { readonly held?: number | undefined; readonly duplicates: number }>>
  readonly isCaptchaDown: boolean
  readonly balances: Readonly<Record<string, number>>
}

export interface AdvanceView {
  readonly now: number
  /** What became due on the way. */
  readonly due: readonly { readonly at: number; readonly label: string }[]
}

export interface AccountGroup {
  readonly title: string
  readonly values: Readonly<Record<string, string>>
}
