import type { HttpClient } from '../../core/http-client.ts'
import { type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { encodeFields } from './encode-fields.ts'
import type { AccountParams } from './identity.ts'
import { type Account, checkAccountParam, IDENTITIES } from './identity.ts'
import { notifyUrl } from './notify-url.ts'
import { addParams, chars, type WireFields } from './params.ts'
import type { Signer, SignType } from './signer.ts'

/** A contract for a user to sign (委托代扣: 签约). */
export interface EntrustParams extends AccountParams {
  /** Template of the contract, from the merchant platform. Digits. */
  plan_id: string
  /** Your number of the contract, at most 128 characters. */
  contract_code: string
  /** Your number of this request: digits, at most 12, unique. */
  request_serial: string | number
  /** Name shown to the user. Never a nickname: emoji are refused. */
  contract_display_account: string
  /** URL for the contract notification. */
  notify_url: string | URL
  /** Web page only: `1` returns to the previous page, which gets `from_wxpay=1`. */
  return_web?: 1 | undefined
}

/** The argument of `wx.navigateToMiniProgram` for signing a contract. */
export interface EntrustMiniProgramParams {
  appId: 'wxbd687630cd02ce1d'
  path: 'pages/index/index'
  extraData: Readonly<Record<string, string>>
}

const displayAccount = (value: unknown) =>
  chars(128)(value) ??
  (/[\u{10000}-\u{10ffff}]/u.test(String(value))
    ? 'must not contain emoji or other characters of four bytes'
    : undefined)

/** Also for calls that sign a contract. */
export const CONTRACT_RULES = {
  plan_id: required(chars(28, /^\d{1,28}$/, 'digits')),
  contract_code: required(chars(128)),
  request_serial: required((value) => (/^\d{1,12}$/.test(String(value)) ? undefined : 'must be at most 12 digits')),
  contract_display_account: required(displayAccount),
  notify_url: required(notifyUrl)
} satisfies OptionRules

/** @internal */
export interface EntrustContext {
  account: Account
  signType: SignType
  signer: Signer
  http: HttpClient
}

/** The page on which a user of an Official Account signs a contract (公众号签约). */
export function makeEntrustUrl(context: EntrustContext, params: EntrustParams): URL {
  const rules = { ...CONTRACT_RULES, return_web: optional(oneOf(1)) }
  const fields = signedFields(context, 'entrustUrl', params, rules, { version: '1.0' })
  const path = fields.sub_mch_id === undefined ? '/papay/entrustweb' : '/papay/partner/entrustweb'
  return new URL(`https://api.mch.weixin.qq.com${path}?${encodeFields(fields)}#wechat_redirect`)
}

/** Parameters that a Mini Program passes to WeChat's own, in which the user signs a contract (小程序签约). */
export function makeEntrustMiniProgramParams(context: EntrustContext, params: EntrustParams): EntrustMiniProgramParams {
  // Unlike in links there is no version here: an undocumented field is refused.
  const extraData = signedFields(context, 'entrustMiniProgramParams', params, CONTRACT_RULES, {})
  return { appId: 'wxbd687630cd02ce1d', path: 'pages/index/index', extraData }
}

function signedFields(
  { account, signType, signer, http }: EntrustContext,
  operation: string,
  params: EntrustParams,
  rules: OptionRules,
  constants: Readonly<WireFields>
): Record<string, string> {
  const identity = IDENTITIES.account
  const fields: WireFields = { ...constants, timestamp: String(Math.floor(http.now() / 1000)) }
  for (const name in identity) {
    const part = identity[name]
    const value = part && account[part]
    if (value !== undefined) fields[name] = value
  }
  addParams(fields, params, {
    operation,
    rules,
    checkAccount: (name, value) => checkAccountParam(identity[name], value, account)
  })
  if (signType !== 'MD5') fields.sign_type = signType
  const sorted = Object.keys(fields).sort()
  const texts = Object.fromEntries(sorted.map((name) => [name, String(fields[name])]))
  return { ...texts, sign: signer.sign(texts, signType) }
}
