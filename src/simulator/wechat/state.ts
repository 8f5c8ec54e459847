import type { WeChatAccount } from '../framework/accounts.ts'
import { BoundedMap } from '../framework/bounded-map.ts'
import type { SimulatorContext } from '../framework/context.ts'
import type { UserRecord } from '../framework/users.ts'
import type { CodeView } from '../framework/views.ts'
import type {
  CommentRecord,
  CustomerAccountRecord,
  Draft,
  Follower,
  LoginCode,
  MassRecord,
  Media,
  OAuthCode,
  OAuthGrant,
  PhoneCode,
  Publication,
  ReceivedMessage,
  SceneCode,
  SentMessage,
  SubscribeTemplate,
  Template,
  TokenRecord,
  Window
} from './records.ts'
import type { ShippingOrder } from './shipping/shipping-order.ts'
import type {
  CoinMove,
  Coins,
  VirtualOrderRecord,
  VirtualRefundRecord
} from './virtual-payment/virtual-payment-state.ts'

/** State of one official account or mini program. */
export class AccountState {
  readonly account: WeChatAccount
  readonly followers = new Map<string, Follower>()
  readonly blacklist = new Set<string>()
  readonly tags = new Map<number, string>([[2, '星标组']])
  readonly media: BoundedMap<string, Media>
  readonly templates = new Map<string, Template>()
  readonly subscribeTemplates = new Map<string, SubscribeTemplate>()
  /** `openid\ntemplate` → how many may be sent; `Infinity` becomes null in a snapshot and means long-term. */
  readonly subscriptions: BoundedMap<string, number | null>
  readonly clientMessageIds: BoundedMap<string, { at: number; msgid: string }>
  readonly sceneCodes: BoundedMap<string, SceneCode>
  readonly links: BoundedMap<string, Record<string, unknown>>
  readonly windows: BoundedMap<string, Window>
  /** When a person last did something in the chat or the mini program. */
  readonly lastActive: BoundedMap<string, number>
  readonly typing: BoundedMap<string, number>
  readonly customerAccounts = new Map<string, CustomerAccountRecord>()
  readonly drafts: BoundedMap<string, Draft>
  /** Digests of the paths that have one of the limited codes. */
  readonly limitedPaths = new Set<string>()
  readonly riskRanks = new Map<string, number>()
  menu: Record<string, unknown> | undefined
  menuId = 0
  conditionalMenus: { menuid: number; button: unknown; matchrule: Record<string, unknown> }[] = []
  industry: [string, string] | undefined
  industryChangedAt = 0
  /** Pages of the released version; empty lets every page exist. */
  pages: string[] = []
  secretFrozen = false
  /** Whether its payments need shipping (发货信息管理). */
  tradeManaged = false
  readonly shippingOrders: BoundedMap<string, ShippingOrder>
  shippingJumpPath = ''
  readonly massMessages: BoundedMap<string, MassRecord>
  /** `month\nopenid` → mass messages received. */
  readonly massReceived: BoundedMap<string, number>
  massSpeed = 0
  massToAllDay = -1
  readonly comments: BoundedMap<number, CommentRecord>
  readonly closedComments = new Set<string>()
  commentsOff = false
  /** How the next publications end; 0 without an entry. */
  publishResults: (0 | 2 | 3 | 4)[] = []
  readonly publications: BoundedMap<string, Publication>
  /** Paths that must be encrypted (API安全), and how often the platform changed its certificate. */
  readonly apiSecurity = { requiredFor: new Set<string>(), generation: 0, overlap: false }
  /** `env\nopenid` → coins. */
  readonly coins: BoundedMap<string, Coins>
  readonly coinMoves: BoundedMap<string, CoinMove>
  readonly virtualOrders: BoundedMap<string, VirtualOrderRecord>
  readonly virtualRefunds: BoundedMap<string, VirtualRefundRecord>
  readonly virtualGoods = new Map<string, { name: string; price: number; published: boolean }>()
  quotaClears: { month: string; count: number } = { month: '', count: 0 }

