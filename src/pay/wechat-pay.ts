import type { RequestOptions } from '../core/client-options.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { HttpClient, type HttpClientOptions } from '../core/http-client.ts'
import { lateGroup } from '../core/late/late-group.ts'
import { memoryStore } from '../core/memory-store.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import type { Bills } from './bills.ts'
import { ClientParams } from './client-params.ts'
import { CombinedTransactions } from './combined-transactions.ts'
import { type CertificateInfo, normaliseSerial } from './common/certificate-info.ts'
import type { Complaints } from './complaints.ts'
import type { Coupons } from './coupons.ts'
import { describePayError } from './error-codes.ts'
import { type ExplainSignParams, explainSign, type SignExplanation } from './explain-sign.ts'
import { type KeySeen, KeysSeen } from './keys-seen.ts'
import { LateCaller } from './late-caller.ts'
import { BILLS, COMPLAINTS, COUPONS, MEDIA, PROFIT_SHARING, REFUNDS, TRANSFER_BATCHES } from './late-groups.ts'
import type { Media } from './media.ts'
import type { Notification } from './notification.ts'
import { makeNotifyHandler, type NotifyHandlerOptions } from './notify-handler.ts'
import { type CheckedOptions, checkPayOptions, type WeChatPayOptions } from './options.ts'
import type { RawNotification } from './parse-notification.ts'
import { PartnerTransactions } from './partner-transactions.ts'
import { type PlatformKey, platformKeyOf } from './platform-key.ts'
import type { ProfitSharing } from './profit-sharing.ts'
import { readCertificate } from './read-pem.ts'
import type { Refunds } from './refunds.ts'
import { refuseOption } from './refuse-option.ts'
import type { PayRequest } from './request.ts'
import { Transactions } from './transactions.ts'
import type { TransferBatches } from './transfer-batches.ts'
import { TRANSFER_SCENES } from './transfer-scenes.ts'
import { Transfers } from './transfers.ts'

const BACKUP_HOST = 'api2.mch.weixin.qq.com'

