import type { RequestOptions } from '../core/client-options.ts'

import { baseUrlOf } from '../core/endpoints.ts'
import { markFactory } from '../core/handler-factory.ts'
import { HttpClient } from '../core/http-client.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, httpUrl, optional, record, required, text } from '../core/options.ts'
import { safeLogger } from '../core/safe-logger.ts'
import type { Store } from '../core/store.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { Bills } from './bills.ts'
import { downloadCertificates } from './certificate-download.ts'
import {
  type AppParams,
  type AppParamsOptions,
  type ClientParamsContext,
  type ClientParamsOptions,
  h5PaymentUrl,
  type JsapiParams,
  type MiniProgramParams,
  makeAppParams,
  makeJsapiParams
} from './client-params.ts'
import { accountOf, backupHostOf, httpOptions, secretsOf, unexpiredKeys } from './client-parts.ts'
import type { CertificateInfo } from './common/certificate-info.ts'
import { warnOfPrivateAddress } from './common/warn-of-private-address.ts'
import { Complaints } from './complaints.ts'
import { CouponSubsidies } from './coupon-subsidies.ts'
import { Coupons } from './coupons.ts'
import { downloadBytes, downloadFile } from './download.ts'
import { type ExplainSignParams, explainSign, type SignExplanation } from './explain-sign.ts'
import { Media } from './media.ts'
import { MerchantCoupons } from './merchant-coupons.ts'
import { MessageVerifier } from './message-verifier.ts'
import type { Notification } from './notification.ts'
import { makeNotifyHandler, type NotifyHandler, type NotifyHandlerOptions } from './notify-handler.ts'
import { checkPayOptions, type ReplacedKeys, type WeChatPayOptions, withKeys } from './options.ts'
import { Papay, PartnerPapay } from './papay.ts'
import { parseNotification, type RawNotification } from './parse-notification.ts'
import { PartnerPayscore } from './partner-payscore.ts'
import { PartnerPayscorePermissions } from './partner-payscore-permissions.ts'
import { MAIN_HOST, PayApi } from './pay-api.ts'
import { Payscore } from './payscore.ts'
import { PayscorePermissions } from './payscore-permissions.ts'
import { PartnerPayscorePlans, PayscorePlans } from './payscore-plans.ts'
import { PlatformKeyRing } from './platform-key-ring.ts'
import type { Account } from './prepare-call.ts'
import { ProfitSharing } from './profit-sharing.ts'
import { Refunds } from './refunds.ts'
import { type PayRequest, prepareRequest } from './request.ts'
import { SeenKeys, type SeenPlatformKey } from './seen-keys.ts'
import { SettlementAccounts } from './settlement-accounts.ts'
import { signRequestNow } from './sign-request.ts'
import { CombinedTransactions } from './transactions/combined-transactions.ts'
import { PartnerTransactions, Transactions } from './transactions/transactions.ts'
import { TransferAuthorizations } from './transfer-authorizations.ts'
import { TransferBatches } from './transfer-batches.ts'
import { Transfers } from './transfers.ts'

/**
 * Client for WeChat Pay API v3 (微信支付 APIv3), one per merchant. Keys are parsed once, in the constructor; every response
 * and notification is verified before it is parsed, and no option turns that off.
 *
 * @throws {ConfigError} ERR_CONFIG naming the option
 * @example
 * const pay = new WeChatPay({
 *   appId: 'wx0123456789abcdef', mchId: '1900000109', apiV3Key,
 *   privateKey: readFileSync('apiclient_key.pem'), certSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
 *   platformKeys: { PUB_KEY_ID_0119000001092024010100000001: readFileSync('pub_key.pem') }
 * })
 */
