import type { UserMessageBase } from './base.ts'

/** A text (文本消息). */
export interface TextMessage extends UserMessageBase {
  MsgType: 'text'
  Content: string
  /** Id of the entry that was clicked in a `msgmenu` customer-service message. */
  bizmsgmenuid?: string | undefined
  /** Mini program. */
  BusinessId?: string | undefined
}

/** A picture (图片消息). */
export interface ImageMessage extends UserMessageBase {
  MsgType: 'image'
  PicUrl: string
  MediaId: string
}

/** A recording (语音消息). */
export interface VoiceMessage extends UserMessageBase {
  MsgType: 'voice'
  MediaId: string
  /** `amr`, `speex`, … */
  Format: string
  /** Recognised text, if speech recognition is switched on in the console. */
  Recognition?: string | undefined
  MediaId16K?: string | undefined
}

/** A video (视频消息). */
export interface VideoMessage extends UserMessageBase {
  MsgType: 'video'
  MediaId: string
  ThumbMediaId: string
}

/** A short video (小视频消息). */
export interface ShortVideoMessage extends UserMessageBase {
  MsgType: 'shortvideo'
  MediaId: string
  ThumbMediaId: string
}

/** A location (地理位置消息). */
export interface LocationMessage extends UserMessageBase {
  MsgType: 'location'
  /** Latitude. */
  Location_X: number
  /** Longitude. */
  Location_Y: number
  Scale: number
  Label: string
}

/** A link (链接消息). */
export interface LinkMessage extends UserMessageBase {
  MsgType: 'link'
  Title: string
  Description: string
  Url: string
}

/** A file (文件消息). */
export interface FileMessage extends UserMessageBase {
  MsgType: 'file'
  Title: string
  Description: string
  FileKey: string
  FileMd5: string
  /** Bytes. */
  FileTotalLen: number
}

/** Card of a mini program, sent to the customer service of a mini program. */
export interface MiniProgramPageMessage extends UserMessageBase {
  MsgType: 'miniprogrampage'
  Title: string
  AppId: string
  PagePath: string
  ThumbUrl: string
  ThumbMediaId: string
}

/** Messages by `MsgType`; events are in `EventMap`. */
export interface UserMessageMap {
  text: TextMessage
  image: ImageMessage
  voice: VoiceMessage
  video: VideoMessage
  shortvideo: ShortVideoMessage
  location: LocationMessage
  link: LinkMessage
  file: FileMessage
  miniprogrampage: MiniProgramPageMessage
}
