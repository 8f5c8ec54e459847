import type { RequestOptions } from '../../core/client-options.ts'
import type { FetchHandler } from '../../core/fetch-handler.ts'
import { memoryStore } from '../../core/memory-store.ts'
import { checkOptions } from '../../core/options.ts'
import { safeLogger } from '../../core/safe-logger.ts'
import { withStoreErrors } from '../../core/with-store-errors.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import type { CertificateInfo } from '../common/certificate-info.ts'
import { warnOfPrivateAddress } from '../common/warn-of-private-address.ts'
import { BankTransfers } from './bank-transfers.ts'
import { BILLS, type Bills } from './bills.ts'
import {
  type AppParams,
  type AppParamsOptions,
  type ChooseWxPayParams,
  type ClientParamsContext,
  type ClientParamsOptions,
  type JsapiParams,
  type MiniProgramParams,
  makeAppParams,
  makeH5Url,
  makeJsapiParams,
  makeRedPackParams,
  type RedPackClientParams
} from './client-params.ts'
import { confirmRefund } from './confirm-refund.ts'
import { type ContractNotification, parseContractNotification } from './contract-notification.ts'
import {
  type EntrustContext,
  type EntrustMiniProgramParams,
  type EntrustParams,
  makeEntrustMiniProgramParams,
  makeEntrustUrl
} from './entrust-links.ts'
import { explainWith, type SignExplanation } from './explain-sign.ts'
import {
  type ContractNotifyHandlerOptions,
  makeContractNotifyHandler,
  makeNotifyHandler,
  makeRefundNotifyHandler,
  type NotificationHandlerContext,
  type NotifyHandlerOptions,
  type RefundNotifyHandlerOptions
} from './notification-handlers.ts'
import type { PaymentNotification, RefundNotification } from './notification-types.ts'
import { type OpenAccount, openAccount } from './open-account.ts'
import { payV2Rules, type WeChatPayV2Options } from './options.ts'
import { createOrders, type Orders } from './orders.ts'
import { PAPAY, type Papay } from './papay.ts'
import type { DeductionNotification } from './papay-types.ts'
import { deductionOf, paymentOf, readPaymentNotification } from './parse-notification.ts'
import { parseRefundNotification } from './parse-refund-notification.ts'
import { makePayscoreParams, type PayscoreSubject, type SignedPayscoreParams } from './payscore-params.ts'
import { PROFIT_SHARING, type ProfitSharing } from './profit-sharing.ts'
import { RED_PACKS, type RedPacks } from './red-packs.ts'
import { REFUNDS, type Refunds } from './refunds.ts'
import { buildRequest, type PayV2Request, type SignedPayV2Request, sendRequest } from './request.ts'
import type { SignType } from './signer.ts'
import { TRANSFERS, type Transfers } from './transfers.ts'

/**
 * Client for WeChat Pay API v2 (XML) of one account. New merchants use `WeChatPay`.
 *
 * @throws {ConfigError} ERR_CONFIG, ERR_PKCS12_PASSWORD, ERR_PKCS12_ENCODING, ERR_PKCS12_UNSUPPORTED, ERR_PKCS12_MALFORMED
 * @example
 * const pay2 = new WeChatPayV2({
 *   appId: 'wx0123456789abcdef',
 *   mchId: '1900000109',
 *   apiKey: '192006250b4c09247ec02edce69f6a2d',
 *   clientCert: { pfx: readFileSync('apiclient_cert.p12') },
 *   notifyUrl: 'https://shop.example.com/pay/notify'
 * })
 */
export class WeChatPayV2 {
  /** Default appid of calls. */
  readonly appId: string
  /** Merchant number (商户号). */
  readonly mchId: string
  /** Sign type of requests. */
  readonly signType: SignType
  /** Serial number, validity and subject of the client certificate; `undefined` without one. */
  readonly certificate: CertificateInfo | undefined
  /** Orders (统一下单, 付款码支付). */
  readonly orders: Orders
  /** Refunds (退款). */
  readonly refunds: Refunds
  /** Trade and fund-flow bills (对账单, 资金账单). */
  readonly bills: Bills
  /** Transfers to the balance of users (企业付款到零钱). */
  readonly transfers: Transfers
  /** Red packets (现金红包). */
  readonly redPacks: RedPacks
  /** Transfers to bank cards (付款到银行卡). */
  readonly bankTransfers: BankTransfers
  /** Profit sharing (分账). */
  readonly profitSharing: ProfitSharing
  /** Contracts for deductions, and the deductions (委托代扣). */
  readonly papay: Papay
  readonly #opened: OpenAccount
  readonly #handlers: NotificationHandlerContext

