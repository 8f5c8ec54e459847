import { callback, flag, httpUrl, oneOf, optional, required, text } from '../../core/options.ts'
import { onFirstUse } from '../../internal/on-first-use.ts'

/** Checks of `LoginHandlersOptions`. */
export const loginRules = onFirstUse(() => ({
  redirectUri: required(httpUrl),
  scope: required(oneOf('snsapi_base', 'snsapi_userinfo', 'snsapi_login')),
  onLogin: required(callback),
  onError: optional(callback),
  returnToParam: optional(text(/^\w+$/, 'letters and digits')),
  forcePopup: optional(flag)
}))
