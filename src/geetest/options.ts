import { type ClientOptions, clientOptionRules } from '../core/client-options.ts'
import { flag, integer, type OptionRules, objectWith, oneOf, optional, required, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { onFirstUse } from '../internal/on-first-use.ts'
import type { Digestmod } from './digests.ts'

export interface GeetestOptions extends ClientOptions {
  /** `gt` of the console. */
  captchaId: string
  privateKey: string
  /** Default `md5`; the others only if the account is switched to them. */
  digestmod?: Digestmod
  /**
   * Which SDK the page uses: `3.1` (default), or `3.0`, whose `validate` is checked before Geetest is asked and, in failback
   * mode, must be md5(challenge).
   */
  version?: '3.0' | '3.1'
  /** Remembers challenges between register and validate; shared by all processes. Default: memory of this process. */
  store?: Store
  /** How long a user may take from register to validate, default 600. */
  challengeTtlSeconds?: number
  /** Ask Geetest's bypass status (云监控) before register, at most every ten seconds. Default `false`. */
  useBypassStatus?: boolean
  /** Milliseconds for one attempt, default 3000: a user is waiting, and there is the failback. */
  timeoutMs?: number
  /** Repeats of register, default 1; validate is repeated once at most. */
  maxRetries?: number
}

export const geetestOptionRules = onFirstUse(
  (): OptionRules => ({
    ...clientOptionRules(),
    captchaId: required(text(/^[\x21-\x7e]{1,64}$/, 'the id of the console')),
    privateKey: required(text(/^[\x21-\x7e]+$/, 'the key of the console, without spaces')),
    digestmod: optional(oneOf('md5', 'sha256', 'hmac-sha256')),
    version: optional(oneOf('3.0', '3.1')),
    store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
    challengeTtlSeconds: optional(integer(30, 86_400)),
    useBypassStatus: optional(flag)
  })
)
