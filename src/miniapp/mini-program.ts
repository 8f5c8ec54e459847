import type { RequestOptions } from '../core/client-options.ts'
import { Late } from '../core/late/late.ts'
import { lateGroup } from '../core/late/late-group.ts'
import { integer, optional } from '../core/options.ts'
import { lazyPart } from '../internal/lazy-part.ts'
import type { AccessToken } from '../wechat-api/access-token.ts'
import { WeChatAccount } from '../wechat-api/account.ts'
import type { WeChatAccountOptions } from '../wechat-api/account-options.ts'
import type { CustomerMessages } from '../wechat-api/customer-messages.ts'
import type { Network } from '../wechat-api/network.ts'
import type { Quota } from '../wechat-api/quota.ts'
import type { TemporaryMedia } from '../wechat-api/temporary-media.ts'
import type { WeChatRequest } from '../wechat-api/wechat-api-client.ts'
import type { Auth } from './auth.ts'
import type { Calls } from './calls.ts'
import type { CustomerMessage } from './customer-message.ts'
import { type DecryptParams, decryptOpenData, type OpenData } from './decrypt.ts'
import { groupMethods } from './late-groups.ts'
import type { Links } from './links.ts'
import type { Phone } from './phone.ts'
import type { Security } from './security.ts'
import type { Sessions } from './session.ts'
import type { SubscribeMessages } from './subscribe-messages.ts'
import { verifyRawData } from './verify-raw-data.ts'
import type { Wxacode } from './wxacode.ts'

export interface MiniProgramOptions extends WeChatAccountOptions {
  /** Life of the tokens of `session`, in seconds. Default 30 days. */
  sessionTtlSeconds?: number
}

const DEFAULT_SESSION_TTL_SECONDS = 30 * 24 * 3600

/** One for all clients: what only calls need. */
const part = lazyPart(() => import('./calls.ts'))

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
  readonly #account: WeChatAccount
  readonly #late: Late<typeof import('./calls.ts'), Calls>

  constructor(options: MiniProgramOptions) {
    const account = new WeChatAccount(options, {
      name: 'MiniProgram',
      product: 'miniapp',
      rules: { sessionTtlSeconds: optional(integer(60)) }
    })
    const sessionTtlSeconds = options.sessionTtlSeconds ?? DEFAULT_SESSION_TTL_SECONDS
    const methods = groupMethods()
    const late = new Late(part, ({ Calls }) => new Calls(account, { sessionTtlSeconds, decryptOpenData }))
    this.#account = account
    this.#late = late
    this.appId = account.appId
    this.accessToken = lateGroup(late, 'accessToken', methods.accessToken)
    this.auth = lateGroup(late, 'auth', methods.auth)
    this.session = lateGroup(late, 'session', methods.session)
    this.phone = lateGroup(late, 'phone', methods.phone)
    this.wxacode = lateGroup(late, 'wxacode', methods.wxacode)
    this.links = lateGroup(late, 'links', methods.links)
    this.subscribeMessages = lateGroup(late, 'subscribeMessages', methods.subscribeMessages)
    this.customerService = lateGroup(late, 'customerService', methods.customerService)
    this.media = lateGroup(late, 'media', methods.media)
    this.security = lateGroup(late, 'security', methods.security)
    this.quota = lateGroup(late, 'quota', methods.quota)
    this.network = lateGroup(late, 'network', methods.network)
  }

  /**
   * Opens an `encryptedData` and checks that it was made for this mini program. Synchronous, no network.
   *
   * @throws {DecryptError} ERR_DECRYPT_SPACES, ERR_DECRYPT_PADDING, ERR_DECRYPT_MALFORMED, ERR_DECRYPT_APPID, ERR_DECRYPT_EXPIRED, ERR_DECRYPT_KEY
   * @example
   * const { nickName, watermark } = mini.decrypt({ sessionKey, encryptedData, iv })
   */
  decrypt<T extends OpenData = OpenData>(params: DecryptParams): T {
    return decryptOpenData<T>(params, { appId: this.appId, now: () => this.#account.http.now() })
  }

  /** Checks `rawData` against its `signature`; see {@link verifyRawData}. */
  verifyRawData(params: Parameters<typeof verifyRawData>[0]): Record<string, unknown> {
    return verifyRawData(params)
  }

  /** Any API by its path, with access token, retries and errors like every other call. */
  request<T = unknown>(request: WeChatRequest, options?: RequestOptions): Promise<T> {
    return this.#late.call([request, options], (calls, args) => calls.api.request<T>(...args))
  }
}
