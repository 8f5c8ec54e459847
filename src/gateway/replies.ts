import type { MessageBase } from './messages/index.ts'
import type { MessageFormat } from './parse-message.ts'

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

const MAX_TEXT_BYTES = 2048
/** The messages to which WeChat shows one article only. */
const SINGLE_ARTICLE = new Set(['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link', 'file'])

/** What WeChat will probably not show of a reply that is well-formed; `undefined` when there is nothing to say. */
export function explainReply(
  reply: Reply | string,
  message: Pick<MessageBase, 'MsgType'>,
  format: MessageFormat
): string | undefined {
  const type = typeof reply === 'string' ? 'text' : 'MsgType' in reply ? reply.MsgType : undefined
  if (format === 'json' && type !== undefined && type !== 'transfer_customer_service') {
    return 'a mini program shows no passive replies but the transfer to customer service: use a customer-service message'
  }
  const text = typeof reply === 'string' ? reply : type === 'text' && 'Content' in reply ? reply.Content : ''
  if (text.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(text) > MAX_TEXT_BYTES) {
    return `the text has ${Buffer.byteLength(text)} bytes, and WeChat may refuse more than ${MAX_TEXT_BYTES}`
  }
  if (
    typeof reply === 'object' &&
    'Articles' in reply &&
    reply.Articles.length > 1 &&
    SINGLE_ARTICLE.has(message.MsgType)
  ) {
    return 'WeChat shows only the first article in answer to a message of a user'
  }
  return undefined
}
