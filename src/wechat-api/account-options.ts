import { type ClientOptions, clientOptionRules } from '../core/client-options.ts'
import { appId, type OptionRules, objectWith, oneOf, optional, record, required, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import type { AccessTokenProvider } from './access-token.ts'
import type { ApiSecurityOptions } from './api-security/options.ts'

/** Settings shared by Official Accounts and Mini Programs. */
export interface WeChatAccountSettings extends ClientOptions {
  appId: string
  /** Not needed with `accessTokenProvider` or `cloud`, except for the calls that send it (login, quota). */
  appSecret?: string | undefined
  /** Shared by all processes of the account; default: a separate `memoryStore()`. */
  store?: Store | undefined
  /**
   * `stable` (default) calls `stable_token`; `plain` calls `token`, where every fetch invalidates the previous token.
   */
  tokenKind?: 'stable' | 'plain' | undefined
  /** Source of access tokens; `store` and `tokenKind` then do not apply to them. */
  accessTokenProvider?: AccessTokenProvider | undefined
  /**
   * `open-api`: runs in a container of WeChat Cloud (微信云托管) with the open API service switched on. Calls go to
   * `http://api.weixin.qq.com` without an access token; the platform adds it.
   */
  cloud?: 'open-api' | undefined
  /**
   * Keys of the console page "API security" (API安全): calls that support it are encrypted and signed, and their responses are
   * verified and decrypted. Document: 服务端 API 签名加密指南.
   */
  apiSecurity?: ApiSecurityOptions | undefined
}

/** The AppSecret, or another source of access tokens. */
export type TokenSource =
  | { appSecret: string | undefined }
  | { accessTokenProvider: AccessTokenProvider }
  | { cloud: 'open-api' }

/** Options of `OfficialAccount` and `MiniProgram`. */
export type WeChatAccountOptions = WeChatAccountSettings & TokenSource

const appSecret = text(/^[\x21-\x7e]{8,128}$/, 'the AppSecret of the console, without spaces')

/** Rules of {@link WeChatAccountSettings}: with another source of tokens, no AppSecret is needed. */
export function wechatAccountRules(options: Partial<WeChatAccountSettings> | undefined): OptionRules {
  const needsSecret = !options?.accessTokenProvider && !options?.cloud
  return {
    ...clientOptionRules(),
    appId: required(appId),
    appSecret: needsSecret ? required(appSecret) : optional(appSecret),
    store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
    tokenKind: optional(oneOf('stable', 'plain')),
    accessTokenProvider: optional(objectWith('get')),
    cloud: optional(oneOf('open-api')),
    apiSecurity: optional(record)
  }
}
