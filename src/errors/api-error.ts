import type { ErrorCode } from './codes.ts'
import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/**
 * Category of an upstream error, so that callers can decide without knowing the number: `token` (access token refused),
 * `busy`, `rate_limit` (minute), `quota` (day or total), `user` (the end user must act), `config` (console, key,
 * permission, IP list), `restricted` (account punished or frozen), `request` (wrong parameter), `state` (already
 * exists, already finished, not found), `unknown`.
 */
export type ApiErrorKind =
  | 'token'
  | 'busy'
  | 'rate_limit'
  | 'quota'
  | 'user'
  | 'config'
  | 'restricted'
  | 'request'
  | 'state'
  | 'unknown'

/** What an upstream returned; for errors thrown by your own test doubles. */
export interface ApiErrorOptions extends WeixinKitErrorOptions {
  /** HTTP status of the response. */
  status: number
  /** The upstream's own code: `40164`, `ORDERPAID`, … Always as text. */
  upstreamCode: string
  upstreamMessage?: string | undefined
  /** `rid`, `Request-ID`, `X-Reqid`, …: quote it to the upstream's support. */
  requestId?: string | undefined
  kind?: ApiErrorKind | undefined
  /** Whether the same request may succeed later, unchanged. */
  retryable?: boolean | undefined
  /** The parsed response, secrets masked. */
  body?: unknown
}

/** Thrown when the upstream understood the call and refused it. */
export abstract class ApiError extends WeixinKitError {
  static override readonly brand: string = 'ApiError'
  /** HTTP status of the response. */
  readonly status: number
  /** The upstream's own code, always as text: `40164`, `ORDERPAID`, … */
  readonly upstreamCode: string
  /** The upstream's own message, secrets masked; empty if it sent none. */
  readonly upstreamMessage: string
  /** `rid`, `Request-ID`, `X-Reqid`, …: quote it to the upstream's support. */
  readonly requestId: string | undefined
  /** Category of the error, so that callers can decide without knowing the code. */
  readonly kind: ApiErrorKind
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean
  /** The parsed response, secrets masked. */
  readonly body: unknown

  constructor(code: ErrorCode, message: string, options: ApiErrorOptions) {
    super(code, message, options)
    this.status = options.status
    this.upstreamCode = options.upstreamCode
    this.upstreamMessage = options.upstreamMessage ?? ''
    this.requestId = options.requestId
    this.kind = options.kind ?? 'unknown'
    this.retryable = options.retryable ?? false
    this.body = options.body
  }
}

/** Thrown when an Official Account or Mini Program API returns an `errcode` other than 0. */
export class WeChatApiError extends ApiError {
  static override readonly brand: string = 'WeChatApiError'
  declare readonly code: 'ERR_WECHAT_API'
  /** `upstreamCode` as a number. */
  readonly errcode: number

  constructor(message: string, options: ApiErrorOptions & { errcode: number }) {
    super('ERR_WECHAT_API', message, options)
    this.errcode = options.errcode
  }
}

/** Thrown when WeChat Pay refuses a call: v2 (`return_code`, `err_code`) or v3 (`code`). */
export class WeChatPayError extends ApiError {
  static override readonly brand: string = 'WeChatPayError'
  declare readonly code: 'ERR_WECHAT_PAY'
  /** API version of the call that failed. */
  readonly version: 2 | 3

  constructor(message: string, options: ApiErrorOptions & { version: 2 | 3 }) {
    super('ERR_WECHAT_PAY', message, options)
    this.version = options.version
  }
}

/** Thrown when Qiniu refuses a call; `upstreamCode` is its status or error number. */
export class QiniuError extends ApiError {
  static override readonly brand: string = 'QiniuError'
  declare readonly code: 'ERR_QINIU'

  constructor(message: string, options: ApiErrorOptions) {
    super('ERR_QINIU', message, options)
  }
}

/** Thrown when Yunpian refuses a call. */
export class YunpianError extends ApiError {
  static override readonly brand: string = 'YunpianError'
  declare readonly code: 'ERR_YUNPIAN'

  constructor(message: string, options: ApiErrorOptions) {
    super('ERR_YUNPIAN', message, options)
  }
}

/** Thrown when Geetest refuses a call. */
export class GeetestError extends ApiError {
  static override readonly brand: string = 'GeetestError'
  declare readonly code: 'ERR_GEETEST'

  constructor(message: string, options: ApiErrorOptions) {
    super('ERR_GEETEST', message, options)
  }
}
