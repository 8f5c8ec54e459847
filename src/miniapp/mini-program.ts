import type { RequestOptions } from '../core/client-options.ts'
import { integer, optional, record } from '../core/options.ts'
import type { AccessToken } from '../wechat-api/access-token.ts'
import type { WeChatAccountOptions } from '../wechat-api/account-options.ts'
import { CustomerMessages } from '../wechat-api/customer-messages.ts'
import type { DownloadedFile } from '../wechat-api/downloaded-file.ts'
import { Network } from '../wechat-api/network.ts'
import { Quota } from '../wechat-api/quota.ts'
import { request, type WeChatRequest } from '../wechat-api/request.ts'
import { TemporaryMedia } from '../wechat-api/temporary-media.ts'
import { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { Auth } from './auth.ts'
import { CUSTOMER_MESSAGE_TYPES, type CustomerMessage } from './customer-message.ts'
import { type DecryptParams, decryptOpenData } from './decrypt.ts'
import { MiniProgramCodes } from './mini-program-codes.ts'
import type { OpenData } from './open-data.ts'
import { OrderShipping } from './order-shipping/order-shipping.ts'
import { Phone } from './phone.ts'
import { Security } from './security.ts'
import { Sessions } from './session.ts'
import { SubscribeMessages } from './subscribe-messages.ts'
import { UrlLinks } from './url-links.ts'
import { verifyRawData } from './verify-raw-data.ts'
import {
  createVirtualPayment,
  type VirtualPayment,
  type VirtualPaymentOptions
} from './virtual-payment/virtual-payment.ts'

/** Options of {@link MiniProgram}. */
export type MiniProgramOptions = WeChatAccountOptions & {
  /** TTL of the tokens of `session`, in seconds. Default 30 days. */
  sessionTtlSeconds?: number | undefined
  /** Keys of virtual payment (虚拟支付), for `virtualPayment`. */
  virtualPayment?: VirtualPaymentOptions | undefined
}

const DEFAULT_SESSION_TTL_SECONDS = 30 * 24 * 3600

/**
 * Client of one mini program (小程序). Create one per mini program and keep it as long as the process runs.
 *
 * @throws {ConfigError} ERR_CONFIG naming the option
 * @example
 * const mini = new MiniProgram({ appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' })
 * const { openid } = await mini.auth.code2Session('CODE')
 */
export class MiniProgram {
  /** AppID of the mini program. */
  readonly appId: string
  /** The access token, for calls made elsewhere. */
  readonly accessToken: AccessToken
  /** Login, and calls that a session_key authenticates. */
  readonly auth: Auth
  /** Keeps session_key on the server. */
  readonly session: Sessions
  /** Phone numbers that users confirmed. */
  readonly phone: Phone
  /** Mini program codes as pictures. */
  readonly wxacode: MiniProgramCodes
  /** Links that open the mini program from outside WeChat. */
  readonly urlLinks: UrlLinks
  /** Subscription messages and their templates. */
  readonly subscribeMessages: SubscribeMessages
  /** Customer-service messages. */
  readonly customerService: CustomerMessages<CustomerMessage>
  /** Temporary material for customer-service messages: pictures only. */
  readonly media: TemporaryMedia<'image'>
  /** Content security. */
  readonly security: Security
  /** Order shipping management (发货信息管理). */
  readonly orderShipping: OrderShipping
  /** Virtual payment (虚拟支付): coins and goods. */
  readonly virtualPayment: VirtualPayment
  /** Quotas, and WeChat's record of a failed request. */
  readonly quota: Quota
  /** Network addresses of WeChat for firewalls, and the check of the callback URL. */
  readonly network: Network
  readonly #api: WeChatApiClient

  constructor(options: MiniProgramOptions) {
    const rules = { sessionTtlSeconds: optional(integer(60)), virtualPayment: optional(record) }
    const api = new WeChatApiClient(options, { name: 'MiniProgram', product: 'miniapp', rules })
    this.#api = api
    this.appId = api.appId
    this.accessToken = api.accessToken
    this.auth = new Auth(api)
    this.session = new Sessions(api, this.auth, options.sessionTtlSeconds ?? DEFAULT_SESSION_TTL_SECONDS)
    this.phone = new Phone(api)
    this.wxacode = new MiniProgramCodes(api)
    this.urlLinks = new UrlLinks(api)
    this.subscribeMessages = new SubscribeMessages(api)
    this.customerService = new CustomerMessages(api, CUSTOMER_MESSAGE_TYPES)
    this.media = new TemporaryMedia(api)
    this.security = new Security(api)
    this.orderShipping = new OrderShipping(api)
    this.virtualPayment = createVirtualPayment(api, options.virtualPayment)
    this.quota = new Quota(api)
    this.network = new Network(api)
  }

  /**
   * Decrypts an `encryptedData` (开放数据校验与解密) and checks that it was created for this mini program. Synchronous, without
   * network access.
   *
   * Decrypted does not mean authentic: AES-CBC has no integrity, so users can alter parts of their own data. Get phone
   * numbers from `phone.get(code)`, which is authenticated, and use decrypted data only for display.
   *
   * @param params Three base64 texts as received; `maxAgeSeconds` refuses older data.
   * @returns The data with its watermark.
   * @throws {DecryptError} ERR_DECRYPT_SPACES, ERR_DECRYPT_PADDING, ERR_DECRYPT_MALFORMED, ERR_DECRYPT_APPID, ERR_DECRYPT_EXPIRED, ERR_DECRYPT_KEY
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { nickName, watermark } = mini.decrypt({ sessionKey, encryptedData, iv })
   */
  decrypt<T extends OpenData = OpenData>(params: DecryptParams): T {
    return decryptOpenData<T>(params, this.#api)
  }

  /**
   * Verifies the `signature` of `rawData` (数据签名校验); see {@link verifyRawData}.
   *
   * @param params `rawData` exactly as the client got it, its `signature`, and the `sessionKey` as base64 text.
   * @returns The parsed `rawData`.
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   */
  verifyRawData(params: Parameters<typeof verifyRawData>[0]): Record<string, unknown> {
    return verifyRawData(params)
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
   * const { category } = await mini.request<{ category: unknown[] }>({ method: 'GET', path: '/wxaapi/newtmpl/getcategory' })
   */
  request(given: WeChatRequest & { returns: 'file' }, options?: RequestOptions): Promise<DownloadedFile>
  request<T = unknown>(given: WeChatRequest, options?: RequestOptions): Promise<T>
  request(given: WeChatRequest, options?: RequestOptions): Promise<unknown> {
    return request(this.#api, given, options)
  }
}
