import type { ApiErrorKind, Hint } from '../errors/index.ts'
import { reasonOf } from './common/refusal-reasons.ts'
import { errorCodeTable } from './error-code-table.ts'

/** What is known about an error code of API v3. */
export interface PayErrorInfo {
  readonly kind: ApiErrorKind
  readonly retryable: boolean
  readonly hint: Hint
}

const UNKNOWN_HINT: Hint = {
  en: 'This library does not know this code: see the error codes in the document of the call. For a call that moves money, query first and keep the number.',
  zh: '本库未收录此错误码，请查阅该接口文档；涉及资金的请求请先查询，切勿更换单号。'
}

/** The response comes from something in front of the service. */
const GATEWAY_HINT: Hint = {
  en: 'A gateway responded in place of WeChat Pay: idempotent calls are retried. If this persists, check proxies and the option baseUrl.',
  zh: '网关代替微信支付作了应答：幂等请求会自动重试。若持续出现，请检查代理和 baseUrl 选项。'
}
const NO_PATH_HINT: Hint = {
  en: 'This path does not exist there: check the path and the option baseUrl.',
  zh: '服务端没有这个路径：请检查路径和 baseUrl 选项。'
}

/** Returns what is known about a code; if it is not listed, the class of the HTTP status decides. Never undefined. */
export function describePayError(code: string, status: number, message = ''): PayErrorInfo {
  const reason = REASONS.find((known) => known.pattern.test(message))
  const known = describeCode(reason?.code ?? code, status)
  const hint = reason?.hint ?? reasonOf(message)
  return hint ? { ...known, hint } : known
}

/** Hints from the text, where it says more than the code. */
const REASONS: readonly { pattern: RegExp; code?: string; hint?: Hint }[] = [
  { pattern: /商户订单号重复/, code: 'OUT_TRADE_NO_USED' },
  {
    pattern: /商户证书序列号有误/,
    hint: {
      en: 'certSerial is not the serial number of the certificate that belongs to privateKey, or that certificate was replaced: run openssl x509 -noout -serial -in apiclient_cert.pem, on the file from the same download as apiclient_key.pem.',
      zh: 'certSerial 不是与 privateKey 配对的商户证书的序列号，或该证书已被更换：用 openssl x509 -noout -serial -in apiclient_cert.pem 查看，证书与 apiclient_key.pem 须为同一次下载。'
    }
  },
  {
    pattern: /timestamp与发起请求的时间/,
    hint: {
      en: 'The clock of this machine is more than 5 minutes off: set it (NTP).',
      zh: '本机时钟偏差超过 5 分钟：请校时（NTP）。'
    }
  }
]

function describeCode(code: string, status: number): PayErrorInfo {
  const table = errorCodeTable()
  const row = Object.hasOwn(table, code) ? table[code] : undefined
  if (row) return { kind: row[0], retryable: row[1], hint: { en: row[2], zh: row[3] } }
  if (status === 429) return { ...describeCode('RATE_LIMITED', 0), hint: UNKNOWN_HINT }
  if (code === `HTTP_${status}` && [502, 503, 504].includes(status))
    return { kind: 'busy', retryable: true, hint: GATEWAY_HINT }
  if (code === 'HTTP_404') return { kind: 'config', retryable: false, hint: NO_PATH_HINT }
  if (status >= 500) return { kind: 'busy', retryable: status !== 501, hint: UNKNOWN_HINT }
  const kind = status === 401 || status === 403 ? 'config' : status === 404 ? 'state' : 'unknown'
  return { kind, retryable: false, hint: UNKNOWN_HINT }
}

/** Returns every code of the table, for the documentation. */
export function knownPayErrorCodes(): string[] {
  return Object.keys(errorCodeTable())
}
