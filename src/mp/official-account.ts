import type { RequestOptions } from '../core/client-options.ts'
import { lateGroup } from '../core/late/late-group.ts'
import type { AccessToken } from '../wechat-api/access-token.ts'
import { WeChatAccount } from '../wechat-api/account.ts'
import type { WeChatAccountOptions } from '../wechat-api/account-options.ts'
import type { Network } from '../wechat-api/network.ts'
import type { Quota } from '../wechat-api/quota.ts'
import type { WeChatRequest } from '../wechat-api/wechat-api-client.ts'
import type { Blacklist } from './blacklist.ts'
import type { CustomerService } from './customer-service.ts'
import { JsSdk } from './jssdk/js-sdk.ts'
import { cardSignature, jsSdkSignature, jsSdkText, withoutFragment } from './jssdk/js-sdk-signature.ts'
import { type LateCalls, lateCalls } from './late-calls.ts'
import { groupMethods } from './late-groups.ts'
import type { Materials } from './materials.ts'
import type { Media } from './media.ts'
import type { Menu } from './menu.ts'
import { OAuth } from './oauth/oauth.ts'
import { StateKeeper } from './oauth/state.ts'
import { QrCode } from './qr-code.ts'
import type { ShortKey } from './short-key.ts'
import type { SubscribeMessages } from './subscribe-messages.ts'
import type { Tags } from './tags.ts'
import { TemplateMessages } from './template-messages.ts'
import type { Users } from './users.ts'

/** Options of {@link OfficialAccount}. */
export type OfficialAccountOptions = WeChatAccountOptions

/**
 * An Official Account (公众号). One object per account; it is cheap and can live as long as the process.
 *
 * @throws {ConfigError} ERR_CONFIG naming the option that is missing, unknown or wrong.
 * @example
 * const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: process.env.WECHAT_APP_SECRET ?? '' })
 * const user = await mp.users.info('OPENID')
 */
export class OfficialAccount {
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
  readonly tags: Tags
  readonly blacklist: Blacklist
  readonly templateMessages: TemplateMessages
  readonly subscribeMessages: SubscribeMessages
  readonly customerService: CustomerService
  readonly menu: Menu
  readonly qrCode: QrCode
  readonly shortKey: ShortKey
  /** Addresses of WeChat for firewalls, and the check of the callback address. */
  readonly network: Network
  /** Quotas, and what WeChat knows of a failed request. */
  readonly quota: Quota
  readonly #late: LateCalls

  constructor(options: OfficialAccountOptions) {
    const account = new WeChatAccount(options, { name: 'OfficialAccount', product: 'mp' })
    const states = new StateKeeper({
      appId: account.appId,
      appSecret: account.revealAppSecret(),
      now: () => account.http.now()
    })
    const signatures = { cardSignature, jsSdkSignature, jsSdkText, withoutFragment }
    const methods = groupMethods()
    const late = lateCalls(account, { states, signatures })
    this.#late = late
    this.appId = account.appId
    this.accessToken = lateGroup(late, 'accessToken', methods.accessToken)
    this.oauth = new OAuth(account, states, late)
    this.jssdk = new JsSdk(account, late)
    this.media = lateGroup(late, 'media', methods.media)
    this.materials = lateGroup(late, 'materials', methods.materials)
    this.users = lateGroup(late, 'users', methods.users)
    this.tags = lateGroup(late, 'tags', methods.tags)
    this.blacklist = lateGroup(late, 'blacklist', methods.blacklist)
    this.templateMessages = new TemplateMessages(account, late)
    this.subscribeMessages = lateGroup(late, 'subscribeMessages', methods.subscribeMessages)
    this.customerService = lateGroup(late, 'customerService', methods.customerService)
    this.menu = lateGroup(late, 'menu', methods.menu)
    this.qrCode = new QrCode(account, late)
    this.shortKey = lateGroup(late, 'shortKey', methods.shortKey)
    this.network = lateGroup(late, 'network', methods.network)
    this.quota = lateGroup(late, 'quota', methods.quota)
  }

  /**
   * Any API by its path, with the access token, the errors and the retries of every other call.
   *
   * @param request `body` is sent as JSON. `idempotent` default `true` for GET, `false` for POST.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @example
   * const drafts = await mp.request<{ total_count: number }>({ method: 'GET', path: '/cgi-bin/draft/count' })
   */
  request<T = unknown>(request: WeChatRequest, options?: RequestOptions): Promise<T> {
    return this.#late.call([request, options], (calls, args) => calls.api.request<T>(...args))
  }
}
