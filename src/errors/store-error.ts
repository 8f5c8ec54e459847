import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** Thrown when the store fails or does not respond in time. */
export class StoreError extends WeixinKitError {
  static override readonly brand: string = 'StoreError'
  declare readonly code: 'ERR_STORE'

  constructor(message: string, options: WeixinKitErrorOptions = {}) {
    super('ERR_STORE', message, options)
  }
}
