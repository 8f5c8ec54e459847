export interface TextReply {
  MsgType: 'text'
  /** About 2048 bytes at most. */
  Content: string
}

export interface ImageReply {
  MsgType: 'image'
  Image: { MediaId: string }
}

export interface VoiceReply {
  MsgType: 'voice'
  Voice: { MediaId: string }
}

export interface VideoReply {
  MsgType: 'video'
  Video: { MediaId: string; Title?: string; Description?: string }
}

export interface MusicReply {
  MsgType: 'music'
  Music: { Title?: string; Description?: string; MusicUrl?: string; HQMusicUrl?: string; ThumbMediaId: string }
}

export interface Article {
  Title: string
  Description: string
  PicUrl: string
  Url: string
}

/** `ArticleCount` is filled in. Up to 8; in answer to a user's message WeChat shows the first only. */
export interface NewsReply {
  MsgType: 'news'
  Articles: readonly Article[]
}

/** Hands the message to the customer-service staff (转发到客服). The one reply that a mini program knows. */
export interface TransferReply {
  MsgType: 'transfer_customer_service'
  TransInfo?: { KfAccount: string }
}

/** Answer to a virtual-payment event (`xpay_…`): 0 ends the repeats. Sent by itself once the handler resolved. */
export interface AcknowledgementReply {
  ErrCode: number
  ErrMsg?: string
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

/** What a handler may return: nothing, a text, or a typed reply. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement has this type
export type ReplyLike = Reply | string | null | undefined | void

/**
 * Makers of typed replies.
 *
 * @example
 * import { reply } from 'weixin-kit/gateway'
 *
 * const answer = reply.news([
 *   { Title: 'Opening hours', Description: '9 to 18', PicUrl: 'https://example.com/a.png', Url: 'https://example.com/a' }
 * ])
 */
export const reply = {
  text: (Content: string): TextReply => ({ MsgType: 'text', Content }),
  image: (MediaId: string): ImageReply => ({ MsgType: 'image', Image: { MediaId } }),
  voice: (MediaId: string): VoiceReply => ({ MsgType: 'voice', Voice: { MediaId } }),
  video: (Video: VideoReply['Video']): VideoReply => ({ MsgType: 'video', Video }),
  music: (Music: MusicReply['Music']): MusicReply => ({ MsgType: 'music', Music }),
  news: (Articles: readonly Article[]): NewsReply => ({ MsgType: 'news', Articles }),
  /** `KfAccount` is left out to let any free staff member take it. */
  transfer: (KfAccount?: string): TransferReply =>
    KfAccount === undefined
      ? { MsgType: 'transfer_customer_service' }
      : { MsgType: 'transfer_customer_service', TransInfo: { KfAccount } }
} as const
