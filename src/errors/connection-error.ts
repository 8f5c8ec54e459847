import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** Options of {@link ConnectionError}. */
export interface ConnectionErrorOptions extends WeixinKitErrorOptions {
  /** `false` if the request was certainly not sent (connection refused, unknown host, failed TLS handshake). */
  requestSent?: boolean | undefined
}

/** Thrown when no complete response arrived. `requestSent: false` means that nothing can have been executed. */
export class ConnectionError extends WeixinKitError {
  static override readonly brand: string = 'ConnectionError'
  declare readonly code: 'ERR_CONNECTION' | 'ERR_TIMEOUT'
  /** Whether the request may have reached the server. `false`: no connection was made, so a retry is safe. */
  readonly requestSent: boolean

  constructor(
    message: string,
    options: ConnectionErrorOptions & { code?: 'ERR_CONNECTION' | 'ERR_TIMEOUT' | undefined } = {}
  ) {
    super(options.code ?? 'ERR_CONNECTION', message, options)
    this.requestSent = options.requestSent ?? true
  }
}

/** Thrown when an attempt takes longer than `timeoutMs`. */
export class TimeoutError extends ConnectionError {
  static override readonly brand: string = 'TimeoutError'
  declare readonly code: 'ERR_TIMEOUT'

  constructor(message: string, options: ConnectionErrorOptions = {}) {
    super(message, { ...options, code: 'ERR_TIMEOUT' })
  }
}
