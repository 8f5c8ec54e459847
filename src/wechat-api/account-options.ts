import { type ClientOptions, clientOptionRules } from '../core/client-options.ts'
import { appId, type OptionRules, objectWith, oneOf, optional, required, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { onFirstUse } from '../internal/on-first-use.ts'
import type { AccessTokenProvider } from './access-token.ts'

/** Options of `OfficialAccount` and `MiniProgram`. */
export interface WeChatAccountOptions extends ClientOptions {
  appId: string
  appSecret: string
  /** Shared by all processes of the account; default a `memoryStore()` of its own. */
  store?: Store
  /** `stable` (default) asks `stable_token`; `plain` asks `token`, where every fetch invalidates the previous one. */
  tokenKind?: 'stable' | 'plain'
  /** Access tokens from elsewhere; then `store` and `tokenKind` do not matter for them. */
  accessTokenProvider?: AccessTokenProvider
}

export const wechatAccountRules = onFirstUse(
  (): OptionRules => ({
    ...clientOptionRules(),
    appId: required(appId),
    appSecret: required(text(/^[\x21-\x7e]{8,128}$/, 'the AppSecret of the console, without spaces')),
    store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
    tokenKind: optional(oneOf('stable', 'plain')),
    accessTokenProvider: optional(objectWith('get'))
  })
)
