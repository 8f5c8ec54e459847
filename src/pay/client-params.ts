import type { KeyObject } from 'node:crypto'
import { httpUrl } from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'

/** For `WeixinJSBridge` / `wx.chooseWXPay` in the WeChat browser. */
export interface JsapiParams {
  appId: string
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
  timestamp: string
  sign: string
}

export interface ClientParamsOptions {
  /** App that pays, if it is another than the client's: e.g. `sub_appid`. */
  appId?: string
}

export interface ClientParamsContext {
  privateKey: KeyObject
  appId: string | undefined
  mchId: string
  now: () => number
  nonce: () => string
}

/** Parameters with which a page or app opens the payment. Computed here, nothing is sent. (调起支付) */
export class ClientParams {
  readonly #context: ClientParamsContext

  constructor(context: ClientParamsContext) {
    this.#context = context
  }

  /**
   * For a page inside WeChat.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM, ERR_CONFIG
   */
  jsapi(prepayId: string, options: ClientParamsOptions = {}): JsapiParams {
    const appId = this.#appId(options)
    return { appId, ...this.#browser(appId, prepayId) }
  }

  /** For a mini program. */
  miniProgram(prepayId: string, options: ClientParamsOptions = {}): MiniProgramParams {
    return this.#browser(this.#appId(options), prepayId)
  }

  /** For an app. `partnerid` is the merchant id. */
  app(prepayId: string, options: ClientParamsOptions & { partnerId?: string } = {}): AppParams {
    checkPrepayId(prepayId)
    const appid = this.#appId(options)
    const { timestamp, nonce } = this.#fresh()
    // Unlike elsewhere the last line is the bare id.
    const sign = this.#sign(`${appid}\n${timestamp}\n${nonce}\n${prepayId}\n`)
    return {
      appid,
      partnerid: options.partnerId ?? this.#context.mchId,
      prepayid: prepayId,
      package: 'Sign=WXPay',
      noncestr: nonce,
      timestamp,
      sign
    }
  }

  #browser(appId: string, prepayId: string): MiniProgramParams {
    checkPrepayId(prepayId)
    const { timestamp, nonce } = this.#fresh()
    const packed = `prepay_id=${prepayId}`
    const paySign = this.#sign(`${appId}\n${timestamp}\n${nonce}\n${packed}\n`)
    return { timeStamp: timestamp, nonceStr: nonce, package: packed, signType: 'RSA', paySign }
  }

  /** At once: such parameters are asked for one at a time. (paySign) */
  #sign(text: string): string {
    return nodeCrypto().sign('sha256', Buffer.from(text), this.#context.privateKey).toString('base64')
  }

  #fresh(): { timestamp: string; nonce: string } {
    return { timestamp: String(Math.floor(this.#context.now() / 1000)), nonce: this.#context.nonce() }
  }

  #appId({ appId = this.#context.appId }: ClientParamsOptions): string {
    if (typeof appId === 'string' && /^[A-Za-z0-9_-]{1,32}$/.test(appId)) return appId
    throw new ConfigError('Payment parameters name an appid: give the client the option appId, or pass { appId }.', {
      option: 'appId',
      product: 'pay'
    })
  }
}

/**
 * The address that an H5 payment opens.
 *
 * @param h5Url `h5_url` of the answer; good for five minutes
 * @param redirectUrl where the browser goes afterwards; it proves nothing, query the order
 */
export function h5PaymentUrl(h5Url: string, redirectUrl?: string | URL): URL {
  const base = typeof h5Url === 'string' && URL.canParse(h5Url) ? new URL(h5Url) : undefined
  if (base?.protocol !== 'https:' || (redirectUrl !== undefined && httpUrl(redirectUrl) !== undefined)) {
    throw new ConfigError('h5Url: expected the h5_url of an answer and an absolute http: or https: URL to return to.', {
      code: 'ERR_INVALID_PARAM',
      option: 'h5_url',
      product: 'pay'
    })
  }
  if (redirectUrl !== undefined) base.searchParams.append('redirect_url', String(redirectUrl))
  return base
}

function checkPrepayId(prepayId: unknown): void {
  if (typeof prepayId === 'string' && /^[0-9A-Za-z_-]{8,64}$/.test(prepayId)) return
  throw new ConfigError('prepay_id: expected the prepay_id of an order, without "prepay_id=".', {
    code: 'ERR_INVALID_PARAM',
    option: 'prepay_id',
    product: 'pay'
  })
}
