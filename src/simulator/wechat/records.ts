export interface TokenRecord {
  readonly token: string
  readonly appId: string
  readonly kind: 'plain' | 'stable'
  readonly issuedAt: number
  readonly expiresAt: number
  /** Replaced by a newer one from this time on. */
  invalidFrom: number | undefined
}

export interface OAuthCode {
  readonly appId: string
  readonly userId: string
  readonly scope: string
  readonly expiresAt: number
  readonly snapshot: boolean
  used: boolean
}

export interface OAuthGrant {
  readonly appId: string
  readonly userId: string
  readonly scope: string
  readonly snapshot: boolean
  expiresAt: number
}

export interface LoginCode {
  readonly appId: string
  readonly userId: string
  readonly sessionKey: string
  readonly expiresAt: number
  used: boolean
}

export interface PhoneCode {
  readonly appId: string
  readonly userId: string
  readonly expiresAt: number
  used: boolean
}

export interface Media {
  readonly id: string
  readonly type: string
  readonly bytes: Buffer
  readonly contentType: string
  readonly filename: string
  readonly createdAt: number
  /** `undefined` for permanent material. */
  readonly expiresAt: number | undefined
  /** Speech of the JS-SDK, which has a second rendition. */
  readonly fromJssdk: boolean
  readonly title?: string
  readonly introduction?: string
  /** Upstream address of a permanent picture. */
  readonly url?: string
}

export interface Follower {
  subscribeTime: number
  scene: string
  remark: string
  tagIds: number[]
  qrScene: number
  qrSceneStr: string
}

export interface Template {
  readonly id: string
  readonly title: string
  readonly content: string
  readonly example: string
  readonly primaryIndustry: string
  readonly deputyIndustry: string
}

export interface SubscribeTemplate {
  readonly id: string
  readonly tid: string
  readonly title: string
  /** Parameter names in order, e.g. `thing1`. */
  readonly keys: readonly string[]
  readonly type: 2 | 3
}

export interface SceneCode {
  readonly ticket: string
  readonly scene: number | string
  readonly expiresAt: number | undefined
  readonly url: string
}

/** What a person wrote or did in a chat, and how the application took it. */
export interface SentMessage {
  readonly time: number
  readonly appId: string
  readonly openid: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly deliveryId: number
  outcome: 'pending' | 'replied' | 'silent' | 'failed'
  /** Real milliseconds until the first response. */
  tookMs?: number
  note?: string
}

/** What a person received from an account. */
export interface ReceivedMessage {
  /** Milliseconds since 1970, on the simulator clock. */
  readonly time: number
  readonly appId: string
  readonly openid: string
  /** `template`, `subscribe`, `custom`, `reply` (passive), `once` (one-time subscription), `notice` (shown by WeChat itself). */
  readonly kind: 'template' | 'subscribe' | 'custom' | 'reply' | 'once' | 'notice'
  readonly content: unknown
}

/** A customer-service account, as the platform lists it. */
export interface CustomerAccountRecord {
  readonly kf_account: string
  readonly kf_id: string
  kf_nick: string
  kf_headimgurl: string
  kf_wx?: string
  invite_wx?: string
  invite_status?: string
  invite_expire_time?: number
}

export interface Draft {
  readonly articles: Record<string, unknown>[]
  readonly createdAt: number
  updatedAt: number
}

export interface Window {
  until: number
  left: number
}

/** A comment of a sent article. Times in milliseconds. */
export interface CommentRecord {
  readonly id: number
  readonly article: string
  readonly openid: string
  readonly content: string
  readonly at: number
  elected: boolean
  reply: { content: string; at: number } | undefined
}

/** A mass message on its way. */
export interface MassRecord {
  readonly msgId: string
  readonly msgDataId: string
  readonly kind: string
  readonly articles: number
  readonly at: number
  status: 'SENDING' | 'SEND_SUCCESS' | 'SEND_FAIL' | 'DELETE'
}

/** A publication and its articles. Times in milliseconds. */
export interface Publication {
  readonly publishId: string
  readonly articleId: string
  readonly articles: Record<string, unknown>[]
  readonly doneAt: number
  readonly result: 0 | 2 | 3 | 4
  readonly deleted: boolean[]
}
