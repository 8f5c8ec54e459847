import type { UserMessageBase } from './base.ts'

export interface TextMessage extends UserMessageBase {
  MsgType: 'text'
  Content: string
  /** Id of the entry that was clicked in a `msgmenu` customer-service message. */
  bizmsgmenuid?: string
  /** Mini program. */
  BusinessId?: string
}

export interface ImageMessage extends UserMessageBase {
  MsgType: 'image'
  PicUrl: string
  MediaId: string
}

export interface VoiceMessage extends UserMessageBase {
  MsgType: 'voice'
  MediaId: string
  /** `amr`, `speex`, … */
  Format: string
  /** Recognised text, when speech recognition is switched on in the console. */
  Recognition?: string
  MediaId16K?: string
}

export interface VideoMessage extends UserMessageBase {
  MsgType: 'video'
  MediaId: string
  ThumbMediaId: string
}

export interface ShortVideoMessage extends UserMessageBase {
  MsgType: 'shortvideo'
  MediaId: string
  ThumbMediaId: string
}

export interface LocationMessage extends UserMessageBase {
  MsgType: 'location'
  /** Latitude. */
  Location_X: number
  /** Longitude. */
  Location_Y: number
  Scale: number
  Label: string
}

export interface LinkMessage extends UserMessageBase {
  MsgType: 'link'
  Title: string
  Description: string
  Url: string
}

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
