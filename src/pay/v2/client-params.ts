import type { HttpClient } from '../../core/http-client.ts'
import { invalidParam } from '../../internal/invalid-param.ts'
import { wrongOr } from '../../internal/unawaited.ts'
import { isMerchantId } from '../common/merchant-id.ts'
import type { Signer, SignType } from './signer.ts'

/** The argument of `WeixinJSBridge.invoke('getBrandWCPayRequest', …)`. */
export interface JsapiParams {
  appId: string
  /** Seconds, as text. */
  timeStamp: string
  nonceStr: string
  package: `prepay_id=${string}`
  signType: SignType
  paySign: string
}

/** The argument of `wx.requestPayment` of a Mini Program: `appId` is signed, but not passed. */
export type MiniProgramParams = Omit<JsapiParams, 'appId'>

/** The argument of `wx.chooseWXPay` of the JS-SDK: `timestamp` is in lower case, but signed as `timeStamp`. */
export type ChooseWxPayParams = Omit<JsapiParams, 'appId' | 'timeStamp'> & {
  /** Seconds since 1970, as text. */
  timestamp: string
}

/** The argument of the SDK of an app. */
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

/** The argument of `wx.sendBizRedPacket`. */
export interface RedPackClientParams {
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'MD5'
  paySign: string
}

/** Options of `jsapiParams`, `miniProgramParams` and `redPackParams`. */
export interface ClientParamsOptions {
  /** The app that opens the payment. Default: `subAppId` of the client if it has one, else `appId`. */
  appId?: string | undefined
}

/** Options of `appParams`. */
export interface AppParamsOptions extends ClientParamsOptions {
  /** Merchant to pay: the `sub_mch_id` of the order. Default: `subMchId` of the client if it has one, else `mchId`. */
  partnerId?: string | undefined
}

/** @internal */
export interface ClientParamsContext {
  appId: string
  mchId: string
  signType: SignType
  signer: Signer
  http: HttpClient
}

/** Parameters that open a payment in WeChat (JSAPI 调起支付). */
export function makeJsapiParams(context: ClientParamsContext, prepayId: string): JsapiParams {
  const params = {
    appId: context.appId,
    timeStamp: seconds(context.http),
    nonceStr: context.http.nonce(),
    package: `prepay_id=${checkPrepayId(prepayId, 'jsapiParams')}` as const,
    signType: context.signType
  }
  return { ...params, paySign: context.signer.sign(params, context.signType) }
}

/** Parameters that open a payment in an app (APP 调起支付). There is no field for the sign type: it is that of the order. */
export function makeAppParams(context: ClientParamsContext, prepayId: string, partnerId?: string): AppParams {
  const params = {
    appid: context.appId,
    partnerid: checkPartnerId(partnerId ?? context.mchId),
    prepayid: checkPrepayId(prepayId, 'appParams'),
    package: 'Sign=WXPay' as const,
    noncestr: context.http.nonce(),
    timestamp: seconds(context.http)
  }
  return { ...params, sign: context.signer.sign(params, context.signType) }
}

/** Parameters that open a red packet in a Mini Program. `signType` is not signed; only MD5 is accepted. (小程序红包: 领取) */
export function makeRedPackParams(context: ClientParamsContext, packageText: string): RedPackClientParams {
  if (typeof packageText !== 'string' || packageText === '') {
    throw invalidParam('pay', 'redPackParams', 'package', 'must be the package returned by redPacks.sendMiniProgram')
  }
  const params = {
    timeStamp: seconds(context.http),
    nonceStr: context.http.nonce(),
    package: encodeURIComponent(packageText)
  }
  return { ...params, signType: 'MD5', paySign: context.signer.sign({ appId: context.appId, ...params }, 'MD5') }
}

/** The URL that opens a payment in a browser, with the return URL (H5 支付: 回调页面). */
export function makeH5Url(mwebUrl: string, redirectUrl: string | URL | undefined): URL {
  if (typeof mwebUrl !== 'string' || !URL.canParse(mwebUrl) || !/^https?:/.test(mwebUrl)) {
    throw invalidParam('pay', 'h5Url', 'mwebUrl', 'must be the mweb_url of an order with trade_type MWEB')
  }
  if (redirectUrl === undefined) return new URL(mwebUrl)
  if (!URL.canParse(String(redirectUrl)) || !/^https?:/.test(String(redirectUrl))) {
    throw invalidParam('pay', 'h5Url', 'redirectUrl', 'must be an absolute http: or https: URL')
  }
  const separator = mwebUrl.includes('?') ? '&' : '?'
  return new URL(`${mwebUrl}${separator}redirect_url=${encodeURIComponent(String(redirectUrl))}`)
}

function seconds(http: HttpClient): string {
  return String(Math.floor(http.now() / 1000))
}

function checkPartnerId(partnerId: string): string {
  if (isMerchantId(partnerId)) return partnerId
  throw invalidParam('pay', 'appParams', 'partnerId', 'must be a merchant id (商户号): digits only, as text')
}

function checkPrepayId(prepayId: string, operation: string): string {
  if (typeof prepayId === 'string' && /^[\x21-\x7e]{1,64}$/.test(prepayId) && !prepayId.startsWith('prepay_id=')) {
    return prepayId
  }
  throw invalidParam(
    'pay',
    operation,
    'prepayId',
    wrongOr(prepayId, 'must be the prepay_id of the response (order.prepay_id), without "prepay_id="')
  )
}
