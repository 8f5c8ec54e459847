export type { AccessToken, AccessTokenProvider } from '../wechat-api/access-token.ts'
export type { TokenSource, WeChatAccountOptions, WeChatAccountSettings } from '../wechat-api/account-options.ts'
export type { ApiSecurityOptions, SymmetricKey } from '../wechat-api/api-security/options.ts'
export type { SubscribeData } from '../wechat-api/check-subscribe-data.ts'
export type { CustomerMessageBase, CustomerMessages, TypingCommand } from '../wechat-api/customer-messages.ts'
export type { DownloadedFile } from '../wechat-api/downloaded-file.ts'
export type { UploadFile } from '../wechat-api/file-upload.ts'
export type { CallbackCheck, CallbackCheckAnswer, Network } from '../wechat-api/network.ts'
export type { Quota, QuotaAnswer, RidAnswer } from '../wechat-api/quota.ts'
export type { WeChatRequest } from '../wechat-api/request.ts'
export type {
  AddSubscribeTemplate,
  PublicTemplateKeyword,
  PublicTemplateTitle,
  SubscribeTemplate,
  SubscribeTemplates
} from '../wechat-api/subscribe-templates.ts'
export type { MediaType, TemporaryMaterial, TemporaryMedia, UploadedMedia } from '../wechat-api/temporary-media.ts'
export { type TokenServerClientOptions, tokenServer } from '../wechat-api/token-server/token-server.ts'
export {
  type TokenAccount,
  type TokenServerOptions,
  tokenServerHandler
} from '../wechat-api/token-server/token-server-handler.ts'
export type { OpenidPage, WeChatLanguage, WireId } from '../wechat-api/wire-types.ts'
export type { Blacklist } from './blacklist.ts'
export type { CustomerAccount, CustomerAccounts, OnlineCustomerAccount } from './customer-accounts.ts'
export type { CustomerService, OfficialCustomerMessage } from './customer-service.ts'
export type { Industries } from './industries.ts'
export type { JsSdk } from './jssdk/js-sdk.ts'
export type { JsSdkHandlerOptions } from './jssdk/js-sdk-handler.ts'
export type {
  CardExt,
  CardExtParams,
  ChooseCard,
  ChooseCardParams,
  JsSdkConfig,
  JsSdkConfigParams,
  JsSdkExplanation,
  JsSdkSignParams
} from './jssdk/js-sdk-types.ts'
export type {
  AddedMaterial,
  MaterialCount,
  MaterialList,
  MaterialListParams,
  NewsArticle,
  PermanentMaterial,
  VideoDescription
} from './material-types.ts'
export type { Materials } from './materials.ts'
export type { Media } from './media.ts'
export type { Menu } from './menu.ts'
export type {
  ConditionalMenu,
  CurrentMenu,
  MenuAction,
  MenuButton,
  MenuDefinition,
  MenuMatchRule,
  MenuParent,
  MenuResponse
} from './menu-types.ts'
export type { Login, LoginFailure, LoginHandlers, LoginHandlersOptions, LoginReply } from './oauth/login-handlers.ts'
export type { OAuth } from './oauth/oauth.ts'
export type {
  AuthorizeUrlParams,
  OAuthCredential,
  OAuthScope,
  OAuthToken,
  OAuthUserInfo,
  OAuthUserInfoParams,
  QrConnectUrlParams
} from './oauth/oauth-types.ts'
export type { OAuthState } from './oauth/state.ts'
export type { VerifiedState } from './oauth/verify-state.ts'
export { OfficialAccount, type OfficialAccountOptions } from './official-account.ts'
export type { PrivateTemplates } from './private-templates.ts'
export type {
  ArticlePage,
  ArticlePageParams,
  DraftArticle,
  NewsDraft,
  PictureDraft,
  StoredArticle
} from './publishing/article-types.ts'
export type { ArticleComment, CommentedArticle, CommentRef, Comments } from './publishing/comments.ts'
export type { Drafts } from './publishing/drafts.ts'
export type { MassAudience, MassContent, MassJob, MassMessages } from './publishing/mass-messages.ts'
export type { Publishing, PublishJob, PublishResult } from './publishing/publishing.ts'
export type { QrCode, QrCodeTicket, QrScene } from './qr-code.ts'
export type { QrLogin, QrLoginFlow, QrLoginOptions, QrLoginReply, ScanEvent } from './qr-login/qr-login.ts'
export type { ShortKey, ShortKeyData, ShortKeyParams } from './short-key.ts'
export type { SubscribeMessages, SubscriptionNotice } from './subscribe-messages.ts'
export type { Tag, TagMembers, Tags } from './tags.ts'
export type {
  AddPrivateTemplate,
  Industry,
  OneTimeMessage,
  OneTimePageParams,
  PrivateTemplate,
  TemplateMessage,
  TemplateMessageSent,
  TemplateValue
} from './template-message-types.ts'
export type { TemplateMessages } from './template-messages.ts'
export type { SubscribeScene, UserInfo, Users } from './users.ts'
