import type { GeetestError, QiniuError, WeChatApiError, WeChatPayError, YunpianError } from './api-error.ts'
import type { BodyAlreadyParsedError, BodyError } from './body-error.ts'
import type { ConfigError } from './config-error.ts'
import type { ConnectionError, TimeoutError } from './connection-error.ts'
import type { DecryptError } from './decrypt-error.ts'
import type { LoginError } from './login-error.ts'
import type { SignatureError } from './signature-error.ts'
import type { StoreError } from './store-error.ts'
import type { UnexpectedResponseError } from './unexpected-response-error.ts'
import type { UnknownResultError } from './unknown-result-error.ts'
import { WeixinKitError } from './weixin-kit-error.ts'

/** Union of every error of this library; `switch (error.code)` narrows it. */
export type AnyWeixinKitError =
  | ConfigError
  | ConnectionError
  | TimeoutError
  | StoreError
  | WeChatApiError
  | WeChatPayError
  | QiniuError
  | YunpianError
  | GeetestError
  | SignatureError
  | DecryptError
  | UnknownResultError
  | BodyError
  | BodyAlreadyParsedError
  | UnexpectedResponseError
  | LoginError

/**
 * Returns whether a caught value is an error of this library, narrowed to a union on which `switch (error.code)` works.
 *
 * @example
 * try {
 *   await work()
 * } catch (error) {
 *   if (!isWeixinKitError(error)) throw error
 *   if (error.code === 'ERR_WECHAT_API') console.log(error.errcode, error.hint?.en)
 * }
 */
export function isWeixinKitError(value: unknown): value is AnyWeixinKitError {
  return value instanceof WeixinKitError
}
