import type { ApiErrorKind, Hint } from '../../errors/index.ts'
import { errorCodeTable } from './error-code-table.ts'

/** What is known about an `err_code` of API v2. */
export interface PayErrorInfo {
  readonly kind: ApiErrorKind
  /**
   * `now`: the client retries automatically if that is safe. `later`: the same request may work in a minute or more.
   */
  readonly repeat: 'now' | 'later' | 'no'
  /** `open`: it is unknown whether money moved. `refused`: it did not. */
  readonly outcome: 'open' | 'refused'
  readonly hint: Hint
}

const RETURN_MESSAGES: readonly (readonly [RegExp, string])[] = [
  [/签名|sign\s*error|signerror/i, 'SIGNERROR'],
  [/证书|certificate/i, 'CA_ERROR'],
  [/系统|繁忙|system\s*error|systemerror/i, 'SYSTEMERROR'],
  // Before the texts that name a merchant, because this one also does: 商户号该产品权限未开通.
  [/权限|no\s*auth/i, 'NOAUTH'],
  [/appid.*mch_?id|mch_?id.*appid|不匹配/i, 'APPID_MCHID_NOT_MATCH'],
  [/appid/i, 'APPID_NOT_EXIST'],
  [/mch_?id|商户号/i, 'MCHID_NOT_EXIST'],
  [/xml/i, 'XML_FORMAT_ERROR'],
  [/post/i, 'REQUIRE_POST_METHOD'],
  [/utf-?8|编码/i, 'NOT_UTF8'],
  [/频率|频繁/i, 'FREQUENCY_LIMITED'],
  [/参数|param|^invalid \w+$/i, 'PARAM_ERROR']
]

const UNKNOWN: PayErrorInfo = {
  kind: 'unknown',
  repeat: 'no',
  outcome: 'open',
  hint: {
    en: 'This library does not know this code: see the error codes in the document of the call. For a call that moves money, query first and keep the number.',
    zh: '本库未收录此错误码，请查阅该接口文档；涉及资金的请求请先查询，切勿更换单号。'
  }
}

/**
 * Returns what is known about an `err_code` (or `error_code`); never undefined. An unlisted code leaves the outcome
 * open.
 */
export function describeErrorCode(code: string): PayErrorInfo {
  const table = errorCodeTable()
  const row = Object.hasOwn(table, code) ? table[code] : undefined
  if (!row) return UNKNOWN
  const [kind, repeat, outcome, en, zh] = row
  return { kind, repeat, outcome, hint: { en, zh } }
}

/** Whether the table has this code. */
export function isKnownErrorCode(code: string): boolean {
  return Object.hasOwn(errorCodeTable(), code)
}

/** Classifies the `return_msg` of a refusal without a code by its usual texts. */
export function codeOfReturnMessage(message: string): string {
  const start = message.slice(0, 200)
  const found = RETURN_MESSAGES.find(([pattern]) => pattern.test(start))
  return found ? found[1] : 'FAIL'
}
