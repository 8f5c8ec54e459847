export type { Endpoint, Fields, Methods } from './endpoint.ts'
export type { TemplateValues } from './field-encoding.ts'
export type { Flow, FlowPackage, RechargeParams } from './flow.ts'
export { inspectText, type MessageTextInfo } from './message-text.ts'
export { normalizeMobile } from './mobile.ts'
export type { YunpianOptions } from './options.ts'
export type {
  PushHandlerOptions,
  ReplyHandlerOptions,
  StatusHandlerOptions,
  TemplateHandlerOptions,
  TemplateReview
} from './push-options.ts'
export type { ShortenParams, ShortLink, ShortLinkStatParams, ShortUrls } from './short-url.ts'
export type { AddSignParams, ListSignsParams, SignState, Signs, UpdateSignParams } from './signs.ts'
export type { Sms } from './sms.ts'
export type {
  BatchItem,
  BatchResult,
  BatchSendParams,
  MultiSendParams,
  PeriodParams,
  SendOptions,
  SentMessage,
  SingleSendParams,
  SmsRecord,
  SmsReply,
  StatusReport,
  TplBatchSendParams,
  TplSingleSendParams
} from './sms-types.ts'
export type { AddTemplateParams, ListTemplatesParams, Template, Templates, UpdateTemplateParams } from './tpl.ts'
export type { SetUserParams, Users, YunpianUser } from './users.ts'
export type { VerificationCodeOptions } from './verification-code-options.ts'
export type { CheckedCode, IssuedCode, SentCode, VerificationCodes } from './verification-codes.ts'
export type { AcceptedCall, Voice, VoiceNotifyParams, VoiceReport, VoiceSendParams } from './voice.ts'
export { Yunpian, type YunpianRequest } from './yunpian.ts'
