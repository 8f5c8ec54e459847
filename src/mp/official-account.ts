import type { RequestOptions } from '../core/client-options.ts'
import type { AccessToken } from '../wechat-api/access-token.ts'
import type { WeChatAccountOptions } from '../wechat-api/account-options.ts'
import type { DownloadedFile } from '../wechat-api/downloaded-file.ts'
import { Network } from '../wechat-api/network.ts'
import { Quota } from '../wechat-api/quota.ts'
import { request, type WeChatRequest } from '../wechat-api/request.ts'
import { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { Blacklist } from './blacklist.ts'
import { CustomerService } from './customer-service.ts'
import { JsSdk } from './jssdk/js-sdk.ts'
import { Materials } from './materials.ts'
import { Media } from './media.ts'
import { Menu } from './menu.ts'
import { OAuth } from './oauth/oauth.ts'
import { Comments } from './publishing/comments.ts'
import { Drafts } from './publishing/drafts.ts'
import { MassMessages } from './publishing/mass-messages.ts'
import { Publishing } from './publishing/publishing.ts'
import { QrCode } from './qr-code.ts'
import { ShortKey } from './short-key.ts'
import { SubscribeMessages } from './subscribe-messages.ts'
import { Tags } from './tags.ts'
import { TemplateMessages } from './template-messages.ts'
import { Users } from './users.ts'

/** Options of {@link OfficialAccount}. */
export type OfficialAccountOptions = WeChatAccountOptions

/**
 * Client of one Official Account (公众号). Create one per account and keep it as long as the process runs.
 *
 * @throws {ConfigError} ERR_CONFIG naming the option that is missing, unknown or wrong.
 * @example
 * const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: process.env.WECHAT_APP_SECRET })
 * const user = await mp.users.info('OPENID')
 */
export class OfficialAccount {
  /** AppID of the account. */
  readonly appId: string
  /** The access token, for calls made elsewhere. */
  readonly accessToken: AccessToken
  /** Login on web pages. */
  readonly oauth: OAuth
  /** Signatures for pages inside WeChat. */
  readonly jssdk: JsSdk
  /** Temporary material and pictures of articles. */
  readonly media: Media
  /** Permanent material. */
  readonly materials: Materials
  /** Followers. */
  readonly users: Users
  /** Tags of followers. */
  readonly tags: Tags
  /** Followers who cannot write to the account. */
  readonly blacklist: Blacklist
  /** Template messages and one-time subscriptions. */
  readonly templateMessages: TemplateMessages
  /** Subscription notices. */
  readonly subscribeMessages: SubscribeMessages
  /** Customer-service messages and accounts. */
  readonly customerService: CustomerService
  /** The menu of the account. */
  readonly menu: Menu
  /** QR codes that lead to the account. */
  readonly qrCode: QrCode
  /** Short keys for long texts. */
  readonly shortKey: ShortKey
  /** Network addresses of WeChat for firewalls, and the check of the callback URL. */
  readonly network: Network
  /** Articles before they are published or sent. */
  readonly drafts: Drafts
  /** Published articles. */
  readonly publishing: Publishing
  /** Mass messages: the same message to many followers. */
  readonly massMessages: MassMessages
  /** Comments on sent articles. */
  readonly comments: Comments
  /** Quotas, and WeChat's record of a failed request. */
  readonly quota: Quota
  readonly #api: WeChatApiClient

  constructor(options: OfficialAccountOptions) {
    const api = new WeChatApiClient(options, { name: 'OfficialAccount', product: 'mp' })
    this.#api = api
    this.appId = api.appId
    this.accessToken = api.accessToken
    this.oauth = new OAuth(api)
    this.jssdk = new JsSdk(api)
    this.media = new Media(api)
    this.materials = new Materials(api)
    this.users = new Users(api)
    this.tags = new Tags(api)
    this.blacklist = new Blacklist(api)
    this.templateMessages = new TemplateMessages(api)
    this.subscribeMessages = new SubscribeMessages(api)
    this.customerService = new CustomerService(api)
    this.menu = new Menu(api)
    this.qrCode = new QrCode(api)
    this.shortKey = new ShortKey(api)
    this.network = new Network(api)
    this.drafts = new Drafts(api)
    this.publishing = new Publishing(api)
    this.massMessages = new MassMessages(api)
    this.comments = new Comments(api)
    this.quota = new Quota(api)
  }

  /**
   * Calls any API by its path, with the same access token, errors and retries as every other call.
   *
   * @param given `body` is an object (sent as JSON), text, bytes, a `Blob` or a `FormData`. `idempotent` default `true` for
   *   GET, `false` for POST.
   * @param options Options of this call; `headers` may set the content type of a text or of bytes.
   * @returns The body without `errcode` and `errmsg`; with `returns: 'file'`, the unread file.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const drafts = await mp.request<{ total_count: number }>({ method: 'GET', path: '/cgi-bin/draft/count' })
   */
  request(given: WeChatRequest & { returns: 'file' }, options?: RequestOptions): Promise<DownloadedFile>
  request<T = unknown>(given: WeChatRequest, options?: RequestOptions): Promise<T>
  request(given: WeChatRequest, options?: RequestOptions): Promise<unknown> {
    return request(this.#api, given, options)
  }
}