export class WeChatPay {
  /** Merchant number (商户号) of the client. */
  readonly mchId: string
  /** Default appid of orders; `undefined` if each call names its own. */
  readonly appId: string | undefined
  /** Serial number, dates and subject of the merchant certificate; `undefined` unless it was given. */
  readonly certificate: CertificateInfo | undefined
  /** Orders of a merchant itself. */
  readonly transactions: Transactions
  /** Orders that a service provider places for a sub-merchant. */
  readonly partnerTransactions: PartnerTransactions
  /** Several orders paid at once. */
  readonly combinedTransactions: CombinedTransactions
  /** Refunds (退款). */
  readonly refunds: Refunds
  /** Trade and fund-flow bills (账单). */
  readonly bills: Bills
  /** Transfers to users, who confirm them. */
  readonly transfers: Transfers
  /** Transfers that the user has permitted in advance. */
  readonly transferAuthorizations: TransferAuthorizations
  /** Batches of transfers, for merchants that had them before 2025. */
  readonly transferBatches: TransferBatches
  /** Profit sharing (分账). */
  readonly profitSharing: ProfitSharing
  /** Contracts for deductions, and the deductions. */
  readonly papay: Papay
  /** Contracts for deductions of sub-merchants. */
  readonly partnerPapay: PartnerPapay
  /** Services that are paid after use. */
  readonly payscore: Payscore
  /** Permissions for service orders without confirmation. */
  readonly payscorePermissions: PayscorePermissions
  /** Plans: several services for one price. */
  readonly payscorePlans: PayscorePlans
  /** Services of sub-merchants that are paid after use. */
  readonly partnerPayscore: PartnerPayscore
  /** Permissions of the users of sub-merchants. */
  readonly partnerPayscorePermissions: PartnerPayscorePermissions
  /** Plans of sub-merchants. */
  readonly partnerPayscorePlans: PartnerPayscorePlans
  /** Cash coupons. */
  readonly coupons: Coupons
  /** Coupons that the merchant redeems itself. */
  readonly merchantCoupons: MerchantCoupons
  /** Payments of one merchant to another for used merchant coupons. */
  readonly couponSubsidies: CouponSubsidies
  /** Bank accounts of sub-merchants. */
  readonly settlementAccounts: SettlementAccounts
  /** Uploads. */
  readonly media: Media
  /** Complaints of users. */
  readonly complaints: Complaints
  readonly #account: Account
  readonly #api: PayApi
  readonly #ring: PlatformKeyRing
  readonly #verifier: MessageVerifier
  readonly #seen = new SeenKeys()
  readonly #client: ClientParamsContext
  readonly #store: Store
  readonly #logger: WeChatPayOptions['logger']
  readonly #secrets: string[]
  #options: WeChatPayOptions

