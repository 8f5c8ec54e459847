import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** Thrown for a response that no document describes: HTML, a truncated body, the number of another order. */
export class UnexpectedResponseError extends WeixinKitError {
  static override readonly brand: string = 'UnexpectedResponseError'
  declare readonly code: 'ERR_UNEXPECTED_RESPONSE'
  /** HTTP status of the response; `undefined` outside HTTP. */
  readonly status: number | undefined

  constructor(message: string, options: WeixinKitErrorOptions & { status?: number | undefined } = {}) {
    super('ERR_UNEXPECTED_RESPONSE', message, options)
    this.status = options.status
  }
}
