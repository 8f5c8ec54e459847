import type { Logger, Store } from '../core/index.ts'
import {
  appId,
  callback,
  integer,
  type OptionCheck,
  type OptionRules,
  objectWith,
  optional,
  record,
  required,
  text
} from '../core/options.ts'
import { explainEncodingAESKey, type MessageKey } from './message-key.ts'

/** Former values, accepted while the console still uses them. */
export interface PreviousCredentials {
  token?: string
  encodingAESKey?: string
}

export interface MessageGatewayOptions {
  appId: string
  /** Token (令牌) of the server configuration page. */
  token: string
  /**
   * The 43 characters of the same page. With it only encrypted messages are accepted (compatible and safe mode); without it
   * only plaintext.
   */
  encodingAESKey?: string
  previous?: PreviousCredentials
  /** Where delivered messages are noted. Default: the memory of this process; give `redisStore` where several processes serve. */
  store?: Store
  logger?: Logger
  /** Milliseconds since 1970; default `Date.now`. */
  clock?: () => number
  /** Makes the nonce of encrypted replies. */
  nonce?: () => string
  /** Milliseconds after which `success` is answered while the handler goes on. WeChat waits 5 s. Default 4500. */
  deadlineMs?: number
  /**
   * Seconds that the timestamp of a request may differ from the clock. Default 300: repeats come about 5 s apart.
   */
  timestampWindowSeconds?: number
  /** Bytes of the largest body that is accepted. Default 65536. */
  bodyLimitBytes?: number
  /** Starts a timer and returns what stops it; default `setTimeout`. For tests. */
  setTimer?: SetTimer
}

/** Calls back after `ms` milliseconds unless the returned function was called before. */
export type SetTimer = (callback: () => void, ms: number) => () => void

const aesKey: OptionCheck = explainEncodingAESKey
const token: OptionCheck = text(/^[\x21-\x7e]{1,64}$/, 'the token of the server configuration page: letters and digits')

export const GATEWAY_OPTION_RULES: OptionRules = {
  appId: required(appId),
  token: required(token),
  encodingAESKey: optional(aesKey),
  previous: optional(record),
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  logger: optional(record),
  clock: optional(callback),
  nonce: optional(callback),
  deadlineMs: optional(integer(1, 5000)),
  // At least two repeats of a message must fit in; at most an hour, so that the check stays one.
  timestampWindowSeconds: optional(integer(30, 3600)),
  bodyLimitBytes: optional(integer(1024, 10 * 1024 * 1024)),
  setTimer: optional(callback)
}

export const PREVIOUS_RULES: OptionRules = { token: optional(token), encodingAESKey: optional(aesKey) }

/** What a request can be signed and encrypted with, the current ones first. */
export interface Account {
  readonly appId: string
  readonly tokens: readonly string[]
  readonly keys: readonly MessageKey[]
}
