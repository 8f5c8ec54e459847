import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** A login that is genuine and nevertheless makes no account: a visitor of a snapshot page, whose openid is virtual. */
export class LoginError extends WeixinKitError {
  static override readonly brand: string = 'LoginError'
  declare readonly code: 'ERR_LOGIN_SNAPSHOT'

  constructor(message: string, options: WeixinKitErrorOptions = {}) {
    super('ERR_LOGIN_SNAPSHOT', message, options)
  }
}
