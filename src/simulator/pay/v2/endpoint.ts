import type { PayV2SignType } from '../../crypto/pay-v2.ts'
import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Exchange } from '../../framework/exchange.ts'
import type { PayWorld } from '../world.ts'
import type { FieldRules, V2Fields } from './fields.ts'

export type V2AnswerValue =
  | string
  | number
  | undefined
  | { readonly [name: string]: V2AnswerValue }
  | readonly V2AnswerValue[]
export type V2Answer = Readonly<Record<string, V2AnswerValue>>

/** A verified call. */
export interface V2Call {
  readonly exchange: Exchange
  readonly world: PayWorld
  readonly merchant: MerchantAccount
  /** Whose books: the merchant id, with a prefix in the sandbox. */
  readonly book: string
  readonly key: string
  readonly signType: PayV2SignType
  readonly fields: V2Fields
  readonly isSandbox: boolean
}

export interface V2Endpoint {
  readonly path: string
  readonly rules: FieldRules
  readonly mch: 'mch_id' | 'mchid'
  /** Name of the appid that has to be bound to the merchant. */
  readonly app?: 'appid' | 'mch_appid'
  readonly needsCertificate: boolean
  /** Whether the response carries `nonce_str` and `sign`. */
  readonly signsAnswer: boolean
  /** Shape of errors: `pay` and `payout` are XML with err_code, `bill` and `return` have error_code and no sign. */
  readonly errors: 'pay' | 'payout' | 'bill' | 'return'
  /** The platform computes the sign from the fields of `rules` only: any other field makes it a wrong one. */
  readonly signsKnownFields?: true
  /** `false` where the request carries no nonce_str. */
  readonly hasNonce?: false
  /** `false` where a successful response has no result_code. */
  readonly hasResultCode?: false
  readonly signTypes?: readonly PayV2SignType[]
  readonly run: (call: V2Call) => V2Answer | Response
}

type Extra = Partial<Omit<V2Endpoint, 'path' | 'rules' | 'run'>>

/** An endpoint of the payment family (普通支付): appid and mch_id, answer signed. */
export function payEndpoint(path: string, rules: FieldRules, run: V2Endpoint['run'], extra: Extra = {}): V2Endpoint {
  const app = { app: 'appid' as const }
  return {
    path,
    rules,
    mch: 'mch_id',
    ...app,
    needsCertificate: false,
    signsAnswer: true,
    errors: 'pay',
    ...extra,
    run
  }
}

/** An endpoint that pays out (付款、红包): client certificate, answer without sign. */
export function payoutEndpoint(path: string, rules: FieldRules, run: V2Endpoint['run'], extra: Extra = {}): V2Endpoint {
  return { path, rules, mch: 'mch_id', needsCertificate: true, signsAnswer: false, errors: 'payout', ...extra, run }
}
