import type { AccessToken } from '../wechat-api/access-token.ts'
import type { WeChatAccount } from '../wechat-api/account.ts'
import { Network } from '../wechat-api/network.ts'
import { Quota } from '../wechat-api/quota.ts'
import { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { Blacklist } from './blacklist.ts'
import { CustomerService } from './customer-service.ts'
import { JsSdkCalls } from './jssdk/js-sdk-calls.ts'
import type * as signatures from './jssdk/js-sdk-signature.ts'
import { Materials } from './materials.ts'
import { Media } from './media.ts'
import { Menu } from './menu.ts'
import { OAuthCalls } from './oauth/oauth-calls.ts'
import type { StateKeeper } from './oauth/state.ts'
import { QrCodeCalls } from './qr-code-calls.ts'
import { ShortKey } from './short-key.ts'
import { SubscribeMessages } from './subscribe-messages.ts'
import { Tags } from './tags.ts'
import { TemplateMessageCalls } from './template-message-calls.ts'
import { Users } from './users.ts'

/** What the client has already, and this part would otherwise load a second time. */
export interface GivenToCalls {
  states: StateKeeper
  signatures: typeof signatures
}

/** All calls of an Official Account, loaded after the client: see `late-calls.ts`. */
export class Calls {
  readonly api: WeChatApiClient
  readonly accessToken: AccessToken
  readonly oauth: OAuthCalls
  readonly jssdk: JsSdkCalls
  readonly media: Media
  readonly materials: Materials
  readonly users: Users
  readonly tags: Tags
  readonly blacklist: Blacklist
  readonly templateMessages: TemplateMessageCalls
  readonly subscribeMessages: SubscribeMessages
  readonly customerService: CustomerService
  readonly menu: Menu
  readonly qrCode: QrCodeCalls
  readonly shortKey: ShortKey
  readonly network: Network
  readonly quota: Quota

  constructor(account: WeChatAccount, { states, signatures }: GivenToCalls) {
    const api = new WeChatApiClient(account)
    this.api = api
    this.accessToken = api.accessToken
    this.oauth = new OAuthCalls(api, states)
    this.jssdk = new JsSdkCalls(api, signatures)
    this.media = new Media(api)
    this.materials = new Materials(api)
    this.users = new Users(api)
    this.tags = new Tags(api)
    this.blacklist = new Blacklist(api)
    this.templateMessages = new TemplateMessageCalls(api)
    this.subscribeMessages = new SubscribeMessages(api)
    this.customerService = new CustomerService(api)
    this.menu = new Menu(api)
    this.qrCode = new QrCodeCalls(api)
    this.shortKey = new ShortKey(api)
    this.network = new Network(api)
    this.quota = new Quota(api)
  }
}
