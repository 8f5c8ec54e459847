import { type ClientOptions, clientOptionRules } from '../core/client-options.ts'
import { flag, integer, type OptionRules, objectWith, oneOf, optional, required, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import type { Digestmod } from './digests.ts'

/** Options of a {@link Geetest} client. */
export interface GeetestOptions extends ClientOptions {
  /** `gt` of the console. */
  captchaId: string
  /** `KEY` of the console. */
  privateKey: string
  /** Default `md5`; the others only if enabled for the account. */
  digestmod?: Digestmod | undefined
  /**
   * Which SDK the page uses: `3.1` (default), or `3.0`, whose `validate` is checked before Geetest is asked and, in failback
   * mode, must be md5(challenge).
   */
  version?: '3.0' | '3.1' | undefined
  /** Keeps challenges between register and validate; shared by all processes. Default: memory of this process. */
  store?: Store | undefined
  /** Seconds that a user may take from register to validate, 30 to 86 400, default 600. */
  challengeTtlSeconds?: number | undefined
  /**
   * Whether to check Geetest's bypass status (云监控) before register, at most once every ten seconds. Default `false`.
   */
  useBypassStatus?: boolean | undefined
  /** Milliseconds for one attempt, default 3000: a user is waiting, and there is a failback. */
  timeoutMs?: number | undefined
  /** Retries of register, default 1; validate is retried once at most. */
  maxRetries?: number | undefined
}

export const GEETEST_OPTION_RULES: OptionRules = {
  ...clientOptionRules(),
  captchaId: required(text(/^[\x21-\x7e]{1,64}$/, 'the id of the console')),
  privateKey: required(text(/^[\x21-\x7e]+$/, 'the key of the console, without spaces')),
  digestmod: optional(oneOf('md5', 'sha256', 'hmac-sha256')),
  version: optional(oneOf('3.0', '3.1')),
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  challengeTtlSeconds: optional(integer(30, 86_400)),
  useBypassStatus: optional(flag)
}