/**
 * WeChat Pay, API v3 (微信支付 APIv3). One client per merchant. Keys are parsed once, here; every answer and notification is
 * verified before it is parsed, and no option turns that off.
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
  readonly mchId: string
  readonly appId: string | undefined
  /** Serial number, life and subject of the merchant certificate; `undefined` unless it was given. */
  readonly certificate: CertificateInfo | undefined
  readonly transactions: Transactions
  readonly partnerTransactions: PartnerTransactions
  readonly combinedTransactions: CombinedTransactions
  readonly refunds: Refunds
  readonly bills: Bills
  readonly transfers: Transfers
  readonly transferBatches: TransferBatches
  readonly profitSharing: ProfitSharing
  readonly coupons: Coupons
  readonly media: Media
  readonly complaints: Complaints
  readonly #caller: LateCaller
  readonly #seen = new KeysSeen()
  readonly #makeHandler: (options: NotifyHandlerOptions) => FetchHandler
  readonly #explain: (params: ExplainSignParams) => SignExplanation

  constructor(options: WeChatPayOptions) {
    const checked = checkPayOptions(options)
    const { mchId, appId, logger } = options
    this.mchId = mchId
    this.appId = appId
    this.certificate = checked.certificate
    const http = new HttpClient(httpOptions(options))
    const now = () => http.now()
    const { privateKey, apiV3Key, serial } = checked
    const warn = (message: string) => logger?.warn?.(message, { product: 'pay' })
    this.#caller = new LateCaller({
      appId,
      appIds: appId === undefined ? [] : [appId, ...(options.furtherAppIds ?? [])],
      mchId,
      serial,
      privateKey,
      apiV3Key,
      notifyUrl: options.notifyUrl === undefined ? undefined : String(options.notifyUrl),
      http,
      platformKeys: keysInUse(checked, now(), warn),
      preferredKey: checked.preferredKey,
      downloads: checked.downloads,
      seen: this.#seen,
      warn,
      baseUrl: options.baseUrl === undefined ? undefined : String(options.baseUrl),
      backupHost: options.backupHost === false ? undefined : (options.backupHost ?? backupOf(options)),
      known: { describeError: describePayError, scenes: TRANSFER_SCENES, normaliseSerial, readPlatformCertificate }
    })
    const params = new ClientParams({ privateKey, appId, mchId, now, nonce: () => http.nonce() })
    this.transactions = new Transactions(this.#caller, params)
    this.partnerTransactions = new PartnerTransactions(this.#caller, params)
    this.combinedTransactions = new CombinedTransactions(this.#caller, params)
    this.transfers = new Transfers(this.#caller)
    const { late } = this.#caller
    this.refunds = lateGroup(late, 'refunds', REFUNDS)
    this.bills = lateGroup(late, 'bills', BILLS)
    this.transferBatches = lateGroup(late, 'transferBatches', TRANSFER_BATCHES)
    this.profitSharing = lateGroup(late, 'profitSharing', PROFIT_SHARING)
    this.coupons = lateGroup(late, 'coupons', COUPONS)
    this.media = lateGroup(late, 'media', MEDIA)
    this.complaints = lateGroup(late, 'complaints', COMPLAINTS)

    const store = options.store
      ? withStoreErrors(options.store)
      : memoryStore(options.clock ? { clock: options.clock } : {})
    this.#makeHandler = (handlers) =>
      makeNotifyHandler({ store, logger, mchId, parse: (raw) => this.#caller.parseNotification(raw) }, handlers)
    this.#explain = (asked) => explainSign(asked, { privateKey, mchId, serial, nowMs: now() })
  }

  /**
   * A handler for notifications: verifies, decrypts, runs your callback once per event, and answers 204 only after it
   * resolved. What is not genuine is answered 401, what failed 500: then WeChat Pay delivers again. (支付通知, 退款通知, 转账通知)
   *
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const handler = pay.notifyHandler({
   *   onTransaction: async (transaction) => {
   *     await markPaid(transaction.out_trade_no, transaction.transaction_id, transaction.amount?.total)
   *   }
   * })
   */
  notifyHandler(options: NotifyHandlerOptions): FetchHandler {
    return this.#makeHandler(options)
  }

  /**
   * Verifies and decrypts one notification, without dedupe: for those who answer HTTP themselves.
   *
   * @param raw the headers and the raw body
   * @throws {SignatureError} with every reason, ERR_SIGNATURE_PROBE among them; {DecryptError}; {BodyError};
   *   {BodyAlreadyParsedError} when the body is an object
   */
  parseNotification(raw: RawNotification): Promise<Notification> {
    return this.#caller.parseNotification(raw)
  }

  /**
   * Any API by its path: signed, verified, encrypted and decrypted like the methods.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM; {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError};
   *   {UnknownResultError} ERR_UNKNOWN_RESULT if `resultQuery` is given
   * @example
   * const config = await pay.request({ method: 'GET', path: '/v3/profitsharing/merchant-configs/1900000109' })
   */
  request(request: PayRequest, options?: RequestOptions): Promise<unknown> {
    return this.#caller.late.run(request, options, (calls, ...given) => calls.request(...given))
  }

  /** Which keys of the platform signed what arrived: tells when a migration is done. */
  keysSeen(): KeySeen[] {
    return this.#seen.list()
  }

  /** Downloads the platform certificates now, where they are downloaded at all; done on demand otherwise. */
  refreshCertificates(): Promise<void> {
    return this.#caller.late.run(undefined, undefined, (calls) => calls.refreshCertificates())
  }

  /**
   * Shows what is signed for a request and, with the `Authorization` header that was refused, which mistake made it.
   *
   * @example
   * const { message, causes } = pay.explainSign({ method: 'GET', url: '/v3/certificates', authorization: header })
   */
  explainSign(params: ExplainSignParams): SignExplanation {
    return this.#explain(params)
  }
}

/** @throws {ConfigError} ERR_CONFIG when no key is left. */
function keysInUse(
  { platformKeys, downloads }: CheckedOptions,
  now: number,
  warn: (message: string) => void
): readonly PlatformKey[] {
  const alive = platformKeys.filter((key) => {
    if (key.notAfter === undefined || key.notAfter > now) return true
    warn(`The platform certificate ${key.id} has expired and is not used: remove it from platformKeys.`)
    return false
  })
  if (alive.length > 0 || downloads) return alive
  throw refuseOption(
    'platformKeys',
    'has expired certificates only. Use the WeChat Pay public key, which does not expire.'
  )
}

function readPlatformCertificate(pem: string): PlatformKey {
  return platformKeyOf(readCertificate(pem, 'platformKeys'))
}

/** Behind a base address there is no second host unless one is named. */
function backupOf({ baseUrl }: WeChatPayOptions): string | undefined {
  return baseUrl === undefined ? BACKUP_HOST : undefined
}

function httpOptions(options: WeChatPayOptions): HttpClientOptions {
  const { fetch, dispatcher, proxy, timeoutMs, maxRetries, middleware, logger, clock, nonce, ca } = options
  const given = { fetch, dispatcher, proxy, timeoutMs, maxRetries, middleware, logger, clock, nonce, ca }
  const kept = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(kept), product: 'pay', secrets: [options.apiV3Key] }
}
