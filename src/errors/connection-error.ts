import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** Options of {@link ConnectionError}. */
export interface ConnectionErrorOptions extends WeixinKitErrorOptions {
  /** `false` when the request certainly never left (refused, unknown host, TLS handshake failed). */
  requestSent?: boolean | undefined
}

/** No complete response came. `requestSent: false` means that nothing can have been executed. */
export class ConnectionError extends WeixinKitError {
  static override readonly brand: string = 'ConnectionError'
  declare readonly code: 'ERR_CONNECTION' | 'ERR_TIMEOUT'
  /** Whether the request may have reached the server. `false`: the connection was never made, so a retry is safe. */
  readonly requestSent: boolean

  constructor(
    message: string,
    options: ConnectionErrorOptions & { code?: 'ERR_CONNECTION' | 'ERR_TIMEOUT' | undefined } = {}
  ) {
    super(options.code ?? 'ERR_CONNECTION', message, options)
    this.requestSent = options.requestSent ?? true
  }
}

/** The attempt took longer than `timeoutMs`. */
export class TimeoutError extends ConnectionError {
  static override readonly brand: string = 'TimeoutError'
  declare readonly code: 'ERR_TIMEOUT'

  constructor(message: string, options: ConnectionErrorOptions = {}) {
    super(message, { ...options, code: 'ERR_TIMEOUT' })
  }
}
