import type { EventBase } from './base.ts'

/** A choice that a user made in the subscription dialog. */
export interface SubscribePopupItem {
  TemplateId: string
  SubscribeStatusString: 'accept' | 'reject'
  /** `1` a page in H5, `2` an article; mini programs send `0`. */
  PopupScene?: string
}

/** A subscription that a user withdrew. */
export interface SubscribeChangeItem {
  TemplateId: string
  SubscribeStatusString: 'reject'
}

/** Result of one subscription message. */
export interface SubscribeSentItem {
  TemplateId: string
  MsgID: string
  ErrorCode: number
  ErrorStatus: string
}

/** The JSON form has `List` at the top level; it is converted to the shape of the XML form. */
export interface SubscribePopupEvent extends EventBase {
  SubscribeMsgPopupEvent: { List: SubscribePopupItem[] }
}

/** As {@link SubscribePopupEvent}. */
export interface SubscribeChangeEvent extends EventBase {
  SubscribeMsgChangeEvent: { List: SubscribeChangeItem[] }
}

/** As {@link SubscribePopupEvent}. */
export interface SubscribeSentEvent extends EventBase {
  SubscribeMsgSentEvent: { List: SubscribeSentItem[] }
}

/** A user changed data that was shared with the account. */
export interface UserInfoModifiedEvent extends EventBase {
  openid: string
  appid: string
}

/** A user withdrew data that was shared with the account. */
export interface UserAuthorizationRevokeEvent extends EventBase {
  OpenID: string
  AppID: string
  /** Code of the withdrawn data. */
  RevokeInfo: string
  PluginID?: string
  OpenPID?: string
}

/** A user closed their WeChat account: delete the data that belongs to it. */
export interface UserAuthorizationCancellationEvent extends EventBase {
  OpenID: string
  AppID: string
  PluginID?: string
}

/** Events of both kinds of accounts. */
export interface SharedEventMap {
  subscribe_msg_popup_event: SubscribePopupEvent
  subscribe_msg_change_event: SubscribeChangeEvent
  subscribe_msg_sent_event: SubscribeSentEvent
  user_info_modified: UserInfoModifiedEvent
  user_authorization_revoke: UserAuthorizationRevokeEvent
  user_authorization_cancellation: UserAuthorizationCancellationEvent
}