  constructor(options: WeChatPayOptions) {
    const checked = checkPayOptions(options)
    warnOfPrivateAddress(options)
    const { mchId, appId } = options
    const baseUrl = baseUrlOf(options, MAIN_HOST)
    this.mchId = mchId
    this.appId = appId
    this.certificate = checked.certificate
    this.#logger = safeLogger(options.logger)
    this.#options = { ...options }
    this.#secrets = secretsOf(options)
    this.#store = options.store
      ? withStoreErrors(options.store)
      : memoryStore(options.clock ? { clock: options.clock } : {})
    this.#account = accountOf(options, checked)
    const http = new HttpClient(httpOptions(options, this.#secrets))
    const now = () => http.now()
    this.#client = { account: this.#account, now, nonce: () => http.nonce() }
    const warn = (message: string) => this.#logger?.warn?.(message, { product: 'pay' })
    this.#ring = new PlatformKeyRing({
      keys: unexpiredKeys(checked, now(), warn),
      preferredKey: checked.preferredKey,
      now,
      download: checked.downloads ? () => downloadCertificates(this.#api, now) : undefined,
      warn,
      seen: this.#seen
    })
    this.#verifier = new MessageVerifier(this.#ring, now)
    const backupHost = backupHostOf(options)
    const api = new PayApi({
      account: this.#account,
      http,
      verifier: this.#verifier,
      ring: this.#ring,
      baseUrl,
      backupHost
    })
    this.#api = api
    this.transactions = new Transactions(api)
    this.partnerTransactions = new PartnerTransactions(api)
    this.combinedTransactions = new CombinedTransactions(api)
    this.refunds = new Refunds(api)
    this.bills = new Bills(api)
    this.transfers = new Transfers(api)
    this.transferAuthorizations = new TransferAuthorizations(api)
    this.transferBatches = new TransferBatches(api)
    this.profitSharing = new ProfitSharing(api)
    this.papay = new Papay(api)
    this.partnerPapay = new PartnerPapay(api)
    this.payscore = new Payscore(api)
    this.payscorePermissions = new PayscorePermissions(api)
    this.payscorePlans = new PayscorePlans(api)
    this.partnerPayscore = new PartnerPayscore(api)
    this.partnerPayscorePermissions = new PartnerPayscorePermissions(api)
    this.partnerPayscorePlans = new PartnerPayscorePlans(api)
    this.coupons = new Coupons(api)
    this.merchantCoupons = new MerchantCoupons(api)
    this.couponSubsidies = new CouponSubsidies(api)
    this.settlementAccounts = new SettlementAccounts(api)
    this.media = new Media(api)
    this.complaints = new Complaints(api)
  }

  static {
    markFactory(WeChatPay.prototype.notifyHandler, 'pay.notifyHandler({ onPaid })')
  }

  /**
   * Returns the parameters of `WeixinJSBridge` or `wx.chooseWXPay`. (JSAPI 调起支付) Computed locally; nothing is sent.
   *
   * @param prepayId from `transactions.jsapi` or a similar call
   * @throws {ConfigError} ERR_INVALID_PARAM, ERR_CONFIG
   */
  jsapiParams(prepayId: string, options?: ClientParamsOptions): JsapiParams {
    return makeJsapiParams(this.#client, prepayId, options)
  }

  /**
   * Returns the parameters of `wx.requestPayment`. (小程序调起支付) Computed locally; nothing is sent.
   *
   * @param prepayId from `transactions.jsapi` or a similar call
   * @throws {ConfigError} ERR_INVALID_PARAM, ERR_CONFIG
   */
  miniProgramParams(prepayId: string, options?: ClientParamsOptions): MiniProgramParams {
    const { appId: _, ...params } = makeJsapiParams(this.#client, prepayId, options)
    return params
  }

  /**
   * Returns the parameters for the Open SDK. (APP 调起支付) Computed locally; nothing is sent.
   *
   * @param prepayId from `transactions.app` or a similar call
   * @throws {ConfigError} ERR_INVALID_PARAM, ERR_CONFIG
   */
  appParams(prepayId: string, options?: AppParamsOptions): AppParams {
    return makeAppParams(this.#client, prepayId, options)
  }

  /**
   * Returns the URL that an H5 payment opens. (H5 调起支付)
   *
   * @param h5Url `h5_url` of the response; valid for five minutes
   * @param redirectUrl where the browser goes afterwards; it does not prove a payment, so query the order
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  h5Url(h5Url: string, redirectUrl?: string | URL): URL {
    return h5PaymentUrl(h5Url, redirectUrl)
  }

  /**
   * Makes a handler for notifications: it verifies, decrypts, runs your callback once per event, and responds 204 only
   * after it resolves. The response is 401 for what is not genuine and 500 for failures; WeChat Pay then redelivers.
   * (支付通知, 退款通知, 转账通知)
   *
   * @param options your callbacks; without any, set them later with `handler.onPaid(…)`
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const handler = pay.notifyHandler({
   *   onPaid: async (transaction) => {
   *     await markPaid(transaction.out_trade_no, transaction.transaction_id, transaction.amount.total)
   *   }
   * })
   */
  notifyHandler(options?: NotifyHandlerOptions): NotifyHandler {
    const context = {
      store: this.#store,
      logger: this.#logger,
      mchId: this.mchId,
      parse: (raw: RawNotification) => this.parseNotification(raw)
    }
    return makeNotifyHandler(context, options)
  }

  /**
   * Verifies and decrypts one notification, without dedupe, for applications that handle HTTP themselves.
   *
   * @param raw the headers and the raw body
   * @throws {SignatureError} with every reason, ERR_SIGNATURE_PROBE among them; {DecryptError}; {BodyError};
   *   {BodyAlreadyParsedError} if the body is an object
   */
  parseNotification(raw: RawNotification): Promise<Notification> {
    return parseNotification(raw, { verifier: this.#verifier, account: this.#account })
  }

  /**
   * Calls any API by its path: signed, verified, encrypted and decrypted like the methods.
   *
   * @param request Method, path, query and body.
   * @param options Options of this call.
   * @returns The verified response; `undefined` for an empty one.
   * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError}; {UnknownResultError}
   *   ERR_UNKNOWN_RESULT if `resultQuery` is given
   * @example
   * const balance = await pay.request({ method: 'GET', path: '/v3/merchant/fund/balance/BASIC' })
   */
  async request(request: PayRequest, options?: RequestOptions): Promise<unknown> {
    return this.#api.send(prepareRequest(request), (value) => value, options)
  }

  /**
   * Downloads a file that is not signed: the picture of a complaint, a statement, a coupon flow. (图片下载, 下载账单)
   *
   * @param url URL from a response of the platform; any other host is refused, because it would receive our signature
   * @param params `hash`: announced by the response, verified over the uncompressed content
   * @returns the bytes, at most 512 MiB, as received (possibly compressed)
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the hash differs or the host is another; {WeChatPayError}
   *   ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {ConnectionError}
   * @example
   * const picture = await pay.download('https://api.mch.weixin.qq.com/v3/merchant-service/images/ChsyMDA')
   */
  async download(
    url: string | URL,
    params: { hash?: { type: 'SHA1' | 'SHA256' | (string & {}); value: string } | undefined } = {},
    options?: RequestOptions
  ): Promise<Uint8Array> {
    checkOptions(
      { url, ...params },
      { url: required(httpUrl), hash: optional(record) },
      {
        owner: 'download',
        product: 'pay',
        of: 'params'
      }
    )
    const { hash } = params
    const address = String(url)
    if (!hash) return downloadBytes(this.#api, 'download', address, options)
    const file = { download_url: address, hash_type: hash.type, hash_value: hash.value }
    return downloadFile(this.#api, 'download', file, options)
  }

  /**
   * Returns the `Authorization` header of a request, for your own HTTP client; you must then verify responses yourself.
   * (如何生成请求签名)
   *
   * @param params `path` with its query, exactly as it is sent; `body` exactly as it is sent, for an upload the JSON of `meta`
   * @returns valid for about five minutes, for one request
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const header = pay.authorization({ method: 'GET', path: '/v3/certificates' })
   */
  authorization(params: { method: string; path: string; body?: string | Uint8Array | undefined }): string {
    checkOptions(
      params,
      {
        method: required(text(/^[A-Z]+$/, 'an HTTP method in upper case')),
        path: required(text(/^\/\S*$/, 'the path with its query, with a leading slash and without host')),
        body: optional((value) =>
          typeof value === 'string' || value instanceof Uint8Array ? undefined : 'must be text or bytes'
        )
      },
      { owner: 'authorization', product: 'pay', of: 'params' }
    )
    const { method, path, body = '' } = params
    return signRequestNow({ method, target: path, body }, this.#account, this.#client.now(), this.#client.nonce())
  }

  /**
   * Replaces keys while the process runs, all at once, after the same checks as in the constructor. Nothing is lost:
   * the previous APIv3 key still decrypts what was encrypted with it.
   *
   * @param keys the new keys; a private key with its `certSerial` or `certificate`
   * @throws {ConfigError} ERR_CONFIG naming the option; then nothing has changed
   * @example
   * pay.replaceKeys({ privateKey, certSerial })
   */
  replaceKeys(keys: ReplacedKeys): void {
    checkOptions({ keys }, { keys: required(record) }, { owner: 'replaceKeys', product: 'pay' })
    const options = withKeys(this.#options, keys)
    const checked = checkPayOptions(options)
    const warn = (message: string) => this.#logger?.warn?.(message, { product: 'pay' })
    const platformKeys = unexpiredKeys(checked, this.#client.now(), warn)
    this.#options = options
    this.#secrets.push(...secretsOf(options).filter((secret) => !this.#secrets.includes(secret)))
    this.#ring.replace(platformKeys, checked.preferredKey)
    Object.assign(this.#account, accountOf(options, checked))
  }

  /** Platform keys that signed verified messages so far; shows when a key migration is complete. */
  seenPlatformKeys(): SeenPlatformKey[] {
    return this.#seen.list()
  }

  /**
   * Downloads the platform certificates now, if they are downloaded at all; otherwise this happens on demand.
   * (获取平台证书列表)
   *
   * @throws {SignatureError} {DecryptError} {WeChatPayError} {ConnectionError} {UnexpectedResponseError}
   */
  refreshCertificates(): Promise<void> {
    return this.#ring.refresh()
  }

  /**
   * Shows the signed text of a request and, given a refused `Authorization` header, the mistake that produced it.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { message, causes } = pay.explainSign({ method: 'GET', url: '/v3/certificates', authorization: header })
   */
  explainSign(params: ExplainSignParams): SignExplanation {
    const { privateKey, mchId, serial } = this.#account
    return explainSign(params, { privateKey, mchId, serial, nowMs: this.#client.now() })
  }
}
