import { sign } from 'node:crypto'
import { httpUrl } from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import { invalidParam } from '../internal/invalid-param.ts'
import { isPromise } from '../internal/unawaited.ts'
import { isMerchantId } from './common/merchant-id.ts'
import type { Account } from './prepare-call.ts'

/** For `WeixinJSBridge` / `wx.chooseWXPay` in the WeChat browser. */
export interface JsapiParams {
  appId: string
  /** Seconds, as text. */
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'RSA'
  paySign: string
}

/** For `wx.requestPayment` of a mini program. */
export type MiniProgramParams = Omit<JsapiParams, 'appId'>

/** For the Open SDK of an app. */
export interface AppParams {
  appid: string
  partnerid: string
  prepayid: string
  package: 'Sign=WXPay'
  noncestr: string
  /** Seconds, as text. */
  timestamp: string
  sign: string
}

/** Options of the parameters that open a payment. */
export interface ClientParamsOptions {
  /** App that opens the payment. Default: `subAppId` of the client if it has one, else `appId`. */
  appId?: string | undefined
}

/** Options of `appParams`. */
export interface AppParamsOptions extends ClientParamsOptions {
  /**
   * Merchant to pay; for a partner order, the `sub_mchid`. Default: `subMchId` of the client if it has one, else
   * `mchId`.
   */
  partnerId?: string | undefined
}

export interface ClientParamsContext {
  readonly account: Account
  now(): number
  nonce(): string
}

/** For a page inside WeChat. */
export function makeJsapiParams(
  context: ClientParamsContext,
  prepayId: string,
  options: ClientParamsOptions = {}
): JsapiParams {
  checkPrepayId(prepayId)
  const appId = appIdFor(context, options)
  const { timestamp, nonce } = fresh(context)
  const packed = `prepay_id=${prepayId}`
  const paySign = signText(context, `${appId}\n${timestamp}\n${nonce}\n${packed}\n`)
  return { appId, timeStamp: timestamp, nonceStr: nonce, package: packed, signType: 'RSA', paySign }
}

/** For an app. */
export function makeAppParams(
  context: ClientParamsContext,
  prepayId: string,
  options: AppParamsOptions = {}
): AppParams {
  checkPrepayId(prepayId)
  const appid = appIdFor(context, options)
  const { timestamp, nonce } = fresh(context)
  // Unlike elsewhere, the last line is the bare id.
  const sign = signText(context, `${appid}\n${timestamp}\n${nonce}\n${prepayId}\n`)
  return {
    appid,
    partnerid: partnerIdFor(context, options),
    prepayid: prepayId,
    package: 'Sign=WXPay',
    noncestr: nonce,
    timestamp,
    sign
  }
}

/** Synchronous: such parameters are requested one at a time. (paySign) */
function signText({ account }: ClientParamsContext, text: string): string {
  return sign('sha256', Buffer.from(text), account.privateKey).toString('base64')
}

function fresh(context: ClientParamsContext): { timestamp: string; nonce: string } {
  return { timestamp: String(Math.floor(context.now() / 1000)), nonce: context.nonce() }
}

function partnerIdFor({ account }: ClientParamsContext, { partnerId }: AppParamsOptions): string {
  const id = partnerId ?? account.subMchId ?? account.mchId
  if (isMerchantId(id)) return id
  throw invalidParam('pay', 'appParams', 'partnerId', 'must be a merchant id (商户号): digits only, as text')
}

function appIdFor({ account }: ClientParamsContext, options: ClientParamsOptions): string {
  const appId = options.appId ?? account.subAppId ?? account.appId
  if (typeof appId === 'string' && /^[A-Za-z0-9_-]{1,32}$/.test(appId)) return appId
  throw new ConfigError('Payment parameters contain an appid: set the option appId of the client, or pass { appId }.', {
    option: 'appId',
    product: 'pay'
  })
}

/**
 * Returns the URL that an H5 payment opens.
 *
 * @param h5Url `h5_url` of the response; valid for five minutes
 * @param redirectUrl where the browser goes afterwards; it does not prove a payment, so query the order
 */
export function h5PaymentUrl(h5Url: string, redirectUrl?: string | URL): URL {
  const base = typeof h5Url === 'string' && URL.canParse(h5Url) ? new URL(h5Url) : undefined
  if (base?.protocol !== 'https:' || (redirectUrl !== undefined && httpUrl(redirectUrl) !== undefined)) {
    throw new ConfigError(
      'h5Url: expected the h5_url of a response and an absolute http: or https: URL to return to.',
      {
        code: 'ERR_INVALID_PARAM',
        option: 'h5_url',
        product: 'pay'
      }
    )
  }
  if (redirectUrl !== undefined) base.searchParams.append('redirect_url', String(redirectUrl))
  return base
}

function checkPrepayId(prepayId: unknown): void {
  if (typeof prepayId === 'string' && /^[0-9A-Za-z_-]{8,64}$/.test(prepayId)) return
  const problem = isPromise(prepayId)
    ? 'is a promise: await the order first'
    : 'expected the prepay_id of an order (order.prepay_id), without "prepay_id="'
  throw new ConfigError(`prepay_id: ${problem}.`, {
    code: 'ERR_INVALID_PARAM',
    option: 'prepay_id',
    product: 'pay'
  })
}
