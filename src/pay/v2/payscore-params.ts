import type { HttpClient } from '../../core/http-client.ts'
import { checkOptions, type OptionCheck, optional, text } from '../../core/options.ts'
import { invalidParam } from '../../internal/invalid-param.ts'
import type { Signer } from './signer.ts'

/** Subject of WeChat's page: exactly one of the three. */
export type PayscoreSubject =
  /** Confirms an order: `package` of the response of `payscore.create` (`weixin-kit/pay`). */
  | { package: string }
  /** Shows an order. */
  | { service_id: string; out_order_no: string }
  /** Grants a service; new services use the token of `payscorePermissions.apply` instead. */
  | { service_id: string; out_request_no: string }

/** Parameters that open a page of the payment score (支付分) in WeChat. */
export interface SignedPayscoreParams {
  businessType: 'wxpayScoreUse' | 'wxpayScoreDetail' | 'wxpayScoreEnable'
  /** For `wx.openBusinessView` of a Mini Program. */
  extraData: Readonly<Record<string, string>>
  /** For `wx.invoke('openBusinessView', …)` of a page, and `query` of an app. */
  queryString: string
}

/** @internal */
export interface PayscoreContext {
  readonly mchId: string
  readonly signer: Signer
  readonly http: HttpClient
}

const OPERATION = 'payscoreParams'
const KINDS = [
  ['wxpayScoreUse', ['package']],
  ['wxpayScoreDetail', ['service_id', 'out_order_no']],
  ['wxpayScoreEnable', ['service_id', 'out_request_no']]
] as const

const number: OptionCheck = text(/^[\x21-\x7e]{1,64}$/, 'a number of at most 64 characters')

/** @internal Always HMAC-SHA256, regardless of the client's sign type. (调起支付分: 签名) */
export function makePayscoreParams(context: PayscoreContext, subject: PayscoreSubject): SignedPayscoreParams {
  const rules = {
    package: optional(text()),
    service_id: optional(number),
    out_order_no: optional(number),
    out_request_no: optional(number)
  }
  checkOptions(subject, rules, { owner: OPERATION, product: 'pay', of: 'params' })
  const given = Object.entries(subject).filter(([, value]) => value !== undefined)
  const kind = KINDS.find(
    ([, names]) => names.length === given.length && given.every(([name]) => names.includes(name as never))
  )
  if (!kind) {
    const problem = 'must be the only one; only service_id may be passed with out_order_no or out_request_no'
    throw invalidParam('pay', OPERATION, 'package', problem)
  }
  const fields = {
    mch_id: context.mchId,
    ...(Object.fromEntries(given) as Record<string, string>),
    timestamp: String(Math.floor(context.http.now() / 1000)),
    nonce_str: context.http.nonce(),
    sign_type: 'HMAC-SHA256'
  }
  const extraData: Record<string, string> = { ...fields, sign: context.signer.sign(fields, 'HMAC-SHA256') }
  const query = Object.entries(extraData).map(([name, value]) => `${name}=${encode(value)}`)
  return { businessType: kind[0], extraData, queryString: query.join('&') }
}

/** Encoded once, after signing. */
function encode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
