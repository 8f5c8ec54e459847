import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** Thrown for a genuine login that must not become an account: the visitor of a snapshot page has a virtual openid. */
export class LoginError extends WeixinKitError {
  static override readonly brand: string = 'LoginError'
  declare readonly code: 'ERR_LOGIN_SNAPSHOT'

  constructor(message: string, options: WeixinKitErrorOptions = {}) {
    super('ERR_LOGIN_SNAPSHOT', message, options)
  }
}