  constructor(options: WeChatPayV2Options) {
    checkOptions(options, payV2Rules(), { owner: 'WeChatPayV2', product: 'pay' })
    warnOfPrivateAddress(options)
    const logger = safeLogger(options.logger)
    const opened = openAccount({ ...options, logger })
    const { account, client } = opened
    this.#opened = opened
    this.appId = account.appId
    this.mchId = account.mchId
    this.signType = account.signType
    this.certificate = opened.certificate
    this.#handlers = {
      store: options.store
        ? withStoreErrors(options.store)
        : memoryStore(options.clock ? { clock: options.clock } : {}),
      logger,
      mchId: this.mchId,
      isSandbox: Boolean(options.sandbox),
      parsePayment: async (body) => readPaymentNotification(body, account, await opened.fetchSigner()),
      parseRefund: async (body) => parseRefundNotification(body, account, await opened.fetchSigner()),
      parseContract: async (body) => parseContractNotification(body, account, await opened.fetchSigner()),
      confirmRefund: (refund) => confirmRefund(refund, this.refunds)
    }
    this.orders = createOrders(client)
    this.refunds = client.methods('refunds', REFUNDS)
    this.bills = client.methods('bills', BILLS)
    this.transfers = client.methods('transfers', TRANSFERS)
    this.redPacks = client.methods('redPacks', RED_PACKS)
    this.bankTransfers = new BankTransfers(client)
    this.profitSharing = client.methods('profitSharing', PROFIT_SHARING)
    this.papay = client.methods('papay', PAPAY)
  }

  /**
   * Returns the parameters with which a page in WeChat opens the payment (JSAPI 调起支付).
   *
   * @param prepayId `prepay_id` of an order with trade_type JSAPI
   * @param options another app than the default
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const parameters = pay2.jsapiParams('wx201410272009395522657a690389285100')
   */
  jsapiParams(prepayId: string, options: ClientParamsOptions = {}): JsapiParams {
    return makeJsapiParams(this.#clientContext(options), prepayId)
  }

  /**
   * Returns the parameters of `wx.requestPayment` of a Mini Program (小程序调起支付).
   *
   * @param prepayId `prepay_id` of an order with trade_type JSAPI
   * @param options another app than the default
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const parameters = pay2.miniProgramParams('wx201410272009395522657a690389285100')
   */
  miniProgramParams(prepayId: string, options: ClientParamsOptions = {}): MiniProgramParams {
    const { appId: _, ...params } = this.jsapiParams(prepayId, options)
    return params
  }

  /**
   * Returns the parameters of `wx.chooseWXPay` of the JS-SDK (发起一个微信支付请求).
   *
   * @param prepayId `prepay_id` of an order with trade_type JSAPI
   * @param options another app than the default
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const parameters = pay2.chooseWxPayParams('wx201410272009395522657a690389285100')
   */
  chooseWxPayParams(prepayId: string, options: ClientParamsOptions = {}): ChooseWxPayParams {
    const { timeStamp: timestamp, ...params } = this.miniProgramParams(prepayId, options)
    return { timestamp, ...params }
  }

  /**
   * Returns the parameters with which an app opens the payment (APP 调起支付).
   *
   * @param prepayId `prepay_id` of an order with trade_type APP
   * @param options another app, or the sub-merchant of the order
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const parameters = pay2.appParams('wx201410272009395522657a690389285100')
   */
  appParams(prepayId: string, options: AppParamsOptions = {}): AppParams {
    return makeAppParams(this.#clientContext(options), prepayId, options.partnerId)
  }

  /**
   * Returns the URL that opens a payment in a browser outside WeChat, with the return URL (H5 支付).
   *
   * @param mwebUrl `mweb_url` of an order with trade_type MWEB
   * @param redirectUrl on the domain that is registered for H5 payments
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const url = pay2.h5Url('https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=1', 'https://shop.example.com/paid')
   */
  h5Url(mwebUrl: string, redirectUrl?: string | URL): URL {
    return makeH5Url(mwebUrl, redirectUrl)
  }

  /**
   * Returns the parameters of `wx.sendBizRedPacket` of a Mini Program (小程序红包: 领取红包接口).
   *
   * @param packageText `package` of `redPacks.sendMiniProgram`
   * @param options another app than the default
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const parameters = pay2.redPackParams('sendid=242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672')
   */
  redPackParams(packageText: string, options: ClientParamsOptions = {}): RedPackClientParams {
    return makeRedPackParams(this.#clientContext(options), packageText)
  }

  /**
   * Returns the parameters for a page of the payment score (微信支付分: 调起支付分), which are signed with the key of API v2. The
   * calls themselves belong to API v3: `payscore` of `weixin-kit/pay`, whose `confirmParams` is enough in a Mini
   * Program.
   *
   * @param subject the subject of the page
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { businessType, queryString } = pay2.payscoreParams({
   *   service_id: '2002000000000558128851361561536',
   *   out_order_no: 'R202603010001'
   * })
   */
  payscoreParams(subject: PayscoreSubject): SignedPayscoreParams {
    return makePayscoreParams(
      { mchId: this.mchId, signer: this.#opened.signerAtHand(), http: this.#opened.http },
      subject
    )
  }

  /**
   * Verifies a payment notification (支付结果通知) that you received yourself; {@link notifyHandler} also receives and
   * acknowledges it.
   *
   * @param body the raw body, as received
   * @returns amounts in fen, `time_end` in Beijing time
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {BodyError} ERR_BODY_ALREADY_PARSED, ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when it is for another account
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it reports a deduction that failed
   * @example
   * const { out_trade_no, total_fee } = pay2.parseNotification(rawBody)
   */
  parseNotification(body: string | Uint8Array): PaymentNotification {
    return paymentOf(readPaymentNotification(body, this.#opened.account, this.#opened.signerAtHand()))
  }

  /**
   * Verifies the notification of a deduction (委托代扣: 扣款结果通知) that you received yourself; `onDeducted` of {@link
   * notifyHandler} also receives and acknowledges it.
   *
   * @param body the raw body, as received
   * @returns amounts in fen; `transaction_id` is not always present
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {BodyError} ERR_BODY_ALREADY_PARSED, ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when it is for another account, or of no deduction
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it reports a deduction that failed
   * @example
   * const { out_trade_no, total_fee } = pay2.parseDeductionNotification(rawBody)
   */
  parseDeductionNotification(body: string | Uint8Array): DeductionNotification {
    return deductionOf(readPaymentNotification(body, this.#opened.account, this.#opened.signerAtHand()))
  }

  /**
   * Decrypts a refund notification (退款结果通知) that you received yourself; {@link refundNotifyHandler} also receives and
   * acknowledges it.
   *
   * @param body the raw body, as received
   * @returns amounts in fen, `success_time` in Beijing time
   * @throws {DecryptError} ERR_DECRYPT_PADDING, ERR_DECRYPT_MALFORMED, ERR_DECRYPT_SPACES
   * @throws {BodyError} ERR_BODY_ALREADY_PARSED, ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when it is for another account
   * @example
   * const { out_refund_no, refund_status } = pay2.parseRefundNotification(rawBody)
   */
  parseRefundNotification(body: string | Uint8Array): RefundNotification {
    return parseRefundNotification(body, this.#opened.account, this.#opened.signerAtHand())
  }

  /**
   * Makes the handler of `notify_url` (支付结果通知): it verifies, calls `onPaid` once per payment, and acknowledges only
   * after it resolves. With `onRefund` it also accepts refund notifications at the same URL.
   *
   * @param options your callbacks
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const handler = pay2.notifyHandler({
   *   onPaid: async ({ out_trade_no, total_fee }) => console.log(out_trade_no, total_fee)
   * })
   */
  notifyHandler(options: NotifyHandlerOptions): FetchHandler {
    return makeNotifyHandler(this.#handlers, options)
  }

  /**
   * Makes the handler of the `notify_url` of refunds (退款结果通知): it decrypts, calls `onRefund` once per refund and
   * status, and acknowledges only after it resolves.
   *
   * @param options your callbacks
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const handler = pay2.refundNotifyHandler({
   *   onRefund: async ({ out_refund_no, refund_status }) => console.log(out_refund_no, refund_status)
   * })
   */
  refundNotifyHandler(options: RefundNotifyHandlerOptions): FetchHandler {
    return makeRefundNotifyHandler(this.#handlers, options)
  }

  /**
   * Verifies a contract notification (签约、解约结果通知) that you received yourself; {@link contractNotifyHandler} also
   * receives and acknowledges it.
   *
   * @param body the raw body, as received
   * @returns times in Beijing time
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {BodyError} ERR_BODY_ALREADY_PARSED, ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when it is for another account
   * @example
   * const { contract_id, change_type } = pay2.parseContractNotification(rawBody)
   */
  parseContractNotification(body: string | Uint8Array): ContractNotification {
    return parseContractNotification(body, this.#opened.account, this.#opened.signerAtHand())
  }

  /**
   * Makes the handler of contract notifications (委托代扣: 签约、解约结果通知): it verifies, calls `onContract` once per change, and
   * acknowledges only after it resolves.
   *
   * @param options your callbacks
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const handler = pay2.contractNotifyHandler({
   *   onContract: async ({ contract_code, contract_id, change_type }) => console.log(contract_code, contract_id, change_type)
   * })
   */
  contractNotifyHandler(options: ContractNotifyHandlerOptions): FetchHandler {
    return makeContractNotifyHandler(this.#handlers, options)
  }

  /**
   * Returns the URL of the page on which a user of an Official Account signs a contract (委托代扣: 公众号签约). The contract
   * notification reports whether it was signed.
   *
   * @param params the contract
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const url = pay2.entrustUrl({
   *   plan_id: '12535',
   *   contract_code: 'C20260301000001',
   *   request_serial: '1',
   *   contract_display_account: '张三 138****0000',
   *   notify_url: 'https://shop.example.com/pay/contract-notify'
   * })
   */
  entrustUrl(params: EntrustParams): URL {
    return makeEntrustUrl(this.#entrustContext(), params)
  }

  /**
   * Returns the parameters of `wx.navigateToMiniProgram`, with which a user of a Mini Program signs a contract (委托代扣:
   * 小程序签约).
   *
   * @param params the contract
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const parameters = pay2.entrustMiniProgramParams({
   *   plan_id: '12535',
   *   contract_code: 'C20260301000001',
   *   request_serial: '1',
   *   contract_display_account: '张三 138****0000',
   *   notify_url: 'https://shop.example.com/pay/contract-notify'
   * })
   */
  entrustMiniProgramParams(params: EntrustParams): EntrustMiniProgramParams {
    return makeEntrustMiniProgramParams(this.#entrustContext(), params)
  }

  /**
   * Explains the signature of parameters, with the key masked, and the mistake that leads to the `sign` among them.
   *
   * @param params parameters, or a whole XML message
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {BodyError} ERR_BODY_MALFORMED
   * @example
   * console.log(pay2.explainSign({ appid: 'wx0123456789abcdef', nonce_str: '5K8264', sign: 'ABCD' }).causes)
   */
  explainSign(params: Readonly<Record<string, unknown>> | string): SignExplanation {
    return explainWith(params, this.#opened.signerAtHand())
  }

  /**
   * Calls any API by its path, signed and verified like every other.
   *
   * @param request path and parameters
   * @param options signal, time limit, retries, headers
   * @returns the verified fields, as text
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate where one is needed
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT
   * @example
   * const response = await pay2.request({ path: '/tools/shorturl', params: { long_url: 'weixin://wxpay/bizpayurl?pr=1' } })
   */
  request(request: PayV2Request, options?: RequestOptions): Promise<XmlObject> {
    return sendRequest(this.#opened.client, request, options)
  }

  /**
   * Signs a call without sending it, for your own HTTP stack or queue. Pass the response to `readResponse` of the
   * result: nothing else verifies it.
   *
   * @param request path and parameters, as for {@link request}
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG when the key of the sandbox was not fetched yet
   * @example
   * const { url, headers, body, readResponse } = pay2.buildRequest({
   *   path: '/pay/orderquery',
   *   params: { out_trade_no: '20260301000001' }
   * })
   * const response = await fetch(url, { method: 'POST', headers, body })
   * const fields = readResponse({ status: response.status, body: await response.text() })
   */
  buildRequest(request: PayV2Request): SignedPayV2Request {
    return buildRequest(this.#opened.client, request, this.#opened.signerAtHand())
  }

  /**
   * Fetches the key of the sandbox, which synchronous functions (`jsapiParams`, `parseNotification`, …) need there.
   * Network methods and handlers fetch it automatically. Does nothing without `sandbox`. (仿真测试: 获取验签密钥)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * await pay2.fetchSandboxKey()
   */
  async fetchSandboxKey(): Promise<void> {
    await this.#opened.fetchSigner()
  }

  #entrustContext(): EntrustContext {
    const { account, http } = this.#opened
    return { account, signType: this.signType, signer: this.#opened.signerAtHand(), http }
  }

  #clientContext(options: ClientParamsOptions): ClientParamsContext {
    const { account, http } = this.#opened
    return {
      appId: options.appId ?? account.subAppId ?? account.appId,
      mchId: account.subMchId ?? account.mchId,
      signType: this.signType,
      signer: this.#opened.signerAtHand(),
      http
    }
  }
}
