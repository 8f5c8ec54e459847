import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/**
 * Your own handler or callback failed; `cause` is what it threw. The message is always the same, because frameworks send it to
 * the client.
 */
export class HandlerError extends WeixinKitError {
  static override readonly brand: string = 'HandlerError'
  declare readonly code: 'ERR_HANDLER'

  constructor(message: string, options: WeixinKitErrorOptions = {}) {
    super('ERR_HANDLER', message, options)
  }
}