  constructor(account: WeChatAccount, context: SimulatorContext) {
    const { records, objectBytes } = context.limits
    this.account = account
    for (const { id, keys, title = '订阅消息', type = 2 } of account.subscribeTemplates) {
      this.subscribeTemplates.set(id, { id, tid: id, title, keys, type })
    }
    for (const { id, content, title = '模板消息' } of account.templates) {
      const example = content.replace(/\{\{\w+\.DATA\}\}/g, '示例')
      this.templates.set(id, { id, title, content, example, primaryIndustry: '', deputyIndustry: '' })
    }
    this.media = new BoundedMap(Math.max(1, Math.min(records, Math.floor(objectBytes / 65_536))))
    this.subscriptions = new BoundedMap(records)
    this.clientMessageIds = new BoundedMap(records)
    this.sceneCodes = new BoundedMap(records)
    this.drafts = new BoundedMap(Math.min(records, 100))
    this.links = new BoundedMap(records)
    this.windows = new BoundedMap(records)
    this.lastActive = new BoundedMap(records)
    this.typing = new BoundedMap(records)
    this.shippingOrders = new BoundedMap(context.limits.orders)
    this.massMessages = new BoundedMap(records)
    this.publications = new BoundedMap(records)
    this.massReceived = new BoundedMap(records)
    this.comments = new BoundedMap(records)
    this.coins = new BoundedMap(records)
    this.coinMoves = new BoundedMap(records)
    this.virtualOrders = new BoundedMap(context.limits.orders)
    this.virtualRefunds = new BoundedMap(context.limits.orders)
  }
}

/** State of the WeChat platform. */
export class WeChatState {
  readonly context: SimulatorContext
  readonly accounts = new Map<string, AccountState>()
  readonly tokens: BoundedMap<string, TokenRecord>
  /** `appId\nkind` → token in force. */
  readonly currentTokens = new Map<string, string>()
  readonly forced = new Map<string, { day: string; count: number; at: number }>()
  readonly tickets: BoundedMap<string, { appId: string; type: string; expiresAt: number }>
  readonly oauthCodes: BoundedMap<string, OAuthCode>
  readonly oauthTokens: BoundedMap<string, OAuthGrant>
  readonly refreshTokens: BoundedMap<string, OAuthGrant>
  readonly loginCodes: BoundedMap<string, LoginCode>
  readonly phoneCodes: BoundedMap<string, PhoneCode>
  /** `appId\nuserId` → session_key in force. */
  readonly sessions: BoundedMap<string, { key: string; createdAt: number }>
  readonly encryptedHashes: BoundedMap<string, number>
  readonly calls: BoundedMap<string, number>
  readonly limitsPerPath = new Map<string, { day?: number | undefined; minute?: number | undefined }>()
  readonly rids: BoundedMap<string, { time: number; appId: string; path: string; errcode: number }>
  /** So many of the next messages are not genuine. */
  readonly tricks = { forged: 0, unsigned: 0 }
  readonly pictures: BoundedMap<string, { bytes: Buffer; contentType: string }>
  readonly received: BoundedMap<string, ReceivedMessage>
  readonly sent: BoundedMap<string, SentMessage>
  /** Codes and links that the application made, the newest last. */
  readonly madeCodes: BoundedMap<string, CodeView>
  readonly payments: BoundedMap<
    string,
    { appId: string; openid: string; mchId: string; outTradeNo: string; at: number }
  >

  constructor(context: SimulatorContext) {
    this.context = context
    const make = <V>() => new BoundedMap<string, V>(context.limits.records)
    this.tokens = make()
    this.tickets = make()
    this.oauthCodes = make()
    this.oauthTokens = make()
    this.refreshTokens = make()
    this.loginCodes = make()
    this.phoneCodes = make()
    this.sessions = make()
    this.encryptedHashes = make()
    this.calls = make()
    this.rids = make()
    this.pictures = new BoundedMap(Math.min(context.limits.records, 1_000))
    this.received = make()
    this.sent = make()
    this.madeCodes = new BoundedMap(Math.min(context.limits.records, 100))
    this.payments = make()
    for (const account of context.accounts.wechatAccounts)
      this.accounts.set(account.appId, new AccountState(account, context))
  }

  of(appId: string): AccountState | undefined {
    return this.accounts.get(appId)
  }

  resolve(reference: string): AccountState {
    const state = this.accounts.get(this.context.accounts.resolve(reference).appId)
    if (!state) throw new RangeError(`no state for ${reference}`)
    return state
  }

  user(id: string): UserRecord | undefined {
    return this.context.users.byId(id)
  }

  receive(message: Omit<ReceivedMessage, 'time'>): void {
    this.received.set(this.context.random.hex(16), { ...message, time: this.context.clock.now() })
  }

  /** Keeps a code that a phone can scan; the same once. */
  made(code: Omit<CodeView, 'time'>): void {
    this.madeCodes.delete(code.text)
    this.madeCodes.set(code.text, { ...code, time: this.now })
  }

  get now(): number {
    return this.context.clock.now()
  }
}
