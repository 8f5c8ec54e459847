import { callback, flag, httpUrl, oneOf, optional, required, text } from '../../core/options.ts'

/** Checks of `LoginHandlersOptions`. */
export const LOGIN_RULES = {
  redirectUri: required(httpUrl),
  scope: required(oneOf('snsapi_base', 'snsapi_userinfo', 'snsapi_login')),
  onLogin: required(callback),
  onError: optional(callback),
  returnToParam: optional(text(/^\w+$/, 'letters and digits')),
  forcePopup: optional(flag)
}
