/** Fields that the documents describe as numbers, wherever they occur. Everything else stays text: ids have 64 bits. */
export const NUMBER_FIELDS: ReadonlySet<string> = new Set([
  'CreateTime',
  'Idx',
  'Location_X',
  'Location_Y',
  'Scale',
  'FileTotalLen',
  'Latitude',
  'Longitude',
  'Precision',
  'Count',
  'TotalCount',
  'FilterCount',
  'SentCount',
  'ErrorCount',
  'ArticleIdx',
  'UserDeclareState',
  'AuditState',
  'OriginalArticleType',
  'CanReprint',
  'NeedReplaceContent',
  'NeedShowReprintSource',
  'CheckState',
  'publish_status',
  'count',
  'idx',
  'fail_idx',
  'ErrorCode',
  'ExpiredTime',
  'FailTime',
  'SuccTime',
  'DelayTime',
  'version',
  'label',
  'errcode',
  'prob',
  'isrisky',
  'status_code',
  'pay_time',
  'shipped_time',
  'estimated_settlement_time',
  'confirm_receive_method',
  'confirm_receive_time',
  'settlement_time',
  'Env',
  'PaidTime',
  'Quantity',
  'OrigPrice',
  'ActualPrice',
  'RefundFee',
  'RetCode',
  'RefundStartTimestamp',
  'RefundSuccTimestamp',
  'RetryTimes',
  'IsGiveByFriend',
  'Fee',
  'OriginalFee',
  'ModifyBonus',
  'ModifyBalance'
])

/** Elements that are lists even if there is only one. */
export const LIST_FIELDS: readonly string[] = ['item', 'List', 'fail_idx']

/** Elements that are lists in certain events only: elsewhere the same name may be text. */
export const EVENT_LISTS: Readonly<Record<string, string>> = { wxa_media_check: 'detail', add_express_path: 'Actions' }

/** Elements that hold a list, even an empty one. */
export const LIST_HOLDERS: Readonly<Record<string, string>> = {
  PicList: 'item',
  ResultList: 'item',
  article_detail: 'item',
  SubscribeMsgPopupEvent: 'List',
  SubscribeMsgChangeEvent: 'List',
  SubscribeMsgSentEvent: 'List'
}

/** The JSON form has `List` at the top level where the XML form has a wrapper. */
export const LIST_WRAPPERS: Readonly<Record<string, string>> = {
  subscribe_msg_popup_event: 'SubscribeMsgPopupEvent',
  subscribe_msg_change_event: 'SubscribeMsgChangeEvent',
  subscribe_msg_sent_event: 'SubscribeMsgSentEvent'
}
