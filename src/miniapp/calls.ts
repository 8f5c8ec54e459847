import type { AccessToken } from '../wechat-api/access-token.ts'
import type { WeChatAccount } from '../wechat-api/account.ts'
import { CustomerMessages } from '../wechat-api/customer-messages.ts'
import { Network } from '../wechat-api/network.ts'
import { Quota } from '../wechat-api/quota.ts'
import { TemporaryMedia } from '../wechat-api/temporary-media.ts'
import { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { Auth } from './auth.ts'
import { CUSTOMER_MESSAGE_TYPES, type CustomerMessage } from './customer-message.ts'
import type { decryptOpenData } from './decrypt.ts'
import { Links } from './links.ts'
import { Phone } from './phone.ts'
import { Security } from './security.ts'
import { Sessions } from './session.ts'
import { SubscribeMessages } from './subscribe-messages.ts'
import { Wxacode } from './wxacode.ts'

/** What the client has already, and this part would otherwise load a second time. */
export interface GivenToCalls {
  sessionTtlSeconds: number
  decryptOpenData: typeof decryptOpenData
}

/** All calls of a Mini Program, loaded after the client. */
export class Calls {
  readonly api: WeChatApiClient
  readonly accessToken: AccessToken
  readonly auth: Auth
  readonly session: Sessions
  readonly phone: Phone
  readonly wxacode: Wxacode
  readonly links: Links
  readonly subscribeMessages: SubscribeMessages
  readonly customerService: CustomerMessages<CustomerMessage>
  readonly media: TemporaryMedia<'image'>
  readonly security: Security
  readonly quota: Quota
  readonly network: Network

  constructor(account: WeChatAccount, { sessionTtlSeconds, decryptOpenData }: GivenToCalls) {
    const api = new WeChatApiClient(account)
    this.api = api
    this.accessToken = api.accessToken
    this.auth = new Auth(api)
    this.session = new Sessions(api, this.auth, sessionTtlSeconds, decryptOpenData)
    this.phone = new Phone(api)
    this.wxacode = new Wxacode(api)
    this.links = new Links(api)
    this.subscribeMessages = new SubscribeMessages(api)
    this.customerService = new CustomerMessages(api, CUSTOMER_MESSAGE_TYPES)
    this.media = new TemporaryMedia(api)
    this.security = new Security(api)
    this.quota = new Quota(api)
    this.network = new Network(api)
  }
}
