import type { EventBase } from './base.ts'

/** A user follows the account (关注). */
export interface SubscribeEvent extends EventBase {
  /** `qrscene_` and the scene, if the user scanned a QR code. `sceneOf` reads it. */
  EventKey?: string
  Ticket?: string
}

/** A user unfollows the account (取消关注). No reply is possible. */
export interface UnsubscribeEvent extends EventBase {
  EventKey?: string
}

/** A follower scanned a QR code with a scene. */
export interface ScanEvent extends EventBase {
  /** The scene, without a prefix. */
  EventKey: string
  Ticket: string
}

/** Location of a follower, reported by WeChat (上报地理位置). */
export interface LocationEvent extends EventBase {
  Latitude: number
  Longitude: number
  Precision: number
}

/** A menu button of the type `click` was tapped. */
export interface ClickEvent extends EventBase {
  /** Key of the menu button. */
  EventKey: string
}

/** A menu button opened a page. */
export interface ViewEvent extends EventBase {
  /** URL of the menu button. */
  EventKey: string
  MenuId?: string
}

/** A menu button opened a mini program. */
export interface ViewMiniProgramEvent extends EventBase {
  /** Path of the page. */
  EventKey: string
  MenuId: string
}

/** A menu button scanned a code. */
export interface ScanCodeEvent extends EventBase {
  EventKey: string
  ScanCodeInfo: { ScanType: string; ScanResult: string }
}

/** A menu button sent pictures. */
export interface SendPicturesEvent extends EventBase {
  EventKey: string
  SendPicsInfo: { Count: number; PicList: { item: { PicMd5Sum: string }[] } }
}

/** A menu button sent a location. */
export interface LocationSelectEvent extends EventBase {
  EventKey: string
  SendLocationInfo: { Location_X: number; Location_Y: number; Scale: number; Label: string; Poiname: string }
}

/** Result of a template message (模板消息). */
export interface TemplateSendJobFinishEvent extends EventBase {
  MsgID: string
  /** `success`, `failed:user block`, `failed: system failed`. */
  Status: string
}

/** Result of a mass message (群发). */
export interface MassSendJobFinishEvent extends EventBase {
  MsgID: string
  /** `sendsuccess`, `send fail`, `err(number)`. */
  Status: string
  TotalCount: number
  FilterCount: number
  SentCount: number
  ErrorCount: number
  CopyrightCheckResult?: {
    Count: number
    ResultList?: {
      item?: {
        ArticleIdx: number
        UserDeclareState: number
        AuditState: number
        OriginalArticleUrl: string
        OriginalArticleType: number
        CanReprint: number
        NeedReplaceContent: number
        NeedShowReprintSource: number
      }[]
    }
    CheckState: number
  }
  ArticleUrlResult?: { Count: number; ResultList?: { item?: { ArticleIdx: number; ArticleUrl: string }[] } }
}

/** Result of a publication (发布能力). */
export interface FreePublishJobFinishEvent extends EventBase {
  PublishEventInfo: {
    publish_id: string
    publish_status: number
    article_id?: string
    article_detail?: { count: number; item: { idx: number; article_url: string }[] }
    fail_idx?: number[]
  }
}

/** A customer-service session was opened or closed. */
export interface CustomerServiceSessionEvent extends EventBase {
  KfAccount: string
  /** Only when the session is closed. */
  CloseType?: string
}

/** A customer-service session was transferred to another agent. */
export interface SwitchSessionEvent extends EventBase {
  FromKfAccount: string
  ToKfAccount: string
}

/** The account or its name was verified (微信认证). */
export interface VerificationSuccessEvent extends EventBase {
  /** Seconds since 1970. */
  ExpiredTime: number
}

/** The verification of the account or its name failed. */
export interface VerificationFailEvent extends EventBase {
  /** Seconds since 1970. */
  FailTime: number
  FailReason: string
}

/** Events of an Official Account by `Event`, in the spelling of the wire. */
export interface AccountEventMap {
  subscribe: SubscribeEvent
  unsubscribe: UnsubscribeEvent
  SCAN: ScanEvent
  LOCATION: LocationEvent
  CLICK: ClickEvent
  VIEW: ViewEvent
  view_miniprogram: ViewMiniProgramEvent
  scancode_push: ScanCodeEvent
  scancode_waitmsg: ScanCodeEvent
  pic_sysphoto: SendPicturesEvent
  pic_photo_or_album: SendPicturesEvent
  pic_weixin: SendPicturesEvent
  location_select: LocationSelectEvent
  TEMPLATESENDJOBFINISH: TemplateSendJobFinishEvent
  MASSSENDJOBFINISH: MassSendJobFinishEvent
  FREEPUBLISHJOBFINISH: FreePublishJobFinishEvent
  /** The same event under the name in the documents. */
  PUBLISHJOBFINISH: FreePublishJobFinishEvent
  kf_create_session: CustomerServiceSessionEvent
  kf_close_session: CustomerServiceSessionEvent
  kf_switch_session: SwitchSessionEvent
  qualification_verify_success: VerificationSuccessEvent
  qualification_verify_fail: VerificationFailEvent
  naming_verify_success: VerificationSuccessEvent
  naming_verify_fail: VerificationFailEvent
  annual_renew: VerificationSuccessEvent
  verify_expired: VerificationSuccessEvent
}
