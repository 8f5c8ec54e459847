import { type OptionCheck, type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { beijingTime, chars, ipAddress, json, outTradeNo, transactionId } from './params.ts'

const ORDER: OptionRules = {
  body: required(chars(127)),
  out_trade_no: required(outTradeNo),
  total_fee: required(fen()),
  spbill_create_ip: required(ipAddress),
  device_info: optional(chars(32)),
  detail: optional(json(6000)),
  attach: optional(chars(127)),
  fee_type: optional(chars(16, /^[A-Z]{3}$/, 'a currency such as CNY')),
  goods_tag: optional(chars(32)),
  limit_pay: optional(oneOf('no_credit')),
  receipt: optional(oneOf('Y')),
  profit_sharing: optional(oneOf('Y', 'N')),
  scene_info: optional(json(256)),
  time_start: optional(beijingTime),
  time_expire: optional(beijingTime),
  version: optional(chars(32))
}

/** Rules of `/pay/unifiedorder`, by `trade_type`. (统一下单: 请求参数) */
export interface UnifiedRules {
  readonly byTradeType: Readonly<Record<string, OptionRules>>
  /** For a `trade_type` that is missing or wrong: the rule of the name itself then says so. */
  readonly any: OptionRules
}

export function unifiedRules(notifyUrl: OptionCheck): UnifiedRules {
  const any: OptionRules = {
    ...ORDER,
    notify_url: required(notifyUrl),
    trade_type: required(oneOf('JSAPI', 'NATIVE', 'APP', 'MWEB')),
    product_id: optional(chars(32)),
    openid: optional(chars(128)),
    sub_openid: optional(chars(128))
  }
  const byTradeType = {
    JSAPI: any,
    NATIVE: { ...any, product_id: required(chars(32)) },
    APP: any,
    MWEB: { ...any, scene_info: required(json(256)) }
  }
  return { byTradeType, any }
}

export const MICROPAY_RULES: OptionRules = {
  ...ORDER,
  auth_code: required(chars(128, /^[0-9A-Za-z]{6,128}$/, 'the scanned code, digits only, without spaces'))
}

export const ORDER_NUMBER_RULES: OptionRules = {
  out_trade_no: optional(outTradeNo),
  transaction_id: optional(transactionId)
}

export const CLOSE_RULES: OptionRules = { out_trade_no: required(outTradeNo) }

export const AUTH_CODE_RULES: OptionRules = { auth_code: MICROPAY_RULES.auth_code ?? required(chars(128)) }
