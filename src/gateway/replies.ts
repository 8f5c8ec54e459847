/** A text; line breaks and links are allowed. */
export interface TextReply {
  MsgType: 'text'
  /** At most 2048 bytes; longer texts are cut, or go to `onLateReply` (option `longText`). */
  Content: string
}

/** A picture that is already uploaded. */
export interface ImageReply {
  MsgType: 'image'
  Image: { MediaId: string }
}

/** A recording that is already uploaded. */
export interface VoiceReply {
  MsgType: 'voice'
  Voice: { MediaId: string }
}

/** A video that was uploaded before. */
export interface VideoReply {
  MsgType: 'video'
  Video: { MediaId: string; Title?: string | undefined; Description?: string | undefined }
}

/** Music behind a link; `ThumbMediaId` was uploaded before. */
export interface MusicReply {
  MsgType: 'music'
  Music: {
    Title?: string | undefined
    Description?: string | undefined
    MusicUrl?: string | undefined
    HQMusicUrl?: string | undefined
    ThumbMediaId: string
  }
}

/** One card of {@link NewsReply}. */
export interface Article {
  Title: string
  Description: string
  PicUrl: string
  Url: string
}

/** `ArticleCount` is filled in. Up to 8; in response to a user's message WeChat shows the first only. */
export interface NewsReply {
  MsgType: 'news'
  Articles: readonly Article[]
}

/** Transfers the message to customer-service staff (转发到客服). The only reply that a mini program supports. */
export interface TransferReply {
  MsgType: 'transfer_customer_service'
  TransInfo?: { KfAccount: string } | undefined
}

/**
 * Response to an event of virtual payment (`xpay_…`, `minigame_…`): 0 ends the redeliveries. Sent automatically once
 * the handler resolves; further fields are sent as they are (`IosRefundQueryResponse`).
 */
export interface AcknowledgementReply {
  ErrCode: number
  ErrMsg?: string | undefined
  [field: string]: unknown
}

/** Response to `xpay_subscribe_ios_refund_query_notify`, without the envelope of {@link AcknowledgementReply}. */
export interface RefundQueryReply {
  /** 0 recommends the refund, 1 its refusal. */
  result_code: 0 | 1
  result_info?: string | undefined
  evidence: string
}

/** A reply for logistics (物流助手, `MsgType: 'event'`) or devices, whose fields are sent as they are. */
export interface PlatformReply {
  MsgType: 'event' | 'hardware' | `device_${string}`
  [field: string]: unknown
}

/** A passive reply. `ToUserName`, `FromUserName` and `CreateTime` are filled in. */
export type Reply =
  | TextReply
  | ImageReply
  | VoiceReply
  | VideoReply
  | MusicReply
  | NewsReply
  | TransferReply
  | AcknowledgementReply
  | RefundQueryReply
  | PlatformReply

/** What a handler may return: nothing, a text, or a typed reply. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement has this type
export type ReplyLike = Reply | string | null | undefined | void

/**
 * Functions that create typed replies.
 *
 * @example
 * import { reply } from 'weixin-kit/gateway'
 *
 * const answer = reply.news([
 *   { Title: 'Opening hours', Description: '9 to 18', PicUrl: 'https://example.com/a.png', Url: 'https://example.com/a' }
 * ])
 */
export const reply = {
  /** A text. */
  text: (Content: string): TextReply => ({ MsgType: 'text', Content }),
  /** A picture that is already uploaded (`mp.media`). */
  image: (MediaId: string): ImageReply => ({ MsgType: 'image', Image: { MediaId } }),
  /** A recording that was uploaded before. */
  voice: (MediaId: string): VoiceReply => ({ MsgType: 'voice', Voice: { MediaId } }),
  /** A video that was uploaded before. */
  video: (Video: VideoReply['Video']): VideoReply => ({ MsgType: 'video', Video }),
  /** Music behind a link. */
  music: (Music: MusicReply['Music']): MusicReply => ({ MsgType: 'music', Music }),
  /** 1 to 8 articles; WeChat shows the first one only in response to a message of a user. */
  news: (Articles: readonly Article[]): NewsReply => ({ MsgType: 'news', Articles }),
  /** Transfers the message to customer-service staff; without `KfAccount`, to any free agent. */
  transfer: (KfAccount?: string): TransferReply =>
    KfAccount === undefined
      ? { MsgType: 'transfer_customer_service' }
      : { MsgType: 'transfer_customer_service', TransInfo: { KfAccount } }
} as const
