import type { RequestOptions } from '../core/client-options.ts'
import { integer, optional } from '../core/options.ts'
import type { AccessToken } from '../wechat-api/access-token.ts'
import type { WeChatAccountOptions } from '../wechat-api/account-options.ts'
import { CustomerMessages } from '../wechat-api/customer-messages.ts'
import { Network } from '../wechat-api/network.ts'
import { Quota } from '../wechat-api/quota.ts'
import { TemporaryMedia } from '../wechat-api/temporary-media.ts'
import { WeChatApiClient, type WeChatRequest } from '../wechat-api/wechat-api-client.ts'
import { Auth } from './auth.ts'
import { CUSTOMER_MESSAGE_TYPES, type CustomerMessage } from './customer-message.ts'
import { type DecryptParams, decryptOpenData, type OpenData } from './decrypt.ts'
import { Links } from './links.ts'
import { Phone } from './phone.ts'
import { Security } from './security.ts'
import { Sessions } from './session.ts'
import { SubscribeMessages } from './subscribe-messages.ts'
import { verifyRawData } from './verify-raw-data.ts'
import { Wxacode } from './wxacode.ts'

export interface MiniProgramOptions extends WeChatAccountOptions {
  /** Life of the tokens of `session`, in seconds. Default 30 days. */
  sessionTtlSeconds?: number
}

const DEFAULT_SESSION_TTL_SECONDS = 30 * 24 * 3600

/**
 * Client of one mini program (小程序).
 *
 * @throws {ConfigError} ERR_CONFIG naming the option
 * @example
 * const mini = new MiniProgram({ appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' })
 * const { openid } = await mini.auth.code2Session('CODE')
 */
export class MiniProgram {
  readonly appId: string
  readonly accessToken: AccessToken
  readonly auth: Auth
  /** Keeps session_key on the server. */
  readonly session: Sessions
  readonly phone: Phone
  readonly wxacode: Wxacode
  readonly links: Links
  readonly subscribeMessages: SubscribeMessages
  readonly customerService: CustomerMessages<CustomerMessage>
  /** Temporary material for customer-service messages: pictures only. */
  readonly media: TemporaryMedia<'image'>
  readonly security: Security
  readonly quota: Quota
  readonly network: Network
  readonly #api: WeChatApiClient

  constructor(options: MiniProgramOptions) {
    const api = new WeChatApiClient(options, {
      name: 'MiniProgram',
      product: 'miniapp',
      rules: { sessionTtlSeconds: optional(integer(60)) }
    })
    this.#api = api
    this.appId = api.appId
    this.accessToken = api.accessToken
    this.auth = new Auth(api)
    this.session = new Sessions(api, this.auth, options.sessionTtlSeconds ?? DEFAULT_SESSION_TTL_SECONDS)
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

  /**
   * Opens an `encryptedData` and checks that it was made for this mini program. Synchronous, no network.
   *
   * @throws {DecryptError} ERR_DECRYPT_SPACES, ERR_DECRYPT_PADDING, ERR_DECRYPT_MALFORMED, ERR_DECRYPT_APPID, ERR_DECRYPT_EXPIRED, ERR_DECRYPT_KEY
   * @example
   * const { nickName, watermark } = mini.decrypt({ sessionKey, encryptedData, iv })
   */
  decrypt<T extends OpenData = OpenData>(params: DecryptParams): T {
    return decryptOpenData<T>(params, { appId: this.appId, now: () => this.#api.http.now() })
  }

  /** Checks `rawData` against its `signature`; see {@link verifyRawData}. */
  verifyRawData(params: Parameters<typeof verifyRawData>[0]): Record<string, unknown> {
    return verifyRawData(params)
  }

  /** Any API by its path, with access token, retries and errors like every other call. */
  request<T = unknown>(request: WeChatRequest, options?: RequestOptions): Promise<T> {
    return this.#api.request<T>(request, options)
  }
}
